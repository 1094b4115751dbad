//! What a validator answers: a normalised value with cautions, or a fault.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a value is refused.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FaultCode {
    /// Nothing was entered.
    Missing,
    /// More characters than the field holds.
    TooLong,
    /// Not the form the field asks for.
    Format,
    /// A character that may not stand here.
    Character,
    /// A date that does not exist.
    NoSuchDate,
    /// A date after today.
    InFuture,
    /// A date more than five years ahead.
    TooFarAhead,
    /// An end before its start.
    EndBeforeStart,
    /// A survey long before the acceptance of the case.
    SurveyTooEarly,
    /// The check digit does not fit.
    CheckDigit,
    /// An amount below 0.00 outside a credit line.
    Negative,
    /// An amount without exactly two decimals.
    TwoDecimals,
    /// A number beyond the limit.
    OutOfRange,
}

/// Why a value is taken all the same, but should be looked at.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Caution {
    /// The person would be older than 120.
    AgeOver120,
    /// The check digit does not fit; a licence photo vouches for the code.
    UsccCheckOverridden,
    /// The region is not 新郑市.
    OutOfArea,
    /// The point lies outside the plausible box of 新郑.
    OutsidePlausibleBox,
}

/// A refused value: which field, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Error)]
pub struct Fault {
    /// Why.
    pub code: FaultCode,
    /// The field.
    pub field: String,
}

impl Fault {
    /// A fault of a field.
    pub fn new(code: FaultCode, field: impl Into<String>) -> Self {
        Self { code, field: field.into() }
    }

    /// The same fault under the field's full path in a form.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.field = path.into();
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}", self.field, self.code)
    }
}

/// A value in its normal form, with what should be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Checked<T> {
    /// The normal form.
    pub value: T,
    /// What should be looked at; empty for most values.
    pub cautions: Vec<Caution>,
}

impl<T> Checked<T> {
    /// A value without cautions.
    pub fn clean(value: T) -> Self {
        Self { value, cautions: Vec::new() }
    }

    /// A value with one caution if `hit`.
    pub fn with(value: T, caution: Option<Caution>) -> Self {
        Self { value, cautions: caution.into_iter().collect() }
    }
}
