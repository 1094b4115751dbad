//! What the company knows already: which lead holds a project, and what was
//! taken last under each key.
//!
//! Words: a *mark* is the hash of a push without its times; two pushes with
//! one mark say the same.
//!
//! Invariant: a key leads to one record for ever.

use lantian_domain::{
    ids::RecordId,
    lead::{Lead, ReceivePush, Source},
    time::Instant,
};
use rusqlite::{OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::read::name_of;
use crate::{
    error::{Error, Result},
    store::Unit,
};

/// What is known of the project that a push names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// Nothing.
    Nothing,
    /// This key, with this content.
    Same(RecordId),
    /// This key, with other content.
    Key(RecordId),
    /// The project, by another key or from the other platform.
    Project(RecordId),
}

/// Looks a push up.
///
/// # Errors
/// The store's.
pub(crate) fn look_up(unit: &Unit<'_>, push: &ReceivePush, mark: &[u8]) -> Result<Known> {
    const BY_KEY: &str = "SELECT record, mark FROM intake_keys
         WHERE org = ?1 AND source = ?2 AND key = ?3";
    let mut find = unit.connection().prepare_cached(BY_KEY)?;
    let key = params![unit.org(), name_of(push.source), push.source_key];
    let found: Option<(Vec<u8>, Vec<u8>)> =
        find.query_row(key, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    if let Some((record, last)) = found {
        let record = record_id(&record)?;
        return Ok(if last == mark { Known::Same(record) } else { Known::Key(record) });
    }
    Ok(by_project(unit, push)?.map_or(Known::Nothing, Known::Project))
}

/// The lead that a push of this project joins. The planning platform's word
/// joins any lead; 工改 gives a lead that only planning knew its name, while
/// further works of one project are leads of their own.
fn by_project(unit: &Unit<'_>, push: &ReceivePush) -> Result<Option<RecordId>> {
    const ANY: &str = "SELECT record FROM intake_projects WHERE org = ?1 AND code = ?2
         ORDER BY source = 'gonggai' DESC, record LIMIT 1";
    const PLANNED: &str = "SELECT record FROM intake_projects WHERE org = ?1 AND code = ?2
         AND source = 'duogui' ORDER BY record LIMIT 1";
    let Some(code) = &push.project_code else { return Ok(None) };
    let sql = if push.source == Source::Duogui { ANY } else { PLANNED };
    let mut find = unit.connection().prepare_cached(sql)?;
    let found: Option<Vec<u8>> =
        find.query_row(params![unit.org(), code], |row| row.get(0)).optional()?;
    found.map(|bytes| record_id(&bytes)).transpose()
}

/// Notes that `record` holds what the push said.
///
/// # Errors
/// The store's.
pub(crate) fn note(
    unit: &Unit<'_>,
    push: &ReceivePush,
    mark: &[u8],
    record: RecordId,
) -> Result<()> {
    const KEY: &str = "INSERT INTO intake_keys (org, source, key, record, mark)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (org, source, key) DO UPDATE SET mark = ?5";
    const PROJECT: &str = "INSERT INTO intake_projects (org, code, source, record)
         VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (org, code, record) DO UPDATE SET source = ?3 WHERE ?3 = 'gonggai'";
    let (org, source) = (unit.org(), name_of(push.source));
    let id = record.0.as_bytes().as_slice();
    let connection = unit.connection();
    connection.prepare_cached(KEY)?.execute(params![org, source, push.source_key, id, mark])?;
    if let Some(code) = &push.project_code {
        connection.prepare_cached(PROJECT)?.execute(params![org, code, source, id])?;
    }
    Ok(())
}

/// Notes what a lead holds, whoever brought it: a tablet of the hall, too.
///
/// # Errors
/// The store's.
pub(crate) fn note_lead(unit: &Unit<'_>, lead: &Lead) -> Result<()> {
    note(unit, &lead.push, &mark(&lead.push)?, lead.id)
}

/// The hash of what a push says, without when it says so.
///
/// # Errors
/// [`Error::Damaged`] when it cannot be written.
pub(crate) fn mark(push: &ReceivePush) -> Result<Vec<u8>> {
    let timeless = ReceivePush { pushed_at: Instant(0), updated_at: None, ..push.clone() };
    Ok(Sha256::digest(serde_json::to_vec(&timeless)?).to_vec())
}

fn record_id(bytes: &[u8]) -> Result<RecordId> {
    Uuid::from_slice(bytes).map(RecordId).map_err(|_| Error::damaged("an intake key has no record"))
}
