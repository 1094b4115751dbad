//! Importing one push: read, keep, judge row by row, report.
//!
//! Invariant: each row is judged by the pipeline like any other command; rows
//! are committed in portions, so that a large push never holds the store, and
//! a push cut off half-way is taken up by sending it again.

use std::collections::BTreeMap;

use lantian_domain::{
    ids::{CommandId, DeviceId, RecordId},
    lead::Source,
    record::Person,
    role::Role,
    time::Instant,
};
use rusqlite::params;
use uuid::Uuid;

use super::{
    archive_copy,
    clerk::Clerk,
    fault::FileResult,
    hand_over::{HandOver, Managers},
    read::{self, name_of},
    result::{ImportReport, RowResult},
};
use crate::{
    error::{Error, Result},
    pipeline::Desk,
    store::{Accounts as _, AuditEntry, Journal as _, Ledger as _, Store, Unit},
};

/// Rows in one commit.
const PORTION: usize = 200;
const LEVEL: i32 = 3;

/// A push to be imported.
#[derive(Clone, Debug)]
pub struct ImportOrder {
    /// Which platform.
    pub source: Source,
    /// The push as it came.
    pub bytes: Vec<u8>,
    /// On whose behalf.
    pub person: Person,
    /// From which device; the nil device for the command line.
    pub device: DeviceId,
    /// To whom the leads go at once.
    pub hand_over: Option<HandOver>,
    /// When it came.
    pub received: Instant,
}

/// Imports a push. Blocks: call it where that is allowed.
///
/// # Errors
/// The store's; a [`super::FileFault`] when the file as a whole cannot be
/// taken, in which case nothing was changed.
pub fn run_import(store: &Store, order: &ImportOrder) -> Result<FileResult<ImportReport>> {
    let batch = match read::read(&order.bytes, order.source) {
        Ok(batch) => batch,
        Err(fault) => return Ok(Err(fault)),
    };
    let (recipient, managers) = match prepare(store, order)? {
        Ok(prepared) => prepared,
        Err(fault) => return Ok(Err(fault)),
    };
    let sha256 = archive_copy::hash(&order.bytes);
    archive_copy::keep(store.folder(), &recipient, &sha256, &order.bytes)?;
    let mut clerk = Clerk {
        person: order.person.clone(),
        device: order.device,
        received: order.received,
        pushed_at: batch.pushed_at,
        managers,
        first_rows: BTreeMap::new(),
        push: RecordId(Uuid::now_v7()),
    };
    let mut results = Vec::with_capacity(batch.rows.len());
    for portion in batch.rows.chunks(PORTION) {
        let rows = portion.to_vec();
        let mut work = clerk.clone();
        let (worked, done) = store.write_now(move |unit| {
            let mut desk = Desk::open(unit)?;
            let mut done = Vec::with_capacity(rows.len());
            for raw in &rows {
                done.push(work.take(&mut desk, raw)?);
            }
            desk.save()?;
            Ok((work, done))
        })?;
        clerk = worked;
        results.extend::<Vec<RowResult>>(done);
    }
    let report = ImportReport::of(name_of(order.source), batch.batch_id, sha256, results);
    file(store, order, clerk.push, &report)?;
    Ok(Ok(report))
}

fn prepare(store: &Store, order: &ImportOrder) -> Result<FileResult<(String, Managers)>> {
    let how = order.hand_over.clone();
    store.read_now(move |unit| {
        let recipient = unit.org_row()?.recipient;
        let managers = match how {
            None => Ok(Managers::default()),
            Some(how) => Managers::find(unit, &how)?,
        };
        Ok(managers.map(|managers| (recipient, managers)))
    })
}

/// Files the report beside the push, with one audit row for the whole.
fn file(store: &Store, order: &ImportOrder, id: RecordId, report: &ImportReport) -> Result<()> {
    const ADD: &str =
        "INSERT INTO intake_files (org, id, sha256, source, batch, importer, received, report)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let json = serde_json::to_vec(report)?;
    let packed = zstd::bulk::compress(&json, LEVEL)
        .map_err(|_| Error::damaged("an import report could not be packed"))?;
    let (sha256, source, batch) = (report.sha256.clone(), report.source, report.batch_id.clone());
    let entry = AuditEntry {
        act: "import".to_owned(),
        actor: Some(order.person.user()),
        device: Some(order.device),
        result: "ok".to_owned(),
        detail: Some(serde_json::json!({
            "source": source,
            "sha256": sha256,
            "accepted": report.accepted,
            "duplicate": report.duplicate,
            "rejected": report.rejected,
            "quarantined": report.quarantined,
        })),
        ..AuditEntry::default()
    };
    let (by, received) = (order.person.user(), order.received);
    store.write_now(move |unit| {
        unit.connection().prepare_cached(ADD)?.execute(params![
            unit.org(),
            id.0.as_bytes().as_slice(),
            sha256,
            source,
            batch,
            by.0.as_bytes().as_slice(),
            received.0,
            packed,
        ])?;
        unit.audit(received, entry)
    })
}

/// A fresh command identity.
pub(super) fn fresh() -> CommandId {
    CommandId(Uuid::now_v7())
}

/// The account on whose behalf the command line imports: the one named, else
/// the interface account of the source, else the first interface account or
/// hall clerk.
///
/// # Errors
/// The store's.
pub fn account(unit: &Unit<'_>, login: Option<&str>) -> Result<Option<Person>> {
    let mut fitting: Vec<Person> = unit
        .users()?
        .into_iter()
        .map(|user| user.person)
        .filter(|person| person.active && may_import(person))
        .filter(|person| login.is_none_or(|login| person.login == login))
        .collect();
    fitting.sort_by_key(|person| !person.roles.contains(&Role::Integration));
    Ok(fitting.into_iter().next())
}

/// Whether the person may bring a push.
pub fn may_import(person: &Person) -> bool {
    person.roles.contains(&Role::Integration) || person.roles.contains(&Role::HallClerk)
}
