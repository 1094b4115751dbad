//! Outcomes, quarantine, audit.

use std::cell::RefCell;

use lantian_domain::{
    ids::{CommandId, DeviceId, RecordId, UserId},
    time::Instant,
};
use rusqlite::{OptionalExtension as _, params};
use uuid::Uuid;

use super::{
    Unit,
    ledger::{key, signed, unsigned, uuid},
};
use crate::{
    error::{Error, Result},
    suite::{Suite, hash},
};

/// A command judged, with its answer.
#[derive(Clone, Debug)]
pub struct OutcomeRow {
    /// The command.
    pub command: CommandId,
    /// Whose device gave it.
    pub device: DeviceId,
    /// The replica incarnation that numbered it.
    pub incarnation: Uuid,
    /// Its number.
    pub n: u64,
    /// Hash of the envelope before, as signed.
    pub prev: Vec<u8>,
    /// Hash of this envelope.
    pub hash: Vec<u8>,
    /// The record it was given on.
    pub record: RecordId,
    /// `accepted`, `refused`, `quarantined`.
    pub verdict: &'static str,
    /// The answer, JSON.
    pub outcome: Vec<u8>,
    /// The envelope as signed, packed.
    pub envelope: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
    /// When it came.
    pub received: Instant,
}

/// An envelope's place in its replica's chain.
#[derive(Clone, Debug)]
pub struct LinkRow {
    /// Its number.
    pub n: u64,
    /// Hash of the envelope before, as signed.
    pub prev: Vec<u8>,
    /// Its hash.
    pub hash: Vec<u8>,
}

/// Something that could not be judged.
#[derive(Clone, Debug)]
pub struct QuarantineRow {
    /// Hash of the envelope.
    pub hash: Vec<u8>,
    /// Whose session brought it.
    pub user: UserId,
    /// Which device brought it.
    pub device: DeviceId,
    /// Stable reason.
    pub code: String,
    /// What was wrong.
    pub message: String,
    /// The envelope, packed.
    pub envelope: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
    /// When it came.
    pub received: Instant,
}

/// What an audit row says (P-14: who, when, what, result, source).
#[derive(Clone, Debug, Default)]
pub struct AuditEntry {
    /// What was done, as `settle_fee`, `sign_in`, `user_created`.
    pub act: String,
    /// Who.
    pub actor: Option<UserId>,
    /// From which device.
    pub device: Option<DeviceId>,
    /// To what: record, user or device.
    pub subject: Option<Uuid>,
    /// By which command.
    pub command: Option<CommandId>,
    /// When, as the device claims.
    pub claimed: Option<Instant>,
    /// With what result, as `accepted`, `E_GATE`, `ok`.
    pub result: String,
    /// Details without personal data, JSON.
    pub detail: Option<serde_json::Value>,
}

/// An audit row as stored.
#[derive(Clone, Debug)]
pub struct AuditRow {
    /// Its number, from 1.
    pub n: u64,
    /// Server time.
    pub at: Instant,
    /// What it says.
    pub entry: AuditEntry,
    /// Its hash.
    pub hash: Vec<u8>,
}

impl AuditRow {
    /// The hash of this row after `prev`, by a suite; it says by which.
    pub fn chained(&self, suite: Suite, prev: &[u8]) -> Vec<u8> {
        hash::tagged(suite, &[prev, self.text().as_bytes()])
    }

    /// Whether it has the hash that it must have after `prev`, by the suite
    /// that its hash names.
    pub fn follows(&self, prev: &[u8]) -> bool {
        hash::fits(&self.hash, &[prev, self.text().as_bytes()])
    }

    fn text(&self) -> String {
        let entry = &self.entry;
        let text = serde_json::json!([
            self.n,
            self.at.0,
            entry.act,
            entry.actor,
            entry.device,
            entry.subject,
            entry.command,
            entry.claimed.map(|at| at.0),
            entry.result,
            entry.detail,
        ]);
        text.to_string()
    }
}

/// Which audit rows are wanted; what is absent does not narrow.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// By whom.
    pub actor: Option<UserId>,
    /// On what.
    pub subject: Option<Uuid>,
    /// What was done.
    pub act: Option<String>,
    /// From this instant on.
    pub from: Option<Instant>,
    /// Before this instant.
    pub until: Option<Instant>,
    /// Before this number.
    pub before: Option<u64>,
}

