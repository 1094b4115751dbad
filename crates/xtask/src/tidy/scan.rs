//! Rust text with its strings, characters and comments blanked out.
//!
//! Invariant: the blanked text has the same lines and the same length in
//! bytes as the original, so that positions mean the same in both.

/// Blanks strings, characters and comments with spaces; line ends stay.
pub(crate) fn code_only(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => line_end(bytes, at),
            b'/' if bytes.get(at + 1) == Some(&b'*') => block_comment_end(bytes, at),
            b'"' => string_end(bytes, at),
            b'r' if starts_raw_string(bytes, at) => raw_string_end(bytes, at),
            b'\'' => char_end(bytes, at),
            _ => {
                at += 1;
                continue;
            }
        };
        for byte in &mut code[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end;
    }
    // Only whole characters inside blanked parts were replaced, byte by byte.
    String::from_utf8(code).unwrap_or_default()
}

/// The position after the bracket that closes the one at `open`.
pub(crate) fn closing(code: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (offset, byte) in code.as_bytes()[open..].iter().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(open + offset + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// The line of a position, from 1.
pub(crate) fn line_of(text: &str, position: usize) -> usize {
    text[..position].matches('\n').count() + 1
}

/// The lines of the `#[cfg(test)] mod` parts, as ranges of positions.
pub(crate) fn test_parts(code: &str) -> Vec<std::ops::Range<usize>> {
    let mut parts = Vec::new();
    let mut from = 0;
    while let Some(found) = code[from..].find("#[cfg(test)]") {
        let start = from + found;
        let rest = &code[start..];
        let end = match (rest.find('{'), rest.find(';')) {
            (Some(open), semicolon) if semicolon.is_none_or(|at| open < at) => {
                closing(code, start + open).unwrap_or(code.len())
            }
            (_, Some(semicolon)) => start + semicolon,
            _ => code.len(),
        };
        parts.push(start..end);
        from = end;
    }
    parts
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |length| at + length)
}

fn block_comment_end(bytes: &[u8], at: usize) -> usize {
    let mut depth = 0_usize;
    let mut place = at;
    while place + 1 < bytes.len() {
        match &bytes[place..place + 2] {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                place += 1;
                continue;
            }
        }
        place += 2;
        if depth == 0 {
            return place;
        }
    }
    bytes.len()
}

fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut place = at + 1;
    while place < bytes.len() {
        match bytes[place] {
            b'\\' => place += 2,
            b'"' => return place + 1,
            _ => place += 1,
        }
    }
    bytes.len()
}

fn starts_raw_string(bytes: &[u8], at: usize) -> bool {
    let is_word_before = at > 0
        && (bytes[at - 1].is_ascii_alphanumeric() && bytes[at - 1] != b'b'
            || bytes[at - 1] == b'_');
    let hashes = bytes[at + 1..].iter().take_while(|byte| **byte == b'#').count();
    !is_word_before && bytes.get(at + 1 + hashes) == Some(&b'"')
}

fn raw_string_end(bytes: &[u8], at: usize) -> usize {
    let hashes = bytes[at + 1..].iter().take_while(|byte| **byte == b'#').count();
    let mut close = vec![b'"'];
    close.resize(hashes + 1, b'#');
    let body = at + hashes + 2;
    bytes
        .get(body..)
        .and_then(|rest| rest.windows(close.len()).position(|window| window == close))
        .map_or(bytes.len(), |length| body + length + close.len())
}

/// A character ends at its second quote; a lifetime has none, and loses only
/// its own.
fn char_end(bytes: &[u8], at: usize) -> usize {
    if bytes.get(at + 1) == Some(&b'\\') {
        let rest = &bytes[(at + 3).min(bytes.len())..];
        return rest
            .iter()
            .position(|byte| *byte == b'\'')
            .map_or(at + 1, |length| at + length + 4);
    }
    let width = match bytes.get(at + 1) {
        Some(0xf0..) => 4,
        Some(0xe0..) => 3,
        Some(0xc0..) => 2,
        _ => 1,
    };
    if bytes.get(at + 1 + width) == Some(&b'\'') { at + 2 + width } else { at + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_comments_and_characters_are_blanked_and_lifetimes_stay() {
        let text =
            "fn a<'x>(b: &'x str) { '{'; \"}\\\"{\"; r#\"{\"#; /* { /* } */ */ '气' } // {\n}";
        let code = code_only(text);
        assert_eq!(code.len(), text.len());
        assert_eq!(code.matches('{').count(), 1, "{code}");
        assert!(code.contains("< x>"), "{code}");
    }

    #[test]
    fn the_closing_bracket_is_found_over_nested_ones() {
        assert_eq!(closing("a(b[c]{d})e", 1), Some(10));
        assert_eq!(closing("a(b", 1), None);
    }

    #[test]
    fn a_test_part_ends_with_its_module() {
        let code = "fn a() {}\n#[cfg(test)]\nmod tests { fn b() {} }\nfn c() {}\n";
        let parts = test_parts(code);
        assert_eq!(parts.len(), 1);
        assert!(code[parts[0].clone()].ends_with("fn b() {} }"));
    }

    #[test]
    fn a_test_module_in_its_own_file_is_a_short_part() {
        let code = "#[cfg(test)]\nmod tests;\nfn a() { b() }\n";
        assert!(!code[test_parts(code)[0].clone()].contains("fn a"));
    }
}
