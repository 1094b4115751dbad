//! Verification: whatever is changed under a seal is found.

use std::collections::BTreeMap;

use lantian_domain::{
    case::{Case, signing::SignatureCompleted},
    event::Event,
    ids::RecordId,
    record::{Record, RecordKind},
};
use serde::Serialize;

use super::{
    keys::{self, Keys},
    seal::signed,
};
use crate::{
    error::Result,
    files::content_of,
    pipeline::find,
    store::{EventRow, Ledger as _, Store},
    suite::hash,
};

/// What does not hold of a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Stable code: `seal_document`, `seal_file`, `seal_signature`, `seal_key`,
    /// `seal_missing`.
    pub code: &'static str,
    /// The case.
    pub case: RecordId,
    /// The event that carries the signature.
    pub version: u64,
}

/// What a verification of every signature found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Signatures that the server completed.
    pub complete: u64,
    /// Signatures that wait for the server.
    pub captured: u64,
    /// What does not hold.
    pub faults: Vec<Fault>,
}

/// The events of a case, by number: the text, and whether it was written anew
/// without a person.
pub(crate) type Log<'a> = BTreeMap<u64, (&'a str, bool)>;

/// Verifies every signature of the company: the document in the log, every
/// file in the data folder, and the counter-signature.
///
/// # Errors
/// The store's.
pub fn verify(store: &Store) -> Result<Found> {
    let mut found = Found::default();
    let (ids, keys) =
        store.read_now(|unit| Ok((unit.records_of(RecordKind::Case)?, keys::all(unit)?)))?;
    for id in ids {
        let (record, rows) =
            store.read_now(|unit| Ok((find(unit, id)?, unit.events_after(id, 0)?)))?;
        let Some(Record::Case(case)) = record else { continue };
        found.captured += case.captured().count() as u64;
        let done = case.signings.len() as u64;
        found.complete += done - case.captured().count() as u64;
        found.faults.extend(log_faults(id, &log_of(&rows), &keys));
        found.faults.extend(files_faults(store, &case)?);
    }
    Ok(found)
}

/// A log as it is verified.
pub(crate) fn log_of(rows: &[EventRow]) -> Log<'_> {
    rows.iter().map(|row| (row.version, (row.event.as_str(), row.erased.is_some()))).collect()
}

/// What the log and the keys alone tell of the seals of a case.
pub(crate) fn log_faults(case: RecordId, log: &Log<'_>, keys: &Keys) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (text, _) in log.values().filter(|(text, _)| text.contains("signature_completed")) {
        let Ok(Event::SignatureCompleted(done)) = serde_json::from_str::<Event>(text) else {
            continue;
        };
        let code = seal_fault(case, log, keys, &done);
        faults.extend(code.map(|code| Fault { code, case, version: done.version }));
    }
    faults
}

fn seal_fault(
    case: RecordId,
    log: &Log<'_>,
    keys: &Keys,
    done: &SignatureCompleted,
) -> Option<&'static str> {
    let SignatureCompleted { version, seal } = done;
    let Some((text, written_anew)) = log.get(version) else { return Some("seal_missing") };
    // Where a person was taken out, the audit vouches for the words that are left.
    if !written_anew && hash::hex(seal.suite, text.as_bytes()) != seal.document {
        return Some("seal_document");
    }
    let Some(key) = keys.get(&seal.key).filter(|key| key.id() == seal.key) else {
        return Some("seal_key");
    };
    (!signed(key, case, *version, seal)).then_some("seal_signature")
}

/// What the files in the data folder tell of the seals of a case. A file that
/// the company let go of at the end of its time is no fault.
fn files_faults(store: &Store, case: &Case) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    for one in &case.signings {
        let Some(seal) = &one.seal else { continue };
        for sealed in &seal.files {
            let Some(file) = case.file(sealed.file) else { continue };
            let held = content_of(store, &file.sha256)?;
            if held.is_some_and(|bytes| hash::hex(seal.suite, &bytes) != sealed.hash) {
                let code = "seal_file";
                faults.push(Fault { code, case: case.id, version: one.version });
            }
        }
    }
    Ok(faults)
}
