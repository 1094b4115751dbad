//! What needs a person, what a person decides, and the outbox as shown.
//!
//! Invariant: an item leaves the desk only by a person's decision or because
//! it took effect; its data stay readable in the outbox.

use std::collections::BTreeSet;

use lantian_domain::{
    card::{Card, card},
    command::Command,
    file::FileRef,
    ids::{CommandId, RecordId, UserId},
    proposal::OfferWork,
    refusal::Refusal,
    time::Instant,
};
use lantian_protocol::{Envelope, Verdict};

use super::{
    Replica, Saved, Submission,
    marks::{is_conflict, stands_still},
};
use crate::{
    error::{Error, Result},
    outbox::{Entry, Fate, Open},
    shown::Effect,
};

/// Why an item needs a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttentionKind {
    /// A rule of the server refused the command.
    Refused,
    /// It builds on a command without effect, or would be refused now.
    Parked,
    /// The server set it aside.
    Quarantined,
    /// Somebody else changed the same meanwhile.
    Conflict,
    /// A colleague's work on a record that one answers for.
    Proposed,
}

/// What a person can do with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Give it again as it is.
    Resend,
    /// Correct its data and give it again.
    Edit,
    /// Hand it over to whoever answers for the record, as a proposal.
    HandOver,
    /// Give it up; it stays readable.
    Discard,
}

/// One item of the desk.
#[derive(Clone, Debug, PartialEq)]
pub struct AttentionItem {
    /// The command.
    pub id: CommandId,
    /// The record it was given on.
    pub record: RecordId,
    /// Why it is here.
    pub kind: AttentionKind,
    /// The command with all its data.
    pub command: Command,
    /// When it was given.
    pub at: Instant,
    /// The record's line, if it is still here.
    pub card: Option<Card>,
    /// The state of the record as confirmed.
    pub confirmed_state: Option<String>,
    /// The rule that says no.
    pub refusal: Option<Refusal>,
    /// Who did the work, where it was somebody else.
    pub from: Option<UserId>,
    /// Why the server set it aside: code and message.
    pub quarantine: Option<(String, String)>,
    /// What can be done with it.
    pub choices: Vec<Choice>,
    /// The files that it brings.
    pub files: Vec<FileRef>,
}

/// A person's decision on an item.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a person's decision: one at a time")]
pub enum Resolution {
    /// Give it again as it is.
    Resend,
    /// Give this instead.
    Edit(Command),
    /// Hand it over to somebody, or to who answers for the record.
    HandOver {
        /// To whom.
        to: Option<UserId>,
    },
    /// Give it up, or decline a colleague's work.
    Discard {
        /// Why, for whom it came from.
        reason: Option<String>,
    },
}

/// What came of a decision.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolved {
    /// A command in its place is durable.
    Submitted(Saved),
    /// A rule says no again; the item stays.
    Refused(Refusal),
    /// The item is closed.
    Closed,
}

impl Replica {
    /// What needs a person, the oldest first.
    ///
    /// # Errors
    /// The store's.
    pub fn attention(&self) -> Result<Vec<AttentionItem>> {
        let open = self.outbox.open_commands();
        let own = open.filter_map(|open| Some((open, self.kind(open)?)));
        let mut all: Vec<_> =
            own.map(|(open, kind)| self.item(open, kind)).collect::<Result<_>>()?;
        all.extend(self.proposed()?);
        Ok(all)
    }

    /// Carries out a person's decision on an item.
    ///
    /// # Errors
    /// [`Error::UnknownItem`] for what is not on the desk, else as
    /// [`Replica::submit`].
    pub fn resolve(
        &mut self,
        id: CommandId,
        resolution: Resolution,
        now: Instant,
    ) -> Result<Resolved> {
        if let Some(proposal) = self.proposal(id)? {
            return self.decide_on(&proposal, resolution, now);
        }
        let open = self.outbox.get(id).ok_or(Error::UnknownItem(id))?;
        self.kind(open).ok_or(Error::UnknownItem(id))?;
        let Envelope { record, command, at, .. } = open.envelope.clone();
        match resolution {
            Resolution::Resend => self.give_again(id, record, command, now),
            Resolution::Edit(command) => self.give_again(id, record, command, now),
            Resolution::HandOver { to } => {
                let offered = OfferWork::of(&command, id, record, at, to);
                self.hand_over(offered, now)
            }
            Resolution::Discard { .. } => self.close(id, record, Fate::Discarded),
        }
    }

