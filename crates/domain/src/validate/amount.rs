//! E-V08: amounts of money as they are entered.

use super::{Checked, Fault, FaultCode};
use crate::money::{Fen, MoneyError};

const FIELD: &str = "amount";

/// Whether a line may lie below 0.00.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// 0.00 or more.
    Charge,
    /// A discount or refund; may be negative.
    Credit,
}

/// Checks an amount with two decimals exactly, as `1234.56`.
///
/// # Errors
/// [`Fault`] for the form, the decimals, the sign or the limit.
pub fn amount(text: &str, kind: LineKind) -> Result<Checked<Fen>, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::new(FaultCode::Missing, FIELD));
    }
    let fen = text.parse::<Fen>().map_err(|error| Fault::new(code(error, text), FIELD))?;
    check_amount(fen, kind)
}

/// Checks an amount that is a number already.
///
/// # Errors
/// [`Fault`] for the sign or the limit.
pub fn check_amount(fen: Fen, kind: LineKind) -> Result<Checked<Fen>, Fault> {
    if fen < Fen::ZERO && kind == LineKind::Charge {
        return Err(Fault::new(FaultCode::Negative, FIELD));
    }
    if fen.0.unsigned_abs() > Fen::MAX.0.unsigned_abs() {
        return Err(Fault::new(FaultCode::OutOfRange, FIELD));
    }
    Ok(Checked::clean(fen))
}

fn code(error: MoneyError, text: &str) -> FaultCode {
    let is_number = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'))
        && text.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().filter(|b| *b == b'.').count() <= 1
        && text.rfind('-').is_none_or(|place| place == 0);
    match error {
        MoneyError::Overflow => FaultCode::OutOfRange,
        MoneyError::Format if is_number => FaultCode::TwoDecimals,
        MoneyError::Format | MoneyError::NegativeTotal | MoneyError::Shares => FaultCode::Format,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<i64, FaultCode> {
        amount(text, LineKind::Charge).map(|c| c.value.0).map_err(|fault| fault.code)
    }

    #[test]
    fn the_limits_are_amounts() {
        assert_eq!(check("0.00"), Ok(0));
        assert_eq!(check(" 1234.56 "), Ok(123_456));
        assert_eq!(check("999999999.99"), Ok(99_999_999_999));
        assert_eq!(check("1000000000.00"), Err(FaultCode::OutOfRange));
        assert_eq!(check("99999999999999999999.00"), Err(FaultCode::OutOfRange));
    }

    #[test]
    fn two_decimals_exactly() {
        for text in ["100", "100.5", "100.555", "-1"] {
            assert_eq!(check(text), Err(FaultCode::TwoDecimals), "{text}");
        }
        for text in ["1e3.00", "1,000.00", "一百", "1.2.34", "￥1.00", "+1.00", "1-2.00", "-"] {
            assert_eq!(check(text), Err(FaultCode::Format), "{text}");
        }
        assert_eq!(check(""), Err(FaultCode::Missing));
    }

    #[test]
    fn only_a_credit_line_is_negative() {
        assert_eq!(check("-0.01"), Err(FaultCode::Negative));
        assert_eq!(amount("-0.01", LineKind::Credit).unwrap().value, Fen(-1));
        let beyond = Fen(-100_000_000_000);
        assert_eq!(check_amount(beyond, LineKind::Credit).unwrap_err().code, FaultCode::OutOfRange);
    }
}
