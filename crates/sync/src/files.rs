//! The attachments' machine: uploads in chunks with durable progress, and
//! downloads by range; what a visit needs first, then small files first, as
//! many at a time as the way carries ([`Pace`]).
//!
//! An upload is offered, then sent chunk by chunk from the offset that the
//! server holds. A conflict (409) asks for the offset and resumes; an expired
//! upload starts again from the local copy; each file waits for its own
//! retry, so a bad one holds back nothing else. Over a network that is to be
//! spared originals wait ([`Weight`]); the rule is looked at again at every
//! change of the network and at every start of a transfer.
//!
//! Invariant: at most one chunk is sent again after a cut; a file is done
//! only with the server's receipt (upload) or a verified hash (download).

mod message;

use std::collections::BTreeMap;

use lantian_domain::{ids::FileId, time::Instant};
use lantian_protocol::{
    file::{CHUNK, UploadState},
    planted::{Bug, planted},
};
use serde::{Deserialize, Serialize};

pub use message::{FileEffect, FileFailure, FileInput, Haste};

use crate::{
    backoff::Jitter,
    engine::after,
    failure::{Failure, Remedy},
    pace::Pace,
    weight::Weight,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Step {
    Offer,
    Ask,
    Send,
    Fetch,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Transfer {
    size: u64,
    offset: u64,
    step: Step,
    haste: Haste,
    /// Waits while the network is to be spared.
    waits: bool,
    flying: bool,
    due: Instant,
    failures: u32,
}

/// The machine.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Transfers {
    jitter: Jitter,
    pace: Pace,
    spare: bool,
    all: BTreeMap<FileId, Transfer>,
    #[serde(skip)]
    effects: Vec<FileEffect>,
}

impl Transfers {
    /// An empty machine.
    pub fn new(seed: u64) -> Self {
        Self {
            jitter: Jitter::new(seed),
            pace: Pace::default(),
            spare: false,
            all: BTreeMap::new(),
            effects: Vec::new(),
        }
    }

    /// How many transfers may run at once, by what was measured.
    pub fn width(&self) -> usize {
        self.pace.width()
    }

    /// Files that are not done.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Bytes done and bytes in all, over the files that are not done.
    pub fn progress(&self) -> (u64, u64) {
        self.all.values().fold((0, 0), |(done, all), t| (done + t.offset, all + t.size))
    }

    /// Whether the file is being transferred at this moment.
    pub fn is_moving(&self, file: FileId) -> bool {
        self.all.get(&file).is_some_and(|t| t.flying)
    }

    /// Takes an input; [`Self::advance`] says what follows.
    pub fn handle(&mut self, input: FileInput, now: Instant) {
        match input {
            FileInput::Upload { file, size, offset, weight } => {
                let step = if offset.is_some() { Step::Ask } else { Step::Offer };
                let waits = weight == Weight::Original;
                self.admit(file, Transfer::new(size, offset.unwrap_or(0), step, waits, now));
            }
            FileInput::Download { file, size, offset, haste } => {
                self.admit(file, Transfer::new(size, offset, Step::Fetch, false, now));
                if let Some(transfer) = self.all.get_mut(&file) {
                    transfer.haste = transfer.haste.min(haste);
                }
            }
            FileInput::Measured { bytes, ms } => {
                let flying = self.all.values().filter(|t| t.flying).count();
                self.pace.measure(bytes, ms, flying);
            }
            FileInput::Spare { on } => self.spare = on,
            FileInput::Anyway => self.all.values_mut().for_each(|t| t.waits = false),
            FileInput::Cancel { file } => {
                self.all.remove(&file);
            }
            FileInput::Upped { file, result } => self.upped(file, result, now),
            FileInput::Fetched { file, result } => self.fetched(file, result, now),
            FileInput::Offline => {
                for transfer in self.all.values_mut().filter(|t| t.flying) {
                    transfer.flying = false;
                    transfer.due = now;
                    transfer.look_first();
                }
            }
            FileInput::Hurry => {
                for transfer in self.all.values_mut().filter(|t| !t.flying) {
                    transfer.due = now;
                    transfer.failures = 0;
                }
            }
        }
    }

    /// What to do now; nothing new is started unless it `runs`.
    pub fn advance(&mut self, now: Instant, runs: bool) -> Vec<FileEffect> {
        let mut flying = self.all.values().filter(|t| t.flying).count();
        if runs {
            let mut ready: Vec<(Haste, u64, FileId)> = self
                .all
                .iter()
                .filter(|(_, t)| self.may_start(t) && t.due <= now)
                .map(|(id, t)| (t.haste, t.size - t.offset.min(t.size), *id))
                .collect();
            ready.sort_unstable();
            for (_, _, file) in ready {
                if flying >= self.pace.width() {
                    break;
                }
                if let Some(transfer) = self.all.get_mut(&file) {
                    transfer.flying = true;
                    self.effects.push(transfer.request(file));
                    flying += 1;
                }
            }
        }
        std::mem::take(&mut self.effects)
    }

    /// When the next retry is due; nothing while as many as allowed run.
    pub fn due(&self) -> Option<Instant> {
        if self.all.values().filter(|t| t.flying).count() >= self.pace.width() {
            return None;
        }
        self.all.values().filter(|t| self.may_start(t)).map(|t| t.due).min()
    }

    /// Files that wait because the network is to be spared, and their bytes.
    pub fn spared(&self) -> (usize, u64) {
        let held = self.all.values().filter(|t| self.spare && t.waits);
        held.fold((0, 0), |(files, bytes), t| (files + 1, bytes + t.size - t.offset.min(t.size)))
    }

    fn may_start(&self, transfer: &Transfer) -> bool {
        !(transfer.flying || self.spare && transfer.waits)
    }

    pub(crate) fn not_later_than(&mut self, latest: Instant) {
        for transfer in self.all.values_mut() {
            transfer.due = transfer.due.min(latest);
        }
    }

    fn admit(&mut self, file: FileId, transfer: Transfer) {
        self.all.entry(file).or_insert(transfer);
    }

    fn upped(&mut self, file: FileId, result: Result<UploadState, FileFailure>, now: Instant) {
        let Some(transfer) = self.all.get_mut(&file).filter(|t| t.flying) else { return };
        transfer.flying = false;
        let state = match result {
            Ok(state) => state,
            Err(failure) => return self.fail(file, &failure, now),
        };
        if let Some(receipt) = state.receipt {
            self.all.remove(&file);
            self.effects.push(FileEffect::Done { receipt });
            return;
        }
        if state.offset > transfer.size
            || (transfer.step == Step::Send && state.offset <= transfer.offset)
        {
            // The server holds less than before, or more than there is.
            return self.fail(file, &FileFailure::Conflict, now);
        }
        transfer.failures = 0;
        transfer.due = now;
        transfer.step = if state.offset == transfer.size { Step::Ask } else { Step::Send };
        if transfer.step == Step::Ask {
            // Everything is there, the receipt is not: the server verifies.
            transfer.due = after(now, self.jitter.around(2_000));
        }
        transfer.offset = state.offset;
        self.effects.push(FileEffect::Progress { file, offset: state.offset });
    }

    fn fetched(&mut self, file: FileId, result: Result<u64, FileFailure>, now: Instant) {
        let Some(transfer) = self.all.get_mut(&file).filter(|t| t.flying) else { return };
        transfer.flying = false;
        match result {
            Ok(offset) if offset >= transfer.size => {
                self.all.remove(&file);
                self.effects.push(FileEffect::Arrived { file });
            }
            Ok(offset) if offset > transfer.offset => {
                transfer.offset = offset;
                transfer.failures = 0;
                transfer.due = now;
            }
            Ok(_) => self.fail(file, &FileFailure::Transport(Failure::Damaged), now),
            Err(failure) => self.fail(file, &failure, now),
        }
    }

    fn fail(&mut self, file: FileId, failure: &FileFailure, now: Instant) {
        let Some(transfer) = self.all.get_mut(&file) else { return };
        if matches!(failure, FileFailure::Transport(Failure::Timeout | Failure::Offline)) {
            self.pace.lose();
        }
        if *failure == FileFailure::Spared {
            // No fault of the file: it goes on when the rule lets it.
            transfer.look_first();
            transfer.due = after(now, 1_000);
            return;
        }
        transfer.failures = transfer.failures.saturating_add(1);
        let mut wish = None;
        let trouble = match failure {
            FileFailure::Transport(failure) => {
                if let Remedy::Retry { wait_ms } = failure.remedy() {
                    wish = wait_ms;
                }
                transfer.look_first();
                None
            }
            FileFailure::Conflict if planted(Bug::OffsetWedge) => None,
            FileFailure::Conflict => {
                transfer.step = Step::Ask;
                None
            }
            FileFailure::Expired if transfer.step == Step::Fetch => Some("file_unknown"),
            FileFailure::Expired => {
                transfer.step = Step::Offer;
                transfer.offset = 0;
                self.effects.push(FileEffect::Progress { file, offset: 0 });
                None
            }
            FileFailure::Unlike => {
                transfer.offset = 0;
                Some("file_unlike")
            }
            FileFailure::Spared => None,
            FileFailure::Refused(code) | FileFailure::Local(code) => {
                let code = code.clone();
                self.all.remove(&file);
                self.effects.push(FileEffect::Trouble { file, code });
                return;
            }
        };
        let wait = match failure {
            // The first conflict or expiry is answered at once.
            FileFailure::Conflict | FileFailure::Expired if transfer.failures == 1 => 0,
            FileFailure::Transport(_)
            | FileFailure::Conflict
            | FileFailure::Expired
            | FileFailure::Unlike
            | FileFailure::Spared
            | FileFailure::Refused(_)
            | FileFailure::Local(_) => self.jitter.wait_ms(transfer.failures, wish),
        };
        transfer.due = after(now, wait);
        if let Some(code) = trouble {
            self.effects.push(FileEffect::Trouble { file, code: code.to_owned() });
        }
    }
}

impl Transfer {
    fn new(size: u64, offset: u64, step: Step, waits: bool, due: Instant) -> Self {
        let haste = Haste::Usual;
        Self { size, offset, step, haste, waits, flying: false, due, failures: 0 }
    }

    /// After a cut nobody knows how much arrived: ask before sending.
    fn look_first(&mut self) {
        if self.step == Step::Send {
            self.step = Step::Ask;
        }
    }

    fn request(&self, file: FileId) -> FileEffect {
        let len = (self.size - self.offset.min(self.size)).min(CHUNK as u64);
        match self.step {
            Step::Offer => FileEffect::Offer { file },
            Step::Ask => FileEffect::AskOffset { file },
            Step::Send => FileEffect::SendChunk { file, offset: self.offset, len },
            Step::Fetch => FileEffect::Fetch { file, offset: self.offset, len },
        }
    }
}

#[cfg(test)]
mod tests;
