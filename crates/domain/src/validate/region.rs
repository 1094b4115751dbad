//! E-V03: the administrative division code (GB/T 2260).

use super::{Caution, Checked, Fault, FaultCode};

/// 新郑市.
pub const XINZHENG: &str = "410184";
/// 郑州市.
pub const ZHENGZHOU: &str = "410100";
/// 河南省.
pub const HENAN: &str = "410000";

const FIELD: &str = "region_code";

/// The Chinese name of a code that the program knows.
pub fn region_name(code: &str) -> Option<&'static str> {
    match code {
        XINZHENG => Some("新郑市"),
        ZHENGZHOU => Some("郑州市"),
        HENAN => Some("河南省"),
        _ => None,
    }
}

/// Checks a region code; a code outside 新郑市 is kept with a caution.
///
/// # Errors
/// [`Fault`] when the text is not six digits that begin with a province.
pub fn region(text: &str) -> Result<Checked<String>, Fault> {
    let code = text.trim();
    if code.is_empty() {
        return Err(Fault::new(FaultCode::Missing, FIELD));
    }
    let is_code = code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit());
    if !is_code || !(b'1'..=b'8').contains(&code.as_bytes()[0]) {
        return Err(Fault::new(FaultCode::Format, FIELD));
    }
    Ok(Checked::with(code.to_owned(), (code != XINZHENG).then_some(Caution::OutOfArea)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xinzheng_is_at_home_and_others_are_kept_with_a_caution() {
        assert_eq!(region(" 410184 "), Ok(Checked::clean("410184".into())));
        assert_eq!(region_name("410184"), Some("新郑市"));
        for code in ["410100", "410000", "320193"] {
            assert_eq!(region(code).unwrap().cautions, [Caution::OutOfArea], "{code}");
        }
    }

    #[test]
    fn anything_but_six_digits_is_refused() {
        for text in ["41018", "4101844", "41018x", "010184", "９10184", "四一"] {
            assert_eq!(region(text).unwrap_err().code, FaultCode::Format, "{text}");
        }
        assert_eq!(region("").unwrap_err().code, FaultCode::Missing);
    }
}
