//! The engine's tape: what it heard lately and what it decided, so that
//! somebody else can watch it decide the same again.
//!
//! Words: an *entry* is one input at its instant, as far as the engine looks at
//! it, with the words of the effects that it answered; the *base* is the engine
//! as it was before the first entry. Invariants: the tape is bounded; it holds
//! numbers, codes and opaque identities, never the content of a page, a command
//! or a file; [`Tape::replay`] from the base gives the same words, or says where
//! it does not.

use std::collections::VecDeque;

use lantian_domain::{ids::FileId, time::Instant};
use lantian_protocol::{
    feed::{Cursor, Page},
    file::{Receipt, UploadState},
};
use serde::{Deserialize, Serialize};

use crate::{
    Effect, Engine, FileEffect, FileFailure, FileInput, Haste, Input, Ticket, Weight,
    engine::{Applied, PushResult},
    failure::Failure,
};

/// Entries kept; what is older is part of the base.
pub const KEPT: usize = 2_000;

/// What the engine heard lately, and what it decided.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tape {
    base: Engine,
    entries: VecDeque<Entry>,
}

/// One input and its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// When, by the engine's clock.
    pub at: Instant,
    /// What it heard.
    pub heard: Heard,
    /// The words of what it decided.
    pub did: Vec<String>,
}

/// A replay that went another way than the tape.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("entry {at} decides {did:?}, on the tape {taped:?}")]
pub struct Divergence {
    /// Which entry, from 0.
    pub at: usize,
    /// What the engine decides.
    pub did: Vec<String>,
    /// What the tape says.
    pub taped: Vec<String>,
}

/// An input, as far as the engine looks at it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are those of `Input`")]
pub enum Heard {
    /// [`Input::Started`].
    Started { sendable: usize, repairs: usize },
    /// [`Input::Tick`].
    Tick,
    /// [`Input::NetworkUp`].
    NetworkUp,
    /// [`Input::NetworkDown`].
    NetworkDown,
    /// [`Input::SyncNow`].
    SyncNow,
    /// [`Input::Pause`].
    Pause,
    /// [`Input::Resume`].
    Resume,
    /// [`Input::Cleared`].
    Cleared,
    /// [`Input::Wake`].
    Wake { seq: u64 },
    /// [`Input::Rider`], without the page.
    Rider,
    /// [`Input::WakeOpened`].
    WakeOpened,
    /// [`Input::WakeClosed`].
    WakeClosed,
    /// [`Input::LocalCommand`].
    LocalCommand { sendable: usize },
    /// [`Input::Unaccounted`].
    Unaccounted { count: usize },
    /// [`Input::Pulled`], without the page.
    Pulled { ticket: Ticket, result: Result<(), Failure> },
    /// [`Input::Applied`].
    Applied { result: Result<Applied, String> },
    /// [`Input::Pushed`].
    Pushed { ticket: Ticket, result: Result<PushResult, Failure> },
    /// [`Input::Repaired`].
    Repaired { ticket: Ticket, result: Result<usize, Failure> },
    /// [`Input::Accounted`].
    Accounted { ticket: Ticket, result: Result<usize, Failure> },
    /// [`Input::TokenRefreshed`].
    TokenRefreshed { ticket: Ticket, result: Result<(), Failure> },
    /// [`Input::File`].
    File(HeardFile),
}

/// An input about an attachment, as far as the engine looks at it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are those of `FileInput`")]
pub enum HeardFile {
    /// [`FileInput::Upload`].
    Upload { file: FileId, size: u64, offset: Option<u64>, weight: Weight },
    /// [`FileInput::Download`].
    Download { file: FileId, size: u64, offset: u64, haste: Haste },
    /// [`FileInput::Measured`].
    Measured { bytes: u64, ms: u64 },
    /// [`FileInput::Spare`].
    Spare { on: bool },
    /// [`FileInput::Anyway`].
    Anyway,
    /// [`FileInput::Cancel`].
    Cancel { file: FileId },
    /// [`FileInput::Upped`]: offset, and whether there is a receipt.
    Upped { file: FileId, result: Result<(u64, bool), FileFailure> },
    /// [`FileInput::Fetched`].
    Fetched { file: FileId, result: Result<u64, FileFailure> },
    /// [`FileInput::Offline`].
    Offline,
    /// [`FileInput::Hurry`].
    Hurry,
}

