//! W8: one change and one departure on a tablet that holds very many records.
//!
//! The pages are made of one company's records under other identities, and
//! taken by the tablet's own store: what is measured is the store alone.

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use lantian_domain::card::card;
use lantian_domain::ids::{DeviceId, OrgId, RecordId};
use lantian_domain::record::{Person, Record};
use lantian_protocol::blob;
use lantian_protocol::feed::{Cursor, Item, Page, Snapshot, SnapshotPosition};
use lantian_replica::{Enrolment, FileSecrets, Home, Replica};
use uuid::Uuid;

use super::Sizes;
use crate::figures::{Goal, Metric, median, ms};
use crate::product::Company;

/// Records of one page.
const PAGE: usize = 1_000;
/// Different records, from which the rest is made.
const KINDS: usize = 1_000;
/// Changes and departures of one round.
const TIMES: usize = 50;
const PIN: &str = "246810";
/// A recovery key to which nothing is ever sealed that is opened again.
const RECIPIENT: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

pub(super) async fn measure(sizes: Sizes, folder: &Path) -> Result<Vec<Metric>> {
    let n = sizes.large;
    let mut company = Company::found(&folder.join("company"), KINDS.min(n)).await?;
    let before = company.records()?;
    let (leads, person) = (company.leads().to_vec(), company.managers()[0].clone());
    company.remark(&leads)?;
    let after = company.records()?;
    company.close().await?;
    let mut tablet = Store::fill(&folder.join("tablet"), person, &before, n)?;
    let goal = Some(Goal::AtMost(1.0));
    let mut change = Metric::new("W8", n, "one change taken in, p50", "ms", goal);
    let mut leave = Metric::new("W8", n, "one departure taken in, p50", "ms", goal);
    for round in 0..sizes.rounds {
        let (mut changes, mut leaves) = (Vec::new(), Vec::new());
        for turn in 0..TIMES {
            let number = (round * TIMES + turn) * 7 % n;
            let item = Item::Snapshot(snapshot(&after[number % after.len()], id(number))?);
            changes.push(tablet.take(item)?);
            let number = n - 1 - round * TIMES - turn;
            leaves.push(tablet.take(Item::Left { id: id(number) })?);
        }
        change.product.push(median(&changes));
        leave.product.push(median(&leaves));
    }
    let held = tablet.replica.scope_digest()?.records;
    let left = (sizes.rounds * TIMES) as u64;
    ensure!(held == n as u64 - left, "{held} records of {n} are left after {left} departures");
    Ok(vec![change, leave])
}

fn id(number: usize) -> RecordId {
    RecordId(Uuid::from_u128(0x1a46_e000 << 64 | number as u128))
}

fn snapshot(record: &Record, id: RecordId) -> Result<Snapshot> {
    let packed = blob::pack(record)?;
    let mut card = card(record);
    card.id = id;
    let (kind, version) = (record.kind(), record.version());
    Ok(Snapshot { id, kind, version, digest: packed.digest, card, body: packed.body })
}

/// A tablet's store, fed page by page.
struct Store {
    replica: Replica,
    cursor: Cursor,
}

impl Store {
    fn fill(folder: &Path, person: Person, records: &[Record], n: usize) -> Result<Self> {
        let snapshots: Vec<Snapshot> =
            records.iter().map(|record| snapshot(record, record.id())).collect::<Result<_>>()?;
        let home = Home::take(folder, "benchmark")?;
        let secrets = FileSecrets::new(folder.join("key"));
        let enrolment = Enrolment {
            person,
            org: OrgId(Uuid::from_u128(1)),
            device: DeviceId(Uuid::from_u128(2)),
            device_name: "benchmark".to_owned(),
            server: "https://localhost".to_owned(),
            device_seed: [7; 32],
            recovery_recipient: RECIPIENT.to_owned(),
        };
        let replica = home.create(&secrets, PIN, &enrolment)?;
        let cursor = Cursor { epoch: 1, scope: 1, seq: 1, snapshot: None, witness: None };
        let mut store = Self { replica, cursor };
        for from in (0..n).step_by(PAGE) {
            let numbers = from..n.min(from + PAGE);
            let items = numbers.map(|number| {
                let mut snapshot = snapshots[number % snapshots.len()].clone();
                snapshot.id = id(number);
                snapshot.card.id = id(number);
                Item::Snapshot(snapshot)
            });
            let page = store.snapshot_page(items.collect(), from, n);
            store.apply(&page)?;
        }
        Ok(store)
    }

    /// A page of the first snapshot.
    fn snapshot_page(&self, items: Vec<Item>, from: usize, n: usize) -> Page {
        let more = from + PAGE < n;
        let at = SnapshotPosition { due_ms: from as i64, id: id(from) };
        let cursor = Cursor { snapshot: more.then_some(at), ..self.cursor.clone() };
        Page {
            from: (from > 0).then(|| self.cursor.clone()),
            items,
            cursor,
            more,
            reset: from == 0,
            total: (from == 0).then_some(n as u64),
            server_time: lantian_domain::time::Instant(0),
        }
    }

    fn apply(&mut self, page: &Page) -> Result<()> {
        self.replica.apply_page(page, lantian_domain::time::Instant(0))?;
        self.cursor = page.cursor.clone();
        Ok(())
    }

    /// Takes in one item; the milliseconds until it was.
    fn take(&mut self, item: Item) -> Result<f64> {
        let cursor = Cursor { seq: self.cursor.seq + 1, ..self.cursor.clone() };
        let page = Page {
            from: Some(self.cursor.clone()),
            items: vec![item],
            cursor,
            more: false,
            reset: false,
            total: None,
            server_time: lantian_domain::time::Instant(0),
        };
        let began = Instant::now();
        self.apply(&page)?;
        Ok(ms(began.elapsed()))
    }
}
