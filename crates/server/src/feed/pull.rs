//! Reading the next page for a viewer.
//!
//! ```text
//! no cursor, other epoch or grants ──► snapshot (urgent first, keyset)
//!        └─► catch-up (by seq, whole records) ──► feed (by seq, events or whole)
//! ```
//!
//! During snapshot and catch-up the cursor carries a position; while it does,
//! records are sent whole, because a record that became more urgent meanwhile
//! may have been passed over.
//!
//! Invariant: the cursor only passes what the page holds or what the viewer
//! cannot see.

use std::collections::{BTreeMap, BTreeSet};

use lantian_domain::{ids::RecordId, record::Person, time::Instant};
use lantian_protocol::{
    Cursor, PullRequest, StoredEvent,
    feed::SnapshotPosition,
    planted::{Bug, planted},
};
use uuid::Uuid;

use super::{
    outside,
    page::{RawItem, RawPage},
    scope::Viewer,
    witness::{holds, of_epoch},
};
use crate::{
    api::problem,
    error::{Error, Result},
    store::{Ledger, Member, RecordRow, Scopes, Unit},
};

/// Records looked at for one page at the most.
const MAX_ITEMS: usize = 2_000;
/// Bodies in a page at the least and at the most, whatever the tablet asks.
const MIN_BYTES: usize = 16 << 10;
const MAX_BYTES: usize = 4 << 20;
/// Events sent for one record at the most; beyond it the record is sent whole.
const MAX_EVENTS: usize = 64;

/// Who reads.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The person, with the roles held now.
    pub person: Person,
    /// The number of changes of the person's grants.
    pub grants: u64,
}

/// Reads the page after the cursor of `request`.
///
/// # Errors
/// The store's; a problem `cursor_ahead` when the tablet has seen commits that
/// this store has not: the store was restored without a new epoch.
pub fn pull(unit: &Unit<'_>, who: &Reader, request: &PullRequest, now: Instant) -> Result<RawPage> {
    let org = unit.org_row()?;
    let viewer = Viewer::of(&who.person);
    let scope = viewer.version(who.grants);
    let keys = viewer.keys(&unit.audiences()?);
    let budget = (request.max_bytes as usize).clamp(MIN_BYTES, MAX_BYTES);
    if let Some(cursor) = &request.cursor {
        check_epoch(cursor, org.epoch, org.head)?;
        for told in cursor.witness.iter().chain(&request.witness) {
            if !holds(unit, told, org.epoch)? {
                return Err(cursor_ahead(cursor.seq, org.head));
            }
        }
    }
    let known = request.cursor.clone().filter(|c| c.epoch == org.epoch && c.scope == scope);
    let reset = known.is_none();
    let start = SnapshotPosition { due_ms: i64::MIN, id: RecordId(Uuid::nil()) };
    let cursor = known.unwrap_or(Cursor {
        epoch: org.epoch,
        scope,
        seq: org.head,
        snapshot: Some(start),
        witness: None,
    });
    let mut page = RawPage {
        from: request.cursor.clone(),
        items: Vec::new(),
        cursor: Cursor { witness: of_epoch(unit, org.epoch)?, ..cursor.clone() },
        more: false,
        reset,
        total: None,
        server_time: now,
    };
    let mut reading = Reading { unit, who, keys: &keys, budget, page: &mut page };
    match cursor.snapshot {
        Some(position) if position.due_ms != i64::MAX || position.id != last() => {
            if reset {
                reading.page.total = Some(reading.total()?);
            }
            reading.snapshot(&position)?;
        }
        Some(_) => reading.changes(cursor.seq, org.head, Form::Whole)?,
        None => reading.changes(cursor.seq, org.head, Form::Shortest)?,
    }
    Ok(page)
}

/// One record whole, if the reader sees it.
///
/// # Errors
/// The store's.
pub fn record_item(unit: &Unit<'_>, who: &Reader, id: RecordId) -> Result<Option<RawItem>> {
    let viewer = Viewer::of(&who.person);
    let row = unit.record(id)?.filter(|row| viewer.sees_any(&row.audiences));
    let row = row.map(|row| outside::served(row, &who.person)).transpose()?;
    Ok(row.map(|row| RawItem::Snapshot(Box::new(row))))
}

/// A cursor of an earlier epoch belongs to a store that was restored since: it
/// is answered by a fresh start. One of a later epoch, or ahead of the head,
/// has seen what this store lost.
fn check_epoch(cursor: &Cursor, epoch: u64, head: u64) -> Result<()> {
    if cursor.epoch > epoch || (cursor.epoch == epoch && cursor.seq > head) {
        return Err(cursor_ahead(cursor.seq, head));
    }
    Ok(())
}

fn last() -> RecordId {
    RecordId(Uuid::max())
}

pub(super) fn cursor_ahead(cursor: u64, head: u64) -> Error {
    let params = [("cursor", cursor.to_string()), ("head", head.to_string())];
    let detail = "this device has seen later data than the server holds; the server was probably \
                  restored without `lantian-server restore`; synchronisation is locked until the \
                  administrator has put it right, nothing on the device is lost";
    problem::refused_with(409, "cursor_ahead", detail, params)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Whole,
    Shortest,
}

struct Reading<'r, 'c> {
    unit: &'r Unit<'c>,
    who: &'r Reader,
    keys: &'r [String],
    budget: usize,
    page: &'r mut RawPage,
}