impl Tape {
    /// The tape of an engine that has heard nothing yet.
    pub fn of(engine: &Engine) -> Self {
        Self { base: engine.clone(), entries: VecDeque::new() }
    }

    /// Gives the engine an input, and writes down what it decides.
    pub fn hear(&mut self, engine: &mut Engine, input: Input, now: Instant) -> Vec<Effect> {
        let heard = Heard::of(&input);
        let effects = engine.handle(input, now);
        self.entries.push_back(Entry { at: now, heard, did: words(&effects) });
        if self.entries.len() > KEPT
            && let Some(oldest) = self.entries.pop_front()
        {
            self.base.handle(oldest.heard.into_input(), oldest.at);
        }
        effects
    }

    /// What was heard, the oldest first.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// Lets the engine hear the same again; says how many entries it decided as
    /// the tape has it.
    ///
    /// # Errors
    /// Where it decides otherwise.
    pub fn replay(&self) -> Result<usize, Divergence> {
        let mut engine = self.base.clone();
        for (at, entry) in self.entries.iter().enumerate() {
            let did = words(&engine.handle(entry.heard.clone().into_input(), entry.at));
            if did != entry.did {
                return Err(Divergence { at, did, taped: entry.did.clone() });
            }
        }
        Ok(self.entries.len())
    }
}

/// Effects in words: what is asked for, with numbers, without content.
fn words(effects: &[Effect]) -> Vec<String> {
    effects.iter().map(word).collect()
}

fn word(effect: &Effect) -> String {
    match effect {
        Effect::Pull { ticket, max_bytes } => format!("pull {ticket}, {max_bytes} bytes"),
        Effect::ApplyPage(_) => "apply".to_owned(),
        Effect::Push { ticket, limit } => format!("push {ticket}, {limit} at the most"),
        Effect::Repair { ticket } => format!("repair {ticket}"),
        Effect::Account { ticket } => format!("account {ticket}"),
        Effect::Refresh { ticket } => format!("refresh {ticket}"),
        Effect::Reoffer { epoch } => format!("reoffer {epoch}"),
        Effect::OpenWake => "open wake".to_owned(),
        Effect::CloseWake => "close wake".to_owned(),
        Effect::File(FileEffect::Done { receipt }) => format!("file {} done", receipt.file),
        Effect::File(effect) => format!("file {effect:?}"),
        Effect::SetTimer { at } => format!("timer {}", at.0),
        Effect::Report(report) => format!(
            "report {:?}, halt {:?}, failure {:?}, next {:?}",
            report.network,
            report.halt.as_ref().map(crate::Halt::code),
            report.last_failure,
            report.next_attempt_at.map(|at| at.0),
        ),
    }
}

impl Heard {
    fn of(input: &Input) -> Self {
        match input {
            Input::Started { sendable, repairs } => {
                Self::Started { sendable: *sendable, repairs: *repairs }
            }
            Input::Tick => Self::Tick,
            Input::NetworkUp => Self::NetworkUp,
            Input::NetworkDown => Self::NetworkDown,
            Input::SyncNow => Self::SyncNow,
            Input::Pause => Self::Pause,
            Input::Resume => Self::Resume,
            Input::Cleared => Self::Cleared,
            Input::Wake { seq } => Self::Wake { seq: *seq },
            Input::Rider(_) => Self::Rider,
            Input::WakeOpened => Self::WakeOpened,
            Input::WakeClosed => Self::WakeClosed,
            Input::LocalCommand { sendable } => Self::LocalCommand { sendable: *sendable },
            Input::Unaccounted { count } => Self::Unaccounted { count: *count },
            Input::Pulled { ticket, result } => {
                let result = result.as_ref().map(|_| ()).map_err(redacted);
                Self::Pulled { ticket: *ticket, result }
            }
            Input::Applied { result } => Self::Applied { result: result.clone() },
            Input::Pushed { ticket, result } => {
                Self::Pushed { ticket: *ticket, result: result.as_ref().copied().map_err(redacted) }
            }
            Input::Repaired { ticket, result } => Self::Repaired {
                ticket: *ticket,
                result: result.as_ref().copied().map_err(redacted),
            },
            Input::Accounted { ticket, result } => Self::Accounted {
                ticket: *ticket,
                result: result.as_ref().copied().map_err(redacted),
            },
            Input::TokenRefreshed { ticket, result } => Self::TokenRefreshed {
                ticket: *ticket,
                result: result.as_ref().copied().map_err(redacted),
            },
            Input::File(input) => Self::File(HeardFile::of(input)),
        }
    }

