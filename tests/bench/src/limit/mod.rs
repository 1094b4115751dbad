//! The limit: what a bare program needs for the same bytes on this machine.
//!
//! A bare program has no rules, no signatures, no accounts and no HTTP: one
//! table, an outbox, documents as text through zstd over loopback TCP, and one
//! transaction into an encrypted store with the same promises (write-ahead
//! log, every commit flushed). Words: a *document* is a [`Document`], the text
//! of one record with the few fields that an index needs in front of it.
//! Invariant: the bare program does its work fully; nothing is skipped that
//! would let data be lost.

mod change;
mod first_sync;
mod list;
mod local;
mod push;
mod store;
mod stream;

pub(crate) use change::change;
pub(crate) use first_sync::first_sync;
pub(crate) use list::most_urgent;
pub(crate) use local::local_edit;
pub(crate) use push::push;

use std::path::{Path, PathBuf};

use anyhow::Result;

/// The text of one record, with its index fields in front.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    text: String,
    record_at: usize,
}

impl Document {
    /// A document of `record` (its JSON) under `id`.
    pub(crate) fn new(id: &str, state: &str, due_ms: i64, record: &str) -> Self {
        let head =
            format!(r#"{{"id":"{id}","state":"{state}","due_ms":{due_ms},"remark":"","record":"#);
        Self { record_at: head.len(), text: format!("{head}{record}}}") }
    }

    /// The whole text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The same document with a remark.
    pub(crate) fn edited(&self, remark: &str) -> String {
        let (head, record) = self.text.split_at(self.record_at);
        head.replacen(r#""remark":"""#, &format!(r#""remark":"{remark}""#), 1) + record
    }
}

/// A folder for one measurement's files, emptied first.
fn fresh(folder: &Path, name: &str) -> Result<PathBuf> {
    let place = folder.join(format!("limit-{name}"));
    if place.exists() {
        std::fs::remove_dir_all(&place)?;
    }
    std::fs::create_dir_all(&place)?;
    Ok(place)
}
