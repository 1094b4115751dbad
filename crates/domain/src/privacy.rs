//! Personal information: which fields of a record carry it, what for, who sees
//! them clear, how they are masked, what an outside reader gets, how long they
//! are kept and how they go (domain m; L-15).
//!
//! A kind of record says by `Work::personal` which of its fields are about a
//! natural person; unmasking and erasing then fit every kind.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "two commands are about persons in any record; the rest is not its affair"
)]

pub mod breach;
pub mod erase;
pub mod field;
pub mod mask;
pub mod notice;
pub mod outside;
pub mod purpose;
pub mod register;
pub mod request;
pub mod retention;
pub mod sight;

/// Who may take the archive package of a case out, and check one (P-22): the
/// package holds the person in clear.
pub const ARCHIVISTS: &[Role] = &[Role::Archivist, Role::CmLead];

pub use field::{Datum, Field};
pub use outside::{Clearance, clearance};
pub use sight::{Unmask, veil};

use crate::{
    command::{Command, CommandName},
    context::Context,
    event::Event,
    record::Record,
    refusal::{Code, Refusal, require},
    role::Role,
    work::Work,
};

/// Whether a command is about the person in a record, whatever its kind.
pub(crate) fn is_personal(command: CommandName) -> bool {
    matches!(command, CommandName::Unmask | CommandName::EraseData)
}

/// Whether the record has fields about a natural person.
pub(crate) fn holds_a_person(record: &Record) -> bool {
    record.work().is_some_and(Work::is_personal)
}

/// Whether the record's state allows the command, whatever its data.
pub(crate) fn possible(
    record: &Record,
    command: CommandName,
    cx: &Context<'_>,
) -> Result<(), Refusal> {
    if command == CommandName::Unmask {
        return require(sight::may_reveal(record, cx.actor), || Refusal::new(Code::Assigned));
    }
    require(erase::can_go(record), || Refusal::new(Code::State))
}

/// Judges one of them.
pub(crate) fn judge(
    record: &Record,
    command: &Command,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(holds_a_person(record), || Refusal::new(Code::State))?;
    match command {
        Command::Unmask(asked) => sight::unmask(record, asked, cx),
        Command::EraseData(asked) => erase::erase(record, *asked, cx),
        _ => Err(Refusal::new(Code::State)),
    }
}