    fn into_input(self) -> Input {
        match self {
            Self::Started { sendable, repairs } => Input::Started { sendable, repairs },
            Self::Tick => Input::Tick,
            Self::NetworkUp => Input::NetworkUp,
            Self::NetworkDown => Input::NetworkDown,
            Self::SyncNow => Input::SyncNow,
            Self::Pause => Input::Pause,
            Self::Resume => Input::Resume,
            Self::Cleared => Input::Cleared,
            Self::Wake { seq } => Input::Wake { seq },
            Self::Rider => Input::Rider(Box::new(blank())),
            Self::WakeOpened => Input::WakeOpened,
            Self::WakeClosed => Input::WakeClosed,
            Self::LocalCommand { sendable } => Input::LocalCommand { sendable },
            Self::Unaccounted { count } => Input::Unaccounted { count },
            Self::Pulled { ticket, result } => {
                Input::Pulled { ticket, result: result.map(|()| Box::new(blank())) }
            }
            Self::Applied { result } => Input::Applied { result },
            Self::Pushed { ticket, result } => Input::Pushed { ticket, result },
            Self::Repaired { ticket, result } => Input::Repaired { ticket, result },
            Self::Accounted { ticket, result } => Input::Accounted { ticket, result },
            Self::TokenRefreshed { ticket, result } => Input::TokenRefreshed { ticket, result },
            Self::File(heard) => Input::File(heard.into_input()),
        }
    }
}

impl HeardFile {
    fn of(input: &FileInput) -> Self {
        match input {
            FileInput::Upload { file, size, offset, weight } => {
                Self::Upload { file: *file, size: *size, offset: *offset, weight: *weight }
            }
            FileInput::Download { file, size, offset, haste } => {
                Self::Download { file: *file, size: *size, offset: *offset, haste: *haste }
            }
            FileInput::Measured { bytes, ms } => Self::Measured { bytes: *bytes, ms: *ms },
            FileInput::Spare { on } => Self::Spare { on: *on },
            FileInput::Anyway => Self::Anyway,
            FileInput::Cancel { file } => Self::Cancel { file: *file },
            FileInput::Upped { file, result } => {
                let result = result.as_ref().map(|state| (state.offset, state.receipt.is_some()));
                Self::Upped { file: *file, result: result.map_err(redacted_file) }
            }
            FileInput::Fetched { file, result } => Self::Fetched {
                file: *file,
                result: result.as_ref().copied().map_err(redacted_file),
            },
            FileInput::Offline => Self::Offline,
            FileInput::Hurry => Self::Hurry,
        }
    }

    fn into_input(self) -> FileInput {
        match self {
            Self::Upload { file, size, offset, weight } => {
                FileInput::Upload { file, size, offset, weight }
            }
            Self::Download { file, size, offset, haste } => {
                FileInput::Download { file, size, offset, haste }
            }
            Self::Measured { bytes, ms } => FileInput::Measured { bytes, ms },
            Self::Spare { on } => FileInput::Spare { on },
            Self::Anyway => FileInput::Anyway,
            Self::Cancel { file } => FileInput::Cancel { file },
            Self::Upped { file, result } => FileInput::Upped {
                file,
                result: result.map(|(offset, whole)| UploadState {
                    file,
                    offset,
                    size: offset,
                    receipt: whole.then(|| receipt(file)),
                }),
            },
            Self::Fetched { file, result } => FileInput::Fetched { file, result },
            Self::Offline => FileInput::Offline,
            Self::Hurry => FileInput::Hurry,
        }
    }
}

