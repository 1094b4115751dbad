//! The write-ahead log beside the store's file, before SQLite builds on it.
//!
//! Invariants: what is found in the log is on the disk before anything is
//! added to it; a file that ends before its last page is refused, unless the
//! log has the pages that are lacking (a cut while it was carried over).

use std::{
    collections::BTreeSet,
    fs::File,
    io::{ErrorKind, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use rusqlite::Connection;

use crate::error::{Error, Result};

/// Bytes of the log that are written again at once.
const PORTION: usize = 1 << 20;
/// Bytes of the log's header, and of the header of each of its frames
/// (<https://www.sqlite.org/fileformat2.html#walformat>).
const HEADER: usize = 32;
const FRAME: usize = 24;

/// Makes the log durable when nobody else works with the store. As long as the
/// file lives, no other program of ours does the same.
///
/// A log may end in a commit whose sync failed: the system goes on showing it,
/// and has forgotten that the disk lacks it (Rebello et al., *Can Applications
/// Recover from fsync Failures?*, USENIX ATC 2020). SQLite would chain the next
/// commits to what a cut of the power takes away. Whoever opened the store
/// earlier has done so already.
///
/// # Errors
/// [`Error::Io`], [`Error::DiskFull`]; the log is what it was.
pub(super) fn settle(folder: &Path, store: &Path) -> Result<File> {
    let failed = || Error::io(format!("{} could not be locked", folder.display()));
    let held = File::open(folder).map_err(failed())?;
    if held.try_lock().is_ok() {
        let log = beside(store);
        match renew(&log) {
            Err(source) if source.kind() == ErrorKind::NotFound => {}
            done => {
                let what = format!("{} could not be made durable", log.display());
                done.and_then(|()| held.sync_all()).map_err(Error::io(what))?;
            }
        }
    }
    held.lock_shared().map_err(failed())?;
    Ok(held)
}

/// Writes what a file holds once more in its place, and syncs it.
fn renew(path: &Path) -> std::io::Result<()> {
    let mut file = File::options().read(true).write(true).open(path)?;
    let mut portion = Vec::new();
    let mut at = 0;
    loop {
        portion.clear();
        file.seek(SeekFrom::Start(at))?;
        let read = (&file).take(PORTION as u64).read_to_end(&mut portion)?;
        if read == 0 {
            return file.sync_all();
        }
        file.seek(SeekFrom::Start(at))?;
        file.write_all(&portion)?;
        at += read as u64;
    }
}

/// Refuses a store whose file ends before its last page: SQLite would read
/// zeros there.
///
/// # Errors
/// [`Error::Damaged`]; nothing was changed.
pub(super) fn ensure_whole(connection: &Connection, store: &Path) -> Result<()> {
    // Within a transaction nobody begins the log anew.
    let unit = connection.unchecked_transaction()?;
    let number = |name: &str| unit.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (pages, size) = (number("page_count")?.cast_unsigned(), number("page_size")?);
    let size = size.cast_unsigned().max(1);
    let failed = || Error::io(format!("{} could not be measured", store.display()));
    let there = std::fs::metadata(store).map_err(failed())?.len() / size;
    if there >= pages {
        return Ok(());
    }
    let logged = logged(&beside(store), size).map_err(failed())?;
    match (there + 1..=pages).find(|page| !logged.contains(page)) {
        None => Ok(()),
        Some(page) => Err(Error::damaged(format!("the file ends before page {page} of {pages}"))),
    }
}

/// The pages that the log's present round has.
fn logged(log: &Path, size: u64) -> std::io::Result<BTreeSet<u64>> {
    let mut pages = BTreeSet::new();
    let Ok(mut file) = File::open(log) else { return Ok(pages) };
    let end = file.metadata()?.len();
    if end < HEADER as u64 {
        return Ok(pages);
    }
    let mut header = [0; HEADER];
    file.read_exact(&mut header)?;
    let mut at = HEADER as u64;
    let whole = FRAME as u64 + size;
    while at + whole <= end {
        let mut frame = [0; FRAME];
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut frame)?;
        // The salts change when the log begins anew.
        if frame[8..16] != header[16..24] {
            break;
        }
        pages.insert(u64::from(u32::from_be_bytes([frame[0], frame[1], frame[2], frame[3]])));
        at += whole;
    }
    Ok(pages)
}

fn beside(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}
