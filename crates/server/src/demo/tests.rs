//! The demonstration fills without a refusal at any hour, and looks alive.

use std::collections::{BTreeMap, BTreeSet};

use lantian_domain::{
    case::{
        CaseState,
        permit::{PermitClock, PermitState},
    },
    ids::FilingId,
    lead::LeadState,
    record::{Record, RecordKind},
    time::{DAY_MS, Instant},
};
use tempfile::TempDir;

use super::{DemoReport, fill};
use crate::{
    pipeline::find,
    rounds::make,
    store::{Ledger as _, NewOrg, Store},
};

fn filled(at: Instant) -> (TempDir, Store, DemoReport) {
    let folder = tempfile::tempdir().unwrap();
    let recipient = age::x25519::Identity::generate().to_public().to_string();
    let store =
        Store::create(folder.path(), &NewOrg { name: "甲", recipient: &recipient, at }).unwrap();
    let report = fill(&store, at).unwrap();
    (folder, store, report)
}

fn records(store: &Store, kind: RecordKind) -> Vec<Record> {
    store
        .read_now(|unit| {
            let ids = unit.records_of(kind)?;
            ids.into_iter().map(|id| Ok(find(unit, id)?.unwrap())).collect()
        })
        .unwrap()
}

fn noon() -> Instant {
    Instant::parse("2026-11-24T12:10:00+08:00").unwrap()
}

#[test]
fn the_company_is_alive_in_every_state() {
    let (_folder, store, report) = filled(noon());
    assert!(report.leads >= 40 && report.cases >= 60, "{} {}", report.leads, report.cases);
    let mut leads: BTreeSet<&str> = BTreeSet::new();
    for record in records(&store, RecordKind::Lead) {
        if let Record::Lead(lead) = record {
            leads.insert(lead.state.as_str());
        }
    }
    let wanted = [
        LeadState::Received,
        LeadState::HandedOver,
        LeadState::Contacted,
        LeadState::Converted,
        LeadState::NoDemand,
    ];
    assert!(wanted.iter().all(|state| leads.contains(state.as_str())), "{leads:?}");
    let mut cases: BTreeMap<&str, usize> = BTreeMap::new();
    for record in records(&store, RecordKind::Case) {
        if let Record::Case(case) = record {
            *cases.entry(case.state.as_str()).or_default() += 1;
        }
    }
    let absent: Vec<_> = CaseState::ALL
        .iter()
        .filter(|state| **state != CaseState::Merged && !cases.contains_key(state.as_str()))
        .collect();
    assert!(absent.is_empty(), "{absent:?} in {cases:?}");
}

#[test]
fn some_clocks_are_late_and_some_end_today() {
    let now = noon();
    let (_folder, store, _) = filled(now);
    let (mut late, mut today, mut later) = (0, 0, 0);
    for record in records(&store, RecordKind::Lead).iter().chain(&records(&store, RecordKind::Case))
    {
        for clock in record.clocks().iter().filter(|clock| clock.state.is_open()) {
            match clock.due_at {
                due if due < now => late += 1,
                due if due.date() == now.date() => today += 1,
                _ => later += 1,
            }
        }
    }
    assert!(late >= 8 && today >= 5 && later >= 10, "{late} late, {today} today, {later} later");
}

#[test]
fn both_managers_have_work_that_waits_for_a_signature() {
    let (_folder, store, _) = filled(noon());
    let mut waiting: BTreeMap<_, usize> = BTreeMap::new();
    for record in records(&store, RecordKind::Case) {
        if let Record::Case(case) = record
            && case.state == CaseState::Designed
        {
            *waiting.entry(case.manager).or_default() += 1;
        }
    }
    assert_eq!(waiting.len(), 2);
    assert!(waiting.values().all(|count| *count >= 2));
}

#[test]
fn it_fills_at_any_hour_of_any_day() {
    for at in
        ["2026-11-24T03:20:00+08:00", "2026-10-05T08:31:00+08:00", "2027-01-03T23:59:00+08:00"]
    {
        filled(Instant::parse(at).unwrap());
    }
}

#[test]
fn nothing_lies_in_the_future_and_every_file_is_there() {
    let now = noon();
    let (_folder, store, report) = filled(now);
    for record in records(&store, RecordKind::Case) {
        assert!(record.trail().iter().all(|entry| entry.at <= now));
        for pair in record.trail().windows(2) {
            assert!(pair[0].at <= pair[1].at, "{}: {pair:?}", record.id());
        }
    }
    // Every log leads to its record, every link of the audit holds.
    let audited = store.read_now(crate::audit::verify).unwrap();
    assert!(audited.holds, "{:?}", audited.found);
    let verified = crate::files::verify(&store).unwrap();
    assert!(verified.missing.is_empty() && verified.damaged.is_empty());
    assert!(report.files > 200 && report.commands > 1_000);
}

/// The filings whose authority has still to say whether the papers are whole.
fn waiting(store: &Store) -> Vec<FilingId> {
    let mut all = Vec::new();
    for record in records(store, RecordKind::Case) {
        let Record::Case(case) = record else { continue };
        let open = |id| {
            let mut clocks = case.permit_clocks(id);
            clocks.any(|(part, clock)| part == PermitClock::P2 && clock.state.is_open())
        };
        let filed = [PermitState::Filed, PermitState::CorrectionDone];
        let lies = case.permits.iter().filter(|one| filed.contains(&one.state) && open(one.id));
        all.extend(lies.map(|one| one.id));
    }
    all
}

fn raised(store: &Store, text: &str) -> usize {
    let all = records(store, RecordKind::Notice);
    all.iter().filter(|one| matches!(one, Record::Notice(n) if n.raised.text == text)).count()
}

#[test]
fn permit_p2_the_rounds_note_the_silence_of_an_authority_once_and_tell_who_works_on_it() {
    let (_folder, store, _) = filled(noon());
    let before = waiting(&store);
    assert!(!before.is_empty(), "something lies with an authority");
    let later = noon().plus_ms(30 * DAY_MS);
    let made = make(&store, later, Some("permits")).unwrap();
    let deeds = u64::try_from(2 * before.len()).unwrap();
    assert_eq!((made[0].done, made[0].refused), (deeds, 0));
    assert!(waiting(&store).is_empty());
    assert_eq!(raised(&store, "permit_deemed_accepted"), before.len());
    assert_eq!(make(&store, later, Some("permits")).unwrap()[0].done, 0, "once");
}

#[test]
fn f_06_a_reminder_of_the_rounds_reaches_whoever_has_to_tell_the_applicant() {
    let (_folder, store, _) = filled(noon());
    let before = raised(&store, "applicant_to_tell");
    let later = noon().plus_ms(12 * DAY_MS);
    make(&store, later, Some("tolerance")).unwrap();
    assert!(raised(&store, "applicant_to_tell") > before);
    let heard = raised(&store, "applicant_to_tell");
    make(&store, later, Some("tolerance")).unwrap();
    assert_eq!(raised(&store, "applicant_to_tell"), heard, "once");
}
