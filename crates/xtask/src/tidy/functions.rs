//! Lengths and parameters of Rust functions.
//!
//! A pure match table may be longer with a line `tidy: allow-length — reason`
//! inside it or right above it.

use super::scan::{closing, code_only, line_of, test_parts};
use super::{Finding, Source};

const LENGTH: usize = 70;
const TEST_LENGTH: usize = 80;
const PARAMETERS: usize = 6;
const ALLOW: &str = "tidy: allow-length — ";

/// Checks one source.
pub(crate) fn check(source: &Source, findings: &mut Vec<Finding>) {
    if source.extension() != "rs" {
        return;
    }
    let code = code_only(&source.text);
    let tests = test_parts(&code);
    for function in functions(&code) {
        let in_test = source.is_test() || tests.iter().any(|part| part.contains(&function.start));
        let line = line_of(&code, function.start);
        if function.parameters > PARAMETERS {
            let mend = format!(
                "{} has {} parameters, at most {PARAMETERS}: make a struct",
                function.name, function.parameters
            );
            findings.push(Finding::new(source, line, "parameters", mend));
        }
        let lines = line_of(&code, function.end) - line + 1;
        let limit = if in_test { TEST_LENGTH } else { LENGTH };
        if lines > limit && !is_allowed(&source.text, line, lines) {
            let mend = format!(
                "{} has {lines} lines, at most {limit}: name its parts, or say why in a line `{ALLOW}…`",
                function.name
            );
            findings.push(Finding::new(source, line, "length", mend));
        }
    }
}

fn is_allowed(text: &str, line: usize, lines: usize) -> bool {
    let above = line.saturating_sub(3);
    text.lines()
        .skip(above)
        .take(lines + 2)
        .any(|line| line.split_once(ALLOW).is_some_and(|(_, reason)| !reason.trim().is_empty()))
}

struct Function<'a> {
    name: &'a str,
    start: usize,
    /// The position of its closing brace.
    end: usize,
    parameters: usize,
}

fn functions(code: &str) -> Vec<Function<'_>> {
    let mut found = Vec::new();
    for (start, _) in code.match_indices("fn ") {
        let word_before = code[..start]
            .chars()
            .next_back()
            .is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
        if word_before {
            continue;
        }
        found.extend(function_at(code, start));
    }
    found
}

/// The function whose `fn` stands at `start`; `None` for a function pointer
/// type or a declaration without a body.
fn function_at(code: &str, start: usize) -> Option<Function<'_>> {
    let after = start + "fn ".len();
    let name_end = code[after..].find(|letter: char| !letter.is_alphanumeric() && letter != '_')?;
    let name = &code[after..after + name_end];
    if name.is_empty() {
        return None;
    }
    let open = after + name_end + skip_generics(&code[after + name_end..])?;
    let close = closing(code, open)?;
    let parameters = count_parameters(&code[open + 1..close - 1]);
    let body = close + code[close..].find(['{', ';'])?;
    let end = if code.as_bytes()[body] == b'{' { closing(code, body)? - 1 } else { body };
    Some(Function { name, start, end, parameters })
}

/// The distance to the `(` that opens the parameters, over `<…>`.
fn skip_generics(rest: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let bytes = rest.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'<' => depth += 1,
            // The arrow of `Fn() -> T` inside the generics closes nothing.
            b'>' if at > 0 && bytes[at - 1] == b'-' => {}
            b'>' => depth = depth.checked_sub(1)?,
            b'(' if depth == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

/// Parameters at the outermost level; a receiver is none.
fn count_parameters(list: &str) -> usize {
    let mut depth = 0_i32;
    let mut parts = vec![String::new()];
    let mut before = ' ';
    for letter in list.chars() {
        match letter {
            '(' | '[' | '{' | '<' => depth += 1,
            '>' if before == '-' => {}
            ')' | ']' | '}' | '>' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                before = letter;
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
        before = letter;
    }
    let is_receiver = |part: &str| {
        let name = part.split(':').next().unwrap_or_default();
        name.trim().rsplit(|letter: char| !letter.is_alphanumeric()).next() == Some("self")
    };
    parts.iter().filter(|part| !part.trim().is_empty() && !is_receiver(part)).count()
}

#[cfg(test)]
mod tests {
    use super::super::findings_of;
    use super::{check, count_parameters};

    fn body(lines: usize) -> String {
        "    x();\n".repeat(lines)
    }

    #[test]
    fn a_function_of_seventy_lines_passes_and_one_more_does_not() {
        let text = |lines| format!("//! a\nfn a() -> Vec<u8> {{\n{}}}\n", body(lines));
        assert!(findings_of(check, "a.rs", &text(68)).is_empty());
        assert_eq!(findings_of(check, "a.rs", &text(69)), [(2, "length")]);
    }

    #[test]
    fn test_functions_may_be_a_little_longer() {
        let text =
            |lines| format!("#[cfg(test)]\nmod tests {{\nfn a() {{\n{}}}\n}}\n", body(lines));
        assert!(findings_of(check, "a.rs", &text(78)).is_empty());
        assert_eq!(findings_of(check, "a.rs", &text(79)), [(3, "length")]);
    }

    #[test]
    fn a_reason_lets_a_table_be_long() {
        let text = format!("// tidy: allow-length — one row per code\nfn a() {{\n{}}}\n", body(90));
        assert!(findings_of(check, "a.rs", &text).is_empty());
    }

    #[test]
    fn braces_in_strings_do_not_lengthen_a_function() {
        let text = format!("fn a() {{ b(\"{{\") }}\nfn c() {{\n{}}}\n", body(60));
        assert!(findings_of(check, "a.rs", &text).is_empty());
    }

    #[test]
    fn parameters_are_counted_at_the_outermost_level() {
        assert_eq!(count_parameters("&mut self, a: Map<B, C>, d: impl Fn(E, F) -> G,"), 2);
        assert_eq!(count_parameters("self: Box<Self>, (a, b): (C, D)"), 1);
        assert_eq!(count_parameters(""), 0);
        let seven = "fn a<T: Fn(u8) -> u8>(a: T, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8) {}\n";
        assert_eq!(findings_of(check, "a.rs", seven), [(1, "parameters")]);
    }
}
