//! Completing what a tablet captured.

use std::collections::BTreeSet;

use lantian_domain::{
    case::{Case, signing::SignatureCompleted},
    command::CommandName,
    event::{Change, Event},
    file::FileRef,
    ids::{FileId, RecordId},
    record::{Record, RecordKind},
    time::Instant,
};

use super::{
    keys,
    seal::{Sealing, make},
};
use crate::{
    error::Result,
    files::{content_of, is_received},
    identity::accounts::{By, administrative},
    pipeline::{Desk, find},
    rounds::interface,
    store::{AuditEntry, Journal as _, Ledger as _, Store, Unit},
    suite::{SigningKey, hash},
};

/// The audit's word for a completed signature.
const ACT: &str = "signature_completed";

/// Whether a command may carry a signature.
pub(crate) fn signs(name: CommandName) -> bool {
    matches!(
        name,
        CommandName::SettleFee
            | CommandName::SignContract
            | CommandName::SignPower
            | CommandName::TurnGasOn
            | CommandName::CompleteSurvey
            | CommandName::AcceptTolerant
            | CommandName::AddOwed
    )
}

/// Completes what can be completed on these records; what cannot is tried
/// again by the daily sweep, so a fault is told and goes no further.
pub(crate) fn received(store: &Store, records: &BTreeSet<RecordId>, at: Instant) {
    for id in records {
        match complete(store, *id, at) {
            Ok(0) => {}
            Ok(done) => tracing::info!(record = %id, done, "signatures were completed"),
            Err(error) => tracing::error!(record = %id, %error, "a signature was not completed"),
        }
    }
}

/// Completes every signature that waits; how many.
///
/// # Errors
/// The store's.
pub fn sweep(store: &Store, at: Instant) -> Result<u64> {
    let mut done = 0;
    for id in store.read_now(|unit| unit.records_of(RecordKind::Case))? {
        done += complete(store, id, at)?;
    }
    Ok(done)
}

/// Completes the captured signatures of a case whose files are all here; how
/// many.
///
/// # Errors
/// The store's; [`crate::Error::Damaged`] for a signing key that is none.
pub fn complete(store: &Store, id: RecordId, at: Instant) -> Result<u64> {
    let waiting = store.read_now(|unit| waiting(unit, id))?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let key = SigningKey::of(store.folder(), store.suite())?;
    let mut done = Vec::new();
    for one in waiting {
        let Some(files) = contents(store, &one.files)? else { continue };
        let what =
            Sealing { case: id, version: one.version, document: &one.document, files: &files, at };
        done.push(SignatureCompleted { version: one.version, seal: make(&key, &what)? });
    }
    if done.is_empty() {
        return Ok(0);
    }
    store.write_now(move |unit| {
        keys::register(unit, &key, at)?;
        write(unit, id, done, at)
    })
}

/// A captured signature whose files the company has received.
struct Waiting {
    version: u64,
    document: String,
    files: Vec<FileRef>,
}

fn waiting(unit: &Unit<'_>, id: RecordId) -> Result<Vec<Waiting>> {
    let Some(Record::Case(case)) = find(unit, id)? else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for one in case.captured() {
        let Some(files) = received_files(unit, &case, &one.files)? else { continue };
        let after = one.version.saturating_sub(1);
        let row = unit.events_after(id, after)?.into_iter().next();
        // A person taken out of the log takes the words that were signed along.
        let whole = row.filter(|row| row.version == one.version && row.erased.is_none());
        all.extend(whole.map(|row| Waiting { version: one.version, document: row.event, files }));
    }
    Ok(all)
}

fn received_files(unit: &Unit<'_>, case: &Case, ids: &[FileId]) -> Result<Option<Vec<FileRef>>> {
    let mut files = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(file) = case.file(*id) else { return Ok(None) };
        if !is_received(unit, file)? {
            return Ok(None);
        }
        files.push(file.clone());
    }
    Ok(Some(files))
}

/// The bytes of files, by name.
type Contents = Vec<(FileId, Vec<u8>)>;

/// The bytes of files, if each is what was announced.
fn contents(store: &Store, files: &[FileRef]) -> Result<Option<Contents>> {
    let mut all = Vec::with_capacity(files.len());
    for file in files {
        let standard = lantian_domain::suite::Suite::Standard;
        match content_of(store, &file.sha256)? {
            Some(bytes) if hash::hex(standard, &bytes) == file.sha256 => all.push((file.id, bytes)),
            _ => return Ok(None),
        }
    }
    Ok(Some(all))
}

fn write(unit: &Unit<'_>, id: RecordId, done: Vec<SignatureCompleted>, at: Instant) -> Result<u64> {
    let mut desk = Desk::open(unit)?;
    // In the name of the interface account, where the company has one.
    let user = interface(unit)?.map(|person| person.user());
    let by = By { user, device: None };
    let mut count = 0;
    for one in done {
        // Somebody else may have completed it since.
        let Some(Record::Case(case)) = desk.lay(id)? else { break };
        if !case.captured().any(|waits| waits.version == one.version) {
            continue;
        }
        let detail = serde_json::json!({
            "event": one.version,
            "suite": one.seal.suite,
            "key": one.seal.key,
        });
        let event = Event::SignatureCompleted(Box::new(one));
        desk.append(Change { record: id, event }, &administrative(by, at))?;
        count += 1;
        let entry = AuditEntry {
            act: ACT.to_owned(),
            actor: by.user,
            subject: Some(id.0),
            result: "ok".to_owned(),
            detail: Some(detail),
            ..AuditEntry::default()
        };
        unit.audit(at, entry)?;
    }
    desk.save()?;
    Ok(count)
}
