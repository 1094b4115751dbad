//! From lines of cells to rows of named fields, by the Chinese headers.
//!
//! Words: a *line* is what stands in the file, numbered as the user sees it; a
//! *raw row* is one entry of a push, its fields under their exchange names.

use serde_json::{Map, Value};

use super::{
    MAX_ROWS,
    fault::{FileFault, FileResult},
};

/// Columns read of a table; those beyond are ignored.
pub(crate) const MAX_COLUMNS: usize = 256;
/// Lines read of a table: the rows allowed, and the head above them.
pub(crate) const MAX_LINES: usize = MAX_ROWS + HEAD_LINES;
const HEAD_LINES: usize = 5;

/// One line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Its number in the file, from 1.
    pub number: u32,
    /// Its cells, as text.
    pub cells: Vec<String>,
}

/// A kind of table: its headers with the field that each stands for.
pub(crate) struct Layout {
    /// Header and field.
    pub headers: &'static [(&'static str, &'static str)],
    /// The headers without which a line isn't the head.
    pub wanted: &'static [&'static str],
    /// Headers that betray a table of the other source.
    pub foreign: &'static [&'static str],
}

/// One entry of a push before its fields are checked.
#[derive(Clone, Debug, PartialEq)]
pub struct RawRow {
    /// Number among the entries, from 1.
    pub row: u32,
    /// Line of the file, for tables.
    pub line: Option<u32>,
    /// What kind of entry.
    pub part: Part,
    /// The fields by their exchange names; unknown ones stay.
    pub fields: Map<String, Value>,
}

/// The lists that a push consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A project of 工改.
    Records,
    /// A preliminary opinion of 多规合一.
    Opinions,
    /// A site boundary of 多规合一.
    Boundaries,
    /// A planning control line of 多规合一.
    Controls,
    /// A user's application.
    Applications,
}

/// Finds the head and reads the rows under it.
///
/// # Errors
/// [`FileFault`] when no head is found or there are no or too many rows.
pub(crate) fn rows(lines: &[Line], layout: &Layout, part: Part) -> FileResult<Vec<RawRow>> {
    if lines.is_empty() {
        return Err(FileFault::empty());
    }
    let (head, columns) = find_head(lines, layout)?;
    let body = &lines[head + 1..];
    if body.is_empty() {
        return Err(FileFault::empty());
    }
    if body.len() > MAX_ROWS {
        return Err(FileFault::too_many_rows(MAX_ROWS));
    }
    Ok((1..).zip(body).map(|(row, line)| raw_row(row, line, &columns, part)).collect())
}

type Columns = Vec<Option<(String, bool)>>;

fn find_head(lines: &[Line], layout: &Layout) -> FileResult<(usize, Columns)> {
    for (at, line) in lines.iter().take(HEAD_LINES).enumerate() {
        if line.number as usize > HEAD_LINES {
            break;
        }
        let names: Vec<String> = line.cells.iter().map(|cell| plain(cell)).collect();
        if let Some(foreign) = layout.foreign.iter().find(|f| names.contains(&plain(f))) {
            return Err(FileFault::foreign_header(foreign));
        }
        if layout.wanted.iter().all(|wanted| names.contains(&plain(wanted))) {
            return columns(&names, layout).map(|columns| (at, columns));
        }
    }
    Err(FileFault::no_header(&layout.wanted.join("、")))
}

fn columns(names: &[String], layout: &Layout) -> FileResult<Columns> {
    let mut found: Columns = Vec::with_capacity(names.len());
    for name in names {
        let known = layout.headers.iter().find(|(header, _)| plain(header) == *name);
        let column = match known {
            Some((header, field)) => {
                if found.iter().flatten().any(|(taken, _)| taken == field) {
                    return Err(FileFault::double_header(header));
                }
                Some(((*field).to_owned(), true))
            }
            None if name.is_empty() => None,
            None => Some((name.clone(), false)),
        };
        found.push(column);
    }
    Ok(found)
}

fn raw_row(row: u32, line: &Line, columns: &Columns, part: Part) -> RawRow {
    let mut fields = Map::new();
    for (cell, column) in line.cells.iter().zip(columns) {
        if let Some((field, known)) = column
            && !cell.is_empty()
            && (*known || !fields.contains_key(field))
        {
            fields.insert(field.clone(), Value::String(cell.clone()));
        }
    }
    RawRow { row, line: Some(line.number), part, fields }
}

/// A header without spaces, marks of duty and width differences.
fn plain(header: &str) -> String {
    header
        .chars()
        .map(|c| match c {
            '\u{ff08}' => '(',
            '\u{ff09}' => ')',
            other => other,
        })
        .filter(|c| {
            !c.is_whitespace() && !matches!(c, '*' | '\u{ff0a}' | ':' | '\u{ff1a}' | '\u{feff}')
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: Layout = Layout {
        headers: &[("项目代码", "xmdm"), ("总投资(万元)", "ztze")],
        wanted: &["项目代码"],
        foreign: &["意见编号"],
    };

    fn line(number: u32, cells: &[&str]) -> Line {
        Line { number, cells: cells.iter().map(|c| (*c).to_owned()).collect() }
    }

    #[test]
    fn the_head_is_found_within_five_lines() {
        let lines = [
            line(1, &["推送表"]),
            line(3, &["*项目 代码", "总投资(万元)", "备注"]),
            line(4, &["a", "", "x"]),
        ];
        let rows = rows(&lines, &LAYOUT, Part::Records).unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].row, rows[0].line), (1, Some(4)));
        assert_eq!(
            Value::Object(rows[0].fields.clone()),
            serde_json::json!({"xmdm": "a", "备注": "x"})
        );
    }

    #[test]
    fn no_head_or_a_double_one_is_a_fault() {
        let late = [line(6, &["项目代码"]), line(7, &["a"])];
        assert_eq!(rows(&late, &LAYOUT, Part::Records).unwrap_err().code, "E_INTAKE_HEADER");
        let double = [line(1, &["项目代码", "项目代码"]), line(2, &["a", "b"])];
        assert_eq!(rows(&double, &LAYOUT, Part::Records).unwrap_err().code, "E_INTAKE_HEADER");
        let other = [line(1, &["项目代码", "意见编号"]), line(2, &["a", "b"])];
        assert_eq!(rows(&other, &LAYOUT, Part::Records).unwrap_err().code, "E_INTAKE_SOURCE");
        let only_head = [line(1, &["项目代码"])];
        assert_eq!(rows(&only_head, &LAYOUT, Part::Records).unwrap_err().code, "E_INTAKE_EMPTY");
    }
}
