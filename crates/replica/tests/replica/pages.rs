//! Pages of the feed: whole or not at all, in order, from where the mirror
//! stands.

use lantian_domain::{ids::RecordId, role::Role};
use lantian_protocol::{
    Item, Page,
    feed::{Events, SnapshotPosition},
};
use lantian_replica::Error;
use lantian_sync::PageFault;

use crate::{
    company::{contact, note},
    tablet::Tablet,
};

#[test]
fn events_and_whole_records_lead_to_the_same_mirror() {
    let (mut tablet, leads) = Tablet::with_leads(3);
    for n in 0..6 {
        tablet.company.give(Role::CmLead, leads[n % 3], &note(&format!("第{n}句"))).unwrap();
        tablet.pull();
        tablet.assert_converged();
    }
    assert_eq!(tablet.replica().repairs().unwrap().len(), 0);
}

#[test]
fn a_22_a_page_twice_or_from_elsewhere_changes_nothing() {
    let (mut tablet, leads) = Tablet::with_leads(2);
    tablet.company.give(Role::CmLead, leads[0], &note("一")).unwrap();
    let (page, now) = (tablet.next_page(), tablet.now());
    tablet.replica().apply_page(&page, now).unwrap();
    tablet.company.give(Role::CmLead, leads[0], &note("二")).unwrap();
    tablet.pull();
    let before = tablet.replica().scope_digest().unwrap();
    let again = tablet.replica().apply_page(&page, now);
    assert!(matches!(again, Err(Error::Page(PageFault::Stale))));
    assert_eq!(tablet.replica().scope_digest().unwrap(), before);
    tablet.assert_converged();
}

#[test]
fn a_fresh_start_marks_and_sweeps() {
    let (mut tablet, leads) = Tablet::with_leads(4);
    // Without a word the scope changes: other grants.
    tablet.company.scope += 1;
    tablet.company.hidden.insert(leads[1], 0);
    let cursor = tablet.replica().cursor().unwrap();
    let mut page = tablet.company.pull(cursor.as_ref(), usize::MAX);
    // Served in two parts, as a long one is.
    let rest = page.items.split_off(3);
    let end = page.cursor.clone();
    let position = SnapshotPosition { due_ms: 0, id: leads[0] };
    page.cursor.snapshot = Some(position);
    page.more = true;
    let now = tablet.now();
    let applied = tablet.replica().apply_page(&page, now).unwrap();
    assert!(applied.first_sync.is_some_and(|(held, all)| held == 3 && all > held));
    // In between nothing is missing, and a kill goes on from here.
    assert!(tablet.replica().shown(leads[1]).unwrap().is_some());
    tablet.killed();
    let mut last = page.clone();
    last.from = Some(page.cursor.clone());
    last.items = rest;
    last.reset = false;
    last.more = false;
    last.cursor = end;
    let applied = tablet.replica().apply_page(&last, now).unwrap();
    assert_eq!(applied.first_sync, None);
    assert!(tablet.replica().shown(leads[1]).unwrap().is_none());
    tablet.assert_converged();
}

#[test]
fn f28_what_does_not_fit_its_digest_is_fetched_whole() {
    let (mut tablet, leads) = Tablet::with_leads(2);
    tablet.company.give(Role::CmLead, leads[0], &note("一")).unwrap();
    tablet.company.give(Role::CmLead, leads[0], &note("二")).unwrap();
    let mut page = tablet.next_page();
    for item in &mut page.items {
        if let Item::Snapshot(snapshot) = item {
            let events = tablet.company.records[&snapshot.id].log[3..].to_vec();
            let digest = vec![9; 16];
            *item = Item::Events(Events { id: snapshot.id, digest, events });
        } else if let Item::Events(events) = item {
            events.digest = vec![9; 16];
        }
    }
    let now = tablet.now();
    let applied = tablet.replica().apply_page(&page, now).unwrap();
    assert_eq!(applied.repairs, 1);
    tablet.killed();
    assert_eq!(tablet.replica().repairs().unwrap(), vec![leads[0]]);
    let item = tablet.company.whole(leads[0]).unwrap();
    assert_eq!(tablet.replica().repair(vec![item], now).unwrap(), 0);
    tablet.assert_converged();
}

#[test]
fn i3_a_record_fetched_whole_never_overwrites_what_the_feed_brought_meanwhile() {
    let (mut tablet, leads) = Tablet::with_leads(2);
    for bend_again in [false, true] {
        let known = tablet.company.records[&leads[0]].log.len();
        tablet.company.give(Role::CmLead, leads[0], &note("一")).unwrap();
        let (page, now) = (bent(&mut tablet, leads[0], known), tablet.now());
        assert_eq!(tablet.replica().apply_page(&page, now).unwrap().repairs, 1);
        let early = tablet.company.whole(leads[0]).unwrap();
        tablet.company.give(Role::CmLead, leads[0], &note("二")).unwrap();
        let page =
            if bend_again { bent(&mut tablet, leads[0], known + 1) } else { tablet.next_page() };
        let left = tablet.replica().apply_page(&page, now).unwrap().repairs;
        assert_eq!(tablet.replica().repair(vec![early], now).unwrap(), left);
        if left > 0 {
            let late = tablet.company.whole(leads[0]).unwrap();
            assert_eq!(tablet.replica().repair(vec![late], now).unwrap(), 0);
        }
        tablet.assert_converged();
    }
}

/// The next page, with events of a record that do not lead to their digest.
fn bent(tablet: &mut Tablet, id: RecordId, known: usize) -> Page {
    let mut page = tablet.next_page();
    let events = tablet.company.records[&id].log[known..].to_vec();
    page.items = vec![Item::Events(Events { id, digest: vec![9; 16], events })];
    page
}

#[test]
fn changes_are_told_once() {
    let (mut tablet, leads) = Tablet::with_leads(2);
    tablet.replica().take_changes();
    tablet.submit(leads[0], contact());
    assert!(tablet.replica().take_changes().contains(&leads[0]));
    assert!(tablet.replica().take_changes().is_empty());
    tablet.company.give(Role::CmLead, leads[1], &note("一")).unwrap();
    tablet.pull();
    assert_eq!(tablet.replica().take_changes(), [leads[1]].into());
}

#[test]
fn a_30_a_mirror_made_anew_is_filled_again() {
    let (mut tablet, leads) = Tablet::with_leads(3);
    tablet.submit(leads[0], contact());
    tablet.replica().rebuild_mirror().unwrap();
    assert_eq!(tablet.replica().tally().unwrap().records, 0);
    assert_eq!(tablet.replica().sendable_count().unwrap(), 1);
    tablet.sync();
    tablet.assert_converged();
    assert_eq!(tablet.replica().card(leads[0]).unwrap().unwrap().card.state, "contacted");
}

#[test]
fn f36_one_damaged_record_holds_up_nothing_else_and_is_fetched_whole() {
    let (mut tablet, leads) = Tablet::with_leads(3);
    tablet.company.give(Role::CmLead, leads[1], &note("一")).unwrap();
    let mut page = tablet.next_page();
    for item in &mut page.items {
        if let Item::Snapshot(snapshot) = item {
            snapshot.digest[0] ^= 1;
        }
    }
    let now = tablet.now();
    tablet.replica().apply_page(&page, now).unwrap();
    assert_eq!(tablet.replica().shown(leads[1]).unwrap(), None);
    assert_eq!(tablet.replica().repairs().unwrap(), vec![leads[1]]);
    tablet.submit(leads[0], contact());
    tablet.sync();
    tablet.assert_converged();
    assert!(tablet.replica().shown(leads[1]).unwrap().is_some());
}