/// Answers, what was set aside, and who did what.
pub trait Journal {
    /// The stored answer to a command: its envelope's hash and the answer.
    fn outcome(&self, command: CommandId) -> Result<Option<(Vec<u8>, Vec<u8>)>>;
    /// The known envelopes of an incarnation with numbers in `from..=to`.
    fn links(
        &self,
        device: DeviceId,
        incarnation: Uuid,
        from: u64,
        to: u64,
    ) -> Result<Vec<LinkRow>>;
    /// Adds an answer.
    fn put_outcome(&self, row: &OutcomeRow) -> Result<()>;
    /// Keeps something aside; false when it was there already.
    fn put_quarantine(&self, row: &QuarantineRow) -> Result<bool>;
    /// How many envelopes of a device are kept aside.
    fn quarantined(&self, device: DeviceId) -> Result<u64>;
    /// Adds a row to the audit chain.
    fn audit(&self, at: Instant, entry: AuditEntry) -> Result<()>;
    /// The last row of the audit and its hash; row 0 before the first.
    fn audit_end(&self) -> Result<(u64, Vec<u8>)>;
    /// The hash of a row of the audit.
    fn audit_hash(&self, n: u64) -> Result<Option<Vec<u8>>>;
    /// The audit rows after number `n`, at most `limit`.
    fn audit_after(&self, n: u64, limit: usize) -> Result<Vec<AuditRow>>;
    /// The audit rows that a filter lets through, the newest first, at most
    /// `limit`.
    fn audit_where(&self, filter: &AuditFilter, limit: usize) -> Result<Vec<AuditRow>>;
}

thread_local! {
    // Made once: its tables are larger than an envelope.
    static PACKER: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
}

/// An envelope's bytes as they are kept.
pub(crate) fn packed(bytes: &[u8]) -> Result<Vec<u8>> {
    PACKER
        .with_borrow_mut(|packer| {
            let packer = match packer {
                Some(packer) => packer,
                None => packer.insert(zstd::bulk::Compressor::new(1)?),
            };
            packer.compress(bytes)
        })
        .map_err(Error::io("an envelope could not be compressed"))
}

