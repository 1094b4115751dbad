//! The attachments' machine: uploads in chunks with durable progress, and
//! downloads by range; small files first, at most two at a time.
//!
//! An upload is offered, then sent chunk by chunk from the offset that the
//! server holds. A conflict (409) asks for the offset and resumes; an expired
//! upload starts again from the local copy; each file waits for its own
//! retry, so a bad one holds back nothing else.
//!
//! Invariant: at most one chunk is sent again after a cut; a file is done
//! only with the server's receipt (upload) or a verified hash (download).

use std::collections::BTreeMap;

use lantian_domain::{ids::FileId, time::Instant};
use lantian_protocol::{
    file::{CHUNK, Receipt, UploadState},
    planted::{Bug, planted},
};
use serde::{Deserialize, Serialize};

use crate::{
    backoff::Jitter,
    engine::after,
    failure::{Failure, Remedy},
};

/// How many transfers run at once.
pub const PARALLEL: usize = 2;

/// A request about a file failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileFailure {
    /// The way to the server.
    Transport(Failure),
    /// The offset is not the server's (409) or a chunk arrived damaged (460).
    Conflict,
    /// The upload expired or is unknown (404, 410).
    Expired,
    /// The server will not take this file: too large, not allowed.
    Refused(String),
    /// The local copy is missing or damaged.
    Local(String),
    /// The downloaded content has another hash.
    Unlike,
}

/// What happened to attachments.
#[derive(Debug)]
pub enum FileInput {
    /// An upload waits (also after a restart, with its durable offset).
    Upload {
        /// The file.
        file: FileId,
        /// Bytes in all.
        size: u64,
        /// Bytes known to be held by the server; `None` if never offered.
        offset: Option<u64>,
    },
    /// A download is wanted.
    Download {
        /// The file.
        file: FileId,
        /// Bytes in all.
        size: u64,
        /// Bytes already here.
        offset: u64,
    },
    /// No longer wanted.
    Cancel {
        /// The file.
        file: FileId,
    },
    /// The answer to [`FileEffect::Offer`], [`FileEffect::AskOffset`] or
    /// [`FileEffect::SendChunk`].
    Upped {
        /// The file.
        file: FileId,
        /// Where the upload stands.
        result: Result<UploadState, FileFailure>,
    },
    /// The answer to [`FileEffect::Fetch`], its bytes already stored.
    Fetched {
        /// The file.
        file: FileId,
        /// Bytes here now; when all are here, their hash was verified.
        result: Result<u64, FileFailure>,
    },
    /// The network went away.
    Offline,
    /// A person or the network asks: retries are due now.
    Hurry,
}

/// What is to be done about attachments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileEffect {
    /// Announce the upload.
    Offer {
        /// The file.
        file: FileId,
    },
    /// Ask where the upload stands.
    AskOffset {
        /// The file.
        file: FileId,
    },
    /// Send bytes.
    SendChunk {
        /// The file.
        file: FileId,
        /// From here.
        offset: u64,
        /// This many.
        len: u64,
    },
    /// Write down how far the upload is.
    Progress {
        /// The file.
        file: FileId,
        /// Bytes held by the server.
        offset: u64,
    },
    /// Write down the receipt.
    Done {
        /// The server's word.
        receipt: Receipt,
    },
    /// Fetch bytes and store them.
    Fetch {
        /// The file.
        file: FileId,
        /// From here.
        offset: u64,
        /// This many.
        len: u64,
    },
    /// The download is complete and verified.
    Arrived {
        /// The file.
        file: FileId,
    },
    /// The file cannot go on by itself; a person has to know.
    Trouble {
        /// The file.
        file: FileId,
        /// Stable code.
        code: String,
    },
}

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
    flying: bool,
    due: Instant,
    failures: u32,
}

/// The machine.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Transfers {
    jitter: Jitter,
    all: BTreeMap<FileId, Transfer>,
    #[serde(skip)]
    effects: Vec<FileEffect>,
}

impl Transfers {
    /// An empty machine.
    pub fn new(seed: u64) -> Self {
        Self { jitter: Jitter::new(seed), all: BTreeMap::new(), effects: Vec::new() }
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
            FileInput::Upload { file, size, offset } => {
                let step = if offset.is_some() { Step::Ask } else { Step::Offer };
                self.admit(file, size, offset.unwrap_or(0), step, now);
            }
            FileInput::Download { file, size, offset } => {
                self.admit(file, size, offset, Step::Fetch, now);
            }
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
            let mut ready: Vec<(u64, FileId)> = self
                .all
                .iter()
                .filter(|(_, t)| !t.flying && t.due <= now)
                .map(|(id, t)| (t.size - t.offset.min(t.size), *id))
                .collect();
            ready.sort_unstable();
            for (_, file) in ready {
                if flying == PARALLEL {
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
        if self.all.values().filter(|t| t.flying).count() >= PARALLEL {
            return None;
        }
        self.all.values().filter(|t| !t.flying).map(|t| t.due).min()
    }

    pub(crate) fn not_later_than(&mut self, latest: Instant) {
        for transfer in self.all.values_mut() {
            transfer.due = transfer.due.min(latest);
        }
    }

    fn admit(&mut self, file: FileId, size: u64, offset: u64, step: Step, now: Instant) {
        self.all.entry(file).or_insert(Transfer {
            size,
            offset,
            step,
            flying: false,
            due: now,
            failures: 0,
        });
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

impl FileInput {
    /// The failure of the way to the server that this input tells of.
    pub(crate) fn failure(&self) -> Option<Failure> {
        match self {
            Self::Upped { result: Err(FileFailure::Transport(failure)), .. }
            | Self::Fetched { result: Err(FileFailure::Transport(failure)), .. } => {
                Some(failure.clone())
            }
            Self::Upload { .. }
            | Self::Download { .. }
            | Self::Cancel { .. }
            | Self::Upped { .. }
            | Self::Fetched { .. }
            | Self::Offline
            | Self::Hurry => None,
        }
    }
}

#[cfg(test)]
mod tests;
