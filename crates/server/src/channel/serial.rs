//! Which case holds which serial of which channel.

use lantian_domain::{
    case::Case,
    ids::{RecordId, UserId},
};
use rusqlite::{OptionalExtension as _, params};
use uuid::Uuid;

use crate::{
    error::{Error, Result},
    store::Unit,
};

/// Who sent a serial.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sender<'a> {
    pub(super) channel: &'a str,
    pub(super) client: &'a str,
    pub(super) account: Option<&'a str>,
}

/// The case of a serial.
pub(super) fn find(unit: &Unit<'_>, channel: &str, serial: &str) -> Result<Option<RecordId>> {
    const SQL: &str =
        "SELECT record FROM channel_serials WHERE org = ?1 AND channel = ?2 AND serial = ?3";
    let mut find = unit.connection().prepare_cached(SQL)?;
    let found: Option<Vec<u8>> =
        find.query_row(params![unit.org(), channel, serial], |row| row.get(0)).optional()?;
    found.map(|bytes| record_id(&bytes)).transpose()
}

/// Notes the case of a serial that a client sent.
pub(super) fn note(unit: &Unit<'_>, serial: &str, case: &Case, sender: Sender<'_>) -> Result<()> {
    const SQL: &str =
        "INSERT INTO channel_serials (org, channel, serial, record, case_no, client, account)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (org, channel, serial) DO UPDATE SET client = ?6, account = ?7";
    unit.connection().prepare_cached(SQL)?.execute(params![
        unit.org(),
        sender.channel,
        serial,
        case.id.0.as_bytes().as_slice(),
        case.no,
        sender.client,
        sender.account,
    ])?;
    Ok(())
}

/// Notes the serial of a case, whoever submitted it: the outside system that
/// sends the same one later gets the same case.
///
/// # Errors
/// The store's.
pub(crate) fn note_case(unit: &Unit<'_>, case: &Case, by: UserId) -> Result<()> {
    const SQL: &str = "INSERT OR IGNORE INTO channel_serials
           (org, channel, serial, record, case_no, client) VALUES (?1, ?2, ?3, ?4, ?5,
           (SELECT id FROM channel_clients WHERE org = ?1 AND account = ?6 AND channel = ?2))";
    let Some(serial) = &case.external_serial else { return Ok(()) };
    let (id, by) = (case.id.0.as_bytes().as_slice(), by.0.as_bytes().as_slice());
    let row = params![unit.org(), case.channel.as_str(), serial, id, case.no, by];
    unit.connection().prepare_cached(SQL)?.execute(row)?;
    Ok(())
}

/// The clients that sent something of a case, with their serials.
pub(super) fn senders(unit: &Unit<'_>, record: RecordId) -> Result<Vec<(String, String)>> {
    const SQL: &str = "SELECT client, serial FROM channel_serials
         WHERE org = ?1 AND record = ?2 AND client IS NOT NULL ORDER BY client, serial";
    let mut find = unit.connection().prepare_cached(SQL)?;
    let rows = find.query_map(params![unit.org(), record.0.as_bytes().as_slice()], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The cases of an applicant's account at a client, newest first.
pub(super) fn of_account(
    unit: &Unit<'_>,
    client: &str,
    account: &str,
    most: usize,
) -> Result<Vec<RecordId>> {
    const SQL: &str = "SELECT DISTINCT record FROM channel_serials
         WHERE org = ?1 AND client = ?2 AND account = ?3 ORDER BY record DESC LIMIT ?4";
    let mut find = unit.connection().prepare_cached(SQL)?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows =
        find.query_map(params![unit.org(), client, account, most], |row| row.get::<_, Vec<u8>>(0))?;
    rows.map(|row| record_id(&row?)).collect()
}

pub(super) fn record_id(bytes: &[u8]) -> Result<RecordId> {
    Uuid::from_slice(bytes)
        .map(RecordId)
        .map_err(|_| Error::damaged("a channel's number has no case"))
}
