//! The table of contents of a ZIP-based file, read without unpacking it.
//!
//! The formats XLSX and OFD are ZIP archives. Invariant: the work done is
//! bounded by the size of the bytes given and by the limits passed in, however
//! the archive lies about itself; no name in it ever becomes a path.

use std::io::Read as _;

use flate2::read::DeflateDecoder;

const END_MARK: &[u8] = b"PK\x05\x06";
const END_LEN: usize = 22;
const ENTRY_MARK: &[u8] = b"PK\x01\x02";
const ENTRY_LEN: usize = 46;
const LOCAL_MARK: &[u8] = b"PK\x03\x04";
const LOCAL_LEN: usize = 30;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
const ZIP64_FIELD: u16 = 1;

/// One file of the archive, as its table of contents describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name; text for comparison only.
    pub name: String,
    method: u16,
    packed: u64,
    at: u64,
}

/// Why an archive is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveFault {
    /// Cut off, damaged, or not a plain ZIP.
    #[error("the archive is damaged")]
    Damaged,
    /// More files than allowed.
    #[error("the archive has too many files")]
    TooManyEntries,
}

/// Lists the files of an archive.
///
/// # Errors
/// [`ArchiveFault`].
pub fn entries(bytes: &[u8], most: usize) -> Result<Vec<Entry>, ArchiveFault> {
    let end = find_end(bytes).ok_or(ArchiveFault::Damaged)?;
    let count = usize::from(u16_at(bytes, end + 10)?);
    if count > most {
        return Err(ArchiveFault::TooManyEntries);
    }
    let mut at = u32_at(bytes, end + 16)? as usize;
    let mut found = Vec::with_capacity(count);
    for _ in 0..count {
        let head = slice(bytes, at, ENTRY_LEN)?;
        if !head.starts_with(ENTRY_MARK) {
            return Err(ArchiveFault::Damaged);
        }
        let (name_len, extra_len, note_len) =
            (u16_at(head, 28)? as usize, u16_at(head, 30)? as usize, u16_at(head, 32)? as usize);
        let name = slice(bytes, at + ENTRY_LEN, name_len)?;
        let extra = slice(bytes, at + ENTRY_LEN + name_len, extra_len)?;
        found.push(Entry {
            name: String::from_utf8_lossy(name).into_owned(),
            method: u16_at(head, 10)?,
            packed: packed_size(head, extra)?,
            at: u64::from(u32_at(head, 42)?),
        });
        at += ENTRY_LEN + name_len + extra_len + note_len;
    }
    Ok(found)
}

/// How many bytes the files unpack to, counted by unpacking into nothing;
/// counting stops above `limit`.
///
/// # Errors
/// [`ArchiveFault::Damaged`] when a file cannot be unpacked.
pub fn unpacked_size(bytes: &[u8], files: &[Entry], limit: u64) -> Result<u64, ArchiveFault> {
    let mut total = 0_u64;
    for file in files {
        let body = body_of(bytes, file)?;
        let left = (limit + 1).saturating_sub(total);
        total += match file.method {
            STORED => body.len() as u64,
            DEFLATED => {
                std::io::copy(&mut DeflateDecoder::new(body).take(left), &mut std::io::sink())
                    .map_err(|_| ArchiveFault::Damaged)?
            }
            _ => return Err(ArchiveFault::Damaged),
        };
        if total > limit {
            break;
        }
    }
    Ok(total)
}

fn body_of<'a>(bytes: &'a [u8], file: &Entry) -> Result<&'a [u8], ArchiveFault> {
    let at = usize::try_from(file.at).map_err(|_| ArchiveFault::Damaged)?;
    let head = slice(bytes, at, LOCAL_LEN)?;
    if !head.starts_with(LOCAL_MARK) {
        return Err(ArchiveFault::Damaged);
    }
    let skip = LOCAL_LEN + u16_at(head, 26)? as usize + u16_at(head, 28)? as usize;
    let packed = usize::try_from(file.packed).map_err(|_| ArchiveFault::Damaged)?;
    slice(bytes, at.checked_add(skip).ok_or(ArchiveFault::Damaged)?, packed)
}

/// The end record stands within the last 64 KiB, before a comment.
fn find_end(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(END_LEN)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    (first..=last).rev().find(|at| bytes[*at..].starts_with(END_MARK))
}

/// The packed size, from the 64-bit extra field when the short one is full.
fn packed_size(head: &[u8], mut extra: &[u8]) -> Result<u64, ArchiveFault> {
    let (short, plain) = (u32_at(head, 20)?, u32_at(head, 24)?);
    if short != u32::MAX {
        return Ok(u64::from(short));
    }
    while extra.len() >= 4 {
        let len = u16_at(extra, 2)? as usize;
        if u16_at(extra, 0)? == ZIP64_FIELD {
            let skip = if plain == u32::MAX { 8 } else { 0 };
            let raw = slice(extra, 4 + skip, 8)?;
            return raw.try_into().map(u64::from_le_bytes).map_err(|_| ArchiveFault::Damaged);
        }
        extra = extra.get(4 + len..).unwrap_or_default();
    }
    Err(ArchiveFault::Damaged)
}

fn slice(bytes: &[u8], at: usize, len: usize) -> Result<&[u8], ArchiveFault> {
    at.checked_add(len).and_then(|end| bytes.get(at..end)).ok_or(ArchiveFault::Damaged)
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, ArchiveFault> {
    slice(bytes, at, 2)?.try_into().map(u16::from_le_bytes).map_err(|_| ArchiveFault::Damaged)
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32, ArchiveFault> {
    slice(bytes, at, 4)?.try_into().map(u32::from_le_bytes).map_err(|_| ArchiveFault::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_xlsxwriter::Workbook;

    fn workbook() -> Vec<u8> {
        let mut book = Workbook::new();
        book.add_worksheet().write_string(0, 0, "项目代码").unwrap();
        book.save_to_buffer().unwrap()
    }

    #[test]
    fn a_workbook_lists_its_parts_and_their_size() {
        let bytes = workbook();
        let parts = entries(&bytes, 100).unwrap();
        assert!(parts.iter().any(|part| part.name == "xl/workbook.xml"));
        let size = unpacked_size(&bytes, &parts, 1 << 20).unwrap();
        assert!(size > bytes.len() as u64 && size < 1 << 20, "{size}");
    }

    #[test]
    fn counting_stops_at_the_limit() {
        let bytes = workbook();
        let parts = entries(&bytes, 100).unwrap();
        assert_eq!(unpacked_size(&bytes, &parts, 1_000).unwrap(), 1_001);
        assert_eq!(entries(&bytes, 3), Err(ArchiveFault::TooManyEntries));
    }

    #[test]
    fn every_cut_is_noticed() {
        let bytes = workbook();
        for cut in 0..bytes.len() {
            assert_eq!(entries(&bytes[..cut], 100), Err(ArchiveFault::Damaged), "cut {cut}");
        }
    }
}
