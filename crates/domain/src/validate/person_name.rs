//! E-V09: names of persons.

use super::{Checked, Fault, FaultCode};

/// Most characters of a name.
pub const MAX_NAME: usize = 50;

const FIELD: &str = "name";

/// Checks a name: letters, Han characters, the middle dot and spaces; runs of
/// spaces become one, other dots become `·`.
///
/// # Errors
/// [`Fault`] when the name is empty, too long or holds another character.
pub fn person_name(text: &str) -> Result<Checked<String>, Fault> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let name: String = name.chars().map(middle_dot).collect();
    if name.is_empty() {
        return Err(Fault::new(FaultCode::Missing, FIELD));
    }
    if name.chars().count() > MAX_NAME {
        return Err(Fault::new(FaultCode::TooLong, FIELD));
    }
    let fits = name.chars().all(|c| c.is_alphabetic() || matches!(c, '·' | ' '));
    // A name of dots and spaces names nobody.
    if !fits || !name.chars().any(char::is_alphabetic) {
        return Err(Fault::new(FaultCode::Character, FIELD));
    }
    Ok(Checked::clean(name))
}

/// The dots that keyboards offer for the one in 阿卜杜拉·买买提.
fn middle_dot(c: char) -> char {
    if matches!(c, '•' | '‧' | '∙' | '・' | '･') { '·' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_many_peoples() {
        for name in ["王芳", "阿卜杜拉·买买提", "Anna Müller", "𠮷田"] {
            assert_eq!(person_name(name), Ok(Checked::clean(name.into())), "{name}");
        }
        assert_eq!(person_name(" 王\u{3000}芳 ").unwrap().value, "王 芳");
        assert_eq!(person_name("阿卜杜拉•买买提").unwrap().value, "阿卜杜拉·买买提");
    }

    #[test]
    fn digits_and_signs_are_no_name() {
        for name in ["王芳2", "王芳２", "<b>", "王-芳", "··", "王\u{200b}芳"] {
            assert_eq!(person_name(name).unwrap_err().code, FaultCode::Character, "{name}");
        }
    }

    #[test]
    fn one_to_fifty_characters() {
        assert_eq!(person_name(" ").unwrap_err().code, FaultCode::Missing);
        assert!(person_name(&"王".repeat(50)).is_ok());
        assert_eq!(person_name(&"王".repeat(51)).unwrap_err().code, FaultCode::TooLong);
    }
}
