//! How each record's work stands, and the counts of all of it.

use std::collections::{BTreeSet, HashMap};

use lantian_domain::{
    ids::{CommandId, RecordId},
    refusal::Code,
};
use lantian_protocol::Verdict;

use super::Replica;
use crate::{
    error::Result,
    outbox::{Fate, Open, Outbox},
    read::SyncState,
    shown::{Effect, Lanes, Overlay},
};

/// Counts of what waits, for the synchronisation page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Commands not yet answered.
    pub pending: usize,
    /// Records with commands or files that wait.
    pub pending_records: usize,
    /// Commands that a rule refused, conflicts included.
    pub refused: usize,
    /// Commands that wait because they build on one without effect, or would
    /// be refused now.
    pub parked: usize,
    /// Commands that the server set aside.
    pub quarantined: usize,
    /// Refused commands where somebody else changed the same.
    pub conflicts: usize,
    /// Files that the server does not hold yet.
    pub files_pending: usize,
    /// Their bytes still to be sent.
    pub bytes_pending: u64,
    /// Records in the mirror.
    pub records: usize,
}

/// What waits on one record.
#[derive(Clone, Copy, Debug, Default)]
struct Mark {
    pending: u32,
    refused: u32,
    conflicts: u32,
    quarantined: u32,
    files_done: u32,
    files_total: u32,
}

/// What waits, record by record.
#[derive(Default)]
pub(super) struct Marks(HashMap<RecordId, Mark>);

impl Marks {
    pub(super) fn of(outbox: &Outbox, overlay: &Overlay, lanes: &Lanes) -> Self {
        let mut marks = Self::default();
        for open in outbox.open_commands() {
            let mark = marks.0.entry(open.envelope.record).or_default();
            match open.fate {
                Fate::Pending if stands_still(open, overlay, lanes) => mark.refused += 1,
                Fate::Pending => mark.pending += 1,
                Fate::Refused | Fate::Quarantined if !open.needs_decision() => {}
                Fate::Refused if is_conflict(open) => mark.conflicts += 1,
                Fate::Refused => mark.refused += 1,
                Fate::Quarantined => mark.quarantined += 1,
                Fate::Taken | Fate::Discarded | Fate::Handed => {}
            }
        }
        for staged in outbox.uploads.values().filter(|staged| staged.command.is_some()) {
            let mark = marks.0.entry(staged.record).or_default();
            mark.files_total += 1;
            mark.files_done += u32::from(staged.receipt.is_some());
        }
        marks
    }

    pub(super) fn add_pending(&mut self, record: RecordId) {
        self.0.entry(record).or_default().pending += 1;
    }

    /// Counts the own files of a record anew.
    pub(super) fn count_files(&mut self, record: RecordId, outbox: &Outbox) {
        let own = outbox.uploads.values().filter(|staged| staged.record == record);
        let mark = self.0.entry(record).or_default();
        (mark.files_done, mark.files_total) = (0, 0);
        for staged in own.filter(|staged| staged.command.is_some()) {
            mark.files_total += 1;
            mark.files_done += u32::from(staged.receipt.is_some());
        }
    }

    pub(super) fn state(&self, record: RecordId) -> SyncState {
        let mark = self.get(record);
        match mark {
            Mark { conflicts: 1.., .. } => SyncState::Conflict,
            Mark { refused: 1.., .. } => SyncState::Refused,
            Mark { quarantined: 1.., .. } => SyncState::Quarantined,
            Mark { pending: 1.., .. } => SyncState::Pending,
            Mark { files_done, files_total, .. } if files_done < files_total => {
                SyncState::FilesMissing
            }
            _ => SyncState::Delivered,
        }
    }

    pub(super) fn pending(&self, record: RecordId) -> u32 {
        self.get(record).pending
    }

    /// Commands that wait for a person.
    pub(super) fn stopped(&self, record: RecordId) -> u32 {
        let mark = self.get(record);
        mark.refused + mark.conflicts + mark.quarantined
    }

    /// Own files delivered, and in all.
    pub(super) fn files(&self, record: RecordId) -> (u32, u32) {
        let mark = self.get(record);
        (mark.files_done, mark.files_total)
    }

    fn get(&self, record: RecordId) -> Mark {
        self.0.get(&record).copied().unwrap_or_default()
    }
}

/// Whether a pending command needs a person: it is parked, or would be refused
/// now. What an older epoch had taken is offered again without a word.
pub(super) fn stands_still(open: &Open, overlay: &Overlay, lanes: &Lanes) -> bool {
    let foreseen =
        || overlay.step(open.id()).is_some_and(|step| matches!(step.effect, Effect::Foreseen(_)));
    !open.reoffered && (lanes.parked.contains(&open.id()) || foreseen())
}

pub(super) fn is_conflict(open: &Open) -> bool {
    matches!(&open.verdict, Some(Verdict::Refused { refusal }) if refusal.code == Code::Version)
}

impl Replica {
    /// Counts what waits.
    ///
    /// # Errors
    /// None at present.
    pub fn tally(&self) -> Result<Tally> {
        let mut tally = Tally { records: self.mirror.len(), ..Tally::default() };
        let mut records = BTreeSet::new();
        for open in self.outbox.open_commands() {
            match open.fate {
                Fate::Pending => {
                    records.insert(open.envelope.record);
                    tally.pending += 1;
                    tally.parked += usize::from(stands_still(open, &self.overlay, &self.lanes));
                }
                Fate::Refused if open.needs_decision() => {
                    tally.refused += 1;
                    tally.conflicts += usize::from(is_conflict(open));
                }
                Fate::Quarantined if open.needs_decision() => tally.quarantined += 1,
                Fate::Refused
                | Fate::Quarantined
                | Fate::Taken
                | Fate::Discarded
                | Fate::Handed => {}
            }
        }
        for staged in self.outbox.uploads.values() {
            if staged.receipt.is_none() && staged.command.is_some() {
                records.insert(staged.record);
                tally.files_pending += 1;
                tally.bytes_pending += staged.file.size.saturating_sub(staged.offset.unwrap_or(0));
            }
        }
        tally.pending_records = records.len();
        Ok(tally)
    }

    /// The commands that stand still on this device, by record.
    pub(super) fn is_parked(&self, id: CommandId) -> bool {
        self.lanes.parked.contains(&id)
    }
}
