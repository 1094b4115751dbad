//! E-V01: the resident identity number (GB 11643).

use chrono::{Datelike, NaiveDate};

use super::{Caution, Checked, Fault, FaultCode};
use crate::time::Date;

const FIELD: &str = "id_no";
const LENGTH: usize = 18;
const WEIGHTS: [u32; LENGTH - 1] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK: [u8; 11] = *b"10X98765432";

/// Checks an identity number; a lower-case x becomes X.
///
/// # Errors
/// [`Fault`] for the form, the date of birth or the check digit.
pub fn resident_id(text: &str, today: Date) -> Result<Checked<String>, Fault> {
    let id = text.trim().to_ascii_uppercase();
    if id.is_empty() {
        return Err(fault(FaultCode::Missing));
    }
    let digits = digits(&id).ok_or(fault(FaultCode::Format))?;
    let born = birth_date(&id)?;
    if born > today {
        return Err(fault(FaultCode::InFuture));
    }
    if check_digit(&digits) != id.as_bytes()[LENGTH - 1] {
        return Err(fault(FaultCode::CheckDigit));
    }
    let old = today.years_since(born).is_some_and(|age| age > 120);
    Ok(Checked::with(id, old.then_some(Caution::AgeOver120)))
}

/// The seventeen digits before the check digit, if the form is right.
fn digits(id: &str) -> Option<[u32; LENGTH - 1]> {
    let bytes: &[u8; LENGTH] = id.as_bytes().try_into().ok()?;
    let (body, last) = bytes.split_at(LENGTH - 1);
    let form = body.iter().all(u8::is_ascii_digit)
        && body[0] != b'0'
        && (last[0].is_ascii_digit() || last[0] == b'X');
    let century = matches!(&body[6..8], b"18" | b"19" | b"20");
    if !form || !century {
        return None;
    }
    let mut digits = [0; LENGTH - 1];
    digits.iter_mut().zip(body).for_each(|(digit, byte)| *digit = u32::from(byte - b'0'));
    Some(digits)
}

fn birth_date(id: &str) -> Result<Date, Fault> {
    let date = NaiveDate::parse_from_str(&id[6..14], "%Y%m%d");
    date.ok().filter(|date| date.year() >= 1800).ok_or(fault(FaultCode::NoSuchDate))
}

fn check_digit(digits: &[u32; LENGTH - 1]) -> u8 {
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    CHECK[(sum % 11) as usize]
}

fn fault(code: FaultCode) -> Fault {
    Fault::new(code, FIELD)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<Checked<String>, FaultCode> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        resident_id(text, today).map_err(|fault| fault.code)
    }

    #[test]
    fn the_examples_of_the_standard() {
        let valid = "11010519491231002X";
        assert_eq!(check(valid), Ok(Checked::clean(valid.into())));
        let old = check("440524188001010014").unwrap();
        assert_eq!(old.cautions, [Caution::AgeOver120]);
        assert_eq!(check("110105194912310021"), Err(FaultCode::CheckDigit));
    }

    #[test]
    fn a_lower_case_x_and_spaces_around_are_normalised() {
        assert_eq!(check(" 11010519491231002x ").unwrap().value, "11010519491231002X");
    }

    #[test]
    fn forms_that_are_no_identity_number() {
        for text in [
            "1101051949123100",
            "11010519491231002XX",
            "01010519491231002X",
            "11010517491231002X",
            "1101051949123100２X",
            "X1010519491231002X",
            "一二三四五六",
        ] {
            assert_eq!(check(text), Err(FaultCode::Format), "{text}");
        }
        assert_eq!(check("  "), Err(FaultCode::Missing));
    }

    #[test]
    fn the_date_of_birth_exists_and_has_come() {
        assert_eq!(check("110105194902300027"), Err(FaultCode::NoSuchDate));
        assert_eq!(check("110105194913010027"), Err(FaultCode::NoSuchDate));
        assert_eq!(check("110105202611240027"), Err(FaultCode::InFuture));
    }

    #[test]
    fn every_single_wrong_digit_is_found() {
        let valid = "440524188001010014";
        for place in 0..LENGTH {
            let mut wrong = valid.as_bytes().to_vec();
            wrong[place] = if wrong[place] == b'9' { b'0' } else { wrong[place] + 1 };
            let wrong = String::from_utf8(wrong).unwrap();
            assert!(check(&wrong).is_err(), "{wrong}");
        }
    }
}
