//! Verification: the database itself, the audit chain, the log of each record,
//! and what the log amounts to.
//!
//! Invariant: whatever is changed, deleted or cut out of the chains, or in a
//! record beside its log, is found (T18).

pub mod read;

use std::collections::{BTreeMap, BTreeSet};

use lantian_domain::{apply, begins, event::Event, ids::RecordId, record::Record, stamp::Stamp};
use lantian_protocol::blob;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    error::Result,
    feed::scope::keys_of,
    pipeline::Link,
    privacy::erase,
    signing::{
        keys::{self, Keys},
        log_faults, log_of,
    },
    store::{AuditEntry, Journal, Ledger, RecordRow, Scopes, Unit},
};

/// In the detail of a command's row: [`answer_digest`] of its stored answer,
/// so that the chain vouches for what a repeat is answered.
pub(crate) const ANSWER: &str = "answer";

/// The digest of a command's answer: the first 16 bytes of SHA-256 over the
/// envelope's hash and the answer as it is stored, in hex.
pub(crate) fn answer_digest(envelope: &[u8], answer: &[u8]) -> String {
    let digest = Sha256::new().chain_update(envelope).chain_update(answer).finalize();
    hex::encode(&digest[..16])
}

/// Rows read at once.
const STEP: usize = 1_000;
/// Faults named in a report; more are only counted.
const NAMED: usize = 100;

/// What verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether everything holds.
    pub holds: bool,
    /// Audit rows read.
    pub audit_rows: u64,
    /// Hash of the last audit row, hex: keep it elsewhere, and a chain cut
    /// short is found as well.
    pub audit_head: String,
    /// Records read.
    pub records: u64,
    /// Events read.
    pub events: u64,
    /// Faults in all.
    pub faults: u64,
    /// The first faults.
    pub found: Vec<Fault>,
}

/// Something that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Stable code, as `database`, `audit_hash`, `event_missing`,
    /// `record_differs`.
    pub code: &'static str,
    /// The audit row, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit: Option<u64>,
    /// The record, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordId>,
    /// The event of the record, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// What SQLite says of its pages, if it is about them; it names tables and
    /// numbers of rows, never content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Fault {
    fn of(code: &'static str) -> Self {
        Self { code, audit: None, record: None, version: None, detail: None }
    }
}

impl Report {
    fn add(&mut self, fault: Fault) {
        self.faults += 1;
        if self.found.len() < NAMED {
            self.found.push(fault);
        }
    }

    fn finish(mut self) -> Self {
        self.holds = self.faults == 0;
        self
    }
}

/// Verifies the audit chain.
///
/// # Errors
/// The store's.
pub fn verify_chain(unit: &Unit<'_>) -> Result<Report> {
    let mut report = Report::default();
    chain(unit, &mut report)?;
    Ok(report.finish())
}

/// Verifies the database, the audit chain, the log of every record, and the
/// records. What a damaged database says of anything else is worth nothing, and
/// is not asked.
///
/// # Errors
/// The store's.
pub fn verify(unit: &Unit<'_>) -> Result<Report> {
    let mut report = Report::default();
    for finding in unit.integrity()? {
        report.add(Fault { detail: Some(finding), ..Fault::of("database") });
    }
    if report.faults > 0 {
        return Ok(report.finish());
    }
    let mut vouched = chain(unit, &mut report)?;
    vouched.keys = keys::all(unit)?;
    vouched.keys.retain(|id, _| vouched.named.contains(id));
    for id in unit.logged()? {
        record(unit, id, &vouched, &mut report)?;
    }
    Ok(report.finish())
}

/// What the audit vouches for.
#[derive(Default)]
struct Vouched {
    /// The digests of the events that were written anew, by record.
    erased: BTreeMap<Uuid, String>,
    /// The signing keys that it names.
    named: BTreeSet<String>,
    /// Of these, the public parts.
    keys: Keys,
}

impl Vouched {
    fn take(&mut self, entry: &AuditEntry) {
        let said = |name: &str| {
            let detail = entry.detail.as_ref()?;
            detail[name].as_str().map(str::to_owned)
        };
        match entry.act.as_str() {
            erase::ACT => self.erased.extend(entry.subject.zip(said("digest"))),
            keys::ACT => self.named.extend(said("key")),
            _ => {}
        }
    }
}

