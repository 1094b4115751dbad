//! What every kind of record that people work on answers for.
//!
//! The rulebook's entrances (`apply`, `judge`, `offer`, `audience`, `card`)
//! know no kinds: they ask a record for its [`Work`]. A further kind is a room
//! of its own that implements it, one line in the table of `record.rs`, its
//! first event in `apply.rs` and the command that creates it in `judge.rs`.

use std::collections::BTreeSet;

use crate::{
    approval::Approval,
    audience::Audience,
    card::Card,
    clock::Clock,
    command::{Command, CommandName},
    context::{Context, View},
    event::Event,
    file::FileRef,
    flow::Flow,
    ids::{RecordId, UserId},
    privacy::{Field, retention::Class},
    record::{Record, TrailEntry},
    refusal::{Code, Refusal, require},
    stamp::Stamp,
};

/// What can be read of every record of work.
pub(crate) struct Head<'a> {
    pub(crate) state: &'static str,
    pub(crate) clocks: &'a [Clock],
    pub(crate) files: &'a [FileRef],
    pub(crate) approvals: &'a [Approval],
    pub(crate) trail: &'a [TrailEntry],
}

/// What events change on every record of work alike.
pub(crate) struct Shared<'a> {
    pub(crate) version: &'a mut u64,
    pub(crate) trail: &'a mut Vec<TrailEntry>,
    pub(crate) clocks: Option<&'a mut Vec<Clock>>,
    pub(crate) files: Option<&'a mut Vec<FileRef>>,
    pub(crate) approvals: Option<&'a mut Vec<Approval>>,
}

/// A record that people work on.
pub(crate) trait Work {
    /// What can be read of it.
    fn head(&self) -> Head<'_>;

    /// What events change on it alike.
    fn shared(&mut self) -> Shared<'_>;

    /// Applies an event that is about the record itself; total. Clocks, files,
    /// approvals, the trail and the version are applied for all kinds alike.
    fn apply(&mut self, event: &Event, stamp: &Stamp);

    /// Judges a command on it; `record` is the record itself.
    fn judge<'a>(
        &self,
        record: &Record,
        view: &View<'_>,
        command: &Command,
        cx: &'a Context<'a>,
    ) -> Result<Flow<'a>, Refusal>;

    /// Whether a command is about this kind of record at all.
    fn concerns(&self, command: CommandName) -> bool;

    /// Whether its state and the actor's part in it allow the command,
    /// whatever the command's data.
    fn possible(&self, command: CommandName, cx: &Context<'_>) -> Result<(), Refusal>;

    /// The commands that carry its procedure on.
    fn next_steps(&self) -> &'static [CommandName];

    /// Whose scope it is in.
    fn audience(&self) -> BTreeSet<Audience>;

    /// Its line in a list.
    fn card(&self) -> Card;

    /// The one person who answers for it and takes its clocks along.
    fn responsible(&self) -> Option<UserId> {
        None
    }

    /// See [`Record::related`].
    fn related(&self) -> Vec<RecordId> {
        Vec::new()
    }

    /// Shows `see` every filled field with a natural person's data; the trail's
    /// notes are shown for all kinds alike.
    fn personal(&mut self, _see: &mut dyn FnMut(Field, &mut String)) {}

    /// Whether it is about a natural person at all.
    fn is_personal(&self) -> bool {
        false
    }

    /// How long a person stays in it once work on it has ended; nothing while
    /// work goes on.
    fn keeps(&self) -> Option<Class> {
        None
    }

    /// Lets go of what [`Work::personal`] cannot name: places, proposals.
    fn forget(&mut self) {}

    /// See [`Record::became`].
    fn became(&self) -> Option<RecordId> {
        None
    }
}

/// [`Work::head`] and [`Work::shared`] of a record with the fields `version`,
/// `state`, `clocks`, `files`, `approvals` and `trail`.
macro_rules! kept {
    () => {
        fn head(&self) -> crate::work::Head<'_> {
            crate::work::Head {
                state: self.state.as_str(),
                clocks: &self.clocks,
                files: &self.files,
                approvals: &self.approvals,
                trail: &self.trail,
            }
        }

        fn shared(&mut self) -> crate::work::Shared<'_> {
            crate::work::Shared {
                version: &mut self.version,
                trail: &mut self.trail,
                clocks: Some(&mut self.clocks),
                files: Some(&mut self.files),
                approvals: Some(&mut self.approvals),
            }
        }
    };
}

pub(crate) use kept;

/// The events of an attachment or a remark, which every kind takes alike;
/// nothing for any other command.
pub(crate) fn attach_or_note(
    files: &[FileRef],
    command: &Command,
) -> Result<Option<Vec<Event>>, Refusal> {
    if let Command::AttachFile(attach) = command {
        require(attach.file.is_valid(), || Refusal::field("file", "malformed"))?;
        require(files.iter().all(|file| file.id != attach.file.id), || {
            Refusal::new(Code::Duplicate).with("field", "file")
        })?;
        return Ok(Some(vec![Event::FileAttached(attach.clone())]));
    }
    if let Command::AddNote(note) = command {
        let length = note.text.trim().chars().count();
        require((1..=500).contains(&length), || Refusal::field("text", "1 to 500 characters"))?;
        return Ok(Some(vec![Event::NoteAdded(note.clone())]));
    }
    Ok(None)
}
