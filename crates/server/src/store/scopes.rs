//! Who sees what: membership by audience key, and what left.

use std::collections::BTreeSet;

use lantian_domain::ids::RecordId;
use lantian_protocol::planted::{Bug, planted};
use rusqlite::{OptionalExtension as _, params};

use super::{
    Unit,
    ledger::{key, signed, unsigned, uuid},
};
use crate::error::Result;

/// A record's place in one audience.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The record.
    pub record: RecordId,
    /// The commit with which it came in.
    pub seq_in: u64,
    /// The commit that last changed it.
    pub seq: u64,
    /// Its urgency.
    pub due_ms: i64,
}

/// Membership of records in audiences.
pub trait Scopes {
    /// Every audience key in use.
    fn audiences(&self) -> Result<BTreeSet<String>>;
    /// Puts a record into an audience, or renews its place there.
    fn join(&self, audience: &str, member: &Member) -> Result<()>;
    /// Takes a record out of an audience, leaving a notice.
    fn leave(&self, audience: &str, record: RecordId, seq: u64) -> Result<()>;
    /// A record's place in an audience.
    fn member(&self, audience: &str, record: RecordId) -> Result<Option<Member>>;
    /// The next members by urgency after a position, at most `limit`.
    fn members_by_due(
        &self,
        audience: &str,
        after: (i64, RecordId),
        limit: usize,
    ) -> Result<Vec<Member>>;
    /// The members changed after commit `seq`, in order, at most `limit`.
    fn members_since(&self, audience: &str, seq: u64, limit: usize) -> Result<Vec<Member>>;
    /// What left an audience after commit `seq`, in order, at most `limit`.
    fn departed_since(
        &self,
        audience: &str,
        seq: u64,
        limit: usize,
    ) -> Result<Vec<(u64, RecordId)>>;
    /// Whether a record left an audience and has not come back.
    fn has_departed(&self, audience: &str, record: RecordId) -> Result<bool>;
    /// All records of an audience with their digests.
    fn digests(&self, audience: &str) -> Result<Vec<(RecordId, Vec<u8>)>>;
    /// The records whose clocks run or that wait to be read, most urgent first.
    fn urgent(&self) -> Result<Vec<RecordId>>;
    /// How many records an audience has.
    fn count(&self, audience: &str) -> Result<u64>;
    /// How many records several audiences have together.
    fn count_any(&self, audiences: &[String]) -> Result<u64>;
}

fn member_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Member> {
    Ok(Member {
        record: RecordId(uuid(row, 0)?),
        seq_in: unsigned(row.get(1)?),
        seq: unsigned(row.get(2)?),
        due_ms: row.get(3)?,
    })
}

