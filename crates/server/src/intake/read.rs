//! From the bytes of a push to its rows: the form is told by content, never
//! by name.

use lantian_domain::{lead::Source, time::Instant};
use serde_json::{Map, Value};

use super::{
    MAX_BYTES, MAX_ROWS,
    fault::{FileFault, FileResult},
    opinion, project, sheet,
    table::{self, Layout, Part, RawRow},
    text, value, workbook,
};

const ZIP_MARK: &[u8] = b"PK\x03\x04";
/// The marks of forms that are named in the error: XLS, PDF, GZIP, RAR.
const FOREIGN_MARKS: &[&[u8]] = &[b"\xD0\xCF\x11\xE0", b"%PDF", b"\x1F\x8B", b"Rar!"];

/// A push as read.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Which platform.
    pub source: Source,
    /// The sender's name of the push.
    pub batch_id: Option<String>,
    /// When the whole was pushed.
    pub pushed_at: Option<Instant>,
    /// Its rows.
    pub rows: Vec<RawRow>,
}

/// Reads a push.
///
/// # Errors
/// [`FileFault`] when the file as a whole cannot be taken.
pub fn read(bytes: &[u8], source: Source) -> FileResult<Batch> {
    match form(bytes)? {
        Form::Table(lines) => read_table(&lines, source),
        Form::Json(text) => read_json(&text, source),
    }
}

/// Reads a file that is one list of entries, or a table of them.
///
/// # Errors
/// As [`read`].
pub(crate) fn rows_of(
    bytes: &[u8],
    layout: &Layout,
    name: &str,
    part: Part,
) -> FileResult<Vec<RawRow>> {
    let text = match form(bytes)? {
        Form::Table(lines) => return table::rows(&lines, layout, part),
        Form::Json(text) => text,
    };
    let mut head = match json(&text)? {
        Value::Object(head) if head.contains_key(name) => head,
        // One entry by itself.
        Value::Object(entry) => {
            Map::from_iter([(name.to_owned(), Value::Array(vec![Value::Object(entry)]))])
        }
        Value::Array(entries) => Map::from_iter([(name.to_owned(), Value::Array(entries))]),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            return Err(FileFault::json("应为对象或列表"));
        }
    };
    let rows = list(&mut head, name, part, 0)?;
    match rows.len() {
        0 => Err(FileFault::empty()),
        count if count > MAX_ROWS => Err(FileFault::too_many_rows(MAX_ROWS)),
        _ => Ok(rows),
    }
}

/// What a file is, told by its content.
enum Form {
    Table(Vec<table::Line>),
    Json(String),
}

fn form(bytes: &[u8]) -> FileResult<Form> {
    if bytes.len() > MAX_BYTES {
        return Err(FileFault::too_large(MAX_BYTES >> 20));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(FileFault::empty());
    }
    if FOREIGN_MARKS.iter().any(|mark| bytes.starts_with(mark)) {
        return Err(FileFault::foreign());
    }
    if bytes.starts_with(ZIP_MARK) {
        return Ok(Form::Table(workbook::read(bytes)?));
    }
    let text = text::decode(bytes)?;
    if text.contains('\0') {
        return Err(FileFault::foreign());
    }
    if text.trim_start().starts_with(['{', '[']) {
        return Ok(Form::Json(text));
    }
    Ok(Form::Table(sheet::read(&text)?))
}

fn json(text: &str) -> FileResult<Value> {
    serde_json::from_str(text).map_err(|error| {
        if error.is_eof() {
            FileFault::truncated("JSON 文件")
        } else {
            FileFault::json(&format!("第 {} 行第 {} 列有语法错误", error.line(), error.column()))
        }
    })
}

fn read_table(lines: &[table::Line], source: Source) -> FileResult<Batch> {
    let (layout, part): (&Layout, Part) = if source == Source::Duogui {
        (&opinion::LAYOUT, Part::Opinions)
    } else {
        (&project::LAYOUT, Part::Records)
    };
    let rows = table::rows(lines, layout, part)?;
    Ok(Batch { source, batch_id: None, pushed_at: None, rows })
}

fn read_json(text: &str, source: Source) -> FileResult<Batch> {
    let mut head = match json(text)? {
        Value::Object(head) => head,
        Value::Array(entries) => bare_list(entries, source),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            return Err(FileFault::json("应为对象或列表"));
        }
    };
    if let Some(found) = value::text(&head, "source")
        && found != name_of(source)
    {
        return Err(FileFault::other_source(&found, name_of(source)));
    }
    let rows = if source == Source::Duogui {
        planning_rows(&mut head)?
    } else {
        list(&mut head, "records", Part::Records, 0)?
    };
    if rows.is_empty() {
        return Err(FileFault::empty());
    }
    if rows.len() > MAX_ROWS {
        return Err(FileFault::too_many_rows(MAX_ROWS));
    }
    let pushed_at = match value::text(&head, "pushed_at") {
        None => None,
        Some(text) => Some(
            value::instant(&text).ok_or_else(|| FileFault::json("pushed_at 不是可识别的时间"))?,
        ),
    };
    Ok(Batch { source, batch_id: value::text(&head, "batch_id"), pushed_at, rows })
}

