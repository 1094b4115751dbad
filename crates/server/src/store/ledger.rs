//! Records, their events, their place in scopes, and numbers.

use lantian_domain::{
    card::Card,
    ids::{OrgId, RecordId},
    record::RecordKind,
};
use lantian_protocol::planted::{Bug, planted};
use rusqlite::{OptionalExtension as _, params};
use uuid::Uuid;

use super::Unit;
use crate::error::{Error, Result};

/// The organisation's own row.
#[derive(Clone, Debug)]
pub struct OrgRow {
    /// Its identity.
    pub id: OrgId,
    /// Its name.
    pub name: String,
    /// The store's epoch.
    pub epoch: u64,
    /// The last commit sequence given out.
    pub head: u64,
    /// The recovery key's age recipient.
    pub recipient: String,
}

/// A record as stored; its bytes are served as they are.
#[derive(Clone, Debug)]
pub struct RecordRow {
    /// Its identity.
    pub id: RecordId,
    /// Its kind.
    pub kind: RecordKind,
    /// Events taken.
    pub version: u64,
    /// The commit that wrote it.
    pub seq: u64,
    /// Most urgent due instant in ms.
    pub due_ms: i64,
    /// Digest of the JSON.
    pub digest: Vec<u8>,
    /// The card, MessagePack.
    pub card: Vec<u8>,
    /// The packed record.
    pub body: Vec<u8>,
    /// Hash of the last event.
    pub head: Vec<u8>,
    /// Audience keys, sorted.
    pub audiences: Vec<String>,
}

/// An event as stored.
#[derive(Clone, Debug)]
pub struct EventRow {
    /// The record's version once it is applied.
    pub version: u64,
    /// The commit that wrote it.
    pub seq: u64,
    /// JSON of the event.
    pub event: String,
    /// JSON of the stamp.
    pub stamp: String,
    /// Its hash as it came.
    pub hash: Vec<u8>,
    /// SHA-256 of the event as it was written anew without a person.
    pub erased: Option<Vec<u8>>,
}

/// Records, the log, and who sees what.
pub trait Ledger {
    /// The organisation.
    fn org_row(&self) -> Result<OrgRow>;
    /// The last commit sequence given out.
    fn head(&self) -> Result<u64>;
    /// Sets the last commit sequence given out.
    fn set_head(&self, seq: u64) -> Result<()>;
    /// Starts a new epoch.
    fn set_epoch(&self, epoch: u64) -> Result<()>;
    /// A record.
    fn record(&self, id: RecordId) -> Result<Option<RecordRow>>;
    /// Writes a record whole.
    fn put_record(&self, row: &RecordRow) -> Result<()>;
    /// The identities of all records of a kind.
    fn records_of(&self, kind: RecordKind) -> Result<Vec<RecordId>>;
    /// The identities of everything that has a log or is a record.
    fn logged(&self) -> Result<Vec<RecordId>>;
    /// The record with this number, as its card has it.
    fn numbered(&self, no: &str) -> Result<Option<RecordId>>;
    /// Adds an event to the log.
    fn append_event(&self, record: RecordId, row: &EventRow) -> Result<()>;
    /// The events of a record after `version`, in order.
    fn events_after(&self, record: RecordId, version: u64) -> Result<Vec<EventRow>>;
    /// The events of a record written after commit `seq`, in order.
    fn events_since(&self, record: RecordId, seq: u64) -> Result<Vec<EventRow>>;
    /// Writes an event anew, without the person that it named.
    fn replace_event(
        &self,
        record: RecordId,
        version: u64,
        event: &str,
        erased: &[u8],
    ) -> Result<()>;
    /// Lets go of the envelopes that brought a record's commands; the answers
    /// and the hashes stay.
    fn drop_envelopes(&self, record: RecordId) -> Result<()>;
    /// The next number of the day; `take` uses it up.
    fn next_number(&self, day: &str) -> Result<u64>;
    /// Uses up the day's numbers to `last`.
    fn use_number(&self, day: &str, last: u64) -> Result<()>;
}

pub(super) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(super) fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or_default()
}

pub(super) const RECORD_COLUMNS: &str =
    "id, kind, version, seq, due, digest, card, body, head, audiences";

