//! The bare store: one table of documents with one index, and an outbox.

use std::path::Path;

use anyhow::{Context, Result};
use rusqlite::{CachedStatement, Connection, params};

use super::Document;

/// Insert, or replace by id.
pub(super) const PUT: &str = "INSERT INTO documents (id, state, due_ms, text) VALUES (?1, ?2, ?3, ?4) \
     ON CONFLICT (id) DO UPDATE SET state = ?2, due_ms = ?3, text = ?4";

/// A raw key of 32 bytes: no password is stretched in a measurement.
const SETTINGS: &str = "
    PRAGMA key = \"x'4f9d2b7c1e6a8053d4b1f2a39c8e7d60514233a2b19687f0e5d4c3b2a1908f7e'\";
    PRAGMA cache_size = -65536;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE documents (
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        state TEXT NOT NULL,
        due_ms INTEGER NOT NULL,
        text TEXT NOT NULL
    );
    CREATE INDEX documents_by_urgency ON documents (state, due_ms);
    CREATE TABLE outbox (n INTEGER PRIMARY KEY, text TEXT NOT NULL);
";

/// Creates an encrypted store at `file`.
pub(super) fn create(file: &Path) -> Result<Connection> {
    let store = Connection::open(file).context("creating the bare store")?;
    store.execute_batch(SETTINGS).context("setting the bare store up")?;
    Ok(store)
}

/// Creates a store that holds `documents`.
pub(super) fn filled(file: &Path, documents: &[Document]) -> Result<Connection> {
    let mut store = create(file)?;
    put_all(&mut store, documents.iter().map(Document::text))?;
    store.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(store)
}

/// Puts one document.
pub(super) fn put(statement: &mut CachedStatement<'_>, text: &str) -> Result<()> {
    let due_ms: i64 = field(text, "due_ms")?.parse().context("due_ms of a document")?;
    statement.execute(params![field(text, "id")?, field(text, "state")?, due_ms, text])?;
    Ok(())
}

/// Puts documents in one durable commit.
pub(super) fn put_all<'a>(
    store: &mut Connection,
    texts: impl Iterator<Item = &'a str>,
) -> Result<()> {
    let commit = store.transaction()?;
    {
        let mut statement = commit.prepare_cached(PUT)?;
        for text in texts {
            put(&mut statement, text)?;
        }
    }
    commit.commit()?;
    Ok(())
}

/// One of the fields in front of a document's record.
fn field<'a>(text: &'a str, key: &str) -> Result<&'a str> {
    let from = text.find(&format!("\"{key}\":")).context("a document without its field")?;
    let value = &text[from + key.len() + 3..];
    let (value, ends): (&str, &[char]) = match value.strip_prefix('"') {
        Some(rest) => (rest, &['"']),
        None => (value, &[',', '}']),
    };
    value.find(ends).map(|end| &value[..end]).context("a field without an end")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_in_front_of_the_record() {
        let document = Document::new("a-1", "received", 1_700, r#"{"id":"other","due_ms":9}"#);
        assert_eq!(field(document.text(), "id").unwrap(), "a-1");
        assert_eq!(field(document.text(), "due_ms").unwrap(), "1700");
        assert!(field(document.text(), "nothing").is_err());
        assert_eq!(field(&document.edited("x"), "remark").unwrap(), "x");
    }

    #[test]
    fn a_document_put_twice_is_there_once() {
        let folder = tempfile::tempdir().unwrap();
        let document = Document::new("a-1", "received", 1, "{}");
        let store = filled(&folder.path().join("a.db"), std::slice::from_ref(&document)).unwrap();
        put(&mut store.prepare_cached(PUT).unwrap(), &document.edited("again")).unwrap();
        let count: i64 =
            store.query_row("SELECT count(*) FROM documents", [], |row| row.get(0)).unwrap();
        assert_eq!(count, 1);
    }
}
