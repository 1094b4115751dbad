//! Workbooks: tables of text and numbers in which nothing is a formula.

use rust_xlsxwriter::{Format, FormatBorder, Workbook, Worksheet, XlsxError};

use crate::error::{Error, Result};

/// The widest column, in characters.
const WIDEST: usize = 60;
/// What a spreadsheet takes for the beginning of a formula.
const STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Words; never a formula.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Hundredths, shown with two decimals.
    Hundredths(i64),
    /// Nothing.
    Empty,
}

impl Cell {
    /// Words.
    pub fn text(words: impl Into<String>) -> Self {
        Self::Text(words.into())
    }

    /// Hundredths, or a dash where there is nothing.
    pub fn hundredths(value: Option<i64>) -> Self {
        value.map_or_else(|| Self::text("–"), Self::Hundredths)
    }
}

/// A table with its headers.
#[derive(Clone, Debug)]
pub struct Table {
    /// The name of its sheet, at most 31 characters.
    pub name: String,
    /// The headers.
    pub headers: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

/// Text that no spreadsheet takes for a formula: what begins like one gets an
/// apostrophe (j, formula guard).
pub fn guarded(text: &str) -> String {
    if text.starts_with(STARTS) { format!("'{text}") } else { text.to_owned() }
}

/// A workbook of tables, as the bytes of an XLSX file.
///
/// # Errors
/// [`Error::Damaged`] when the library refuses a table.
pub fn workbook(tables: &[Table]) -> Result<Vec<u8>> {
    let mut book = Workbook::new();
    for table in tables {
        write(book.add_worksheet(), table).map_err(failed)?;
    }
    book.save_to_buffer().map_err(failed)
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err gives it")]
fn failed(error: XlsxError) -> Error {
    Error::damaged(format!("a workbook could not be written: {error}"))
}

fn write(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    sheet.set_name(&table.name)?;
    let head = Format::new().set_bold().set_border_bottom(FormatBorder::Thin);
    let decimals = Format::new().set_num_format("0.00");
    let mut widths = vec![0; table.headers.len()];
    for (at, header) in (0_u16..).zip(&table.headers) {
        sheet.write_string_with_format(0, at, guarded(header), &head)?;
        note(&mut widths, at, header);
    }
    for (row, cells) in (1_u32..).zip(&table.rows) {
        for (at, cell) in (0_u16..).zip(cells) {
            match cell {
                Cell::Text(text) => {
                    sheet.write_string(row, at, guarded(text))?;
                    note(&mut widths, at, text);
                }
                Cell::Number(number) => {
                    sheet.write_number(row, at, exact(*number))?;
                }
                Cell::Hundredths(number) => {
                    sheet.write_number_with_format(row, at, exact(*number) / 100.0, &decimals)?;
                }
                Cell::Empty => {}
            }
        }
    }
    for (at, width) in (0_u16..).zip(widths) {
        sheet.set_column_width(at, f64::from(u32::try_from(width).unwrap_or(10)))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// Chinese characters are two columns wide.
fn note(widths: &mut [usize], at: u16, text: &str) {
    let width: usize = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    if let Some(place) = widths.get_mut(usize::from(at)) {
        *place = (*place).max(width + 2).min(WIDEST);
    }
}

/// A spreadsheet knows no other number than this; figures of a report are far
/// below the 2⁵³ up to which it is exact.
#[expect(clippy::cast_precision_loss, reason = "a workbook has no whole numbers")]
fn exact(number: i64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_guarded() {
        for text in ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1"] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        assert_eq!(guarded("龙湖镇"), "龙湖镇");
    }
}
