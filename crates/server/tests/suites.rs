//! P-11: the same company under either suite of algorithms, and after a change.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use lantian_domain::{
    case::{Case, CaseState},
    command::Command,
    ids::{CommandId, DeviceId, RecordId},
    privacy::{Field, Unmask},
    record::{Record, RecordKind},
    suite::Suite,
    time::Instant,
};
use lantian_server::{
    audit, demo,
    pipeline::{Act, find, perform},
    privacy::archive,
    signing,
    store::{Accounts as _, FILE, Journal as _, Ledger as _, NewOrg, Store},
    suite::hash::suite_of,
};
use tempfile::TempDir;
use uuid::Uuid;

const EACH: [Suite; 2] = [Suite::Standard, Suite::Guomi];

fn company(suite: Suite) -> (TempDir, Store, Instant) {
    let at = Instant::parse("2026-11-24T12:10:00+08:00").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let recipient = age::x25519::Identity::generate().to_public().to_string();
    let org = NewOrg { name: "甲", recipient: &recipient, at };
    let store = Store::create(folder.path(), &org).unwrap().by(suite);
    demo::fill(&store, at).unwrap();
    (folder, store, at)
}

fn case_where(store: &Store, fits: impl Fn(&Case) -> bool) -> Case {
    store
        .read_now(|unit| {
            for id in unit.records_of(RecordKind::Case)? {
                if let Some(Record::Case(case)) = find(unit, id)?
                    && fits(&case)
                {
                    return Ok(*case);
                }
            }
            panic!("there is such a case")
        })
        .unwrap()
}

fn export(store: &Store, place: &Path, at: Instant) -> archive::Report {
    let case = case_where(store, |case| case.state == CaseState::Archived);
    archive::export(store, case.id, place, at).unwrap()
}

/// Somebody looks at a masked field: an event, and an audit row.
fn work(store: &Store, at: Instant, field: Field) -> RecordId {
    let case = case_where(store, |case| case.state == CaseState::Accepted);
    let person = store.read_now(|unit| unit.user_by_login("cm_lead1")).unwrap().unwrap().person;
    let asked = Unmask { field, reason: "核对投诉".to_owned() };
    let act = Act {
        id: CommandId(Uuid::now_v7()),
        person,
        device: DeviceId(Uuid::nil()),
        record: case.id,
        at,
        received: at,
        command: Command::Unmask(asked),
    };
    store.write_now(move |unit| perform(unit, &act)).unwrap().unwrap();
    case.id
}

/// The suites by which the audit's rows and a record's events are chained.
fn chained(store: &Store, id: RecordId) -> (BTreeSet<Suite>, BTreeSet<Suite>) {
    let rows = store.read_now(|unit| unit.audit_after(0, 1_000_000)).unwrap();
    let events = store.read_now(|unit| unit.events_after(id, 0)).unwrap();
    let audit = rows.iter().map(|row| suite_of(&row.hash).unwrap());
    (audit.collect(), events.iter().map(|row| suite_of(&row.hash).unwrap()).collect())
}

/// A company that works, signs and archives; everything verifies by `suite`.
fn works_by(suite: Suite, folder: &TempDir, store: &Store, at: Instant) -> PathBuf {
    assert_eq!(store.suite(), suite);
    assert!(signing::sweep(store, at).unwrap() > 0, "signatures to complete");
    let only = BTreeSet::from([suite]);
    let id = work(store, at, Field::Phone);
    assert_eq!(chained(store, id), (only.clone(), only));
    let place = folder.path().join("old");
    export(store, &place, at);
    let package = archive::verify(&place).unwrap();
    assert!(package.holds, "{suite:?} {:?}", package.faults);
    verifies(store);
    place
}

fn verifies(store: &Store) -> u64 {
    let audited = store.read_now(audit::verify).unwrap();
    assert!(audited.holds, "{:?}", audited.found);
    let found = signing::verify(store).unwrap();
    assert!(found.complete > 0 && found.faults.is_empty(), "{:?}", found.faults);
    found.complete
}

/// One digit of the log's last line.
fn forge(place: &Path) {
    let log = place.join("log.jsonl");
    let text = std::fs::read_to_string(&log).unwrap();
    let at = text.rfind("\"hash\":\"").unwrap() + 9;
    let digit = if text[at..].starts_with('0') { "1" } else { "0" };
    std::fs::write(&log, format!("{}{digit}{}", &text[..at], &text[at + 1..])).unwrap();
    let faults = archive::verify(place).unwrap().faults;
    assert!(faults.iter().any(|fault| fault.starts_with("log_broken")), "{faults:?}");
    std::fs::write(&log, text).unwrap();
}

#[test]
fn p_11_the_same_work_verifies_under_either_suite_and_after_a_change_of_it() {
    for [before, after] in [EACH, [Suite::Guomi, Suite::Standard]] {
        let (folder, store, at) = company(before);
        let old = works_by(before, &folder, &store, at);
        let complete = verifies(&store);
        drop(store);

        let store = Store::open(folder.path()).unwrap().by(after);
        let id = work(&store, at, Field::Address);
        let both = BTreeSet::from(EACH);
        assert_eq!(chained(&store, id), (both.clone(), both), "the chain goes on by the other");
        let new = folder.path().join("new");
        export(&store, &new, at);
        for place in [&old, &new] {
            let package = archive::verify(place).unwrap();
            assert!(package.holds, "{:?}", package.faults);
            forge(place);
        }
        assert_eq!(verifies(&store), complete, "old seals hold");

        let beside = rusqlite::Connection::open(folder.path().join(FILE)).unwrap();
        beside.execute_batch("DROP TRIGGER audit_stays").unwrap();
        for row in ["5", "(SELECT max(n) FROM audit)"] {
            let sql = format!("UPDATE audit SET result = result || 'x' WHERE n = {row}");
            beside.execute(&sql, []).unwrap();
        }
        let audited = store.read_now(audit::verify).unwrap();
        let broken = audited.found.iter().filter(|fault| fault.code == "audit_hash").count();
        assert_eq!(broken, 2, "a row of each suite");
    }
}
