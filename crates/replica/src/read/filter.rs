//! What a list is asked, and what it answers.

use std::collections::BTreeSet;

use lantian_domain::{
    card::Card,
    case::Segment,
    ids::{RecordId, UserId},
    record::RecordKind,
    time::Instant,
};

/// Where a record's work stands between tablet and server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SyncState {
    /// Commands wait on this device.
    Pending,
    /// The server has the record and all its files.
    Delivered,
    /// The server has the record; files are missing.
    FilesMissing,
    /// Somebody else changed the same.
    Conflict,
    /// A rule refused a command, or would refuse one that waits.
    Refused,
    /// The server set a command aside.
    Quarantined,
}

/// Which records a list shows; an empty set lets everything through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only these kinds.
    pub kinds: BTreeSet<RecordKind>,
    /// Only these states.
    pub states: BTreeSet<String>,
    /// Only this segment.
    pub segment: Option<Segment>,
    /// Only this manager's.
    pub manager: Option<UserId>,
    /// Only those with this mark.
    pub flag: Option<String>,
    /// Only those due before this instant.
    pub due_before: Option<Instant>,
    /// Only those due at this instant or later.
    pub due_from: Option<Instant>,
    /// Only those that contain all these words (separated by blanks).
    pub search: Option<String>,
    /// Only those whose work stands so.
    pub sync_states: BTreeSet<SyncState>,
}

/// One line of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownCard {
    /// What the line shows.
    pub card: Card,
    /// Where the record's work stands.
    pub sync: SyncState,
    /// Own files that the server holds.
    pub files_done: u32,
    /// Own files in all.
    pub files_total: u32,
    /// Commands that wait.
    pub pending: u32,
}

/// A part of a list, most urgent first.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing {
    /// The lines.
    pub items: Vec<ShownCard>,
    /// Where the next part begins.
    pub next: Option<String>,
    /// How many lines there are in all.
    pub total: usize,
}

/// The place of a line in the order of urgency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct After {
    pub(crate) due_ms: i64,
    pub(crate) id: RecordId,
}

impl After {
    /// Reads a place as written by [`Self::to_text`]; nothing if it is no
    /// place.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (due_ms, id) = text.split_once(':')?;
        Some(Self { due_ms: due_ms.parse().ok()?, id: id.parse().ok()? })
    }

    pub(crate) fn to_text(self) -> String {
        format!("{}:{}", self.due_ms, self.id)
    }
}
