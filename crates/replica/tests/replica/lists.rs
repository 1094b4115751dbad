//! Lists and search: the same answers as looking at every record.

use lantian_domain::{
    card::card,
    record::{Record, RecordKind},
    role::Role,
};
use lantian_replica::{Filter, SyncState};

use crate::{
    company::{contact, note, user},
    tablet::Tablet,
};

fn works() -> Filter {
    Filter { kinds: [RecordKind::Lead, RecordKind::Case].into(), ..Filter::default() }
}

fn search(text: &str) -> Filter {
    Filter { search: Some(text.to_owned()), ..works() }
}

#[test]
fn search_finds_what_a_look_at_every_record_finds() {
    let (mut tablet, leads) = Tablet::with_leads(40);
    tablet.submit(leads[3], contact());
    let words =
        ["新", "华路", "零星户7号", "138000", "13800000012", "路66", "没有", "新郑 39号", "WANG"];
    for word in words {
        let found = tablet.replica().list(&search(word), 100, None).unwrap();
        let expected = leads
            .iter()
            .filter(|id| {
                let record = tablet.replica.as_ref().unwrap().shown(**id).unwrap().unwrap();
                let text = card(&record).search;
                word.to_lowercase().split(' ').all(|word| text.contains(word))
            })
            .count();
        assert_eq!((found.items.len(), found.total), (expected, expected), "{word}");
    }
    assert_eq!(tablet.replica().list(&search("7号"), 100, None).unwrap().total, 4);
}

#[test]
fn pages_of_a_list_meet_without_gap_or_repeat() {
    let (mut tablet, _) = Tablet::with_leads(23);
    let whole = tablet.replica().list(&works(), 100, None).unwrap();
    assert_eq!((whole.items.len(), whole.total, whole.next), (23, 23, None));
    for limit in [1, 5, 22, 23, 24] {
        let (mut ids, mut after) = (Vec::new(), None);
        loop {
            let part = tablet.replica().list(&works(), limit, after.as_deref()).unwrap();
            assert_eq!(part.total, 23);
            ids.extend(part.items.iter().map(|line| line.card.id));
            after = part.next;
            if after.is_none() {
                break;
            }
        }
        let expected: Vec<_> = whole.items.iter().map(|line| line.card.id).collect();
        assert_eq!(ids, expected, "{limit}");
    }
    let due: Vec<_> = whole.items.iter().map(|line| line.card.due_ms()).collect();
    assert!(due.is_sorted());
}

#[test]
fn filters_are_independent_of_each_other() {
    let (mut tablet, leads) = Tablet::with_leads(6);
    tablet.submit(leads[0], contact());
    tablet.submit(leads[1], note("话"));
    let mut count = |filter: &Filter| tablet.replica().list(filter, 10, None).unwrap().total;
    assert_eq!(count(&Filter { states: ["contacted".to_owned()].into(), ..works() }), 1);
    assert_eq!(count(&Filter { states: ["no_such".to_owned()].into(), ..works() }), 0);
    let manager = Some(user(Role::CustomerManager));
    assert_eq!(count(&Filter { manager, ..works() }), 6);
    let manager = Some(user(Role::Leader));
    assert_eq!(count(&Filter { manager, ..works() }), 0);
    assert_eq!(count(&Filter { sync_states: [SyncState::Pending].into(), ..works() }), 2);
    assert_eq!(count(&Filter { sync_states: [SyncState::Delivered].into(), ..works() }), 4);
    let due = tablet.replica().card(leads[5]).unwrap().unwrap().card.due_at.unwrap();
    let mut count = |filter: &Filter| tablet.replica().list(filter, 10, None).unwrap().total;
    let before = count(&Filter { due_before: Some(due), ..works() });
    let after = count(&Filter { due_from: Some(due), ..works() });
    assert_eq!(before + after, 6);
    assert!(after >= 1);
}

#[test]
fn the_directory_and_the_rules_come_with_the_feed() {
    let (mut tablet, _) = Tablet::with_leads(1);
    let people = tablet.replica().people().unwrap();
    assert_eq!(people.len(), 4);
    let rules = tablet.replica().rules().unwrap();
    let kept = &tablet.company.records[&lantian_domain::record::Rules::ID].record;
    assert_eq!(*kept, Record::Rules(Box::new((*rules).clone())));
}

#[test]
fn the_tally_counts_what_waits() {
    let (mut tablet, leads) = Tablet::with_leads(2);
    tablet.submit(leads[0], contact());
    tablet.submit(leads[0], note("话"));
    let tally = tablet.replica().tally().unwrap();
    assert_eq!((tally.pending, tally.pending_records, tally.records), (2, 1, 7));
    assert_eq!((tally.refused, tally.parked, tally.files_pending), (0, 0, 0));
    let now = tablet.now();
    assert!(!tablet.replica().offers(leads[0], now).unwrap().is_empty());
}
