//! E-V05: mobile, land line and service numbers in one box.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Checked, Fault, FaultCode, width::half_width};

const FIELD: &str = "phone";

/// The kind of a telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PhoneKind {
    /// 手机.
    Mobile,
    /// 固定电话, with an extension if there is one.
    LandLine,
    /// 400 and 800 numbers.
    Service,
}

/// A telephone number in its normal form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Phone {
    /// Digits alone; an extension follows a dash.
    pub number: String,
    /// The kind.
    pub kind: PhoneKind,
}

/// Checks a number; spaces, dashes, brackets and +86 are removed before.
///
/// # Errors
/// [`Fault`] when it is neither mobile, land line nor service number.
pub fn phone(text: &str) -> Result<Checked<Phone>, Fault> {
    let text = half_width(text);
    let text: String = text.chars().filter(|c| !matches!(c, ' ' | '(' | ')')).collect();
    if text.is_empty() {
        return Err(Fault::new(FaultCode::Missing, FIELD));
    }
    let text = without_country(&text);
    let plain: String = text.chars().filter(|c| *c != '-').collect();
    let found = if is_mobile(&plain) {
        Some((plain, PhoneKind::Mobile))
    } else if is_service(&plain) {
        Some((plain, PhoneKind::Service))
    } else {
        land_line(text).map(|number| (number, PhoneKind::LandLine))
    };
    let (number, kind) = found.ok_or(Fault::new(FaultCode::Format, FIELD))?;
    Ok(Checked::clean(Phone { number, kind }))
}

fn without_country(text: &str) -> &str {
    let rest = text.strip_prefix("+86").or_else(|| text.strip_prefix("0086"));
    rest.map_or(text, |rest| rest.strip_prefix('-').unwrap_or(rest))
}

fn is_mobile(plain: &str) -> bool {
    matches!(plain.as_bytes(), [b'1', b'3'..=b'9', rest @ ..]
        if rest.len() == 9 && rest.iter().all(u8::is_ascii_digit))
}

fn is_service(plain: &str) -> bool {
    let prefix = plain.starts_with("400") || plain.starts_with("800");
    prefix && plain.len() == 10 && is_digits(plain)
}

/// `0371-62681234-801` → `037162681234-801`.
fn land_line(text: &str) -> Option<String> {
    let mut parts: Vec<&str> = text.split('-').collect();
    if !parts.iter().all(|part| is_digits(part)) {
        return None;
    }
    let first = if parts.len() > 1 && matches!(parts[0].len(), 3 | 4) {
        format!("{}{}", parts.remove(0), parts.remove(0))
    } else {
        parts.remove(0).to_owned()
    };
    // Area code of 3 or 4 digits with the zero, number of 7 or 8 digits.
    let is_line = first.starts_with('0') && (10..=12).contains(&first.len());
    match (is_line, parts.as_slice()) {
        (true, []) => Some(first),
        (true, [extension]) if extension.len() <= 6 => Some(format!("{first}-{extension}")),
        _ => None,
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Option<(String, PhoneKind)> {
        phone(text).ok().map(|checked| (checked.value.number, checked.value.kind))
    }

    #[test]
    fn mobiles_in_every_writing() {
        for text in [
            "13800000000",
            "138 0000 0000",
            "138-0000-0000",
            "+86 13800000000",
            "+86-138-0000-0000",
            "008613800000000",
            "１３８００００００００",
        ] {
            assert_eq!(check(text), Some(("13800000000".into(), PhoneKind::Mobile)), "{text}");
        }
    }

    #[test]
    fn land_lines_keep_their_extension() {
        let line = |number: &str| Some((number.to_owned(), PhoneKind::LandLine));
        assert_eq!(check("0371-62681234"), line("037162681234"));
        assert_eq!(check("(0371)62681234"), line("037162681234"));
        assert_eq!(check("037162681234"), line("037162681234"));
        assert_eq!(check("010-62681234-801"), line("01062681234-801"));
        assert_eq!(check("0371-6268123"), line("03716268123"));
    }

    #[test]
    fn service_numbers() {
        assert_eq!(check("400-123-4567"), Some(("4001234567".into(), PhoneKind::Service)));
        assert_eq!(check("8001234567"), Some(("8001234567".into(), PhoneKind::Service)));
    }

    #[test]
    fn numbers_that_are_none() {
        for text in [
            "12800000000",
            "1380000000",
            "138000000000",
            "62681234",
            "0371-62681234-1234567",
            "0371-6268",
            "400123456",
            "电话",
            "0371--62681234",
            "-",
        ] {
            assert_eq!(check(text), None, "{text}");
        }
        assert_eq!(phone(" ").unwrap_err().code, FaultCode::Missing);
    }
}
