//! Records that left: leaving, sealed, purged, and the receipt of it.
//!
//! ```text
//! leave notice ─┬─ work goes out ──► leaving ──┐
//!               └─ nothing does ───► sealed ───┴──► purged ──► told
//! ```
//!
//! Words: a record that *leaves* can be read while work on it still goes out;
//! *sealed* it is no longer here, or will not be after the commit under way;
//! *purged* its rows, its line, its log and its contents are gone, and the row
//! is the receipt. Invariant: a row is on the disk before anything of the record
//! is removed, and stays until the company has taken note.

use std::collections::BTreeMap;

use lantian_domain::{ids::RecordId, record::Record, time::Instant};
use lantian_protocol::{account::Purged, blob};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use super::{Outbox, fault};
use crate::error::Result;

/// How far a record's leaving is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Leaving,
    Sealed,
    Purged,
}

impl Stage {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Leaving, "leaving"), (Self::Sealed, "sealed"), (Self::Purged, "purged")];

    fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(one, _)| *one == self).map_or("sealed", |(_, word)| *word)
    }
}

/// A record that left, or is about to.
#[derive(Clone, Debug)]
pub(crate) struct Exit {
    pub(crate) record: RecordId,
    pub(crate) version: u64,
    pub(crate) epoch: u64,
    pub(crate) seq: u64,
    pub(crate) left_at: Instant,
    pub(crate) stage: Stage,
    /// While it leaves.
    pub(crate) body: Option<Record>,
    pub(crate) bytes: u64,
    pub(crate) files: u64,
    pub(crate) purged_at: Option<Instant>,
}

pub(super) fn load(db: &Connection) -> Result<BTreeMap<i64, Exit>> {
    let sql = "SELECT n, record, version, epoch, seq, left_at, stage, body, bytes, files, purged_at \
               FROM exits WHERE told IS NULL";
    let mut statement = db.prepare(sql).map_err(fault)?;
    let rows = statement.query_map([], decode).map_err(fault)?;
    rows.map(|row| row.map_err(fault)).collect()
}

fn decode(row: &Row<'_>) -> rusqlite::Result<(i64, Exit)> {
    let number = |at: usize| row.get::<_, i64>(at).map(i64::cast_unsigned);
    let stage: String = row.get(6)?;
    let stage = Stage::ALL.iter().find(|(_, word)| *word == stage);
    let body = row.get::<_, Option<Vec<u8>>>(7)?.and_then(|body| blob::unpack_json(&body).ok());
    let exit = Exit {
        record: RecordId(Uuid::from_bytes(row.get(1)?)),
        version: number(2)?,
        epoch: number(3)?,
        seq: number(4)?,
        left_at: Instant(row.get(5)?),
        stage: stage.map_or(Stage::Sealed, |(stage, _)| *stage),
        // One that cannot be read any more is not shown; its work goes out.
        body: body.and_then(|json| serde_json::from_slice(&json).ok()),
        bytes: number(8)?,
        files: number(9)?,
        purged_at: row.get::<_, Option<i64>>(10)?.map(Instant),
    };
    Ok((row.get(0)?, exit))
}

