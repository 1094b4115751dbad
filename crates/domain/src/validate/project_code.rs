//! E-V04: the national project code, 24 characters.
//!
//! Year (newer: year and month), region or department, industry, kind and
//! serial number; the region is not bound to 新郑, for provinces and
//! ministries issue codes too.

use super::{Checked, Fault, FaultCode, width::half_width};

const FIELD: &str = "project_code";
/// The lengths of the five parts.
const PARTS: [usize; 5] = [4, 6, 2, 2, 6];

/// Checks a project code; full-width characters and long dashes are
/// normalised, spaces around dropped.
///
/// # Errors
/// [`Fault`] when the text has not the form `2509-320193-89-01-544060`.
pub fn project_code(text: &str) -> Result<Checked<String>, Fault> {
    let code = half_width(text).trim().to_uppercase();
    if code.is_empty() {
        return Err(Fault::new(FaultCode::Missing, FIELD));
    }
    let parts: Vec<&str> = code.split('-').collect();
    let fits = parts.len() == PARTS.len()
        && parts
            .iter()
            .zip(PARTS)
            .all(|(part, length)| part.len() == length && part.bytes().all(|b| b.is_ascii_digit()));
    if fits { Ok(Checked::clean(code)) } else { Err(Fault::new(FaultCode::Format, FIELD)) }
}

/// The region part of a checked project code.
pub fn region_part(code: &str) -> Option<&str> {
    code.split('-').nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_real_shape_passes() {
        let code = "2509-320193-89-01-544060";
        assert_eq!(code.len(), 24);
        assert_eq!(project_code(code), Ok(Checked::clean(code.into())));
        assert_eq!(region_part(code), Some("320193"));
    }

    #[test]
    fn full_width_and_long_dashes_are_normalised() {
        for text in [
            "2509－320193－89－01－544060",
            "2509—320193—89—01—544060",
            "２５０９-320193-89-01-544060",
            "\u{3000}2509–320193–89–01–544060 ",
        ] {
            assert_eq!(project_code(text).unwrap().value, "2509-320193-89-01-544060", "{text}");
        }
    }

    #[test]
    fn malformed_codes_are_refused() {
        for text in [
            "2509-320193-89-01-54406",
            "2509-320193-89-01",
            "2509320193890154406000",
            "2509-32019X-89-01-544060",
            "2509-320193-89-01-544060-1",
            "2509 320193 89 01 544060",
        ] {
            assert_eq!(project_code(text).unwrap_err().code, FaultCode::Format, "{text}");
        }
        assert_eq!(project_code(" ").unwrap_err().code, FaultCode::Missing);
    }
}