impl Scopes for Unit<'_> {
    fn audiences(&self) -> Result<BTreeSet<String>> {
        let mut find =
            self.connection().prepare_cached("SELECT key FROM audiences WHERE org = ?1")?;
        let rows = find.query_map([self.org()], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn join(&self, audience: &str, member: &Member) -> Result<()> {
        const JOIN: &str = "INSERT INTO membership (org, audience, record, seq_in, seq, due)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (org, audience, record) DO UPDATE SET seq = ?5, due = ?6";
        const BACK: &str =
            "DELETE FROM departures WHERE org = ?1 AND audience = ?2 AND record = ?3";
        let record = key(member.record.0);
        let connection = self.connection();
        connection.prepare_cached(JOIN)?.execute(params![
            self.org(),
            audience,
            record,
            signed(member.seq_in),
            signed(member.seq),
            member.due_ms,
        ])?;
        if member.seq_in == member.seq {
            connection.prepare_cached(BACK)?.execute(params![self.org(), audience, record])?;
            connection
                .prepare_cached("INSERT OR IGNORE INTO audiences (org, key) VALUES (?1, ?2)")?
                .execute(params![self.org(), audience])?;
        }
        self.touch(audience);
        Ok(())
    }

    fn leave(&self, audience: &str, record: RecordId, seq: u64) -> Result<()> {
        const OUT: &str = "DELETE FROM membership WHERE org = ?1 AND audience = ?2 AND record = ?3";
        const NOTICE: &str = "INSERT INTO departures (org, audience, record, seq)
             VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (org, audience, record) DO UPDATE SET seq = ?4";
        let connection = self.connection();
        if !planted(Bug::MemberKept) {
            connection.prepare_cached(OUT)?.execute(params![
                self.org(),
                audience,
                key(record.0)
            ])?;
        }
        if planted(Bug::NoticeLost) {
            return Ok(());
        }
        connection.prepare_cached(NOTICE)?.execute(params![
            self.org(),
            audience,
            key(record.0),
            signed(seq)
        ])?;
        self.touch(audience);
        Ok(())
    }

    fn member(&self, audience: &str, record: RecordId) -> Result<Option<Member>> {
        const SQL: &str = "SELECT record, seq_in, seq, due FROM membership
             WHERE org = ?1 AND audience = ?2 AND record = ?3";
        let mut find = self.connection().prepare_cached(SQL)?;
        Ok(find.query_row(params![self.org(), audience, key(record.0)], member_row).optional()?)
    }

    fn members_by_due(
        &self,
        audience: &str,
        (due_ms, record): (i64, RecordId),
        limit: usize,
    ) -> Result<Vec<Member>> {
        const SQL: &str = "SELECT record, seq_in, seq, due FROM membership
             WHERE org = ?1 AND audience = ?2 AND (due, record) > (?3, ?4)
             ORDER BY due, record LIMIT ?5";
        let mut find = self.connection().prepare_cached(SQL)?;
        let rows = find.query_map(
            params![self.org(), audience, due_ms, key(record.0), signed(limit as u64)],
            member_row,
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn members_since(&self, audience: &str, seq: u64, limit: usize) -> Result<Vec<Member>> {
        const SQL: &str = "SELECT record, seq_in, seq, due FROM membership
             WHERE org = ?1 AND audience = ?2 AND seq > ?3 ORDER BY seq LIMIT ?4";
        let mut find = self.connection().prepare_cached(SQL)?;
        let rows = find.query_map(
            params![self.org(), audience, signed(seq), signed(limit as u64)],
            member_row,
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn departed_since(
        &self,
        audience: &str,
        seq: u64,
        limit: usize,
    ) -> Result<Vec<(u64, RecordId)>> {
        const SQL: &str = "SELECT seq, record FROM departures
             WHERE org = ?1 AND audience = ?2 AND seq > ?3 ORDER BY seq LIMIT ?4";
        let mut find = self.connection().prepare_cached(SQL)?;
        let rows = find
            .query_map(params![self.org(), audience, signed(seq), signed(limit as u64)], |row| {
                Ok((unsigned(row.get(0)?), RecordId(uuid(row, 1)?)))
            })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn has_departed(&self, audience: &str, record: RecordId) -> Result<bool> {
        const SQL: &str =
            "SELECT 1 FROM departures WHERE org = ?1 AND audience = ?2 AND record = ?3";
        let mut find = self.connection().prepare_cached(SQL)?;
        Ok(find.exists(params![self.org(), audience, key(record.0)])?)
    }

    fn digests(&self, audience: &str) -> Result<Vec<(RecordId, Vec<u8>)>> {
        const SQL: &str = "SELECT m.record, r.digest FROM membership m
             JOIN records r ON r.org = m.org AND r.id = m.record
             WHERE m.org = ?1 AND m.audience = ?2";
        let mut find = self.connection().prepare_cached(SQL)?;
        let rows = find.query_map(params![self.org(), audience], |row| {
            Ok((RecordId(uuid(row, 0)?), row.get(1)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn urgent(&self) -> Result<Vec<RecordId>> {
        const SQL: &str = "SELECT m.record, min(m.due) AS due FROM audiences a
             JOIN membership m ON m.org = a.org AND m.audience = a.key AND m.due < ?2
             WHERE a.org = ?1 GROUP BY m.record ORDER BY due, m.record";
        let mut find = self.connection().prepare_cached(SQL)?;
        let rows =
            find.query_map(params![self.org(), i64::MAX], |row| Ok(RecordId(uuid(row, 0)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn count(&self, audience: &str) -> Result<u64> {
        const SQL: &str = "SELECT COUNT(*) FROM membership WHERE org = ?1 AND audience = ?2";
        let mut find = self.connection().prepare_cached(SQL)?;
        Ok(unsigned(find.query_row(params![self.org(), audience], |row| row.get(0))?))
    }

    fn count_any(&self, audiences: &[String]) -> Result<u64> {
        const SQL: &str = "SELECT COUNT(DISTINCT record) FROM membership
             WHERE org = ?1 AND audience IN (SELECT value FROM json_each(?2))";
        let keys = serde_json::to_string(audiences)?;
        let mut find = self.connection().prepare_cached(SQL)?;
        Ok(unsigned(find.query_row(params![self.org(), keys], |row| row.get(0))?))
    }
}
