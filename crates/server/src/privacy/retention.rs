//! The nightly round of retention (P-05): takes the person out of every record
//! whose period is over, and lets go of the papers that only the person needs.
//!
//! Invariant: nothing goes before its day, and a second round of the same
//! night finds nothing to do.

use lantian_domain::{
    card::card,
    command::Command,
    file::FileRef,
    ids::{CommandId, DeviceId, RecordId},
    privacy::{
        erase::{Because, EraseData, is_erased},
        retention::{Class, TERMS, due_on, kept, of_file},
    },
    record::{Record, RecordKind},
    time::{DAY_MS, Instant},
};
use lantian_protocol::retention::{DueLine, ErasedLine, Retention, TermLine};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    error::Result,
    files::drop_contents,
    pipeline::{Act, find, perform},
    privacy::erase,
    rounds::interface,
    store::{AuditFilter, Journal as _, Ledger as _, Store, Unit},
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

/// How far ahead the security administrator looks.
const AHEAD_MS: i64 = 90 * DAY_MS;
/// The lines shown; more are only counted.
const SHOWN: usize = 200;
/// The erasures counted.
const COUNTED: usize = 100_000;

/// Where retention stands as of `now`: the periods, what is due and soon due,
/// what is gone.
///
/// # Errors
/// The store's.
pub fn standing(store: &Store, now: Instant) -> Result<Retention> {
    let mut lines = Vec::new();
    for kind in RecordKind::WORK {
        for id in store.read_now(|unit| unit.records_of(*kind))? {
            let Some(record) = store.read_now(|unit| find(unit, id))? else { continue };
            let Some(kept) = kept(&record) else { continue };
            if kept.due > now.plus_ms(AHEAD_MS) {
                continue;
            }
            lines.push(DueLine {
                record: id,
                kind: *kind,
                no: card(&record).no,
                class: kept.class,
                ended_on: kept.ended.date(),
                due_on: kept.due.date(),
                due: kept.due <= now,
            });
        }
    }
    lines.sort_by(|a, b| (a.due_on, &a.no).cmp(&(b.due_on, &b.no)));
    let due = lines.iter().filter(|line| line.due).count() as u64;
    let soon = lines.len() as u64 - due;
    lines.truncate(SHOWN);
    let (erased, gone) = store.read_now(gone)?;
    let terms = TERMS.map(|term| TermLine {
        class: term.class,
        months: term.months,
        basis: term.basis.to_owned(),
    });
    Ok(Retention { as_of: now, terms: terms.into(), due, soon, lines, erased, gone })
}

/// How many persons were taken out, and the last of them, as the audit has it.
fn gone(unit: &Unit<'_>) -> Result<(u64, Vec<ErasedLine>)> {
    let filter = AuditFilter { act: Some(erase::ACT.to_owned()), ..AuditFilter::default() };
    let rows = unit.audit_where(&filter, COUNTED)?;
    let count = rows.len() as u64;
    let mut gone = Vec::new();
    for row in rows.into_iter().take(SHOWN) {
        let Some(id) = row.entry.subject.map(RecordId) else { continue };
        let detail = row.entry.detail.unwrap_or_default();
        gone.push(ErasedLine {
            at: row.at,
            record: id,
            no: find(unit, id)?.map(|record| card(&record).no).unwrap_or_default(),
            events: detail["events"].as_u64().unwrap_or_default(),
            audit: row.n,
        });
    }
    Ok((count, gone))
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
    let erased = store.read_now(|unit| find(unit, id))?.is_some_and(|one| is_erased(&one));
    let gone = record.files().iter().filter(|file| may_go(record, file, erased, now));
    let gone: Vec<FileRef> = gone.cloned().collect();
    drop_contents(store, &gone)
}

/// Whether the content of an attachment was let go of, or is to be: nobody
/// brings it again.
pub(crate) fn is_let_go(record: &Record, file: &FileRef, now: Instant) -> bool {
    may_go(record, file, is_erased(record), now)
}

fn may_go(record: &Record, file: &FileRef, erased: bool, now: Instant) -> bool {
    let ended = record.trail().last().map(|entry| entry.at);
    match of_file(file.kind) {
        Class::Permanent => false,
        Class::Voice => {
            erased || ended.and_then(|end| Class::Voice.over(end)).is_some_and(|due| due <= now)
        }
        Class::CaseFile
        | Class::Visit
        | Class::SecurityLog
        | Class::Assessment
        | Class::Request
        | Class::Ended => erased,
    }
}
