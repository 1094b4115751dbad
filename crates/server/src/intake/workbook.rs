//! The first sheet of an XLSX workbook as lines of cells.
//!
//! Words: a *serial* is Excel's day number. Invariant: the workbook is
//! measured before it is unpacked ([`crate::files::archive`]) and cells are
//! read as a stream, so that a small hostile file takes little memory.

use std::{collections::BTreeMap, io::Cursor};

use calamine::{DataRef, Dimensions, Reader, Xlsx};

use super::{
    MAX_ROWS,
    fault::{FileFault, FileResult},
    table::{Line, MAX_COLUMNS, MAX_LINES},
    value,
};
use crate::files::archive::{self, ArchiveFault};

/// Bytes that a workbook may unpack to.
const MAX_UNPACKED: u64 = 256 << 20;
const MAX_PARTS: usize = 2_000;
/// Row numbers beyond this are not read: blank rows between are allowed.
const MAX_ROW_NUMBER: u32 = 200_000;

/// Cells that merged areas may stand for.
const MAX_FILLED: usize = 1_000_000;

type Rows = BTreeMap<u32, BTreeMap<u32, String>>;

/// Reads the first sheet.
///
/// # Errors
/// [`FileFault`] for a damaged, foreign or oversized workbook.
pub(crate) fn read(bytes: &[u8]) -> FileResult<Vec<Line>> {
    measure(bytes)?;
    let mut workbook: Xlsx<_> =
        Xlsx::new(Cursor::new(bytes)).map_err(|_| FileFault::truncated("XLSX 工作簿"))?;
    let sheet = workbook.sheet_names().first().cloned().ok_or_else(FileFault::empty)?;
    let mut rows = read_cells(&mut workbook, &sheet)?;
    let merged = workbook
        .merge_cells_by_sheet_name(&sheet)
        .map_err(|_| FileFault::truncated("XLSX 工作簿"))?;
    spread_merged(&mut rows, &merged)?;
    lines(rows)
}

fn measure(bytes: &[u8]) -> FileResult<()> {
    let parts = archive::entries(bytes, MAX_PARTS).map_err(|fault| match fault {
        ArchiveFault::Damaged => FileFault::truncated("XLSX 工作簿"),
        ArchiveFault::TooManyEntries => FileFault::bomb(),
    })?;
    if !parts.iter().any(|part| part.name.eq_ignore_ascii_case("xl/workbook.xml")) {
        return Err(FileFault::foreign());
    }
    let unpacked = archive::unpacked_size(bytes, &parts, MAX_UNPACKED)
        .map_err(|_| FileFault::truncated("XLSX 工作簿"))?;
    if unpacked > MAX_UNPACKED { Err(FileFault::bomb()) } else { Ok(()) }
}

fn read_cells(workbook: &mut Xlsx<Cursor<&[u8]>>, sheet: &str) -> FileResult<Rows> {
    let since_1904 = workbook.has_1904_epoch();
    let damaged = |_| FileFault::truncated("XLSX 工作簿");
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(damaged)?;
    let mut rows = Rows::new();
    while let Some(cell) = cells.next_cell().map_err(damaged)? {
        let (row, column) = cell.get_position();
        if column as usize >= MAX_COLUMNS {
            continue;
        }
        let text = text_of(cell.get_value(), since_1904);
        if text.is_empty() {
            continue;
        }
        if row > MAX_ROW_NUMBER {
            return Err(FileFault::too_many_rows(MAX_ROWS));
        }
        rows.entry(row).or_default().insert(column, text);
        if rows.len() > MAX_LINES {
            return Err(FileFault::too_many_rows(MAX_ROWS));
        }
    }
    Ok(rows)
}