impl Outbox {
    /// Writes down what is about to leave, before it does; what an interrupted
    /// page wrote down before is replaced.
    pub(crate) fn note_exits(&mut self, exits: Vec<Exit>) -> Result<()> {
        if exits.is_empty() {
            return Ok(());
        }
        let void: Vec<i64> = self
            .exits
            .iter()
            .filter(|(_, one)| one.stage != Stage::Purged)
            .filter(|(_, one)| exits.iter().any(|exit| exit.record == one.record))
            .map(|(n, _)| *n)
            .collect();
        let act = self.begin()?;
        for n in &void {
            act.execute("DELETE FROM exits WHERE n = ?1", [n]).map_err(fault)?;
        }
        let mut noted = Vec::with_capacity(exits.len());
        for exit in exits {
            let body = exit.body.as_ref().map(blob::pack).transpose()?;
            act.prepare_cached(
                "INSERT INTO exits (record, version, epoch, seq, left_at, stage, body, bytes, \
                 files) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    exit.record.0.as_bytes(),
                    exit.version.cast_signed(),
                    exit.epoch.cast_signed(),
                    exit.seq.cast_signed(),
                    exit.left_at.0,
                    exit.stage.as_str(),
                    body.map(|body| body.body),
                    exit.bytes.cast_signed(),
                    exit.files.cast_signed(),
                ])
            })
            .map_err(fault)?;
            noted.push((act.last_insert_rowid(), exit));
        }
        act.commit().map_err(fault)?;
        for n in void {
            self.exits.remove(&n);
        }
        self.exits.extend(noted);
        Ok(())
    }

    /// Forgets what did not leave after all: the page was not taken, or the
    /// record has come back.
    pub(crate) fn void_exits(&mut self, void: &[i64]) -> Result<()> {
        for n in void {
            self.db.execute("DELETE FROM exits WHERE n = ?1", [n]).map_err(fault)?;
            self.exits.remove(n);
        }
        if void.is_empty() { Ok(()) } else { self.clear_log() }
    }

    /// Nothing of these records is here any more.
    pub(crate) fn purge_exits(&mut self, gone: &[i64], now: Instant) -> Result<()> {
        if gone.is_empty() {
            return Ok(());
        }
        let act = self.begin()?;
        for n in gone {
            act.prepare_cached(
                "UPDATE exits SET stage = 'purged', purged_at = ?2, body = NULL WHERE n = ?1",
            )
            .and_then(|mut statement| statement.execute(params![n, now.0]))
            .map_err(fault)?;
        }
        act.commit().map_err(fault)?;
        let mut had_body = false;
        for n in gone {
            if let Some(exit) = self.exits.get_mut(n) {
                had_body |= exit.body.take().is_some();
                exit.stage = Stage::Purged;
                exit.purged_at = Some(now);
            }
        }
        if had_body { self.clear_log() } else { Ok(()) }
    }

    /// The company has taken note of these receipts.
    pub(crate) fn tell_exits(&mut self, told: &[i64], epoch: u64) -> Result<()> {
        let act = self.begin()?;
        for n in told {
            act.prepare_cached("UPDATE exits SET told = ?2 WHERE n = ?1")
                .and_then(|mut statement| statement.execute(params![n, epoch.cast_signed()]))
                .map_err(fault)?;
        }
        act.commit().map_err(fault)?;
        for n in told {
            self.exits.remove(n);
        }
        Ok(())
    }

    /// A company's store of a later epoch may have lost the receipts that an
    /// earlier one was given.
    pub(crate) fn untell_exits(&mut self, epoch: u64) -> Result<()> {
        let set = "UPDATE exits SET told = NULL WHERE told < ?1";
        let changed = self.db.execute(set, [epoch.cast_signed()]).map_err(fault)?;
        if changed > 0 {
            self.exits = load(&self.db)?;
        }
        Ok(())
    }

    /// Forgets receipts that the company has had for long.
    pub(super) fn prune_exits(&self, before: Instant) -> Result<()> {
        let sql = "DELETE FROM exits WHERE told IS NOT NULL AND purged_at < ?1";
        self.db.execute(sql, [before.0]).map_err(fault)?;
        Ok(())
    }

    /// What was deleted is not to lie in the log either.
    fn clear_log(&self) -> Result<()> {
        self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(fault)
    }
}

impl Exit {
    /// The receipt, once it is one.
    pub(crate) fn receipt(&self) -> Option<Purged> {
        Some(Purged {
            record: self.record,
            version: self.version,
            epoch: self.epoch,
            seq: self.seq,
            left_at: self.left_at,
            purged_at: self.purged_at.filter(|_| self.stage == Stage::Purged)?,
            bytes: self.bytes,
            files: self.files,
        })
    }
}
