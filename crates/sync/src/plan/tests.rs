//! Planning a page: what is taken, what is refused, what is fetched whole.

use lantian_domain::{
    card::Card,
    event::{Empty, Event},
    evidence::Grade,
    ids::{CommandId, DeviceId, UserId},
    record::RecordKind,
    stamp::Stamp,
    time::Instant,
};
use lantian_protocol::{StoredEvent, feed::SnapshotPosition};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

struct Mirror {
    cursor: Option<Cursor>,
    versions: std::collections::BTreeMap<RecordId, u64>,
}

impl LocalVersions for Mirror {
    fn cursor(&self) -> Option<Cursor> {
        self.cursor.clone()
    }

    fn version(&self, id: RecordId) -> Option<u64> {
        self.versions.get(&id).copied()
    }
}

fn id(n: u128) -> RecordId {
    RecordId(Uuid::from_u128(n))
}

fn cursor(seq: u64) -> Cursor {
    Cursor { epoch: 1, scope: 1, seq, snapshot: None, witness: None }
}

fn at(cursor: Option<Cursor>, held: &[(u128, u64)]) -> Mirror {
    Mirror { cursor, versions: held.iter().map(|(n, version)| (id(*n), *version)).collect() }
}

fn page(from: Option<Cursor>, to: Cursor, items: Vec<Item>) -> Page {
    let reset = from.is_none();
    let server_time = Instant(0);
    Page { from, items, cursor: to, more: false, reset, total: None, server_time }
}

fn snapshot(n: u128, version: u64) -> Item {
    let card = Card {
        id: id(n),
        kind: RecordKind::Lead,
        no: String::new(),
        title: String::new(),
        subtitle: String::new(),
        state: String::new(),
        segment: None,
        due_at: None,
        clock: None,
        org: None,
        holder: None,
        manager: None,
        flags: Vec::new(),
        permits: Vec::new(),
        search: String::new(),
    };
    let (kind, digest, body) = (RecordKind::Lead, Vec::new(), Vec::new());
    Item::Snapshot(Snapshot { id: id(n), kind, version, digest, card, body })
}

fn events(n: u128, versions: std::ops::RangeInclusive<u64>) -> Item {
    let stamp = Stamp {
        at: Instant(0),
        claimed: Instant(0),
        received: None,
        grade: Grade::Online,
        actor: UserId(Uuid::nil()),
        role: None,
        device: DeviceId(Uuid::nil()),
        command: CommandId(Uuid::nil()),
    };
    let event = Event::LeadContacted(Empty {});
    let stored = |version| StoredEvent { version, stamp: stamp.clone(), event: event.clone() };
    Item::Events(Events { id: id(n), digest: Vec::new(), events: versions.map(stored).collect() })
}

/// What a plan does, in short.
fn acts(plan: &Plan<'_>) -> Vec<String> {
    plan.actions
        .iter()
        .map(|action| match action {
            Action::Put(one) => format!("put {}", one.version),
            Action::Extend { events, above } => format!("extend {}>{above}", events.events.len()),
            Action::Remove(_) => "remove".to_owned(),
            Action::Repair(_) => "repair".to_owned(),
        })
        .collect()
}

fn check(mirror: &Mirror, page: &Page, expected: &[&str]) {
    assert_eq!(acts(&plan(page, mirror).unwrap()), expected);
}

#[test]
fn f08_a_page_from_elsewhere_is_refused() {
    let mirror = at(Some(cursor(5)), &[]);
    for from in [None, Some(cursor(4)), Some(cursor(6))] {
        let page = page(from, cursor(7), Vec::new());
        assert_eq!(plan(&page, &mirror), Err(PageFault::Stale));
    }
}

#[test]
fn a_18_i7_the_mirror_never_goes_back_within_an_epoch() {
    let mirror = at(Some(cursor(5)), &[]);
    let back = page(Some(cursor(5)), cursor(4), Vec::new());
    assert_eq!(plan(&back, &mirror), Err(PageFault::Backwards { from: 5, to: 4 }));
    let mut stuck = page(Some(cursor(5)), cursor(5), Vec::new());
    stuck.more = true;
    assert_eq!(plan(&stuck, &mirror), Err(PageFault::Stuck));
}

