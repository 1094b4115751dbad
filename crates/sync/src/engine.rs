//! The engine: pull, push, repair and account as independent lines, driven by
//! inputs, answering with effects.
//!
//! Each line is idle with a time for its next attempt, has one request under
//! way, or is applying what came. A retry is a time in here, never a flag.
//! Attachments have a machine of their own ([`Transfers`]), carried along.
//!
//! Invariant: online, not paused, not halted and signed in, a line with work
//! is under way or has a time; an answer with an unknown ticket changes
//! nothing.

use lantian_domain::time::Instant;
use serde::{Deserialize, Serialize};

use crate::{
    backoff::Jitter,
    failure::Halt,
    files::{FileInput, Transfers},
};

mod advance;
mod answer;
mod line;
mod message;
mod page;
mod report;

pub use message::{Applied, Effect, Input, PushResult, Ticket};
pub use page::PageSize;
pub use report::{Network, Report};

use line::Line;

/// The pause between two looks at the feed, without a wake-up stream.
pub const POLL_MS: u64 = 60_000;
/// The pause between two looks at the feed, with a wake-up stream open.
pub const WATCHED_POLL_MS: u64 = 5 * 60_000;
/// The most commands in one batch.
pub const BATCH: usize = 500;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Token {
    Good,
    Refreshing(Ticket),
    /// Refreshing failed for a reason that passes; next try at the instant.
    Waiting(Instant),
}

/// The state machine; a copy decides the same.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Engine {
    jitter: Jitter,
    next_ticket: Ticket,
    started: bool,
    online: bool,
    paused: bool,
    halt: Option<Halt>,
    token: Token,
    token_failures: u32,
    wake: Wake,
    /// The feed's head, as last heard of.
    head: u64,
    /// The head that was known when the page under way was asked for.
    asked: u64,
    reached: u64,
    pull: Line,
    page: PageSize,
    push: Line,
    repair: Line,
    account: Line,
    sendable: usize,
    repairs: usize,
    unaccounted: usize,
    transfers: Transfers,
    report: Report,
    timer: Option<Instant>,
    #[serde(skip)]
    effects: Vec<Effect>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Wake {
    Closed { again: Instant },
    Opening,
    Open,
}

impl Engine {
    /// An engine that waits for [`Input::Started`]; the seed gives the jitter.
    pub fn new(seed: u64) -> Self {
        Self {
            jitter: Jitter::new(seed),
            next_ticket: 1,
            started: false,
            online: false,
            paused: false,
            halt: None,
            token: Token::Good,
            token_failures: 0,
            wake: Wake::Closed { again: Instant(i64::MIN) },
            head: 0,
            asked: 0,
            reached: 0,
            pull: Line::default(),
            page: PageSize::default(),
            push: Line::default(),
            repair: Line::default(),
            account: Line::default(),
            sendable: 0,
            repairs: 0,
            unaccounted: 0,
            transfers: Transfers::new(seed ^ 0xF11E),
            report: Report::default(),
            timer: None,
            effects: Vec::new(),
        }
    }

    /// Takes one input and says what to do. `now` is read from a steady clock
    /// of the caller; a jump of it delays nothing for longer than the longest
    /// wait.
    pub fn handle(&mut self, input: Input, now: Instant) -> Vec<Effect> {
        self.tame_clock(now);
        self.take(input, now);
        self.advance(now);
        self.set_timer(now);
        self.publish();
        self.assert_alive();
        std::mem::take(&mut self.effects)
    }

    /// What a person should see now.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The attachments' machine, to read its progress.
    pub fn transfers(&self) -> &Transfers {
        &self.transfers
    }

    fn take(&mut self, input: Input, now: Instant) {
        match input {
            Input::Started { sendable, repairs } => {
                self.started = true;
                self.sendable = sendable;
                self.repairs = repairs;
                self.pull.wake(now);
            }
            // The timer has gone off, early or not: a fresh one is asked for.
            Input::Tick => self.timer = None,
            Input::NetworkUp => self.go_online(now),
            Input::NetworkDown => self.go_offline(now),
            Input::SyncNow => self.hurry(now),
            Input::Pause => self.paused = true,
            Input::Resume => {
                self.paused = false;
                self.hurry(now);
            }
            Input::Cleared => {
                self.halt = None;
                self.token = Token::Good;
                self.token_failures = 0;
                self.hurry(now);
            }
            Input::Wake { seq } => self.learn_head(seq, now),
            Input::Rider(page) => self.take_rider(page),
            Input::WakeOpened => {
                self.wake = Wake::Open;
                // What happened before the stream opened was told to nobody.
                self.pull.wake(now);
            }
            Input::WakeClosed => {
                let wait = self.jitter.around(10_000);
                self.wake = Wake::Closed { again: after(now, wait) };
            }
            Input::LocalCommand { sendable } => {
                self.sendable = sendable;
                self.push.wake(now);
            }
            Input::Unaccounted { count } => {
                self.unaccounted = count;
                self.account.wake(now);
            }
            Input::Pulled { ticket, result } => self.take_page(ticket, result, now),
            Input::Applied { result } => self.take_applied(result, now),
            Input::Pushed { ticket, result } => self.take_pushed(ticket, result, now),
            Input::Repaired { ticket, result } => self.take_repaired(ticket, result, now),
            Input::Accounted { ticket, result } => self.take_accounted(ticket, result, now),
            Input::TokenRefreshed { ticket, result } => self.take_token(ticket, result, now),
            Input::File(input) => {
                let failure = input.failure();
                self.transfers.handle(input, now);
                if let Some(failure) = failure {
                    self.suffer_shared(&failure, now);
                }
            }
        }
    }

    fn go_online(&mut self, now: Instant) {
        if !self.online {
            self.online = true;
            self.hurry(now);
        }
    }

    fn go_offline(&mut self, now: Instant) {
        self.online = false;
        for line in self.lines() {
            line.abandon(now);
        }
        if matches!(self.token, Token::Refreshing(_)) {
            self.token = Token::Waiting(now);
        }
        self.transfers.handle(FileInput::Offline, now);
        if self.wake != (Wake::Closed { again: now }) {
            self.wake = Wake::Closed { again: now };
            self.effects.push(Effect::CloseWake);
        }
    }

    fn lines(&mut self) -> [&mut Line; 4] {
        [&mut self.pull, &mut self.push, &mut self.repair, &mut self.account]
    }

    /// Every line tries at once, unless the server asked for patience.
    fn hurry(&mut self, now: Instant) {
        for line in self.lines() {
            line.wake(now);
            line.forgive();
        }
        if let Token::Waiting(at) = &mut self.token {
            *at = now;
        }
        self.transfers.handle(FileInput::Hurry, now);
    }
}

pub(crate) fn after(now: Instant, ms: u64) -> Instant {
    now.plus_ms(i64::try_from(ms).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests;
