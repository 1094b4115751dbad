//! E-V02: the unified social credit code (GB 32100-2015).
//!
//! Really issued codes with a wrong check digit exist, so a photo of the
//! licence overrides that one check; the override is kept as a caution.

use super::{Caution, Checked, Fault, FaultCode};

const FIELD: &str = "uscc";
const LENGTH: usize = 18;
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [usize; LENGTH - 1] =
    [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// Whether a photo of the licence vouches for the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LicencePhoto {
    /// No photo: the check digit decides.
    Absent,
    /// A photo is attached: a wrong check digit is only a caution.
    Attached,
}

/// Checks a credit code; lower case becomes upper case.
///
/// # Errors
/// [`Fault`] for the form, a letter outside the alphabet or, without a
/// licence photo, the check digit.
pub fn uscc(text: &str, photo: LicencePhoto) -> Result<Checked<String>, Fault> {
    let code = text.trim().to_ascii_uppercase();
    if code.is_empty() {
        return Err(fault(FaultCode::Missing));
    }
    let values = values(&code)?;
    let fits = check_value(&values) == values[LENGTH - 1];
    match (fits, photo) {
        (true, _) => Ok(Checked::clean(code)),
        (false, LicencePhoto::Attached) => {
            Ok(Checked::with(code, Some(Caution::UsccCheckOverridden)))
        }
        (false, LicencePhoto::Absent) => Err(fault(FaultCode::CheckDigit)),
    }
}

/// The value of every character in the alphabet of the code.
fn values(code: &str) -> Result<[usize; LENGTH], Fault> {
    let bytes: &[u8; LENGTH] = code.as_bytes().try_into().map_err(|_| fault(FaultCode::Format))?;
    let mut values = [0; LENGTH];
    for (value, byte) in values.iter_mut().zip(bytes) {
        let place = ALPHABET.iter().position(|letter| letter == byte);
        *value = place.ok_or(fault(FaultCode::Character))?;
    }
    // Positions 3 to 8 are the region code.
    if values[2..8].iter().any(|value| *value > 9) {
        return Err(fault(FaultCode::Format));
    }
    Ok(values)
}

fn check_value(values: &[usize; LENGTH]) -> usize {
    let sum: usize = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    (31 - sum % 31) % 31
}

fn fault(code: FaultCode) -> Fault {
    Fault::new(code, FIELD)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<Checked<String>, FaultCode> {
        uscc(text, LicencePhoto::Absent).map_err(|fault| fault.code)
    }

    #[test]
    fn the_vectors_of_the_specification() {
        for code in [
            "91350100M000100Y43",
            "911101066976941872",
            "91110000101623741K",
            "91410184MA00000TAA",
            "91410184MA00000050",
            "91410184MA0000024Y",
        ] {
            assert_eq!(check(code), Ok(Checked::clean(code.into())), "{code}");
        }
    }

    #[test]
    fn a_licence_photo_overrides_the_check_digit_alone() {
        let issued = "91350211M0000XUF46";
        assert_eq!(check(issued), Err(FaultCode::CheckDigit));
        let kept = uscc(issued, LicencePhoto::Attached).unwrap();
        assert_eq!(kept.cautions, [Caution::UsccCheckOverridden]);
        assert!(uscc("91350211M0000XUF4", LicencePhoto::Attached).is_err());
        assert!(uscc("91350211M0000XUFI6", LicencePhoto::Attached).is_err());
    }

    #[test]
    fn the_alphabet_leaves_out_five_letters() {
        for letter in ["I", "O", "S", "V", "Z"] {
            let code = format!("91350100M000100{letter}43");
            assert_eq!(check(&code), Err(FaultCode::Character), "{code}");
        }
        assert_eq!(check("91A50100M000100Y43"), Err(FaultCode::Format));
        assert_eq!(check("9135"), Err(FaultCode::Format));
        assert_eq!(check(""), Err(FaultCode::Missing));
    }

    #[test]
    fn lower_case_is_normalised() {
        assert_eq!(check(" 91350100m000100y43").unwrap().value, "91350100M000100Y43");
    }

    #[test]
    fn the_weights_are_powers_of_three() {
        let mut power = 1;
        for weight in WEIGHTS {
            assert_eq!(weight, power);
            power = power * 3 % 31;
        }
    }
}