pub(super) fn record_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<(RecordRow, bool)> {
    let kind: String = row.get(1)?;
    let audiences: String = row.get(9)?;
    let known = RecordKind::parse(&kind);
    let list = serde_json::from_str(&audiences).ok();
    let whole = known.is_some() && list.is_some();
    let found = RecordRow {
        id: RecordId(uuid(row, 0)?),
        kind: known.unwrap_or(RecordKind::Case),
        version: unsigned(row.get(2)?),
        seq: unsigned(row.get(3)?),
        due_ms: row.get(4)?,
        digest: row.get(5)?,
        card: row.get(6)?,
        body: row.get(7)?,
        head: row.get(8)?,
        audiences: list.unwrap_or_default(),
    };
    Ok((found, whole))
}

pub(super) fn whole_record((row, whole): (RecordRow, bool)) -> Result<RecordRow> {
    if whole { Ok(row) } else { Err(Error::damaged(format!("record {} is unreadable", row.id))) }
}

pub(super) fn uuid(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    let bytes: Vec<u8> = row.get(column)?;
    Uuid::from_slice(&bytes).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Blob,
            Box::new(error),
        )
    })
}

pub(super) fn key(id: Uuid) -> [u8; 16] {
    *id.as_bytes()
}

fn event_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<EventRow> {
    Ok(EventRow {
        version: unsigned(row.get(0)?),
        seq: unsigned(row.get(1)?),
        event: row.get(2)?,
        stamp: row.get(3)?,
        hash: row.get(4)?,
        erased: row.get(5)?,
    })
}

