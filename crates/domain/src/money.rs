//! Money, quantities, prices and rates as exact integers; no binary fraction
//! exists anywhere (H-1).
//!
//! [`Fen`] counts 分, [`Quantity`] thousandths, [`UnitPrice`] ten-thousandths
//! of a yuan, [`Rate`] millionths. Rounding is always half up, away from zero,
//! and happens once per line; a total is the sum of the rounded lines (H-3).

use std::{fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

/// Most shares that one amount is spread over.
pub const MAX_SHARES: usize = 100_000;

/// Why a sum of money could not be read or computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MoneyError {
    /// The text is no decimal number with the allowed decimals.
    #[error("not a decimal number with the allowed number of decimals")]
    Format,
    /// The result lies beyond the limit of its type.
    #[error("the amount is beyond the limit")]
    Overflow,
    /// A total fell below 0.00.
    #[error("the total is below 0.00")]
    NegativeTotal,
    /// The number of shares is zero or beyond [`MAX_SHARES`].
    #[error("the number of shares must lie between 1 and 100000")]
    Shares,
}

/// An amount of money in 分 (hundredths of a yuan).
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(transparent)]
pub struct Fen(pub i64);

impl Fen {
    /// 0.00.
    pub const ZERO: Self = Self(0);
    /// The greatest amount of a line or a sheet (E-V08): 999,999,999.99.
    pub const MAX: Self = Self(99_999_999_999);
    /// The greatest sum over many sheets, dec(18,2).
    pub const MAX_SUM: Self = Self(999_999_999_999_999_999);

    /// The exact sum.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] when the sum leaves ±[`Fen::MAX_SUM`].
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        Self::within(i128::from(self.0) + i128::from(other.0), Self::MAX_SUM)
    }

    /// The exact difference.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] when the difference leaves ±[`Fen::MAX_SUM`].
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        Self::within(i128::from(self.0) - i128::from(other.0), Self::MAX_SUM)
    }

    /// The exact sum of many amounts, as of the sheets of a year.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] when the sum leaves ±[`Fen::MAX_SUM`].
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        // The limit holds for the sum alone: a credit line may bring it back.
        let sum = amounts
            .into_iter()
            .try_fold(0_i128, |sum, amount| sum.checked_add(i128::from(amount.0)))
            .ok_or(MoneyError::Overflow)?;
        Self::within(sum, Self::MAX_SUM)
    }

    /// The total of one sheet: a sum that may not fall below 0.00 (H-5).
    ///
    /// # Errors
    /// [`MoneyError::NegativeTotal`], or [`MoneyError::Overflow`] beyond
    /// [`Fen::MAX`].
    pub fn total(amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        let sum = Self::sum(amounts)?;
        if sum < Self::ZERO {
            return Err(MoneyError::NegativeTotal);
        }
        Self::within(i128::from(sum.0), Self::MAX)
    }

    fn within(fen: i128, limit: Self) -> Result<Self, MoneyError> {
        let inside = fen.unsigned_abs() <= u128::from(limit.0.unsigned_abs());
        let fen = i64::try_from(fen).ok().filter(|_| inside);
        fen.map(Self).ok_or(MoneyError::Overflow)
    }
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&write_scaled(self.0, 2))
    }
}

impl FromStr for Fen {
    type Err = MoneyError;

    /// Reads an amount with two decimals exactly, as `1234.56` (E-V08).
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        match text.split_once('.') {
            Some((_, decimals)) if decimals.len() == 2 => {}
            _ => return Err(MoneyError::Format),
        }
        Self::within(i128::from(read_scaled(text, 2)?), Self::MAX)
    }
}

macro_rules! scaled {
    ($(#[$doc:meta])* $name:ident, $scale:literal, $max:literal, $pattern:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// Decimals kept.
            pub const SCALE: u32 = $scale;
            /// The greatest value, in units of the last decimal.
            pub const MAX_UNITS: i64 = $max;

            /// The value of so many units of the last decimal.
            ///
            /// # Errors
            /// [`MoneyError::Overflow`] beyond the limit of the type.
            pub fn from_units(units: i64) -> Result<Self, MoneyError> {
                if units.unsigned_abs() > Self::MAX_UNITS.unsigned_abs() {
                    return Err(MoneyError::Overflow);
                }
                Ok(Self(units))
            }

            /// The value in units of its last decimal.
            pub fn units(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&write_scaled(self.0, Self::SCALE))
            }
        }

        impl FromStr for $name {
            type Err = MoneyError;

            fn from_str(text: &str) -> Result<Self, MoneyError> {
                Self::from_units(read_scaled(text, Self::SCALE)?)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = deserializer.deserialize_any(DecimalText)?;
                text.parse().map_err(de::Error::custom)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": ["string", "integer"], "pattern": $pattern })
            }
        }
    };
}