fn bare_list(entries: Vec<Value>, source: Source) -> Map<String, Value> {
    let name = if source == Source::Duogui { "opinions" } else { "records" };
    Map::from_iter([(name.to_owned(), Value::Array(entries))])
}

fn planning_rows(head: &mut Map<String, Value>) -> FileResult<Vec<RawRow>> {
    let mut rows = list(head, "opinions", Part::Opinions, 0)?;
    let boundaries = list(head, "boundaries", Part::Boundaries, rows.len())?;
    rows.extend(boundaries);
    let controls = list(head, "controls", Part::Controls, rows.len())?;
    rows.extend(controls);
    Ok(rows)
}

fn list(
    head: &mut Map<String, Value>,
    name: &str,
    part: Part,
    before: usize,
) -> FileResult<Vec<RawRow>> {
    let entries = match head.remove(name) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(entries)) => entries,
        Some(_) => return Err(FileFault::json(&format!("{name} 应为列表"))),
    };
    let first = u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1);
    Ok((first..)
        .zip(entries)
        .map(|(row, entry)| {
            let fields = if let Value::Object(fields) = entry {
                fields
            } else {
                Map::from_iter([(UNREADABLE.to_owned(), entry)])
            };
            RawRow { row, line: None, part, fields }
        })
        .collect())
}

/// The field of an entry that isn't an object; such a row is kept aside.
pub(crate) const UNREADABLE: &str = "\u{0}";

/// The code of a source.
pub(crate) fn name_of(source: Source) -> &'static str {
    match source {
        Source::Gonggai => "gonggai",
        Source::Duogui => "duogui",
        Source::Referral => "referral",
        Source::Patrol => "patrol",
        Source::Other => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(bytes: &[u8], source: Source) -> &'static str {
        read(bytes, source).unwrap_err().code
    }

    #[test]
    fn a_table_is_read_in_every_form() {
        let csv = "项目代码,项目名称,推送时间\nA,甲,2026-11-23 09:00:00\nB,乙,\n";
        let mut with_mark = b"\xEF\xBB\xBF".to_vec();
        with_mark.extend_from_slice(csv.as_bytes());
        let gb = encoding_rs::GB18030.encode(csv).0.into_owned();
        let tabs = csv.replace(',', "\t").into_bytes();
        let expected = read(csv.as_bytes(), Source::Gonggai).unwrap();
        assert_eq!(expected.rows.len(), 2);
        for bytes in [with_mark, gb, tabs] {
            assert_eq!(read(&bytes, Source::Gonggai).unwrap(), expected);
        }
    }

    #[test]
    fn the_lists_of_a_planning_push_are_numbered_through() {
        let json = r#"{"source":"duogui","pushed_at":"2026-11-23T10:00:00+08:00",
            "opinions":[{"xmdm":"X","qqyjslbm":"Q"}],
            "boundaries":[{"xmdm":"X","coords":[[1,2]]}],"controls":[{"kzxwjxh":1}]}"#;
        let batch = read(json.as_bytes(), Source::Duogui).unwrap();
        assert_eq!(batch.rows.iter().map(|r| r.row).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(
            batch.rows.iter().map(|r| r.part).collect::<Vec<_>>(),
            [Part::Opinions, Part::Boundaries, Part::Controls]
        );
    }

    #[test]
    fn a_file_that_cannot_be_taken_has_one_coded_error() {
        let g = Source::Gonggai;
        assert_eq!(fault(b"", g), "E_INTAKE_EMPTY");
        assert_eq!(fault(b" \r\n", g), "E_INTAKE_EMPTY");
        assert_eq!(fault(b"%PDF-1.7", g), "E_INTAKE_FORMAT");
        assert_eq!(fault(b"\xD0\xCF\x11\xE0\xA1\xB1", g), "E_INTAKE_FORMAT");
        assert_eq!(fault(b"{\"records\":[{\"xmdm\":\"1", g), "E_INTAKE_TRUNCATED");
        assert_eq!(fault(b"{\"records\":7}", g), "E_INTAKE_FORMAT");
        assert_eq!(fault(b"{\"records\":[}", g), "E_INTAKE_FORMAT");
        assert_eq!(fault(b"{\"records\":[]}", g), "E_INTAKE_EMPTY");
        assert_eq!(fault(b"{\"source\":\"duogui\",\"records\":[{}]}", g), "E_INTAKE_SOURCE");
        assert_eq!(fault(b"a,b\n1,2\n", g), "E_INTAKE_HEADER");
        assert_eq!(fault(b"a\0b", g), "E_INTAKE_FORMAT");
        assert_eq!(fault(&vec![b'a'; MAX_BYTES + 1], g), "E_INTAKE_TOO_LARGE");
        let rows = format!("[{}]", vec!["{}"; MAX_ROWS + 1].join(","));
        assert_eq!(fault(rows.as_bytes(), g), "E_INTAKE_TOO_MANY_ROWS");
    }
}