/// What an authority is called may name a company's network.
fn redacted(failure: &Failure) -> Failure {
    if matches!(failure, Failure::Certificate(_)) {
        Failure::Certificate(String::new())
    } else {
        failure.clone()
    }
}

fn redacted_file(failure: &FileFailure) -> FileFailure {
    if let FileFailure::Transport(failure) = failure {
        FileFailure::Transport(redacted(failure))
    } else {
        failure.clone()
    }
}

/// A page: the engine hands it on and looks at nothing of it.
fn blank() -> Page {
    Page {
        from: None,
        items: Vec::new(),
        cursor: Cursor { epoch: 0, scope: 0, seq: 0, snapshot: None, witness: None },
        more: false,
        reset: false,
        total: None,
        server_time: Instant(0),
    }
}

fn receipt(file: FileId) -> Receipt {
    Receipt { file, sha256: String::new(), at: Instant(0), epoch: 0 }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn input(n: u64) -> Input {
        let file = FileId(Uuid::from_u128(u128::from(n % 5)));
        let failure = || match n % 4 {
            0 => Failure::Timeout,
            1 => Failure::Certificate("CN=内网.example".to_owned()),
            2 => Failure::Busy { retry_after_ms: Some(3_000) },
            _ => Failure::Unauthenticated,
        };
        match n % 14 {
            0 => Input::NetworkUp,
            1 => Input::Pulled { ticket: n % 40, result: Ok(Box::new(blank())) },
            2 => Input::Applied { result: Err("full".to_owned()) },
            3 => Input::LocalCommand { sendable: 3 },
            4 => Input::Pushed { ticket: n % 40, result: Err(failure()) },
            5 => Input::TokenRefreshed { ticket: n % 40, result: Ok(()) },
            6 => Input::File(FileInput::Upload {
                file,
                size: 700_000,
                offset: None,
                weight: if n.is_multiple_of(2) { Weight::Light } else { Weight::Original },
            }),
            7 => {
                let (offset, receipt) = (n * 1_000, n.is_multiple_of(2).then(|| receipt(file)));
                let state = UploadState { file, offset, size: 700_000, receipt };
                Input::File(FileInput::Upped { file, result: Ok(state) })
            }
            8 => {
                let result = Err(FileFailure::Transport(failure()));
                Input::File(FileInput::Upped { file, result })
            }
            9 => Input::Wake { seq: n },
            10 => Input::Unaccounted { count: 2 },
            11 => Input::Pulled { ticket: n % 40, result: Err(failure()) },
            12 => Input::Rider(Box::new(blank())),
            _ => Input::Tick,
        }
    }

    fn taped(inputs: u64) -> Tape {
        let mut engine = Engine::new(7);
        let mut tape = Tape::of(&engine);
        let mut now = Instant(1_000);
        let started = Input::Started { sendable: 1, repairs: 0 };
        tape.hear(&mut engine, started, now);
        // The order is of no sense, as on a bad day.
        for n in 0..inputs {
            now = now.plus_ms(i64::try_from(n * 7_919 % 3_000).unwrap());
            tape.hear(&mut engine, input(n * 2_654_435_761 % 104_729), now);
        }
        tape
    }

    #[test]
    fn a_tape_replays_whether_or_not_its_beginning_was_let_go() {
        for inputs in [10, 1_000, 5_000] {
            let tape = taped(inputs);
            let entries = usize::try_from(inputs).unwrap() + 1;
            assert_eq!(tape.replay(), Ok(entries.min(KEPT)));
            let text = serde_json::to_string(&tape).unwrap();
            assert!(!text.contains("内网"));
            let back: Tape = serde_json::from_str(&text).unwrap();
            assert_eq!(back.replay(), Ok(entries.min(KEPT)));
        }
    }

    #[test]
    fn a_changed_tape_does_not_replay() {
        let mut tape = taped(50);
        // Without its first entry the engine is never told that it may begin.
        tape.entries.remove(0);
        assert!(tape.replay().is_err());
    }
}
