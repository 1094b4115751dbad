//! The nightly round of retention (P-05): takes the person out of every record
//! whose period is over, and lets go of the papers that only the person needs.
//!
//! Invariant: nothing goes before its day, and a second round of the same
//! night finds nothing to do.

use lantian_domain::{
    command::Command,
    file::FileRef,
    ids::{CommandId, DeviceId, RecordId},
    privacy::{
        erase::{Because, EraseData, is_erased},
        retention::{Class, due_on, of_file},
    },
    record::{Record, RecordKind},
    time::Instant,
};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    error::Result,
    files::drop_contents,
    pipeline::{Act, find, perform},
    rounds::interface,
    store::{Ledger as _, Store},
};

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Records read.
    pub read: u64,
    /// Records from which a person was taken out.
    pub erased: u64,
    /// Papers let go.
    pub contents: u64,
}

/// Carries the round out as of `now`.
///
/// # Errors
/// The store's. What was done before stays done.
pub fn run(store: &Store, now: Instant) -> Result<Report> {
    let mut report = Report::default();
    let Some(person) = store.read_now(interface)? else { return Ok(report) };
    for kind in RecordKind::WORK {
        for id in store.read_now(|unit| unit.records_of(*kind))? {
            report.read += 1;
            let Some(record) = store.read_now(|unit| find(unit, id))? else { continue };
            if due_on(&record).is_some_and(|due| due <= now) {
                let act = act(&person, id, now);
                let done = store.write_now(move |unit| perform(unit, &act))?;
                report.erased += u64::from(done.is_ok());
            }
            report.contents += let_go(store, id, &record, now)?;
        }
    }
    Ok(report)
}

fn act(person: &lantian_domain::record::Person, record: RecordId, at: Instant) -> Act {
    Act {
        id: CommandId(Uuid::now_v7()),
        person: person.clone(),
        device: DeviceId(Uuid::nil()),
        record,
        at,
        received: at,
        command: Command::EraseData(EraseData { because: Because::Retention }),
    }
}

/// Drops recordings whose period is over and, once the person was taken out,
/// every paper that is not kept for ever.
fn let_go(store: &Store, id: RecordId, record: &Record, now: Instant) -> Result<u64> {
    if record.files().is_empty() {
        return Ok(0);
    }
    let ended = record.trail().last().map(|entry| entry.at);
    let erased = store.read_now(|unit| find(unit, id))?.is_some_and(|one| is_erased(&one));
    let may_go = |file: &&FileRef| match of_file(file.kind) {
        Class::Permanent => false,
        Class::Voice => {
            erased || ended.and_then(|end| Class::Voice.over(end)).is_some_and(|due| due <= now)
        }
        _ => erased,
    };
    let gone: Vec<FileRef> = record.files().iter().filter(may_go).cloned().collect();
    drop_contents(store, &gone)
}