#[test]
fn another_epoch_or_scope_needs_a_fresh_start() {
    let mirror = at(Some(cursor(5)), &[]);
    for to in [Cursor { epoch: 2, ..cursor(1) }, Cursor { scope: 2, ..cursor(9) }] {
        let mut page = page(Some(cursor(5)), to, Vec::new());
        assert_eq!(plan(&page, &mirror), Err(PageFault::NotReset));
        page.reset = true;
        let plan = plan(&page, &mirror).unwrap();
        assert!(plan.begin && plan.finish);
    }
}

#[test]
fn the_pages_of_one_snapshot_are_one_start() {
    let position = SnapshotPosition { due_ms: 3, id: id(1) };
    let midway = Cursor { snapshot: Some(position), ..cursor(5) };
    let mut first = page(None, midway.clone(), vec![snapshot(1, 1)]);
    first.more = true;
    let mirror = at(None, &[]);
    let begun = plan(&first, &mirror).unwrap();
    assert!(begun.begin && !begun.finish);
    let mut last = page(Some(midway.clone()), cursor(5), vec![snapshot(2, 1)]);
    last.reset = true;
    let mirror = at(Some(midway), &[(1, 1)]);
    let ended = plan(&last, &mirror).unwrap();
    assert!(!ended.begin && ended.finish);
}

#[test]
fn events_are_put_only_onto_the_version_they_follow() {
    let mirror = at(Some(cursor(5)), &[(1, 3), (2, 3), (3, 9)]);
    let items = vec![events(1, 4..=6), events(2, 5..=6), events(3, 7..=9), events(4, 1..=2)];
    let page = page(Some(cursor(5)), cursor(8), items);
    check(&mirror, &page, &["extend 3>3", "repair", "extend 3>9", "repair"]);
}

#[test]
fn events_out_of_order_are_no_page() {
    let mirror = at(Some(cursor(5)), &[(1, 3)]);
    let mut item = events(1, 4..=6);
    if let Item::Events(events) = &mut item {
        events.events.swap(0, 1);
    }
    let page = page(Some(cursor(5)), cursor(8), vec![item]);
    assert_eq!(plan(&page, &mirror), Err(PageFault::Disordered(id(1))));
}

#[test]
fn what_a_page_says_first_counts_for_what_it_says_later() {
    let mirror = at(Some(cursor(5)), &[(1, 3), (2, 4)]);
    let left = Item::Left { id: id(2) };
    let items = vec![snapshot(1, 8), events(1, 9..=9), left, events(2, 5..=5), events(1, 10..=11)];
    let page = page(Some(cursor(5)), cursor(8), items);
    check(&mirror, &page, &["put 8", "extend 1>8", "remove", "repair", "extend 2>9"]);
}

proptest! {
    /// Whatever is served, the versions that a plan leads to have no gap.
    #[test]
    fn a_plan_never_leaves_a_gap(
        held in prop::collection::vec((0_u128..4, 0_u64..6), 0..4),
        served in prop::collection::vec((0_u128..4, 1_u64..8, 0_u64..4, any::<bool>()), 0..8),
    ) {
        let mirror = at(Some(cursor(1)), &held);
        let items = served
            .iter()
            .map(|(n, from, more, whole)| {
                if *whole { snapshot(*n, *from) } else { events(*n, *from..=from + more) }
            })
            .collect();
        let page = page(Some(cursor(1)), cursor(9), items);
        let plan = plan(&page, &mirror).unwrap();
        let mut versions = mirror.versions.clone();
        for action in &plan.actions {
            match action {
                Action::Put(one) => {
                    versions.insert(one.id, one.version);
                }
                Action::Extend { events, above } => {
                    let now = versions[&events.id];
                    prop_assert_eq!(now, *above);
                    let fresh = events.events.iter().filter(|event| event.version > now);
                    let mut next = now;
                    for event in fresh {
                        prop_assert_eq!(event.version, next + 1);
                        next = event.version;
                    }
                    versions.insert(events.id, next);
                }
                Action::Remove(id) => {
                    versions.remove(id);
                }
                Action::Repair(_) => {}
            }
        }
    }
}