/// A cell as text: numbers without a decimal tail, dates as ISO.
fn text_of(value: &DataRef<'_>, since_1904: bool) -> String {
    match value {
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(n) => number_text(*n, since_1904),
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(yes) => u8::from(*yes).to_string(),
        DataRef::DateTime(serial) => {
            let (year, month, day, hour, minute, second, _) = serial.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

fn number_text(n: f64, since_1904: bool) -> String {
    // A date typed without a date format stays a serial; the epochs of the two
    // workbook kinds are 1,462 days apart.
    let n = if since_1904 && value::looks_like_serial(n) { n + 1_462.0 } else { n };
    if n.fract() == 0.0 && n.abs() < 1e15 { format!("{n:.0}") } else { n.to_string() }
}

/// A merged area reads as its top-left cell throughout, within the rows that
/// hold data.
fn spread_merged(rows: &mut Rows, merged: &[Dimensions]) -> FileResult<()> {
    let mut fill: BTreeMap<u32, Vec<(u32, String)>> = BTreeMap::new();
    let mut filled = 0_usize;
    for area in merged {
        let Some(text) = rows.get(&area.start.0).and_then(|r| r.get(&area.start.1)).cloned() else {
            continue;
        };
        let last_column = area.end.1.min(u32::try_from(MAX_COLUMNS).unwrap_or(u32::MAX));
        for (row, _) in rows.range(area.start.0..=area.end.0.max(area.start.0)) {
            for column in area.start.1..=last_column {
                fill.entry(*row).or_default().push((column, text.clone()));
                filled += 1;
                if filled > MAX_FILLED {
                    return Err(FileFault::bomb());
                }
            }
        }
    }
    for (row, cells) in fill {
        let line = rows.entry(row).or_default();
        for (column, text) in cells {
            line.entry(column).or_insert(text);
        }
    }
    Ok(())
}

fn lines(rows: Rows) -> FileResult<Vec<Line>> {
    if rows.is_empty() {
        return Err(FileFault::empty());
    }
    Ok(rows
        .into_iter()
        .map(|(row, cells)| {
            let width = cells.keys().next_back().map_or(0, |last| *last as usize + 1);
            let mut line = vec![String::new(); width];
            for (column, text) in cells {
                line[column as usize] = text;
            }
            Line { number: row + 1, cells: line }
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

    #[test]
    fn cells_of_every_kind_read_as_text() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.merge_range(0, 0, 0, 3, "新郑市项目推送表", &Format::new()).unwrap();
        sheet.write_string(1, 0, "项目代码").unwrap();
        sheet.write_number(2, 0, 13_800_000_000_f64).unwrap();
        sheet.write_number(2, 1, 58_000.25).unwrap();
        let at = ExcelDateTime::parse_from_str("2026-11-23 09:12:05").unwrap();
        sheet
            .write_datetime_with_format(
                2,
                2,
                &at,
                &Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            )
            .unwrap();
        sheet.write_string(2, 3, "=HYPERLINK(\"x\")").unwrap();
        sheet.merge_range(4, 0, 5, 0, "示例置业", &Format::new()).unwrap();
        sheet.write_string(5, 1, "乙").unwrap();
        let lines = read(&book.save_to_buffer().unwrap()).unwrap();
        assert_eq!(lines[0].cells, ["新郑市项目推送表"; 4]);
        assert_eq!(lines[2].number, 3);
        assert_eq!(
            lines[2].cells,
            ["13800000000", "58000.25", "2026-11-23 09:12:05", "=HYPERLINK(\"x\")"]
        );
        assert_eq!(lines[4].cells, ["示例置业", "乙"]);
        assert_eq!(lines[4].number, 6);
    }

    #[test]
    fn a_far_corner_cell_takes_no_memory() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "项目代码").unwrap();
        sheet.write_string(1_048_575, 16_383, "角").unwrap();
        let lines = read(&book.save_to_buffer().unwrap()).unwrap();
        assert_eq!(lines.len(), 1);
    }

    #[test]
    fn a_cut_or_foreign_archive_is_a_fault() {
        let mut book = Workbook::new();
        book.add_worksheet().write_string(0, 0, "项目代码").unwrap();
        let whole = book.save_to_buffer().unwrap();
        for cut in [8, whole.len() / 2, whole.len() - 4] {
            assert_eq!(read(&whole[..cut]).unwrap_err().code, "E_INTAKE_TRUNCATED", "cut {cut}");
        }
        let mut flipped = whole.clone();
        let middle = whole.len() / 3;
        for byte in &mut flipped[middle..middle + 200] {
            *byte ^= 0x5A;
        }
        assert!(read(&flipped).is_err());
    }
}
