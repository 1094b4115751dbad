//! Opening an SQLCipher database: the key before everything else, on every
//! connection, and a first read that proves it.
//!
//! Invariants: until a store has been read and is [`trust`]ed, letting go of it
//! writes nothing: its log is not carried over into a file in doubt. What is
//! found in a log is on the disk before anything is built on it. A connection
//! that met a page whose seal did not fit is never used again.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, config::DbConfig};
use zeroize::Zeroizing;

use crate::{
    durable,
    error::{Error, Result},
    keys::DataKey,
};

/// One of the two databases, with what it promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    /// Its name in messages.
    pub(crate) what: &'static str,
    /// Its file.
    pub(crate) file: &'static str,
    /// `synchronous`.
    pub(crate) synchronous: &'static str,
}

/// The precious one.
pub(crate) const OUTBOX: Kind = Kind { what: "outbox", file: "outbox.db", synchronous: "FULL" };
/// The disposable one.
pub(crate) const MIRROR: Kind = Kind { what: "mirror", file: "replica.db", synchronous: "NORMAL" };

/// Opens a database that exists. A missing or empty file is damage, never a
/// reason to make a new one.
pub(crate) fn open(dir: &Path, kind: Kind, key: &DataKey) -> Result<Connection> {
    let path = dir.join(kind.file);
    match std::fs::metadata(&path) {
        Ok(meta) if meta.len() == 0 => return Err(Error::corrupt(kind.what, "the file is empty")),
        Ok(_) => {}
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            return Err(Error::corrupt(kind.what, "the file is missing"));
        }
        Err(e) => return Err(Error::io(&path, e)),
    }
    // The log may end in a commit whose sync failed: SQLite would read it, and
    // chain the next commits to what a cut of the power takes away.
    durable::renew(&dir.join(format!("{}-wal", kind.file)))?;
    connect(&path, kind, key, OpenFlags::SQLITE_OPEN_READ_WRITE)
}

/// Makes a new database.
pub(crate) fn create(dir: &Path, kind: Kind, key: &DataKey) -> Result<Connection> {
    let path = dir.join(kind.file);
    if path.exists() {
        return Err(Error::Exists);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let db = connect(&path, kind, key, flags)?;
    trust(&db, kind)?;
    Ok(db)
}

/// Whether a connection reads and writes what is in the store.
///
/// A page whose seal does not fit shuts a connection of SQLCipher for good:
/// from then on it takes zeros for every page and writes none
/// (`sqlite3Codec`). A read that failed once is enough for that: the page is
/// deciphered all the same.
pub(crate) fn is_usable(db: &Connection) -> bool {
    let status = db.query_row("PRAGMA cipher_status", [], |row| row.get::<_, String>(0));
    status.is_ok_and(|status| status == "1")
}

/// Lets go of a connection that is not usable, and carries nothing over. In its
/// place stands one to nothing, which is not usable either.
pub(crate) fn let_go(db: &mut Connection, kind: Kind) -> Result<()> {
    let fault = |source| Error::store(kind.what, source);
    set_carried_over(db, false).map_err(fault)?;
    *db = Connection::open_in_memory().map_err(fault)?;
    Ok(())
}

/// The store was read and makes sense: its log may be carried over.
///
/// # Errors
/// [`Error::Corrupt`] when a page that was read does not fit its seal.
pub(crate) fn trust(db: &Connection, kind: Kind) -> Result<()> {
    if !is_usable(db) {
        return Err(Error::corrupt(kind.what, "a page does not fit its seal"));
    }
    set_carried_over(db, true).map_err(|source| Error::store(kind.what, source))
}

fn set_carried_over(db: &Connection, wanted: bool) -> rusqlite::Result<()> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !wanted).map(drop)
}

/// Removes a database with its companions.
pub(crate) fn remove(dir: &Path, kind: Kind) -> Result<()> {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let path = dir.join(format!("{}{suffix}", kind.file));
        match std::fs::remove_file(&path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(Error::io(&path, e)),
            _ => {}
        }
    }
    Ok(())
}