impl Ledger for Unit<'_> {
    fn org_row(&self) -> Result<OrgRow> {
        let mut find = self
            .connection()
            .prepare_cached("SELECT id, name, epoch, head, recipient FROM orgs WHERE org = ?1")?;
        Ok(find.query_row([self.org()], |row| {
            Ok(OrgRow {
                id: OrgId(uuid(row, 0)?),
                name: row.get(1)?,
                epoch: unsigned(row.get(2)?),
                head: unsigned(row.get(3)?),
                recipient: row.get(4)?,
            })
        })?)
    }

    fn head(&self) -> Result<u64> {
        let mut find = self.connection().prepare_cached("SELECT head FROM orgs WHERE org = ?1")?;
        Ok(unsigned(find.query_row([self.org()], |row| row.get(0))?))
    }

    fn set_head(&self, seq: u64) -> Result<()> {
        let mut set =
            self.connection().prepare_cached("UPDATE orgs SET head = ?2 WHERE org = ?1")?;
        set.execute(params![self.org(), signed(seq)])?;
        Ok(())
    }

    fn set_epoch(&self, epoch: u64) -> Result<()> {
        if planted(Bug::EpochKept) {
            return Ok(());
        }
        let mut set =
            self.connection().prepare_cached("UPDATE orgs SET epoch = ?2 WHERE org = ?1")?;
        set.execute(params![self.org(), signed(epoch)])?;
        Ok(())
    }

    fn record(&self, id: RecordId) -> Result<Option<RecordRow>> {
        const SQL: &str = "SELECT id, kind, version, seq, due, digest, card, body, head, audiences
             FROM records WHERE org = ?1 AND id = ?2";
        let mut find = self.connection().prepare_cached(SQL)?;
        let found = find.query_row(params![self.org(), key(id.0)], record_row).optional()?;
        found.map(whole_record).transpose()
    }

    fn put_record(&self, row: &RecordRow) -> Result<()> {
        let sql = format!(
            "INSERT INTO records (org, {RECORD_COLUMNS})
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT (org, id) DO UPDATE SET version = ?4, seq = ?5, due = ?6,
               digest = ?7, card = ?8, body = ?9, head = ?10, audiences = ?11"
        );
        self.connection().prepare_cached(&sql)?.execute(params![
            self.org(),
            key(row.id.0),
            row.kind.as_str(),
            signed(row.version),
            signed(row.seq),
            row.due_ms,
            row.digest,
            row.card,
            row.body,
            row.head,
            serde_json::to_string(&row.audiences)?,
        ])?;
        Ok(())
    }

    fn records_of(&self, kind: RecordKind) -> Result<Vec<RecordId>> {
        let mut find = self
            .connection()
            .prepare_cached("SELECT id FROM records WHERE org = ?1 AND kind = ?2 ORDER BY id")?;
        let rows =
            find.query_map(params![self.org(), kind.as_str()], |row| Ok(RecordId(uuid(row, 0)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn logged(&self) -> Result<Vec<RecordId>> {
        const SQL: &str = "SELECT record FROM events WHERE org = ?1
             UNION SELECT id FROM records WHERE org = ?1";
        let mut find = self.connection().prepare_cached(SQL)?;
        let rows = find.query_map([self.org()], |row| Ok(RecordId(uuid(row, 0)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn numbered(&self, no: &str) -> Result<Option<RecordId>> {
        // A card holds its number as text; which of the few it is, the card says.
        const SQL: &str = "SELECT id, card FROM records WHERE org = ?1 AND instr(card, ?2) > 0";
        let mut find = self.connection().prepare_cached(SQL)?;
        let mut rows = find.query(params![self.org(), no.as_bytes()])?;
        while let Some(row) = rows.next()? {
            let card: Vec<u8> = row.get(1)?;
            if rmp_serde::from_slice::<Card>(&card).is_ok_and(|card| card.no == no) {
                return Ok(Some(RecordId(uuid(row, 0)?)));
            }
        }
        Ok(None)
    }

    fn append_event(&self, record: RecordId, row: &EventRow) -> Result<()> {
        const SQL: &str = "INSERT INTO events (org, record, version, seq, event, stamp, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        self.connection().prepare_cached(SQL)?.execute(params![
            self.org(),
            key(record.0),
            signed(row.version),
            signed(row.seq),
            row.event,
            row.stamp,
            row.hash,
        ])?;
        Ok(())
    }

    fn replace_event(
        &self,
        record: RecordId,
        version: u64,
        event: &str,
        erased: &[u8],
    ) -> Result<()> {
        const SQL: &str = "UPDATE events SET event = ?4, erased = ?5
             WHERE org = ?1 AND record = ?2 AND version = ?3";
        let mut set = self.connection().prepare_cached(SQL)?;
        set.execute(params![self.org(), key(record.0), signed(version), event, erased])?;
        Ok(())
    }

    fn drop_envelopes(&self, record: RecordId) -> Result<()> {
        const SQL: &str = "UPDATE outcomes SET envelope = x'' WHERE org = ?1 AND record = ?2";
        self.connection().prepare_cached(SQL)?.execute(params![self.org(), key(record.0)])?;
        Ok(())
    }

    fn events_after(&self, record: RecordId, version: u64) -> Result<Vec<EventRow>> {
        const SQL: &str = "SELECT version, seq, event, stamp, hash, erased FROM events
             WHERE org = ?1 AND record = ?2 AND version > ?3 ORDER BY version";
        let mut find = self.connection().prepare_cached(SQL)?;
        let rows =
            find.query_map(params![self.org(), key(record.0), signed(version)], event_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn events_since(&self, record: RecordId, seq: u64) -> Result<Vec<EventRow>> {
        const SQL: &str = "SELECT version, seq, event, stamp, hash, erased FROM events
             WHERE org = ?1 AND record = ?2 AND seq > ?3 ORDER BY version";
        let mut find = self.connection().prepare_cached(SQL)?;
        let rows = find.query_map(params![self.org(), key(record.0), signed(seq)], event_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn next_number(&self, day: &str) -> Result<u64> {
        let mut find = self
            .connection()
            .prepare_cached("SELECT last FROM numbers WHERE org = ?1 AND day = ?2")?;
        let last: Option<i64> =
            find.query_row(params![self.org(), day], |row| row.get(0)).optional()?;
        Ok(unsigned(last.unwrap_or(0)) + 1)
    }

    fn use_number(&self, day: &str, last: u64) -> Result<()> {
        const SQL: &str = "INSERT INTO numbers (org, day, last) VALUES (?1, ?2, ?3)
             ON CONFLICT (org, day) DO UPDATE SET last = ?3";
        self.connection().prepare_cached(SQL)?.execute(params![self.org(), day, signed(last)])?;
        Ok(())
    }
}