/// A change in the viewer's scope, in commit order.
enum Step {
    Changed {
        record: RecordId,
        /// The earliest commit with which it is in a scope of the viewer's.
        seq_in: u64,
    },
    Left(RecordId),
}

impl Reading<'_, '_> {
    /// Serves the snapshot by urgency from a position on.
    fn snapshot(&mut self, from: &SnapshotPosition) -> Result<()> {
        let after = (from.due_ms, from.id);
        let mut next: BTreeSet<(i64, RecordId)> = BTreeSet::new();
        for key in self.keys {
            let members = self.unit.members_by_due(key, after, MAX_ITEMS)?;
            next.extend(members.iter().map(|member| (member.due_ms, member.record)));
        }
        let all = next.len();
        let mut used = 0;
        let mut served = 0;
        for (due_ms, id) in next.into_iter().take(MAX_ITEMS) {
            if served > 0 && used >= self.budget {
                if planted(Bug::SnapshotSkips) {
                    self.page.cursor.snapshot = Some(SnapshotPosition { due_ms, id });
                }
                break;
            }
            let row = self.row(id)?;
            used += row.body.len() + row.card.len();
            self.page.items.push(RawItem::Snapshot(Box::new(row)));
            self.page.cursor.snapshot = Some(SnapshotPosition { due_ms, id });
            served += 1;
        }
        if served == all {
            // Everything was served; what changed meanwhile comes next.
            self.page.cursor.snapshot = Some(SnapshotPosition { due_ms: i64::MAX, id: last() });
        }
        self.page.more = true;
        Ok(())
    }

    /// Serves what changed after commit `seq`, up to `head`.
    fn changes(&mut self, seq: u64, head: u64, form: Form) -> Result<()> {
        let (steps, horizon) = self.steps(seq, head)?;
        let mut used = 0;
        let mut done = horizon;
        for (at, step) in steps {
            if used >= self.budget {
                done = if planted(Bug::FeedSkips) { at } else { at - 1 };
                break;
            }
            match step {
                Step::Left(id) => self.page.items.push(RawItem::Left(id)),
                Step::Changed { record, seq_in } => {
                    let row = self.row(record)?;
                    let item = match form {
                        Form::Shortest if seq_in <= seq && outside::is_whole(&self.who.person) => {
                            self.shortest(row, seq)?
                        }
                        Form::Shortest | Form::Whole => RawItem::Snapshot(Box::new(row)),
                    };
                    used += item.weight();
                    self.page.items.push(item);
                }
            }
        }
        self.page.cursor.seq = done;
        self.page.more = done < head;
        if !self.page.more {
            self.page.cursor.snapshot = None;
        }
        Ok(())
    }

    /// What happened in scope after `seq`, in commit order, and the commit up
    /// to which that is complete.
    fn steps(&self, seq: u64, head: u64) -> Result<(BTreeMap<u64, Step>, u64)> {
        let mut horizon = head;
        let mut members: BTreeMap<RecordId, Member> = BTreeMap::new();
        let mut left = Vec::new();
        for key in self.keys {
            let changed = self.unit.members_since(key, seq, MAX_ITEMS)?;
            if changed.len() == MAX_ITEMS {
                horizon = horizon.min(changed[MAX_ITEMS - 1].seq);
            }
            for member in changed {
                members
                    .entry(member.record)
                    .and_modify(|known| known.seq_in = known.seq_in.min(member.seq_in))
                    .or_insert(member);
            }
            let departed = self.unit.departed_since(key, seq, MAX_ITEMS)?;
            if departed.len() == MAX_ITEMS {
                horizon = horizon.min(departed[MAX_ITEMS - 1].0);
            }
            left.extend(departed);
        }
        let mut steps = BTreeMap::new();
        for (at, record) in left {
            if !self.sees(record)? {
                steps.insert(at, Step::Left(record));
            }
        }
        for (record, member) in members {
            steps.insert(member.seq, Step::Changed { record, seq_in: member.seq_in });
        }
        steps.retain(|at, _| *at <= horizon);
        Ok((steps, horizon))
    }

    /// The events since `seq` when they are smaller than the record.
    fn shortest(&self, row: RecordRow, seq: u64) -> Result<RawItem> {
        let events = self.unit.events_since(row.id, seq)?;
        let weight: usize = events.iter().map(|e| e.event.len() + e.stamp.len()).sum();
        let whole = events.is_empty()
            || events.len() > MAX_EVENTS
            || weight >= row.body.len() + row.card.len();
        if whole {
            return Ok(RawItem::Snapshot(Box::new(row)));
        }
        let events = events
            .into_iter()
            .map(|e| {
                Ok(StoredEvent {
                    version: e.version,
                    stamp: serde_json::from_str(&e.stamp)?,
                    event: serde_json::from_str(&e.event)?,
                })
            })
            .collect::<Result<_>>()?;
        Ok(RawItem::Events { id: row.id, digest: row.digest, events, weight })
    }

    fn sees(&self, record: RecordId) -> Result<bool> {
        for key in self.keys {
            if self.unit.member(key, record)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn row(&self, id: RecordId) -> Result<RecordRow> {
        let found = self.unit.record(id)?;
        let row = found
            .ok_or_else(|| Error::damaged(format!("record {id} is in a scope but not stored")))?;
        outside::served(row, &self.who.person)
    }

    fn total(&self) -> Result<u64> {
        if let [key] = self.keys {
            return self.unit.count(key);
        }
        self.unit.count_any(self.keys)
    }
}