fn connect(path: &Path, kind: Kind, key: &DataKey, flags: OpenFlags) -> Result<Connection> {
    let fault = |source| Error::store(kind.what, source);
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_PRIVATE_CACHE;
    let db = Connection::open_with_flags(path, flags).map_err(fault)?;
    set_carried_over(&db, false).map_err(fault)?;
    let raw = Zeroizing::new(hex::encode(*key.derive(&format!("database {}", kind.what))));
    let pragma = Zeroizing::new(format!("PRAGMA key = \"x'{}'\";", raw.as_str()));
    // Faults are told by their codes; the library's own log would go past the
    // program's.
    db.execute_batch("PRAGMA cipher_log_level = NONE;").map_err(fault)?;
    db.execute_batch(&pragma).map_err(fault)?;
    db.busy_timeout(std::time::Duration::from_secs(10)).map_err(fault)?;
    // The first read decrypts page 1: with another key it fails here, before
    // anything is written.
    db.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(())).map_err(|source| {
        match source.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => {
                Error::WrongKey { what: kind.what, key_id: key.id() }
            }
            _ => fault(source),
        }
    })?;
    db.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = {}; PRAGMA foreign_keys = ON; \
         PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;",
        kind.synchronous
    ))
    .map_err(fault)?;
    db.set_prepared_statement_cache_capacity(64);
    // A statement is planned once, and not again for each value bound to it.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(fault)?;
    Ok(db)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> DataKey {
        DataKey::from_slice(&[byte; 32]).unwrap()
    }

    #[test]
    fn a_40_another_key_is_named_and_writes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let db = create(dir.path(), OUTBOX, &key(1)).unwrap();
        db.execute_batch("CREATE TABLE t (x); INSERT INTO t VALUES (1)").unwrap();
        drop(db);
        let before = std::fs::read(dir.path().join("outbox.db")).unwrap();
        assert!(matches!(
            open(dir.path(), OUTBOX, &key(2)),
            Err(Error::WrongKey { what: "outbox", .. })
        ));
        assert_eq!(std::fs::read(dir.path().join("outbox.db")).unwrap(), before);
        let db = open(dir.path(), OUTBOX, &key(1)).unwrap();
        assert_eq!(db.query_row("SELECT x FROM t", [], |r| r.get::<_, i64>(0)).unwrap(), 1);
    }

    #[test]
    fn f36_an_empty_or_missing_file_is_damage_not_a_first_run() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(open(dir.path(), OUTBOX, &key(1)), Err(Error::Corrupt { .. })));
        std::fs::write(dir.path().join("outbox.db"), b"").unwrap();
        assert!(matches!(open(dir.path(), OUTBOX, &key(1)), Err(Error::Corrupt { .. })));
        assert_eq!(std::fs::read(dir.path().join("outbox.db")).unwrap(), b"");
    }

    #[test]
    fn f32_a_connection_to_nothing_is_not_usable() {
        let dir = tempfile::tempdir().unwrap();
        let mut db = create(dir.path(), OUTBOX, &key(1)).unwrap();
        assert!(is_usable(&db));
        let_go(&mut db, OUTBOX).unwrap();
        assert!(!is_usable(&db));
        assert!(is_usable(&open(dir.path(), OUTBOX, &key(1)).unwrap()));
    }

    #[test]
    fn both_databases_have_keys_of_their_own() {
        let dir = tempfile::tempdir().unwrap();
        drop(create(dir.path(), OUTBOX, &key(1)).unwrap().execute_batch("CREATE TABLE t (x)"));
        std::fs::rename(dir.path().join("outbox.db"), dir.path().join("replica.db")).unwrap();
        assert!(matches!(open(dir.path(), MIRROR, &key(1)), Err(Error::WrongKey { .. })));
    }
}
