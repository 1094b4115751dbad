//! Backup and restore: the store and every content in one file.
//!
//! A backup is an SQLite file: the store as it stood at one instant, and a
//! table of the contents that lie beside it. It is taken while the server
//! works; a restore needs the folder for itself.
//!
//! Invariant: nothing that exists is overwritten; a restored store has an
//! epoch that no tablet has seen, so that tablets offer again what the store
//! has lost (architecture 7).

use std::{
    fs::File,
    path::{Component, Path, PathBuf},
};

use lantian_domain::time::Instant;
use rusqlite::{Connection, OpenFlags, params};
use serde::Serialize;

use crate::{
    error::{Error, Result},
    files::{self, Inventory},
    store::{self, AuditEntry, Journal as _, Ledger as _, Store},
};

const CREATE: &str = "CREATE TABLE backup_contents (
    path    TEXT PRIMARY KEY, -- below the data folder, with slashes
    content BLOB NOT NULL
) STRICT";
const ADD: &str = "INSERT INTO backup_contents (path, content) VALUES (?1, ?2)";
const ALL: &str = "SELECT path, content FROM backup_contents";

/// What was backed up or restored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The store's epoch.
    pub epoch: u64,
    /// The last commit sequence held.
    pub head: u64,
    /// Contents beside the store.
    pub contents: u64,
    /// Bytes of the backup.
    pub bytes: u64,
}

/// What a restored store, or one that was given a new epoch, is like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// The store and its contents.
    #[serde(flatten)]
    pub report: Report,
    /// The attachments that its records name, and those that are missing:
    /// tablets that hold them bring them when they return.
    pub files: Inventory,
}

/// Writes a backup to `out`; the server may be working.
///
/// # Errors
/// [`Error::Config`] when `out` exists; the store's.
pub fn backup(store: &Store, out: &Path, at: Instant) -> Result<Report> {
    if out.exists() {
        return Err(Error::config(format!("{} exists; nothing was changed", out.display())));
    }
    let part = beside(out, "part");
    remove_if_there(&part)?;
    let report = write(store, &part).inspect_err(|_| drop(std::fs::remove_file(&part)))?;
    sync(&part)?;
    std::fs::rename(&part, out)
        .map_err(Error::io(format!("{} could not be named", out.display())))?;
    let detail = serde_json::json!({ "head": report.head, "contents": report.contents });
    let entry = AuditEntry {
        act: "backup".to_owned(),
        result: "ok".to_owned(),
        detail: Some(detail),
        ..AuditEntry::default()
    };
    store.write_now(move |unit| unit.audit(at, entry))?;
    Ok(report)
}

fn write(store: &Store, part: &Path) -> Result<Report> {
    let source = Connection::open_with_flags(
        store.folder().join(store::FILE),
        OpenFlags::SQLITE_OPEN_READ_ONLY,
    )?;
    let name = part.to_str().ok_or_else(|| Error::config("the path of a backup must be UTF-8"))?;
    source.execute("VACUUM INTO ?1", [name])?;
    let mut copy = Connection::open(part)?;
    let tx = copy.transaction()?;
    tx.execute_batch(CREATE)?;
    let mut contents = 0;
    // Contents never change once they are named, and what the copied store
    // names is there: it was named after it had been written.
    for path in contents_of(store.folder())? {
        let whole = store.folder().join(&path);
        let bytes = match std::fs::read(&whole) {
            // The rest of an upload that has just ended.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            read => read.map_err(Error::io(format!("{} could not be read", whole.display())))?,
        };
        tx.execute(ADD, params![slashed(&path), bytes])?;
        contents += 1;
    }
    tx.commit()?;
    check(&copy)?;
    let (epoch, head) = position(&copy)?;
    drop(copy);
    let bytes = std::fs::metadata(part).map_or(0, |found| found.len());
    Ok(Report { epoch, head, contents, bytes })
}

/// Restores a backup into a data folder that has no store; with `aside` a
/// store that is there is moved into a folder of its own first.
///
/// # Errors
/// [`Error::StoreExists`], [`Error::StoreHeld`]; [`Error::Damaged`] when the
/// backup is not whole, in which case nothing was changed.
pub fn restore(file: &Path, folder: &Path, aside: Aside, at: Instant) -> Result<Restored> {
    std::fs::create_dir_all(folder)
        .map_err(Error::io(format!("{} could not be created", folder.display())))?;
    let lock = Store::hold(folder)?;
    let target = folder.join(store::FILE);
    if target.exists() && aside == Aside::Refuse {
        return Err(Error::StoreExists(folder.to_owned()));
    }
    let part = beside(&target, "restoring");
    remove_if_there(&part)?;
    let report =
        unpack(file, &part, folder, at).inspect_err(|_| drop(std::fs::remove_file(&part)))?;
    sync(&part)?;
    if target.exists() {
        move_aside(folder, at)?;
    }
    std::fs::rename(&part, &target)
        .map_err(Error::io(format!("{} could not be named", target.display())))?;
    let store = Store::open(folder)?;
    files::adopt(&store, at)?;
    let files = files::inventory(&store, at)?;
    let entry = begun_anew("restored", &report, &files);
    store.write_now(move |unit| unit.audit(at, entry))?;
    drop(lock);
    Ok(Restored { report, files })
}

