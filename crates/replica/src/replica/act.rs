//! Acts of a person: asked, judged, saved.

use std::collections::{BTreeSet, HashMap};

use lantian_domain::{
    case::budget::{IssueBudget, Preview, preview},
    command::{Command, CommandName},
    context::{Context, View},
    event::Change,
    ids::{CommandId, RecordId},
    offer::{Offer, offers},
    privacy::{Field, veil},
    record::{Record, Rules},
    refusal::Refusal,
    technique::{Advice, Draft, advise},
    time::Instant,
};
use lantian_protocol::fresh;
use uuid::Uuid;

use super::Replica;
use crate::{
    error::{Error, Result},
    outbox::{Fate, NewCommand},
    shown::{Base, Effect, Sight, Step, claimed, provisional_no},
};

/// Beyond this many open commands on a record the search for what a command
/// builds on is not worth its time: it builds on the last one.
const LONGEST_SEARCH: usize = 32;

/// The answer to an act.
#[derive(Clone, Debug, PartialEq)]
pub enum Submission {
    /// It is durable.
    Saved(Saved),
    /// A rule says no; nothing was saved.
    Refused(Refusal),
}

/// A command that is durable on this device.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved {
    /// Its identity.
    pub command: CommandId,
    /// The record it was given on.
    pub record: RecordId,
    /// When it became durable.
    pub saved_at: Instant,
    /// What it changes.
    pub changes: Vec<Change>,
}

impl Replica {
    /// A fresh identity, for records and files that a person creates.
    ///
    /// # Errors
    /// None at present; chance may fail some day.
    pub fn new_id(&self) -> Result<Uuid> {
        Ok(fresh::uuid())
    }

    /// What the rulebook says to a command on what is shown; nothing is saved.
    ///
    /// # Errors
    /// [`Error::NoRules`], the store's.
    pub fn judge(
        &self,
        record: RecordId,
        command: &Command,
        now: Instant,
    ) -> Result<Result<Vec<Change>, Refusal>> {
        let rules = self.rules()?;
        self.sight(&rules).judge(record, command, now, &self.next_no())
    }

    /// A record as the person on this device may see it, and the fields that
    /// are masked.
    pub fn veiled(&self, record: &Record, now: Instant) -> (Record, BTreeSet<Field>) {
        veil(record, &self.actor, now)
    }

    /// What the person can do with a record.
    ///
    /// # Errors
    /// [`Error::NoRules`], [`Error::UnknownRecord`], the store's.
    pub fn offers(&self, record: RecordId, now: Instant) -> Result<Vec<Offer>> {
        let rules = self.rules()?;
        let shown = self.shown(record)?.ok_or(Error::UnknownRecord(record))?;
        let view = View::new().with(&shown);
        let (actor, no) = (&self.actor, self.next_no());
        Ok(offers(&shown, &view, &Context { now, actor, rules: &rules, new_no: &no }))
    }

    /// What a budget that is being written comes to; nothing is saved.
    ///
    /// # Errors
    /// [`Error::NoRules`], [`Error::UnknownRecord`] when it is no case on this
    /// device, the store's.
    pub fn estimate(
        &self,
        record: RecordId,
        budget: &IssueBudget,
        now: Instant,
    ) -> Result<Preview> {
        let rules = self.rules()?;
        let shown = self.shown(record)?;
        let Some(Record::Case(case)) = shown.as_deref() else {
            return Err(Error::UnknownRecord(record));
        };
        let no = String::new();
        let cx = Context { now, actor: &self.actor, rules: &rules, new_no: &no };
        Ok(preview(case, budget, &cx))
    }

    /// What the technical computations say to a form that is being written.
    ///
    /// # Errors
    /// [`Error::NoRules`], [`Error::UnknownRecord`] when it is no case on this
    /// device, the store's.
    pub fn advise(
        &self,
        record: RecordId,
        command: CommandName,
        draft: &Draft,
    ) -> Result<Vec<Advice>> {
        let rules = self.rules()?;
        let shown = self.shown(record)?;
        let Some(Record::Case(case)) = shown.as_deref() else {
            return Err(Error::UnknownRecord(record));
        };
        Ok(advise(case, command, draft, &rules.technique))
    }

