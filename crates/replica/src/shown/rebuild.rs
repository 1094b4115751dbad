//! The rebase: judging again what is touched by a change.

use std::collections::{BTreeMap, BTreeSet};

use lantian_domain::{
    ids::{CommandId, RecordId},
    record::Record,
};
use lantian_protocol::Verdict;

use super::{
    Effect, Overlay, Step,
    base::{Base, Sight, provisional_no, stamp},
};
use crate::{
    error::Result,
    outbox::{Fate, Open, Outbox, Place},
};

impl Overlay {
    /// Judges again what reads or writes the records of `seed`, and all that
    /// follows from it; says which records may look different.
    pub(crate) fn rebuild(
        &mut self,
        seed: BTreeSet<RecordId>,
        outbox: &Outbox,
        base: Base<'_>,
    ) -> Result<BTreeSet<RecordId>> {
        let mut records = seed;
        let wanted: BTreeMap<Place, &Open> =
            outbox.open_commands().filter(|open| open.counts()).map(|o| (o.place, o)).collect();
        self.drop_settled(&wanted, &mut records);
        loop {
            let affected = self.affected(&wanted, &mut records);
            let before = records.len();
            self.judge_again(&affected, &wanted, &mut records, (outbox, base))?;
            if records.len() == before || affected.len() == wanted.len() {
                return Ok(records);
            }
            // A judgement wrote a record that it had not written before: what
            // stands on that one follows too.
        }
    }

    /// Without rules nothing can be judged: what is confirmed is shown.
    pub(crate) fn suspend(&mut self, outbox: &Outbox) -> BTreeSet<RecordId> {
        let mut records: BTreeSet<RecordId> = self.records.drain().map(|(id, _)| id).collect();
        self.steps.clear();
        self.places.clear();
        self.writers.clear();
        for open in outbox.open_commands().filter(|open| open.counts()) {
            records.insert(open.envelope.record);
            let step = Step::new(open.id(), open.envelope.record, open.reads(), Effect::Unjudged);
            self.push(open.place, step, Vec::new());
        }
        records
    }

    fn drop_settled(&mut self, wanted: &BTreeMap<Place, &Open>, records: &mut BTreeSet<RecordId>) {
        let gone: Vec<Place> =
            self.steps.keys().filter(|place| !wanted.contains_key(place)).copied().collect();
        for place in gone {
            records.extend(self.remove(place).into_iter().flat_map(|step| step.writes));
        }
    }

    /// The commands to judge again: those that are new, those that touch
    /// `records`, and those that touch what these write.
    fn affected(
        &self,
        wanted: &BTreeMap<Place, &Open>,
        records: &mut BTreeSet<RecordId>,
    ) -> BTreeSet<Place> {
        let mut affected = BTreeSet::new();
        loop {
            let before = affected.len();
            for (place, open) in wanted {
                if affected.contains(place) {
                    continue;
                }
                match self.steps.get(place) {
                    Some(step) if !step.touches(records) => continue,
                    Some(step) => records.extend(step.writes.iter().copied()),
                    None => {
                        records.insert(open.envelope.record);
                    }
                }
                affected.insert(*place);
            }
            if affected.len() == before {
                return affected;
            }
        }
    }

    fn judge_again(
        &mut self,
        affected: &BTreeSet<Place>,
        wanted: &BTreeMap<Place, &Open>,
        records: &mut BTreeSet<RecordId>,
        (outbox, base): (&Outbox, Base<'_>),
    ) -> Result<()> {
        let mut over = std::mem::take(&mut self.records);
        over.retain(|id, _| !records.contains(id));
        let mut sight = Sight::new(base, over);
        let mut failed = None;
        for (place, open) in wanted.iter().filter(|(place, _)| affected.contains(place)) {
            match self.effect(open, &mut sight, outbox, base) {
                Ok(effect) => {
                    let step = Step::new(open.id(), open.envelope.record, open.reads(), effect);
                    records.extend(step.writes.iter().copied());
                    self.push(*place, step, Vec::new());
                }
                Err(fault) => {
                    failed = Some(fault);
                    break;
                }
            }
        }
        self.records = sight.into_over();
        failed.map_or(Ok(()), Err)
    }

    fn effect(
        &self,
        open: &Open,
        sight: &mut Sight<'_>,
        outbox: &Outbox,
        base: Base<'_>,
    ) -> Result<Effect> {
        let envelope = &open.envelope;
        if open.fate == Fate::Pending
            && !open.reoffered
            && envelope.after.is_some_and(|id| self.is_without_effect(id, outbox))
        {
            return Ok(Effect::Parked);
        }
        if let Some(confirmed) = base.mirror.record(envelope.record)?
            && is_included(open, &confirmed)
        {
            return Ok(Effect::Included);
        }
        let no = provisional_no(envelope.n, envelope.device);
        let judged = sight.judge(envelope.record, &envelope.command, envelope.at, &no)?;
        Ok(match judged {
            Ok(changes) => {
                sight.put(&changes, &stamp(open, base.actor))?;
                Effect::Applied(changes)
            }
            // The server has taken it: what it did arrives with the feed.
            Err(_) if open.fate == Fate::Taken => Effect::Included,
            Err(refusal) => Effect::Foreseen(refusal),
        })
    }

    fn is_without_effect(&self, id: CommandId, outbox: &Outbox) -> bool {
        let id = outbox.stand_in(id);
        match outbox.get(id).map(|open| open.fate) {
            // Settled for good: its effect is in the mirror.
            None | Some(Fate::Taken) => false,
            Some(Fate::Refused | Fate::Quarantined | Fate::Discarded | Fate::Handed) => true,
            Some(Fate::Pending) => {
                self.step(id).is_some_and(|step| matches!(step.effect, Effect::Parked))
            }
        }
    }
}

/// Whether the effect of a command is in the record already: its trail names
/// the person, the device, and the instant that was claimed, or that the answer
/// told.
fn is_included(open: &Open, confirmed: &Record) -> bool {
    let envelope = &open.envelope;
    let at = match &open.verdict {
        Some(Verdict::Accepted { at, .. }) => *at,
        None if open.fate == Fate::Pending => envelope.at,
        _ => return false,
    };
    confirmed.trail().iter().rev().any(|line| {
        (line.at == at || line.claimed == Some(envelope.at))
            && line.by == envelope.user
            && line.device == envelope.device
    })
}
