//! A command of the outbox: what was signed, and what became of it.

use std::collections::BTreeSet;

use lantian_domain::{
    command::Command,
    ids::{CommandId, RecordId},
    refusal::Refusal,
    time::Instant,
};
use lantian_protocol::{Envelope, Verdict};

/// What became of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Not yet answered by the server.
    Pending,
    /// Its effect is in the server's log.
    Taken,
    /// The rulebook of the server refused it.
    Refused,
    /// The server set it aside.
    Quarantined,
    /// A person gave it up; it stays readable.
    Discarded,
    /// A person left it to the record's present owner; it stays readable.
    Handed,
}

impl Fate {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Pending, "pending"),
        (Self::Taken, "taken"),
        (Self::Refused, "refused"),
        (Self::Quarantined, "quarantined"),
        (Self::Discarded, "discarded"),
        (Self::Handed, "handed"),
    ];

    /// The word as stored.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(fate, _)| *fate == self).map_or("pending", |(_, word)| *word)
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(fate, _)| *fate)
    }
}

/// A command as shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The command's identity.
    pub id: CommandId,
    /// The record it was given on.
    pub record: RecordId,
    /// The command with its data.
    pub command: Command,
    /// Its number within the incarnation.
    pub n: u64,
    /// When it was given.
    pub at: Instant,
    /// When it became durable here.
    pub saved_at: Instant,
    /// The command that it builds on.
    pub after: Option<CommandId>,
    /// What became of it.
    pub fate: Fate,
    /// Whether it waits because it builds on one without effect.
    pub parked: bool,
    /// Why it would be refused on what is confirmed now.
    pub foreseen: Option<Refusal>,
    /// The server's answer.
    pub verdict: Option<Verdict>,
    /// When the answer came.
    pub answered_at: Option<Instant>,
    /// The command that this one corrects.
    pub replaces: Option<CommandId>,
    /// The command that corrects this one.
    pub replaced_by: Option<CommandId>,
}

/// The order in which commands are judged: place, then order of saving.
pub(crate) type Place = (i64, i64);

/// A command held in memory because it is not settled for good.
#[derive(Clone, Debug)]
pub(crate) struct Open {
    pub(crate) place: Place,
    pub(crate) envelope: Envelope,
    pub(crate) saved_at: Instant,
    pub(crate) fate: Fate,
    /// Taken once by an older epoch of the server's store, offered again.
    pub(crate) reoffered: bool,
    pub(crate) seq: Option<u64>,
    pub(crate) epoch: Option<u64>,
    pub(crate) verdict: Option<Verdict>,
    pub(crate) answered_at: Option<Instant>,
    pub(crate) replaces: Option<CommandId>,
    pub(crate) replaced_by: Option<CommandId>,
}

impl Open {
    pub(crate) fn id(&self) -> CommandId {
        self.envelope.id
    }

    /// Whether its effect is shown on top of what is confirmed, if it has one.
    pub(crate) fn counts(&self) -> bool {
        matches!(self.fate, Fate::Pending | Fate::Taken)
    }

    /// Whether it waits for a person.
    pub(crate) fn needs_decision(&self) -> bool {
        matches!(self.fate, Fate::Refused | Fate::Quarantined) && self.replaced_by.is_none()
    }

    /// The records that it is judged with.
    pub(crate) fn reads(&self) -> BTreeSet<RecordId> {
        let mut reads: BTreeSet<RecordId> = self.envelope.command.touches().into_iter().collect();
        reads.insert(self.envelope.record);
        reads
    }

    pub(crate) fn entry(&self, parked: bool, foreseen: Option<Refusal>) -> Entry {
        Entry {
            id: self.id(),
            record: self.envelope.record,
            command: self.envelope.command.clone(),
            n: self.envelope.n,
            at: self.envelope.at,
            saved_at: self.saved_at,
            after: self.envelope.after,
            fate: self.fate,
            parked,
            foreseen,
            verdict: self.verdict.clone(),
            answered_at: self.answered_at,
            replaces: self.replaces,
            replaced_by: self.replaced_by,
        }
    }
}
