//! The company's receipts for whole records, kept among the small things.
//!
//! Words: the *mark* of a record is the number of the last command given on it
//! here; a receipt is kept with the mark at which it was asked for.
//!
//! Invariant: a receipt never outlives a later act: marks are read from the
//! commands themselves, so that no cut between two writes can make an old
//! receipt good again.

use std::collections::BTreeMap;

use lantian_domain::ids::RecordId;
use lantian_protocol::departure::DepartureReceipt;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::{Open, Outbox, fault};
use crate::error::{Error, Result};

const PREFIX: &str = "departure/";

/// A receipt, as kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Departed {
    pub(crate) receipt: DepartureReceipt,
    /// The mark of the record when it was asked for.
    pub(crate) mark: i64,
}

/// Receipts and marks, by record.
#[derive(Default)]
pub(crate) struct Departures {
    kept: BTreeMap<RecordId, Departed>,
    marks: BTreeMap<RecordId, i64>,
}

impl Departures {
    pub(super) fn load(db: &Connection, commands: &[Open]) -> Result<Self> {
        let mut all = Self::default();
        for open in commands {
            all.note(open.envelope.record, open.place.1);
        }
        let sql = "SELECT value FROM settings WHERE key >= 'departure/' AND key < 'departure0'";
        let mut find = db.prepare(sql).map_err(fault)?;
        let texts = find.query_map([], |row| row.get::<_, String>(0)).map_err(fault)?;
        for text in texts {
            // One of another form is as good as none: it is asked for again.
            if let Ok(kept) = serde_json::from_str::<Departed>(&text.map_err(fault)?) {
                all.kept.insert(kept.receipt.record, kept);
            }
        }
        Ok(all)
    }

    /// A command was given on a record.
    pub(super) fn note(&mut self, record: RecordId, saved_n: i64) {
        let mark = self.marks.entry(record).or_insert(saved_n);
        *mark = saved_n.max(*mark);
    }

    /// The last command given on a record here; nothing if none was.
    pub(crate) fn mark(&self, record: RecordId) -> Option<i64> {
        self.marks.get(&record).copied()
    }

    /// The records that were worked on here.
    pub(crate) fn worked_on(&self) -> impl Iterator<Item = (RecordId, i64)> + '_ {
        self.marks.iter().map(|(record, mark)| (*record, *mark))
    }

    /// The receipt of a record, whether it still counts or not.
    pub(crate) fn kept(&self, record: RecordId) -> Option<&Departed> {
        self.kept.get(&record)
    }
}

impl Outbox {
    /// Keeps a receipt, durably.
    pub(crate) fn keep_departure(&mut self, departed: &Departed) -> Result<()> {
        let text = serde_json::to_string(departed)
            .map_err(|e| Error::Form(lantian_protocol::Error::Encode(e.into())))?;
        let record = departed.receipt.record;
        self.set_setting(&format!("{PREFIX}{record}"), Some(&text))?;
        self.departures.kept.insert(record, departed.clone());
        Ok(())
    }

    /// Lets go of the receipt of a record that has left.
    pub(crate) fn drop_departure(&mut self, record: RecordId) -> Result<()> {
        if self.departures.kept.remove(&record).is_some() {
            self.set_setting(&format!("{PREFIX}{record}"), None)?;
        }
        Ok(())
    }
}