/// Gives a store a new epoch, so that returning tablets offer again what it
/// lacks: one that was put back without [`restore`], or whose contents are
/// missing.
///
/// # Errors
/// The store's.
pub fn recall(store: &Store, at: Instant) -> Result<Restored> {
    files::adopt(store, at)?;
    let files = files::inventory(store, at)?;
    let (epoch, head) = store.write_now(move |unit| {
        let org = unit.org_row()?;
        let epoch = unseen(org.epoch, at);
        unit.set_epoch(epoch)?;
        Ok((epoch, org.head))
    })?;
    let report = Report { epoch, head, contents: files.named - files.lacking, bytes: 0 };
    let entry = begun_anew("recalled", &report, &files);
    store.write_now(move |unit| unit.audit(at, entry))?;
    Ok(Restored { report, files })
}

fn begun_anew(act: &str, report: &Report, files: &Inventory) -> AuditEntry {
    let (epoch, head, missing) = (report.epoch, report.head, files.lacking);
    AuditEntry {
        act: act.to_owned(),
        result: "ok".to_owned(),
        detail: Some(serde_json::json!({ "epoch": epoch, "head": head, "missing": missing })),
        ..AuditEntry::default()
    }
}

/// An epoch that no tablet has seen, however often a store is put back.
fn unseen(epoch: u64, at: Instant) -> u64 {
    (epoch + 1).max(u64::try_from(at.0 / 1_000).unwrap_or_default())
}

/// What to do with a store that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aside {
    /// Change nothing.
    Refuse,
    /// Move it into a folder of its own.
    Move,
}

fn unpack(file: &Path, part: &Path, folder: &Path, at: Instant) -> Result<Report> {
    let bytes = std::fs::copy(file, part)
        .map_err(Error::io(format!("{} could not be copied", file.display())))?;
    let copy = Connection::open_with_flags(part, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    check(&copy)?;
    let mut contents = 0;
    {
        let mut all = copy.prepare(ALL).map_err(|_| Error::damaged("the file is no backup"))?;
        let mut rows = all.query([])?;
        while let Some(row) = rows.next()? {
            let path: String = row.get(0)?;
            put(folder, &path, row.get_ref(1)?.as_blob().unwrap_or_default())?;
            contents += 1;
        }
    }
    let (epoch, head) = position(&copy)?;
    let epoch = unseen(epoch, at);
    copy.execute("UPDATE orgs SET epoch = ?1", [i64::try_from(epoch).unwrap_or(i64::MAX)])?;
    copy.execute_batch("DROP TABLE backup_contents; VACUUM;")?;
    Ok(Report { epoch, head, contents, bytes })
}

/// Puts a content back, unless it is there.
fn put(folder: &Path, path: &str, bytes: &[u8]) -> Result<()> {
    let relative = Path::new(path);
    if !relative.components().all(|one| matches!(one, Component::Normal(_))) {
        return Err(Error::damaged("a content of the backup lies outside the data folder"));
    }
    let target = folder.join(relative);
    let failed = || Error::io(format!("{} could not be written", target.display()));
    if target.exists() {
        return Ok(());
    }
    if let Some(parent) = target.parent() {
        std::fs::create_dir_all(parent).map_err(failed())?;
    }
    let part = beside(&target, "restoring");
    std::fs::write(&part, bytes).map_err(failed())?;
    sync(&part)?;
    std::fs::rename(&part, &target).map_err(failed())
}

fn move_aside(folder: &Path, at: Instant) -> Result<()> {
    let aside = folder.join(format!("before-restore-{}", at.0));
    let failed = || Error::io(format!("{} could not be filled", aside.display()));
    std::fs::create_dir(&aside).map_err(failed())?;
    for suffix in ["", "-wal", "-shm"] {
        let name = format!("{}{suffix}", store::FILE);
        if folder.join(&name).exists() {
            std::fs::rename(folder.join(&name), aside.join(&name)).map_err(failed())?;
        }
    }
    Ok(())
}

/// The contents below the data folder: files in its folders, except what was
/// moved aside by a restore.
fn contents_of(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(relative) = folders.pop() {
        let at = folder.join(&relative);
        let failed = || Error::io(format!("{} could not be listed", at.display()));
        for entry in std::fs::read_dir(&at).map_err(failed())? {
            let entry = entry.map_err(failed())?;
            let path = relative.join(entry.file_name());
            let kind = entry.file_type().map_err(failed())?;
            let aside = entry.file_name().to_string_lossy().starts_with("before-restore-");
            if kind.is_dir() && !aside {
                folders.push(path);
            } else if kind.is_file() && !relative.as_os_str().is_empty() {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn check(copy: &Connection) -> Result<()> {
    let found: String = copy.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(Error::damaged("the backup is not whole")) }
}

fn position(copy: &Connection) -> Result<(u64, u64)> {
    let (epoch, head): (i64, i64) =
        copy.query_row("SELECT epoch, head FROM orgs", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok((epoch.cast_unsigned(), head.cast_unsigned()))
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

fn remove_if_there(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::io(format!("{} could not be removed", path.display()))(error))
        }
        _ => Ok(()),
    }
}

fn sync(path: &Path) -> Result<()> {
    File::options()
        .write(true)
        .open(path)
        .and_then(|file| file.sync_all())
        .map_err(Error::io(format!("{} could not be made durable", path.display())))
}

fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
