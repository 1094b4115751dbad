//! Separated text (RFC 4180 with comma or tab) as lines of cells.
//!
//! Invariant: a cell is text, whatever it begins with; nothing is evaluated.

use super::{
    fault::{FileFault, FileResult},
    table::{Line, MAX_COLUMNS, MAX_LINES},
};

/// Reads separated text.
///
/// # Errors
/// [`FileFault`] when a quoted cell never ends or there are too many rows.
pub(crate) fn read(text: &str) -> FileResult<Vec<Line>> {
    let separator = separator(text);
    if ends_inside_quotes(text, separator) {
        return Err(FileFault::truncated("CSV 文件(有未结束的引号)"));
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut lines = Vec::new();
    let (mut number, mut counted) = (1_u32, 0);
    for record in reader.records() {
        let record = record.map_err(|_| FileFault::truncated("CSV 文件"))?;
        let begin = record.position().and_then(|place| usize::try_from(place.byte()).ok());
        let begin = first_of_line(text.as_bytes(), begin.unwrap_or(counted));
        let passed = text.as_bytes().get(counted..begin).unwrap_or_default();
        number += u32::try_from(passed.split(|b| *b == b'\n').count() - 1).unwrap_or(0);
        counted = begin;
        let cells: Vec<String> =
            record.iter().take(MAX_COLUMNS).map(|c| c.trim().to_owned()).collect();
        if cells.iter().all(String::is_empty) {
            continue;
        }
        if lines.len() >= MAX_LINES {
            return Err(FileFault::too_many_rows(super::MAX_ROWS));
        }
        lines.push(Line { number, cells });
    }
    Ok(lines)
}

/// Where the line of a record begins: the reader counts the ends of blank
/// lines, and half of a Windows line end, to the record after them.
fn first_of_line(text: &[u8], mut at: usize) -> usize {
    while matches!(text.get(at), Some(b'\r' | b'\n')) {
        at += 1;
    }
    at
}

/// The separator that stands more often in the first lines, outside quotes.
fn separator(text: &str) -> u8 {
    let (mut commas, mut tabs, mut quoted) = (0_usize, 0_usize, false);
    for byte in text.lines().take(5).flat_map(str::bytes) {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => commas += 1,
            b'\t' if !quoted => tabs += 1,
            _ => {}
        }
    }
    if tabs > commas { b'\t' } else { b',' }
}

/// Whether a quoted cell has no end. A quote within a bare cell (`5" 管`) is
/// an ordinary character.
fn ends_inside_quotes(text: &str, separator: u8) -> bool {
    let (mut quoted, mut at_start) = (false, true);
    for byte in text.bytes() {
        if quoted {
            // A doubled quote closes and at once opens again.
            quoted = byte != b'"';
            at_start = !quoted;
        } else {
            quoted = byte == b'"' && at_start;
            at_start = byte == separator || byte == b'\n';
        }
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&[&str]]) {
        let lines = read(text).unwrap();
        let cells: Vec<Vec<&str>> =
            lines.iter().map(|l| l.cells.iter().map(String::as_str).collect()).collect();
        assert_eq!(cells, expected.iter().map(|l| l.to_vec()).collect::<Vec<_>>());
    }

    #[test]
    fn quotes_separators_and_blank_lines_follow_rfc_4180() {
        check("a,\"b,1\"\r\n\r\n\"say \"\"x\"\"\",d\n", &[&["a", "b,1"], &["say \"x\"", "d"]]);
        check("a\tb,c\td\n1\t2\t3\n", &[&["a", "b,c", "d"], &["1", "2", "3"]]);
        check("a,\"two\nlines\"\n", &[&["a", "two\nlines"]]);
        check("a,DN25 1\" 管,b\n", &[&["a", "DN25 1\" 管", "b"]]);
    }

    #[test]
    fn a_formula_is_text() {
        check("a,=1+1,@x\n", &[&["a", "=1+1", "@x"]]);
    }

    #[test]
    fn a_file_cut_inside_quotes_is_a_fault() {
        assert_eq!(read("a,\"b").unwrap_err().code, "E_INTAKE_TRUNCATED");
    }

    #[test]
    fn lines_keep_their_number_in_the_file() {
        let lines = read("标题\n\n甲,乙\n\"1\n2\",3\n4,5\n").unwrap();
        assert_eq!(lines.iter().map(|l| l.number).collect::<Vec<_>>(), [1, 3, 4, 6]);
        let lines = read("甲,乙\r\n\r\n1,2\r\n\"1\r\n2\",3\r\n4,5\r\n").unwrap();
        assert_eq!(lines.iter().map(|l| l.number).collect::<Vec<_>>(), [1, 3, 4, 6]);
    }
}