    /// The commands of the outbox in the order in which they are judged: what
    /// is open, or with `all` the whole history.
    ///
    /// # Errors
    /// The store's.
    pub fn outbox(&self, all: bool) -> Result<Vec<Entry>> {
        if all {
            let history = self.outbox.history()?;
            return Ok(history.iter().map(|open| self.entry(open)).collect());
        }
        let open = self.outbox.open_commands();
        Ok(open
            .filter(|open| open.fate == Fate::Pending || open.needs_decision())
            .map(|open| self.entry(open))
            .collect())
    }

    /// What waits on one record, in order.
    ///
    /// # Errors
    /// None at present.
    pub fn pending_on(&self, record: RecordId) -> Result<Vec<Entry>> {
        let open = self.outbox.open_commands().filter(|open| open.envelope.record == record);
        Ok(open
            .filter(|open| open.fate == Fate::Pending || open.needs_decision())
            .map(|open| self.entry(open))
            .collect())
    }

    fn give_again(
        &mut self,
        id: CommandId,
        record: RecordId,
        command: Command,
        now: Instant,
    ) -> Result<Resolved> {
        Ok(match self.give(record, command, now, Some(id))? {
            Submission::Saved(saved) => Resolved::Submitted(saved),
            Submission::Refused(refusal) => Resolved::Refused(refusal),
        })
    }

    pub(super) fn close(
        &mut self,
        id: CommandId,
        record: RecordId,
        fate: Fate,
    ) -> Result<Resolved> {
        self.with_reserve(|replica| replica.outbox.decide(id, fate))?;
        self.rebase(BTreeSet::from([record]))?;
        Ok(Resolved::Closed)
    }

    fn kind(&self, open: &Open) -> Option<AttentionKind> {
        match open.fate {
            Fate::Pending => {
                stands_still(open, &self.overlay, &self.lanes).then_some(AttentionKind::Parked)
            }
            Fate::Refused | Fate::Quarantined if !open.needs_decision() => None,
            Fate::Refused if is_conflict(open) => Some(AttentionKind::Conflict),
            Fate::Refused => Some(AttentionKind::Refused),
            Fate::Quarantined => Some(AttentionKind::Quarantined),
            Fate::Taken | Fate::Discarded | Fate::Handed => None,
        }
    }

    fn item(&self, open: &Open, kind: AttentionKind) -> Result<AttentionItem> {
        let record = open.envelope.record;
        let confirmed = self.mirror.record(record)?;
        let (refusal, quarantine) = match &open.verdict {
            Some(Verdict::Refused { refusal }) => (Some(refusal.clone()), None),
            Some(Verdict::Quarantined { code, message }) => {
                (None, Some((code.clone(), message.clone())))
            }
            _ => (self.foreseen(open.id()), None),
        };
        let choices = vec![Choice::Resend, Choice::Edit, Choice::HandOver, Choice::Discard];
        Ok(AttentionItem {
            id: open.id(),
            record,
            kind,
            command: open.envelope.command.clone(),
            at: open.envelope.at,
            card: self.shelf.get(record).cloned(),
            confirmed_state: confirmed.map(|record| card(&record).state),
            refusal,
            from: None,
            quarantine,
            choices,
            files: open.envelope.command.files().into_iter().cloned().collect(),
        })
    }

    fn entry(&self, open: &Open) -> Entry {
        open.entry(self.is_parked(open.id()), self.foreseen(open.id()))
    }

    pub(super) fn foreseen(&self, id: CommandId) -> Option<Refusal> {
        match &self.overlay.step(id)?.effect {
            Effect::Foreseen(refusal) => Some(refusal.clone()),
            Effect::Applied(_) | Effect::Included | Effect::Parked | Effect::Unjudged => None,
        }
    }
}
