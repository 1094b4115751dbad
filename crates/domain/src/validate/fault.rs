//! What a validator answers: a normalised value with cautions, or a fault.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$case_doc:meta])* $case:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            JsonSchema,
        )]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$case_doc])* #[serde(rename = $code)] $case,)+
        }

        impl $name {
            /// The stable code, as stored and as worded by the screens.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$case => $code,)+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}

codes!(
    /// Why a value is refused.
    FaultCode {
        /// Nothing was entered.
        Missing = "missing",
        /// More characters than the field holds.
        TooLong = "too_long",
        /// Not the form the field asks for.
        Format = "format",
        /// A character that may not stand here.
        Character = "character",
        /// A date that does not exist.
        NoSuchDate = "no_such_date",
        /// A date after today.
        InFuture = "in_future",
        /// A date more than five years ahead.
        TooFarAhead = "too_far_ahead",
        /// An end before its start.
        EndBeforeStart = "end_before_start",
        /// A survey long before the acceptance of the case.
        SurveyTooEarly = "survey_too_early",
        /// The check digit does not fit.
        CheckDigit = "check_digit",
        /// An amount below 0.00 outside a credit line.
        Negative = "negative",
        /// An amount without exactly two decimals.
        TwoDecimals = "two_decimals",
        /// A number beyond the limit.
        OutOfRange = "out_of_range",
    }
);

codes!(
    /// Why a value is taken all the same, but should be looked at.
    Caution {
        /// The person would be older than 120.
        AgeOver120 = "age_over_120",
        /// The check digit does not fit; a licence photo vouches for the code.
        UsccCheckOverridden = "uscc_check_overridden",
        /// The region is not 新郑市.
        OutOfArea = "out_of_area",
        /// The point lies outside the plausible box of 新郑.
        OutsidePlausibleBox = "outside_plausible_box",
    }
);

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
        write!(f, "{}: {}", self.field, self.code)
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
