//! What is shown: confirmed records with the open commands judged on top.
//!
//! ```text
//! confirmed ──► step 1 ──► step 2 ──► … ──► shown
//!                 │ refused here: foreseen, shown, no effect
//!                 │ builds on one without effect: parked
//! ```
//!
//! A *step* is what an open command does on top of everything before it. The
//! steps are cached; when records change, only the steps that read or write
//! them, and what these touch in turn, are judged again.
//!
//! Invariant: the overlay is a function of the mirror, the open commands and
//! the rules; it is never stored.

mod base;
mod lanes;
mod rebuild;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use lantian_domain::{
    event::Change,
    ids::{CommandId, RecordId},
    record::Record,
    refusal::Refusal,
};

pub(crate) use base::{Base, Sight, claimed, provisional_no};
pub(crate) use lanes::Lanes;

use crate::outbox::Place;

/// What a command does on top of everything before it.
#[derive(Clone, Debug)]
pub(crate) enum Effect {
    /// These changes.
    Applied(Vec<Change>),
    /// It is in the confirmed record already.
    Included,
    /// It would be refused now.
    Foreseen(Refusal),
    /// It builds on a command without effect.
    Parked,
    /// There are no rules to judge it by.
    Unjudged,
}

/// One open command's part.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) id: CommandId,
    pub(crate) effect: Effect,
    reads: BTreeSet<RecordId>,
    writes: BTreeSet<RecordId>,
}

impl Step {
    pub(crate) fn new(
        id: CommandId,
        record: RecordId,
        reads: BTreeSet<RecordId>,
        effect: Effect,
    ) -> Self {
        let mut writes = BTreeSet::from([record]);
        if let Effect::Applied(changes) = &effect {
            writes.extend(changes.iter().map(|change| change.record));
        }
        Self { id, effect, reads, writes }
    }

    fn touches(&self, records: &BTreeSet<RecordId>) -> bool {
        !self.reads.is_disjoint(records) || !self.writes.is_disjoint(records)
    }

    pub(crate) fn writes(&self) -> &BTreeSet<RecordId> {
        &self.writes
    }

    pub(crate) fn has_effect(&self) -> bool {
        matches!(self.effect, Effect::Applied(_) | Effect::Included)
    }
}

/// The cached steps and the records that they make.
#[derive(Default)]
pub(crate) struct Overlay {
    records: HashMap<RecordId, Arc<Record>>,
    steps: BTreeMap<Place, Step>,
    places: HashMap<CommandId, Place>,
    /// The steps that write each record.
    writers: HashMap<RecordId, BTreeSet<Place>>,
}

impl Overlay {
    /// The record with the open commands on it; nothing if none touches it.
    pub(crate) fn record(&self, id: RecordId) -> Option<&Arc<Record>> {
        self.records.get(&id)
    }

    /// The part of a command.
    pub(crate) fn step(&self, id: CommandId) -> Option<&Step> {
        self.steps.get(self.places.get(&id)?)
    }

    /// The steps that write one of `records`, in order.
    pub(crate) fn writers(&self, records: &BTreeSet<RecordId>) -> Vec<&Step> {
        let places = records.iter().filter_map(|id| self.writers.get(id)).flatten();
        let places: BTreeSet<&Place> = places.collect();
        places.into_iter().filter_map(|place| self.steps.get(place)).collect()
    }

    /// Those of `records` that an open command reads or writes.
    pub(crate) fn touched_by(&self, records: &BTreeSet<RecordId>) -> BTreeSet<RecordId> {
        let steps = self.steps.values();
        let named = steps.flat_map(|step| step.reads.iter().chain(&step.writes));
        named.filter(|id| records.contains(id)).copied().collect()
    }

    /// The records that open commands write.
    pub(crate) fn written(&self) -> BTreeSet<RecordId> {
        self.writers.keys().copied().collect()
    }

    /// Whether each open command that counts has its step, and no other has.
    pub(crate) fn fits(&self, outbox: &crate::outbox::Outbox) -> bool {
        let mut count = 0;
        let all = outbox.open_commands().filter(|open| open.counts()).all(|open| {
            count += 1;
            self.places.contains_key(&open.id())
        });
        all && count == self.steps.len()
    }

    /// Adds a command that has just been judged on what is shown.
    pub(crate) fn push(&mut self, place: Place, step: Step, records: Vec<Arc<Record>>) {
        for record in records {
            self.records.insert(record.id(), record);
        }
        self.remove(place);
        for id in &step.writes {
            self.writers.entry(*id).or_default().insert(place);
        }
        self.places.insert(step.id, place);
        self.steps.insert(place, step);
    }

    /// Takes a step out.
    fn remove(&mut self, place: Place) -> Option<Step> {
        let step = self.steps.remove(&place)?;
        self.places.remove(&step.id);
        for id in &step.writes {
            if let Some(places) = self.writers.get_mut(id) {
                places.remove(&place);
                if places.is_empty() {
                    self.writers.remove(id);
                }
            }
        }
        Some(step)
    }
}