fn chain(unit: &Unit<'_>, report: &mut Report) -> Result<Vouched> {
    let mut vouched = Vouched::default();
    let mut prev = Vec::new();
    let mut last = 0;
    loop {
        let rows = unit.audit_after(last, STEP)?;
        let Some(end) = rows.last().map(|row| row.n) else { break };
        for row in rows {
            let fault = |code| Fault { audit: Some(row.n), ..Fault::of(code) };
            if row.n != last + 1 {
                report.add(fault("audit_missing"));
            }
            if !row.follows(&prev) {
                report.add(fault("audit_hash"));
            }
            vouched.take(&row.entry);
            if let Some(code) = answer_fault(unit, &row.entry)? {
                report.add(fault(code));
            }
            last = row.n;
            prev = row.hash;
            report.audit_rows += 1;
        }
        last = end;
    }
    report.audit_head = hex::encode(prev);
    Ok(vouched)
}

/// What is wrong with the stored answer that an audit row vouches for.
fn answer_fault(unit: &Unit<'_>, entry: &AuditEntry) -> Result<Option<&'static str>> {
    let said = entry.detail.as_ref().and_then(|detail| detail[ANSWER].as_str());
    let Some((command, said)) = entry.command.zip(said) else { return Ok(None) };
    Ok(match unit.outcome(command)? {
        None => Some("answer_missing"),
        Some((hash, answer)) => (answer_digest(&hash, &answer) != said).then_some("answer_differs"),
    })
}

fn record(unit: &Unit<'_>, id: RecordId, vouched: &Vouched, report: &mut Report) -> Result<()> {
    report.records += 1;
    let fault = |code, version| Fault { record: Some(id), version, ..Fault::of(code) };
    let mut head = Vec::new();
    let mut made: Option<Record> = None;
    let mut readable = true;
    let rows = unit.events_after(id, 0)?;
    let anew = rows.iter().any(|row| row.erased.is_some());
    let audited = match vouched.erased.get(&id.0) {
        Some(said) => anew && erase::vouches(said, &rows),
        None => !anew,
    };
    if !audited {
        report.add(fault("erasure_unaudited", None));
    }
    for seal in log_faults(id, &log_of(&rows), &vouched.keys) {
        report.add(fault(seal.code, Some(seal.version)));
    }
    for (row, version) in rows.into_iter().zip(1..) {
        report.events += 1;
        if row.version != version {
            report.add(fault("event_missing", Some(version)));
            return Ok(());
        }
        // An event written anew without a person is vouched for by the audit.
        let whole = if let Some(erased) = &row.erased {
            erase::fits(erased, &row.event)
        } else {
            let (event, stamp) = (row.event.as_str(), row.stamp.as_str());
            Link { prev: &head, record: id, version, event, stamp }.fits(&row.hash)
        };
        if !whole {
            report.add(fault("event_hash", Some(version)));
        }
        head = row.hash;
        let event = serde_json::from_str::<Event>(&row.event);
        let stamp = serde_json::from_str::<Stamp>(&row.stamp);
        match (event, stamp) {
            (Ok(event), Ok(stamp)) if readable => {
                if made.is_none() && !begins(&event) {
                    report.add(fault("event_hash", Some(version)));
                    return Ok(());
                }
                made = Some(apply(made, id, &event, &stamp));
            }
            _ => {
                readable = false;
                report.add(fault("event_unreadable", Some(version)));
            }
        }
    }
    match unit.record(id)? {
        None => report.add(fault("record_missing", None)),
        Some(row) if row.head != head => report.add(fault("event_missing", Some(row.version))),
        Some(row) => {
            if readable && !amounts_to(made.as_ref(), &row)? {
                report.add(fault("record_differs", Some(row.version)));
            }
            if !in_its_scopes(unit, &row)? {
                report.add(fault("scope_differs", None));
            }
        }
    }
    Ok(())
}

/// Whether the stored record is what its log amounts to.
fn amounts_to(made: Option<&Record>, row: &RecordRow) -> Result<bool> {
    let Some(made) = made else { return Ok(false) };
    let packed = blob::pack(made)?;
    let stored = blob::unpack_json(&row.body).ok().map(|json| blob::digest(&json));
    Ok(packed.digest == row.digest
        && stored.as_ref() == Some(&row.digest)
        && keys_of(made) == row.audiences)
}

fn in_its_scopes(unit: &Unit<'_>, row: &RecordRow) -> Result<bool> {
    for key in &row.audiences {
        if unit.member(key, row.id)?.is_none_or(|member| member.seq != row.seq) {
            return Ok(false);
        }
    }
    Ok(true)
}
