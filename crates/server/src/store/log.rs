//! Reading the log as a whole, for reports: record by record, in order.

use lantian_domain::{
    ids::{RecordId, UserId},
    time::Instant,
};
use rusqlite::params;
use uuid::Uuid;

use super::{
    Unit,
    ledger::{key, unsigned, uuid},
};
use crate::error::Result;

/// An event as it lies in the store.
#[derive(Clone, Copy, Debug)]
pub struct LogRow<'r> {
    /// Its record.
    pub record: RecordId,
    /// The record's version once it is applied.
    pub version: u64,
    /// JSON of the event.
    pub event: &'r str,
    /// JSON of the stamp.
    pub stamp: &'r str,
}

/// The records from `from` up to and without `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogPart {
    /// The first record.
    pub from: RecordId,
    /// The record after the last.
    pub to: RecordId,
}

/// A command as it was answered.
#[derive(Clone, Debug)]
pub struct Answered {
    /// On which record.
    pub record: RecordId,
    /// By whom.
    pub actor: Option<UserId>,
    /// When.
    pub at: Instant,
    /// The code of its refusal; nothing when it was accepted.
    pub refused: Option<String>,
}

/// The log, read in one go.
pub trait Log {
    /// The log in parts of `records` records each, which readers can share.
    fn log_parts(&self, records: usize) -> Result<Vec<LogPart>>;
    /// Gives every event of a part, in the order of record and version.
    fn read_log(&self, part: LogPart, each: &mut dyn FnMut(LogRow<'_>) -> Result<()>)
    -> Result<()>;
    /// Gives every command that was answered from `from` until before `to`.
    fn answered(
        &self,
        from: Instant,
        to: Instant,
        each: &mut dyn FnMut(Answered) -> Result<()>,
    ) -> Result<()>;
}

impl Log for Unit<'_> {
    fn log_parts(&self, records: usize) -> Result<Vec<LogPart>> {
        const SQL: &str = "SELECT id FROM records WHERE org = ?1 ORDER BY id";
        let mut find = self.connection().prepare_cached(SQL)?;
        let ids = find
            .query_map([self.org()], |row| uuid(row, 0))?
            .collect::<rusqlite::Result<Vec<Uuid>>>()?;
        let mut marks: Vec<Uuid> = ids.into_iter().step_by(records.max(1)).collect();
        if let Some(first) = marks.first_mut() {
            *first = Uuid::nil();
        }
        marks.push(Uuid::max());
        let part = |pair: &[Uuid]| LogPart { from: RecordId(pair[0]), to: RecordId(pair[1]) };
        Ok(marks.windows(2).map(part).collect())
    }

    fn read_log(
        &self,
        part: LogPart,
        each: &mut dyn FnMut(LogRow<'_>) -> Result<()>,
    ) -> Result<()> {
        const SQL: &str = "SELECT record, version, event, stamp FROM events
             WHERE org = ?1 AND record >= ?2 AND record < ?3 ORDER BY record, version";
        let mut find = self.connection().prepare_cached(SQL)?;
        let mut rows = find.query(params![self.org(), key(part.from.0), key(part.to.0)])?;
        while let Some(row) = rows.next()? {
            let text = |column| row.get_ref(column).map(|value| value.as_str());
            each(LogRow {
                record: RecordId(uuid(row, 0)?),
                version: unsigned(row.get(1)?),
                event: text(2)?.map_err(rusqlite::Error::from)?,
                stamp: text(3)?.map_err(rusqlite::Error::from)?,
            })?;
        }
        Ok(())
    }

    fn answered(
        &self,
        from: Instant,
        to: Instant,
        each: &mut dyn FnMut(Answered) -> Result<()>,
    ) -> Result<()> {
        const SQL: &str = "SELECT subject, actor, at, result FROM audit
             WHERE org = ?1 AND at >= ?2 AND at < ?3
               AND command IS NOT NULL AND subject IS NOT NULL ORDER BY n";
        let mut find = self.connection().prepare_cached(SQL)?;
        let mut rows = find.query(params![self.org(), from.0, to.0])?;
        while let Some(row) = rows.next()? {
            let actor: Option<Vec<u8>> = row.get(1)?;
            let result: String = row.get(3)?;
            each(Answered {
                record: RecordId(uuid(row, 0)?),
                actor: actor.and_then(|bytes| Uuid::from_slice(&bytes).ok()).map(UserId),
                at: Instant(row.get(2)?),
                refused: (result != "accepted").then_some(result),
            })?;
        }
        Ok(())
    }
}