fn optional_uuid(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Option<Uuid>> {
    if row.get_ref(column)? == rusqlite::types::ValueRef::Null {
        return Ok(None);
    }
    uuid(row, column).map(Some)
}

fn audit_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<AuditRow> {
    let detail: String = row.get(9)?;
    Ok(AuditRow {
        n: unsigned(row.get(0)?),
        at: Instant(row.get(1)?),
        entry: AuditEntry {
            act: row.get(2)?,
            actor: optional_uuid(row, 3)?.map(UserId),
            device: optional_uuid(row, 4)?.map(DeviceId),
            subject: optional_uuid(row, 5)?,
            command: optional_uuid(row, 6)?.map(CommandId),
            claimed: row.get::<_, Option<i64>>(7)?.map(Instant),
            result: row.get(8)?,
            detail: serde_json::from_str(&detail).ok(),
        },
        hash: row.get(10)?,
    })
}

/// Where the audit chain ends: number and hash.
fn audit_end(unit: &Unit<'_>) -> Result<(u64, Vec<u8>)> {
    const LAST: &str = "SELECT n, hash FROM audit WHERE org = ?1 ORDER BY n DESC LIMIT 1";
    let mut find = unit.connection().prepare_cached(LAST)?;
    let last =
        find.query_row([unit.org()], |row| Ok((unsigned(row.get(0)?), row.get(1)?))).optional()?;
    Ok(last.unwrap_or_default())
}

impl Journal for Unit<'_> {
    fn outcome(&self, command: CommandId) -> Result<Option<(Vec<u8>, Vec<u8>)>> {
        const SQL: &str = "SELECT hash, outcome FROM outcomes WHERE org = ?1 AND command = ?2";
        let mut find = self.connection().prepare_cached(SQL)?;
        let found = find
            .query_row(params![self.org(), key(command.0)], |row| Ok((row.get(0)?, row.get(1)?)));
        Ok(found.optional()?)
    }

    fn links(
        &self,
        device: DeviceId,
        incarnation: Uuid,
        from: u64,
        to: u64,
    ) -> Result<Vec<LinkRow>> {
        const SQL: &str = "SELECT n, prev, hash FROM outcomes
             WHERE org = ?1 AND device = ?2 AND incarnation = ?3 AND n BETWEEN ?4 AND ?5";
        let mut find = self.connection().prepare_cached(SQL)?;
        let rows = find.query_map(
            params![self.org(), key(device.0), key(incarnation), signed(from), signed(to)],
            |row| Ok(LinkRow { n: unsigned(row.get(0)?), prev: row.get(1)?, hash: row.get(2)? }),
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn put_outcome(&self, row: &OutcomeRow) -> Result<()> {
        const SQL: &str = "INSERT INTO outcomes (org, command, device, incarnation, n, prev, hash,
               record, verdict, outcome, envelope, signature, received)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
        self.connection().prepare_cached(SQL)?.execute(params![
            self.org(),
            key(row.command.0),
            key(row.device.0),
            key(row.incarnation),
            signed(row.n),
            row.prev,
            row.hash,
            key(row.record.0),
            row.verdict,
            row.outcome,
            row.envelope,
            row.signature,
            row.received.0,
        ])?;
        Ok(())
    }

    fn put_quarantine(&self, row: &QuarantineRow) -> Result<bool> {
        const SQL: &str =
            "INSERT OR IGNORE INTO quarantine (org, hash, user, device, code, message,
               envelope, signature, received) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        let added = self.connection().prepare_cached(SQL)?.execute(params![
            self.org(),
            row.hash,
            key(row.user.0),
            key(row.device.0),
            row.code,
            row.message,
            row.envelope,
            row.signature,
            row.received.0,
        ])?;
        Ok(added == 1)
    }

    fn quarantined(&self, device: DeviceId) -> Result<u64> {
        const SQL: &str = "SELECT COUNT(*) FROM quarantine WHERE org = ?1 AND device = ?2";
        let mut find = self.connection().prepare_cached(SQL)?;
        Ok(unsigned(find.query_row(params![self.org(), key(device.0)], |row| row.get(0))?))
    }

    fn audit(&self, at: Instant, entry: AuditEntry) -> Result<()> {
        const ADD: &str = "INSERT INTO audit (org, n, at, act, actor, device, subject, command,
               claimed, result, detail, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        let connection = self.connection();
        let (last, prev) = match self.take_audit_end() {
            Some(end) => end,
            None => audit_end(self)?,
        };
        let mut row = AuditRow { n: last + 1, at, entry, hash: Vec::new() };
        row.entry.detail.get_or_insert_with(|| serde_json::json!({}));
        row.hash = row.chained(self.suite(), &prev);
        let entry = &row.entry;
        connection.prepare_cached(ADD)?.execute(params![
            self.org(),
            signed(row.n),
            row.at.0,
            entry.act,
            entry.actor.map(|id| key(id.0)),
            entry.device.map(|id| key(id.0)),
            entry.subject.map(key),
            entry.command.map(|id| key(id.0)),
            entry.claimed.map(|at| at.0),
            entry.result,
            entry.detail.as_ref().map(ToString::to_string).unwrap_or_default(),
            row.hash,
        ])?;
        self.keep_audit_end(row.n, row.hash);
        Ok(())
    }

    fn audit_end(&self) -> Result<(u64, Vec<u8>)> {
        audit_end(self)
    }

    fn audit_hash(&self, n: u64) -> Result<Option<Vec<u8>>> {
        const SQL: &str = "SELECT hash FROM audit WHERE org = ?1 AND n = ?2";
        let mut find = self.connection().prepare_cached(SQL)?;
        Ok(find.query_row(params![self.org(), signed(n)], |row| row.get(0)).optional()?)
    }

    fn audit_after(&self, n: u64, limit: usize) -> Result<Vec<AuditRow>> {
        const SQL: &str = "SELECT n, at, act, actor, device, subject, command, claimed, result,
               detail, hash FROM audit WHERE org = ?1 AND n > ?2 ORDER BY n LIMIT ?3";
        let mut find = self.connection().prepare_cached(SQL)?;
        let rows =
            find.query_map(params![self.org(), signed(n), signed(limit as u64)], audit_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn audit_where(&self, filter: &AuditFilter, limit: usize) -> Result<Vec<AuditRow>> {
        const SQL: &str = "SELECT n, at, act, actor, device, subject, command, claimed, result,
               detail, hash FROM audit
             WHERE org = ?1 AND n < ?2 AND at >= ?3 AND at < ?4
               AND (?5 IS NULL OR actor = ?5) AND (?6 IS NULL OR subject = ?6)
               AND (?7 IS NULL OR act = ?7)
             ORDER BY n DESC LIMIT ?8";
        let mut find = self.connection().prepare_cached(SQL)?;
        let rows = find.query_map(
            params![
                self.org(),
                filter.before.map_or(i64::MAX, signed),
                filter.from.map_or(i64::MIN, |at| at.0),
                filter.until.map_or(i64::MAX, |at| at.0),
                filter.actor.map(|id| key(id.0)),
                filter.subject.map(key),
                filter.act,
                signed(limit as u64),
            ],
            audit_row,
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
