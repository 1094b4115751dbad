//! The two directions: pages in, commands out, answers in.

use std::collections::BTreeSet;

use lantian_domain::{
    card::card as line_of,
    ids::{CommandId, RecordId},
    record::{RecordKind, Rules},
    time::Instant,
};
use lantian_protocol::{
    Cursor, Item, Page, PushResponse, SignedCommand,
    feed::Witness,
    identity::ScopeDigest,
    planted::{Bug, planted},
};
use lantian_sync::engine::{Applied, PushResult};

use super::{Replica, leave::Departures};
use crate::{error::Result, mirror::Taken, outbox::WITNESS, space::StorageState};

/// What a page may take on the disk besides its bodies.
const PAGE_ROOM: u64 = 1 << 20;

impl Replica {
    /// Where the mirror stands in the feed.
    ///
    /// # Errors
    /// None at present.
    pub fn cursor(&self) -> Result<Option<Cursor>> {
        Ok(self.mirror.cursor().cloned())
    }

    /// What the server said of itself when it last took commands, for the next
    /// pull.
    ///
    /// # Errors
    /// The store's.
    pub fn witness(&self) -> Result<Option<Witness>> {
        Ok(self.setting(WITNESS)?.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Whether what a request showed is what is held still. If it is not,
    /// another answer came meanwhile, and the answer to that request is as good
    /// as lost: written down, it would take the place of a word of the server
    /// that it was never shown, and a store that was put back in between would
    /// go unnoticed.
    pub(super) fn still_holds(&self, shown: Option<&Witness>) -> Result<bool> {
        Ok(self.witness()?.as_ref() == shown)
    }

    /// Takes a page, whole or not at all, and judges again what is open on the
    /// records that it changed.
    ///
    /// # Errors
    /// [`crate::Error::Page`] when it does not follow where the mirror stands,
    /// [`crate::Error::Full`] when there is no room for it, the store's.
    pub fn apply_page(&mut self, page: &Page, now: Instant) -> Result<Applied> {
        StorageState::of(&self.dir)?.require(weight(page))?;
        let before = self.mirror.cursor().map(|cursor| cursor.epoch);
        if before.is_some_and(|epoch| epoch != page.cursor.epoch) {
            self.outbox.reoffer(page.cursor.epoch)?;
            self.outbox.untell_exits(page.cursor.epoch)?;
        }
        let busy = self.busy();
        let mut departures = Departures {
            outbox: &mut self.outbox,
            cache: &self.cache,
            busy,
            stands: (page.cursor.epoch, page.cursor.seq),
            now,
            exits: Vec::new(),
        };
        let taken = self.mirror.take_page(page, &mut departures)?;
        self.take_over(taken)?;
        Ok(self.applied(page.more))
    }

    /// The commands that may be sent now, byte for byte as signed; at most
    /// `limit`.
    ///
    /// # Errors
    /// The store's.
    pub fn sendable(&self, limit: usize) -> Result<Vec<SignedCommand>> {
        let ids = &self.lanes.sendable;
        self.outbox.signed(&ids[..limit.min(ids.len())])
    }

    /// The identities of the commands that may be sent now, in their order.
    pub fn sendable_ids(&self) -> &[CommandId] {
        &self.lanes.sendable
    }

    /// How many commands may be sent now.
    ///
    /// # Errors
    /// None at present.
    pub fn sendable_count(&self) -> Result<usize> {
        Ok(self.lanes.sendable.len())
    }

    /// Takes the answer to a push that showed this much of what the server had
    /// said of itself; nothing when another answer came meanwhile, and this one
    /// is as good as lost.
    ///
    /// # Errors
    /// As [`Self::settle`].
    pub fn answered(
        &mut self,
        shown: Option<&Witness>,
        response: &PushResponse,
        now: Instant,
    ) -> Result<Option<PushResult>> {
        if self.still_holds(shown)? { self.settle(response, now).map(Some) } else { Ok(None) }
    }

    /// Writes down the server's answers. A repeat changes nothing.
    ///
    /// # Errors
    /// The store's; then nothing was written, and the answers come again with
    /// the next attempt.
    pub fn settle(&mut self, response: &PushResponse, now: Instant) -> Result<PushResult> {
        let epoch = self.mirror.cursor().map(|cursor| cursor.epoch);
        let settled = self.with_reserve(|replica| replica.outbox.settle(response, epoch, now))?;
        let mut records = BTreeSet::new();
        for id in &settled.changed {
            let Some(open) = self.outbox.get(*id) else { continue };
            records.insert(open.envelope.record);
            records.extend(self.overlay.step(*id).iter().flat_map(|step| step.writes()));
        }
        if planted(Bug::RefusedDropped) {
            self.drop_refused(&settled.changed)?;
        }
        self.close_included();
        self.rebase(records)?;
        self.finish_exits(now)?;
        let sendable = self.lanes.sendable.len();
        Ok(PushResult { settled: settled.count, sendable, seq: settled.seq })
    }

    /// Marks what other epochs of the server's store acknowledged as pending
    /// again; says how many.
    ///
    /// # Errors
    /// The store's.
    pub fn reoffer(&mut self, epoch: u64) -> Result<usize> {
        let count = self.outbox.reoffer(epoch)?;
        if count > 0 {
            self.rebase(BTreeSet::new())?;
        }
        Ok(count)
    }

    /// The records that are to be fetched whole.
    ///
    /// # Errors
    /// None at present.
    pub fn repairs(&self) -> Result<Vec<RecordId>> {
        Ok(self.mirror.repairs())
    }

    /// Takes records that were fetched whole; says how many are left.
    ///
    /// # Errors
    /// The store's.
    #[expect(clippy::needless_pass_by_value, reason = "the bodies are let go once they are stored")]
    pub fn repair(&mut self, items: Vec<Item>, now: Instant) -> Result<usize> {
        let busy = self.busy();
        let stands = self.mirror.cursor().map_or((0, 0), |cursor| (cursor.epoch, cursor.seq));
        let mut departures = Departures {
            outbox: &mut self.outbox,
            cache: &self.cache,
            busy,
            stands,
            now,
            exits: Vec::new(),
        };
        let taken = self.mirror.take_repairs(&items, &mut departures)?;
        self.take_over(taken)?;
        Ok(self.mirror.repairs().len())
    }

    /// The digest of everything in the mirror, to compare with the server's.
    ///
    /// # Errors
    /// None at present.
    pub fn scope_digest(&self) -> Result<ScopeDigest> {
        Ok(self.mirror.scope_digest())
    }

    /// The records that look different since the last call.
    pub fn take_changes(&mut self) -> BTreeSet<RecordId> {
        std::mem::take(&mut self.changes)
    }

    fn take_over(&mut self, taken: Taken) -> Result<()> {
        let mut company = false;
        let own = self.device().person.id;
        let mut records = BTreeSet::new();
        let mut left = Vec::new();
        for (id, card) in taken {
            company |= id == Rules::ID || id == own;
            records.insert(id);
            self.changes.insert(id);
            if let Some(card) = card {
                company |= card.kind == RecordKind::Person;
                self.shelf.put(card);
            } else {
                match self.leaving(id).map(line_of) {
                    Some(card) => self.shelf.put(card),
                    None if planted(Bug::LineKept) => {}
                    None => self.shelf.remove(id),
                }
                left.push(id);
            }
        }
        if company {
            self.know_company()?;
            // Other rules, other roles: everything is judged again.
            records.extend(self.overlay.written());
        }
        let (epoch, busy) = (self.epoch(), self.busy());
        let idle: Vec<RecordId> = left.iter().copied().filter(|id| !busy.contains(id)).collect();
        super::attach::forget_uploads(&mut self.outbox, epoch, &idle)?;
        left.iter().try_for_each(|id| self.outbox.drop_departure(*id))?;
        if planted(Bug::UnsentPurged) {
            self.purge_unsent(&left)?;
        }
        self.close_included();
        // A line that no open command touches is already up to date: only the
        // overlay decides which others change.
        if planted(Bug::RebaseForgotten) {
            return Ok(());
        }
        self.rebase_page(&records)
    }

    /// What [`Bug::RefusedDropped`] does.
    fn drop_refused(&mut self, answered: &[CommandId]) -> Result<()> {
        let is_refused = |id: &&CommandId| {
            self.outbox.get(**id).is_some_and(|open| open.fate == crate::outbox::Fate::Refused)
        };
        let refused: Vec<CommandId> = answered.iter().filter(is_refused).copied().collect();
        refused.into_iter().try_for_each(|id| self.outbox.erase(id))
    }

    /// What [`Bug::UnsentPurged`] does.
    fn purge_unsent(&mut self, left: &[RecordId]) -> Result<()> {
        let open = self.outbox.open_commands();
        let unsent: Vec<CommandId> = open
            .filter(|open| left.contains(&open.envelope.record))
            .map(crate::outbox::Open::id)
            .collect();
        unsent.into_iter().try_for_each(|id| self.outbox.erase(id))
    }

    fn applied(&self, more: bool) -> Applied {
        Applied {
            more,
            sendable: self.lanes.sendable.len(),
            repairs: self.mirror.repairs().len(),
            first_sync: self.mirror.first_sync(),
            seq: self.mirror.cursor().map_or(0, |cursor| cursor.seq),
        }
    }
}

fn weight(page: &Page) -> u64 {
    let bodies: usize = page
        .items
        .iter()
        .map(|item| match item {
            Item::Snapshot(snapshot) => 2 * snapshot.body.len() + snapshot.card.search.len(),
            Item::Events(events) => 4_096 * events.events.len(),
            Item::Left { .. } => 0,
        })
        .sum();
    PAGE_ROOM + bodies as u64
}
