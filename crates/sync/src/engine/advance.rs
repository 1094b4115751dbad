//! What is due now, when to look again, and what a person is told.

use lantian_domain::time::Instant;

use super::{BATCH, Effect, Engine, Network, POLL_MS, Ticket, Token, WATCHED_POLL_MS, Wake, after};
use crate::backoff::LONGEST_WISH_MS;

impl Engine {
    pub(super) fn runs(&self) -> bool {
        self.started && self.online && !self.paused && self.halt.is_none()
    }

    pub(super) fn advance(&mut self, now: Instant) {
        let effects = self.transfers.advance(now, self.runs() && self.token == Token::Good);
        self.effects.extend(effects.into_iter().map(Effect::File));
        if !self.runs() {
            return;
        }
        if let Token::Waiting(at) = self.token
            && at <= now
        {
            let ticket = self.ticket();
            self.token = Token::Refreshing(ticket);
            self.effects.push(Effect::Refresh { ticket });
        }
        if self.token == Token::Good {
            self.start_lines(now);
        }
    }

    fn start_lines(&mut self, now: Instant) {
        if self.pull.is_due(now) {
            let ticket = self.ticket();
            self.pull.fly(ticket);
            self.asked = self.head;
            self.effects.push(Effect::Pull { ticket, max_bytes: self.page.bytes() });
        }
        if self.sendable > 0 && self.push.is_due(now) {
            let ticket = self.ticket();
            self.push.fly(ticket);
            self.effects.push(Effect::Push { ticket, limit: BATCH });
        }
        if self.repairs > 0 && self.repair.is_due(now) {
            let ticket = self.ticket();
            self.repair.fly(ticket);
            self.effects.push(Effect::Repair { ticket });
        }
        // Commands first: what they name is then known to the company, and
        // what leaves has been drained.
        if self.unaccounted > 0 && self.sendable == 0 && self.account.is_due(now) {
            let ticket = self.ticket();
            self.account.fly(ticket);
            self.effects.push(Effect::Account { ticket });
        }
        if matches!(self.wake, Wake::Closed { again } if again <= now) {
            self.wake = Wake::Opening;
            self.effects.push(Effect::OpenWake);
        }
    }

    pub(super) fn set_timer(&mut self, now: Instant) {
        let next = self.next_due().map(|at| at.max(now));
        let overdue = next.is_some_and(|at| at <= now);
        if next == self.timer && !overdue {
            return;
        }
        self.timer = next;
        if let Some(at) = next {
            self.effects.push(Effect::SetTimer { at });
        }
    }

    fn next_due(&self) -> Option<Instant> {
        if !self.runs() {
            return None;
        }
        let waits = match self.token {
            Token::Refreshing(_) => return None,
            Token::Waiting(at) => return Some(at),
            Token::Good => [
                self.pull.due(),
                self.push.due().filter(|_| self.sendable > 0),
                self.repair.due().filter(|_| self.repairs > 0),
                self.account.due().filter(|_| self.unaccounted > 0 && self.sendable == 0),
                self.transfers.due(),
                match self.wake {
                    Wake::Closed { again } => Some(again),
                    Wake::Opening | Wake::Open => None,
                },
            ],
        };
        waits.into_iter().flatten().min()
    }

    pub(super) fn publish(&mut self) {
        let mut report = self.report.clone();
        report.network = match (self.online, self.report.last_failure.is_some()) {
            (false, _) => Network::Offline,
            (true, true) => Network::Connecting,
            (true, false) => Network::Online,
        };
        report.paused = self.paused;
        report.halt.clone_from(&self.halt);
        report.pulling = self.pull.is_busy();
        report.pushing = self.push.is_busy();
        report.sendable = self.sendable;
        report.repairs = self.repairs;
        report.next_attempt_at = self.timer;
        if report != self.report {
            self.report = report.clone();
            self.effects.push(Effect::Report(report));
        }
    }

    /// No wait may outlive the longest one: a clock set back by years must
    /// not stop the tablet for years.
    pub(super) fn tame_clock(&mut self, now: Instant) {
        let latest = after(now, LONGEST_WISH_MS + LONGEST_WISH_MS / 4 + 1_000);
        for line in self.lines() {
            line.not_later_than(latest);
        }
        if let Token::Waiting(at) = &mut self.token {
            *at = (*at).min(latest);
        }
        if let Wake::Closed { again } = &mut self.wake {
            *again = (*again).min(latest);
        }
        self.transfers.not_later_than(latest);
    }

    pub(super) fn assert_alive(&self) {
        if !self.runs() {
            return;
        }
        match self.token {
            Token::Good => {
                assert!(self.pull.is_alive(), "the pull line has neither request nor time");
                assert!(self.sendable == 0 || self.push.is_alive(), "commands wait without a time");
                assert!(self.repairs == 0 || self.repair.is_alive(), "repairs wait without a time");
                assert!(
                    self.unaccounted == 0 || self.account.is_alive(),
                    "accounts wait without a time"
                );
            }
            Token::Refreshing(_) | Token::Waiting(_) => {}
        }
    }

    pub(super) fn poll_ms(&mut self) -> u64 {
        self.jitter.around(if self.wake == Wake::Open { WATCHED_POLL_MS } else { POLL_MS })
    }

    pub(super) fn ticket(&mut self) -> Ticket {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        ticket
    }
}
