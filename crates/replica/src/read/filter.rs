//! What a list is asked, and what it answers.

use std::{cmp::Ordering, collections::BTreeSet};

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
    /// It left this person's scope; it can be read until work on it has gone
    /// out.
    Held,
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

/// The place of a line in the order of urgency: what is due first, then what
/// waits for nobody, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct After {
    pub(crate) due_ms: i64,
    pub(crate) id: RecordId,
}

impl Ord for After {
    fn cmp(&self, other: &Self) -> Ordering {
        self.due_ms.cmp(&other.due_ms).then_with(|| {
            // Identities carry the time at which they were made.
            let older = self.id.cmp(&other.id);
            if self.due_ms == i64::MAX { older.reverse() } else { older }
        })
    }
}

impl PartialOrd for After {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_is_due_comes_first_and_of_the_rest_the_newest() {
        let place = |due_ms, id| After { due_ms, id: RecordId(Uuid::from_u128(id)) };
        let mut all =
            [place(i64::MAX, 1), place(20, 3), place(i64::MAX, 4), place(10, 5), place(10, 2)];
        all.sort();
        let ids = all.map(|one| one.id.0.as_u128());
        assert_eq!(ids, [2, 5, 3, 4, 1]);
    }
}
