//! The answers to requests, and what a failure means for all lines.

use lantian_domain::time::Instant;
use lantian_protocol::{
    feed::Page,
    planted::{Bug, planted},
};

use super::{
    Effect, Engine, PageSize, Token, after,
    message::{Applied, PushResult, Ticket},
};
use crate::failure::{Failure, Halt, Remedy};

impl Engine {
    pub(super) fn take_page(
        &mut self,
        ticket: Ticket,
        result: Result<Box<Page>, Failure>,
        now: Instant,
    ) {
        if !self.pull.is(ticket) {
            return;
        }
        match result {
            Ok(page) => {
                self.pull.apply();
                self.effects.push(Effect::ApplyPage(page));
            }
            Err(failure) => {
                self.page = PageSize::default();
                let wait = self.pull.fail(&failure, now, &mut self.jitter);
                self.suffer(&failure, now, wait);
            }
        }
    }

    /// A page that nobody asked for; nothing is lost when it is passed by.
    pub(super) fn take_rider(&mut self, page: Box<Page>) {
        if self.runs() && !self.pull.is_busy() {
            self.asked = self.head;
            self.pull.ride();
            self.effects.push(Effect::ApplyPage(page));
        }
    }

    pub(super) fn take_applied(&mut self, result: Result<Applied, String>, now: Instant) {
        if !self.pull.is_applying() {
            return;
        }
        match result {
            Ok(applied) => {
                self.sendable = applied.sendable;
                self.repairs = applied.repairs;
                self.reached = applied.seq;
                self.page = self.page.after(applied.more);
                self.report.first_sync = applied.first_sync;
                if !applied.more && self.asked == self.head {
                    // The server knew of that head when it said that there is
                    // no more: one of an older store is forgotten.
                    self.head = self.reached;
                }
                let again = applied.more || self.head > self.reached;
                let wait = if again { 0 } else { self.poll_ms() };
                let next = after(now, wait);
                if self.pull.is_ridden() {
                    self.pull.alight(next);
                } else {
                    self.pull.succeed(next);
                }
                self.succeed(now, !applied.more);
            }
            // It did not fit where the mirror stands by now.
            Err(_) if self.pull.is_ridden() => self.pull.alight(now),
            Err(fault) => {
                self.report.last_failure = Some(fault);
                self.pull.fail(&Failure::Damaged, now, &mut self.jitter);
            }
        }
    }

    pub(super) fn take_pushed(
        &mut self,
        ticket: Ticket,
        result: Result<PushResult, Failure>,
        now: Instant,
    ) {
        if !self.push.is(ticket) {
            return;
        }
        match result {
            Ok(done) => {
                self.sendable = done.sendable;
                if done.settled == 0 && done.sendable > 0 {
                    // Answered, and nothing moved: try again, but not in a
                    // tight circle.
                    self.push.fail(&Failure::Damaged, now, &mut self.jitter);
                } else {
                    self.push.succeed(now);
                    // The feed has the effect; the pull confirms it.
                    self.learn_head(done.seq, now);
                }
                self.succeed(now, false);
            }
            Err(failure) => {
                let wait = self.push.fail(&failure, now, &mut self.jitter);
                self.suffer(&failure, now, wait);
            }
        }
    }

    /// The feed reaches to `seq`. A pull under way looks at the head itself
    /// when it is done; waking it too would fetch an empty page.
    pub(super) fn learn_head(&mut self, seq: u64, now: Instant) {
        self.head = self.head.max(seq);
        if seq > self.reached && !self.pull.is_busy() {
            self.pull.wake(now);
        }
    }

    pub(super) fn take_repaired(
        &mut self,
        ticket: Ticket,
        result: Result<usize, Failure>,
        now: Instant,
    ) {
        if !self.repair.is(ticket) {
            return;
        }
        match result {
            Ok(left) if left >= self.repairs && left > 0 => {
                self.repairs = left;
                self.repair.fail(&Failure::Damaged, now, &mut self.jitter);
            }
            Ok(left) => {
                self.repairs = left;
                self.repair.succeed(now);
            }
            Err(failure) => {
                let wait = self.repair.fail(&failure, now, &mut self.jitter);
                self.suffer(&failure, now, wait);
            }
        }
    }

    pub(super) fn take_accounted(
        &mut self,
        ticket: Ticket,
        result: Result<usize, Failure>,
        now: Instant,
    ) {
        if !self.account.is(ticket) {
            return;
        }
        match result {
            Ok(left) if left >= self.unaccounted && left > 0 => {
                self.unaccounted = left;
                self.account.fail(&Failure::Damaged, now, &mut self.jitter);
            }
            Ok(left) => {
                self.unaccounted = left;
                self.account.succeed(now);
            }
            Err(failure) => {
                let wait = self.account.fail(&failure, now, &mut self.jitter);
                self.suffer(&failure, now, wait);
            }
        }
    }

    pub(super) fn take_token(&mut self, ticket: Ticket, result: Result<(), Failure>, now: Instant) {
        if self.token != Token::Refreshing(ticket) {
            return;
        }
        match result {
            Ok(()) => {
                self.token = Token::Good;
                self.token_failures = 0;
                self.hurry(now);
            }
            Err(Failure::Unauthenticated) => self.halt = Some(Halt::SignIn),
            Err(failure) => {
                self.token_failures = self.token_failures.saturating_add(1);
                let wait = self.jitter.wait_ms(self.token_failures, None);
                self.token = Token::Waiting(after(now, wait));
                self.suffer(&failure, now, wait);
            }
        }
    }

    /// What a failure of one line means for all of them.
    fn suffer(&mut self, failure: &Failure, now: Instant, wait_ms: u64) {
        self.report.last_failure = Some(failure.code().to_owned());
        if matches!(failure.remedy(), Remedy::Retry { wait_ms: Some(_) })
            && !planted(Bug::BusyIgnored)
        {
            // The server asked the device for patience, not one line of it.
            for line in self.lines() {
                line.hold_until(after(now, wait_ms));
            }
        }
        self.suffer_shared(failure, now);
    }

    pub(super) fn suffer_shared(&mut self, failure: &Failure, now: Instant) {
        match failure.remedy() {
            Remedy::Retry { .. } => {}
            Remedy::Refresh => {
                if self.token == Token::Good && !planted(Bug::RefreshForgotten) {
                    let ticket = self.ticket();
                    self.token = Token::Refreshing(ticket);
                    self.effects.push(Effect::Refresh { ticket });
                }
            }
            Remedy::Reoffer { epoch } => {
                self.effects.push(Effect::Reoffer { epoch });
                self.pull.wake(now);
            }
            Remedy::Halt(halt) => self.halt = Some(halt),
        }
    }

    fn succeed(&mut self, now: Instant, complete: bool) {
        self.report.last_failure = None;
        if complete {
            self.report.last_success_at = Some(now);
        }
    }
}