    /// Judges a command on what is shown and, if it is accepted, saves it.
    /// When this returns [`Submission::Saved`], it is durable.
    ///
    /// # Errors
    /// [`Error::NoRules`], [`Error::FileMissing`] when a file that it brings
    /// was not attached, [`Error::Full`], [`Error::ReadOnly`], the store's.
    pub fn submit(
        &mut self,
        record: RecordId,
        command: Command,
        now: Instant,
    ) -> Result<Submission> {
        self.give(record, command, now, None)
    }

    /// Submits, in place of another command if it corrects one.
    pub(super) fn give(
        &mut self,
        record: RecordId,
        command: Command,
        now: Instant,
        replaces: Option<CommandId>,
    ) -> Result<Submission> {
        self.check_files(&command)?;
        let rules = self.rules()?;
        let no = self.next_no();
        let judged = self.sight(&rules).judge(record, &command, now, &no)?;
        let changes = match judged {
            Ok(changes) => changes,
            Err(refusal) => return Ok(Submission::Refused(refusal)),
        };
        let after = self.builds_on(&rules, record, &command, now)?;
        let id = CommandId(fresh::uuid());
        let base = self.mirror.version_of(record);
        let policy = rules.policy.label();
        let reads = matches!(command, Command::ConfirmPolicy(_));
        let new = NewCommand { id, record, base, after, at: now, policy, command, replaces };
        self.with_reserve(|replica| replica.outbox.save(&new).map(|_| ()))?;
        if reads {
            self.know_company()?;
        }
        self.show(id, &rules, &changes)?;
        Ok(Submission::Saved(Saved { command: id, record, saved_at: now, changes }))
    }

    fn sight<'a>(&'a self, rules: &'a Rules) -> Sight<'a> {
        let base = Base { mirror: &self.mirror, rules, actor: &self.actor };
        Sight::shown(base, &self.overlay)
    }

    fn next_no(&self) -> String {
        provisional_no(self.outbox.next_n(), self.device().device)
    }

    /// The pending command without which this one would be refused: the first
    /// one in order after which it is accepted.
    fn builds_on(
        &self,
        rules: &Rules,
        record: RecordId,
        command: &Command,
        now: Instant,
    ) -> Result<Option<CommandId>> {
        let interest: BTreeSet<RecordId> =
            std::iter::once(record).chain(command.touches()).collect();
        let steps: Vec<&Step> =
            self.overlay.writers(&interest).into_iter().filter(|step| step.has_effect()).collect();
        let is_pending =
            |step: &&Step| self.outbox.get(step.id).is_some_and(|open| open.fate == Fate::Pending);
        let Some(last) = steps.iter().copied().rfind(is_pending) else { return Ok(None) };
        let base = Base { mirror: &self.mirror, rules, actor: &self.actor };
        let mut sight = Sight::new(base, HashMap::new());
        let no = self.next_no();
        let mut before = None;
        for step in steps.iter().take(LONGEST_SEARCH) {
            if is_pending(step) {
                if sight.judge(record, command, now, &no)?.is_ok() {
                    return Ok(before);
                }
                before = Some(step.id);
            }
            if let (Effect::Applied(changes), Some(open)) = (&step.effect, self.outbox.get(step.id))
            {
                sight.put(changes, &claimed(&open.envelope, &self.actor))?;
            }
        }
        Ok(Some(last.id))
    }

    /// Puts a saved command on top of what is shown.
    fn show(&mut self, id: CommandId, rules: &Rules, changes: &[Change]) -> Result<()> {
        let Some(open) = self.outbox.get(id) else { return Ok(()) };
        let (place, envelope) = (open.place, &open.envelope);
        if open.replaces.is_some() {
            // It stands where the corrected one stood: what came after is
            // judged again.
            let record = envelope.record;
            return self.rebase(BTreeSet::from([record]));
        }
        let stamp = claimed(envelope, &self.actor);
        let mut sight = self.sight(rules);
        let records = sight.put(changes, &stamp)?;
        let step = Step::new(id, envelope.record, open.reads(), Effect::Applied(changes.to_vec()));
        let touched = step.writes().clone();
        self.lanes.sendable.push(id);
        self.marks.add_pending(envelope.record);
        if !envelope.command.files().is_empty() {
            self.marks.count_files(envelope.record, &self.outbox);
        }
        self.overlay.push(place, step, records);
        for record in touched {
            self.refresh_line(record)?;
        }
        self.shelf.tidy();
        Ok(())
    }
}