scaled!(
    /// A quantity, dec(12,3): metres, pieces, cubic metres.
    Quantity, 3, 999_999_999_999, r"^-?\d{1,9}(\.\d{1,3})?$"
);
scaled!(
    /// A unit price in yuan, dec(14,4).
    UnitPrice, 4, 99_999_999_999_999, r"^-?\d{1,10}(\.\d{1,4})?$"
);
scaled!(
    /// A rate as a fraction, dec(7,6): 9 % is `0.090000`.
    Rate, 6, 9_999_999, r"^-?\d(\.\d{1,6})?$"
);

/// Accepts a decimal as text or as an integer; a binary fraction is refused.
struct DecimalText;

impl de::Visitor<'_> for DecimalText {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a decimal number as a string, as \"37.455\", or an integer")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }
}

/// `round2(qty × unit_price)`, half up (H-2).
///
/// # Errors
/// [`MoneyError::Overflow`] beyond ±[`Fen::MAX`].
pub fn line_amount(quantity: Quantity, price: UnitPrice) -> Result<Fen, MoneyError> {
    // Thousandths × ten-thousandths are 10⁻⁷ yuan; one 分 is 10⁵ of them.
    let product = i128::from(quantity.0) * i128::from(price.0);
    Fen::within(divide_half_up(product, 100_000), Fen::MAX)
}

/// Splits a tax-included amount into tax and amount without tax (H-4).
///
/// # Errors
/// [`MoneyError::Overflow`] for a rate below 0 or an amount beyond the limit.
pub fn tax_included_split(amount: Fen, rate: Rate) -> Result<(Fen, Fen), MoneyError> {
    if rate.0 < 0 {
        return Err(MoneyError::Overflow);
    }
    let one_and_rate = 1_000_000 + i128::from(rate.0);
    let tax = divide_half_up(i128::from(amount.0) * i128::from(rate.0), one_and_rate);
    let tax = Fen::within(tax, Fen::MAX_SUM)?;
    Ok((tax, amount.checked_sub(tax)?))
}

/// Adds the tax to an amount without it: the tax, and the amount with it.
///
/// # Errors
/// [`MoneyError::Overflow`] for a rate below 0 or an amount beyond the limit.
pub fn tax_excluded_add(amount: Fen, rate: Rate) -> Result<(Fen, Fen), MoneyError> {
    if rate.0 < 0 {
        return Err(MoneyError::Overflow);
    }
    let tax = divide_half_up(i128::from(amount.0) * i128::from(rate.0), 1_000_000);
    let tax = Fen::within(tax, Fen::MAX_SUM)?;
    Ok((tax, Fen::within(i128::from(amount.0) + i128::from(tax.0), Fen::MAX)?))
}

/// Spreads an amount over `shares` lines: every line but the last gets the
/// floor, the last the rest (H-5).
///
/// # Errors
/// [`MoneyError::Shares`] for no share or more than [`MAX_SHARES`].
pub fn allocate(total: Fen, shares: usize) -> Result<Vec<Fen>, MoneyError> {
    if shares == 0 || shares > MAX_SHARES {
        return Err(MoneyError::Shares);
    }
    let count = i64::try_from(shares).map_err(|_| MoneyError::Shares)?;
    let each = total.0.div_euclid(count);
    let mut lines = vec![Fen(each); shares - 1];
    lines.push(Fen(total.0 - each * (count - 1)));
    Ok(lines)
}

fn divide_half_up(numerator: i128, denominator: i128) -> i128 {
    let half_up = (numerator.abs() * 2 + denominator) / (denominator * 2);
    if numerator < 0 { -half_up } else { half_up }
}

fn write_scaled(units: i64, scale: u32) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let one = 10_u64.pow(scale);
    let (whole, part) = (units.unsigned_abs() / one, units.unsigned_abs() % one);
    let width = scale as usize;
    format!("{sign}{whole}.{part:0width$}")
}

fn read_scaled(text: &str, scale: u32) -> Result<i64, MoneyError> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = digits.split_once('.').map_or((digits, None), |(w, p)| (w, Some(p)));
    let part = part.unwrap_or("0");
    let is_number = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let width = scale as usize;
    if !is_number(whole) || !is_number(part) || part.len() > width {
        return Err(MoneyError::Format);
    }
    format!("{whole}{part:0<width$}")
        .parse::<i64>()
        .map(|units| sign * units)
        .map_err(|_| MoneyError::Overflow)
}

#[cfg(test)]
mod tests;
