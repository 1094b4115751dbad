//! Unfinished forms and small settings: durable, encrypted, overwritten at
//! will.

use lantian_domain::time::Instant;
use rusqlite::{OptionalExtension as _, Row, params};

use super::{Outbox, fault};
use crate::error::Result;

/// An unfinished form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Whose it is: record and command, as the caller names them.
    pub key: String,
    /// What was typed.
    pub data: String,
    /// When it was saved.
    pub saved_at: Instant,
}

impl Outbox {
    pub(crate) fn draft_save(&self, key: &str, data: &str, now: Instant) -> Result<()> {
        self.db
            .prepare_cached(
                "INSERT INTO drafts (key, data, saved_at) VALUES (?1, ?2, ?3) ON CONFLICT (key) \
                 DO UPDATE SET data = excluded.data, saved_at = excluded.saved_at",
            )
            .and_then(|mut statement| statement.execute(params![key, data, now.0]))
            .map_err(fault)?;
        Ok(())
    }

    pub(crate) fn draft_load(&self, key: &str) -> Result<Option<Draft>> {
        self.db
            .prepare_cached("SELECT key, data, saved_at FROM drafts WHERE key = ?1")
            .and_then(|mut statement| statement.query_row([key], draft).optional())
            .map_err(fault)
    }

    pub(crate) fn draft_drop(&self, key: &str) -> Result<()> {
        self.db.execute("DELETE FROM drafts WHERE key = ?1", [key]).map_err(fault)?;
        Ok(())
    }

    pub(crate) fn drafts(&self) -> Result<Vec<Draft>> {
        self.db
            .prepare_cached("SELECT key, data, saved_at FROM drafts ORDER BY saved_at DESC, key")
            .and_then(|mut statement| statement.query_map([], draft)?.collect())
            .map_err(fault)
    }

    pub(crate) fn setting(&self, key: &str) -> Result<Option<String>> {
        self.db
            .prepare_cached("SELECT value FROM settings WHERE key = ?1")
            .and_then(|mut statement| statement.query_row([key], |row| row.get(0)).optional())
            .map_err(fault)
    }

    pub(crate) fn set_setting(&self, key: &str, value: Option<&str>) -> Result<()> {
        const KEEP: &str = "INSERT INTO settings (key, value) VALUES (?1, ?2) \
             ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        const FORGET: &str = "DELETE FROM settings WHERE key = ?1";
        let done = match value {
            Some(value) => self.db.prepare_cached(KEEP).and_then(|mut s| s.execute([key, value])),
            None => self.db.prepare_cached(FORGET).and_then(|mut s| s.execute([key])),
        };
        done.map_err(fault)?;
        Ok(())
    }
}

fn draft(row: &Row<'_>) -> rusqlite::Result<Draft> {
    Ok(Draft { key: row.get(0)?, data: row.get(1)?, saved_at: Instant(row.get(2)?) })
}
