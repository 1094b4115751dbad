//! A deadline clock: started, paused, stopped by events (d.4).
//!
//! A clock is bound to the policy and calendar it was started under and keeps
//! its due instants stored: [`Clock::due_at`] net of pauses and
//! [`Clock::gross_due_at`] without them (CLK-2, CLK-5). A closed clock keeps
//! its first result, a recorded breach is never deleted (CLK-9).

mod fault;
mod pause;
mod warning;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use fault::ClockFault;
pub use pause::Pause;
pub use warning::Warning;

use crate::{
    calendar::Calendar,
    ids::UserId,
    period::{self, Due, Term, Unit},
    policy::{Policy, WarnAt},
    time::{Date, Instant},
};

pub use crate::policy::{PauseReason, RuleId};

/// Where a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// Time runs.
    Running,
    /// Time stands still for an approved reason.
    Paused,
    /// Stopped in time.
    StoppedOnTime,
    /// Stopped after the due instant.
    StoppedLate,
    /// Stopped without blame, outside the on-time rate (CLK-7).
    StoppedExcused,
    /// Withdrawn, terminated or merged; outside every rate (CLK-10).
    Cancelled,
}

impl ClockState {
    /// Whether the clock still waits for its stop.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Running | Self::Paused)
    }
}

/// Who answers for the clock from an instant on (CLK-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Holder {
    /// Since when.
    pub from: Instant,
    /// The org in charge.
    pub org: String,
    /// The person in charge, once named.
    pub person: Option<UserId>,
}

/// A longer term granted to a running clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Extension {
    /// When it was granted.
    pub at: Instant,
    /// How many units were added.
    pub count: u32,
    /// The due instant before.
    pub old_due_at: Instant,
    /// The due instant after.
    pub new_due_at: Instant,
}

/// A due instant computed anew (CLK-9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Recomputed {
    /// The calendar version it was computed with.
    pub calendar_version: u32,
    /// The due instant before.
    pub old_due_at: Instant,
    /// The due instant after.
    pub new_due_at: Instant,
}

/// A running or closed deadline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Clock {
    /// The deadline it measures.
    pub rule: RuleId,
    /// What it measures, where one case has several (the material of D-09).
    pub key: Option<String>,
    /// The policy version it was started under ([`Policy::label`]).
    pub policy: String,
    /// The calendar version its due instant was computed with.
    pub calendar_version: u32,
    /// The term it was started with.
    pub term: Term,
    /// The date of the contract, for a clock by contract date.
    pub contract_date: Option<Date>,
    /// The start event's instant.
    pub started_at: Instant,
    /// The due instant, pauses allowed for (net).
    pub due_at: Instant,
    /// The due instant as if there had been no pause (gross).
    pub gross_due_at: Instant,
    /// Whether the due instant itself is already late.
    pub exclusive: bool,
    /// Whether the due instant rests on a day without an official notice.
    pub provisional: bool,
    /// Where the clock stands.
    pub state: ClockState,
    /// The org in charge.
    pub org: String,
    /// The person in charge.
    pub person: Option<UserId>,
    /// Everybody who was in charge, in order.
    pub holders: Vec<Holder>,
    /// When it was stopped, excused or cancelled.
    pub stopped_at: Option<Instant>,
    /// Its pauses, in order.
    pub pauses: Vec<Pause>,
    /// The longer terms granted, in order.
    pub extensions: Vec<Extension>,
    /// The due instants computed anew, in order.
    pub recomputed: Vec<Recomputed>,
    /// The due instant that passed while the clock ran; set once.
    pub breached_at: Option<Instant>,
    /// Whether the stop lay before the start (CLK-8).
    pub time_anomaly: bool,
    /// The warnings, each with its instant.
    pub warnings: Vec<Warning>,
}

impl Clock {
    /// Starts the clock of `rule` at `at`, in charge of the policy's department.
    ///
    /// A clock by contract date needs [`Clock::until`], a clock whose length
    /// the case sets [`Clock::with_count`].
    pub fn start(
        rule: RuleId,
        key: Option<String>,
        at: Instant,
        policy: &Policy,
        calendar: &Calendar,
        person: Option<UserId>,
    ) -> Self {
        let row = policy.rule(rule);
        let org = row.org.clone();
        let mut clock = Self {
            rule,
            key,
            policy: policy.label(),
            calendar_version: calendar.version,
            term: row.term,
            contract_date: None,
            started_at: at,
            due_at: at,
            gross_due_at: at,
            exclusive: false,
            provisional: false,
            state: ClockState::Running,
            holders: vec![Holder { from: at, org: org.clone(), person }],
            org,
            person,
            stopped_at: None,
            pauses: Vec::new(),
            extensions: Vec::new(),
            recomputed: Vec::new(),
            breached_at: None,
            time_anomaly: false,
            warnings: row.warn_at.iter().map(|&threshold| Warning { threshold, at }).collect(),
        };
        clock.compute(calendar);
        clock
    }

    /// This fresh clock with a length that the case sets (D-09, D-15, D-21).
    #[must_use]
    pub fn with_count(mut self, count: u32, calendar: &Calendar) -> Self {
        self.term.count = count;
        self.compute(calendar);
        self
    }

    /// This fresh clock ending with the date of a contract (D-06a).
    #[must_use]
    pub fn until(mut self, date: Date, calendar: &Calendar) -> Self {
        self.contract_date = Some(date);
        self.term.unit = Unit::ContractDate;
        self.compute(calendar);
        self
    }

    /// This fresh clock with warnings of its own (P-5).
    #[must_use]
    pub fn warning(mut self, at: &[WarnAt], calendar: &Calendar) -> Self {
        let started = self.started_at;
        self.warnings = at.iter().map(|&threshold| Warning { threshold, at: started }).collect();
        self.compute(calendar);
        self
    }

    /// Puts this fresh clock in charge of an org and person from its start on.
    pub fn hold(&mut self, org: &str, person: Option<UserId>) {
        org.clone_into(&mut self.org);
        self.person = person;
        self.holders = vec![Holder { from: self.started_at, org: org.to_owned(), person }];
    }

    /// Stops the clock; a closed clock keeps its first result.
    pub fn stop(&mut self, at: Instant) {
        if !self.state.is_open() {
            return;
        }
        self.time_anomaly = at < self.started_at;
        let at = at.max(self.started_at);
        // A pause begins before the due instant, so a stop in it is in time.
        let late = self.state == ClockState::Running && !period::on_time(at, &self.due());
        if late {
            self.breached_at.get_or_insert(self.due_at);
        }
        let state = if late { ClockState::StoppedLate } else { ClockState::StoppedOnTime };
        self.close(at, state);
    }

    /// Stops the clock without blame; a lead's approval is judged before (CLK-7).
    pub fn excuse(&mut self, at: Instant) {
        if self.state.is_open() {
            self.note_breach(at);
            self.close(at, ClockState::StoppedExcused);
        }
    }

    /// Cancels the clock of a withdrawn, terminated or merged case (CLK-10).
    pub fn cancel(&mut self, at: Instant) {
        if self.state.is_open() {
            self.note_breach(at);
            self.close(at, ClockState::Cancelled);
        }
    }

    /// Hands the clock to another org or person; time runs on (CLK-1). A change
    /// that arrives after a later one is put in its place in the history.
    pub fn assign(&mut self, at: Instant, org: impl Into<String>, person: Option<UserId>) {
        let place = self.holders.partition_point(|holder| holder.from <= at);
        self.holders.insert(place, Holder { from: at, org: org.into(), person });
        if let Some(last) = self.holders.last() {
            self.org.clone_from(&last.org);
            self.person = last.person;
        }
    }

    /// Who was in charge at `at`; before the start, the first in charge.
    pub fn in_charge_at(&self, at: Instant) -> Option<&Holder> {
        self.holders.iter().rev().find(|holder| holder.from <= at).or(self.holders.first())
    }

    /// Notes that the due instant has passed; true if it was not noted yet.
    pub fn note_breach(&mut self, now: Instant) -> bool {
        let fresh = self.breached_at.is_none() && self.is_late(now);
        if fresh {
            self.breached_at = Some(self.due_at);
        }
        fresh
    }

    /// Grants `count` more units, once, and no more than the term itself (F-5).
    ///
    /// # Errors
    /// [`ClockFault`] says why the clock cannot be extended.
    pub fn extend(
        &mut self,
        at: Instant,
        count: u32,
        calendar: &Calendar,
    ) -> Result<(), ClockFault> {
        if !self.state.is_open() {
            return Err(ClockFault::Closed);
        }
        if !self.extensions.is_empty() {
            return Err(ClockFault::AlreadyExtended);
        }
        if count == 0 || count > self.term.count {
            return Err(ClockFault::ExtensionTooLong);
        }
        let old_due_at = self.due_at;
        self.extensions.push(Extension { at, count, old_due_at, new_due_at: old_due_at });
        self.compute(calendar);
        if let Some(extension) = self.extensions.last_mut() {
            extension.new_due_at = self.due_at;
        }
        Ok(())
    }

    /// Computes the due instant with another calendar; the old and the new one
    /// if they differ. A closed clock stays as it is (CLK-9).
    pub fn recompute(&mut self, calendar: &Calendar) -> Option<(Instant, Instant)> {
        if !self.state.is_open() {
            return None;
        }
        let old_due_at = self.due_at;
        self.calendar_version = calendar.version;
        self.pauses.iter_mut().for_each(|pause| pause.measure(self.term.unit, calendar));
        self.compute(calendar);
        let new_due_at = self.due_at;
        if new_due_at == old_due_at {
            return None;
        }
        let calendar_version = calendar.version;
        self.recomputed.push(Recomputed { calendar_version, old_due_at, new_due_at });
        Some((old_due_at, new_due_at))
    }

    /// Milliseconds until the due instant, negative when late; in a pause what
    /// was left at its beginning, in a closed clock what was left at its stop.
    pub fn remaining_ms(&self, now: Instant) -> i64 {
        self.due_at.since(self.frozen_at(now))
    }

    /// Whether the clock is late at `now`, or was stopped late.
    pub fn is_late(&self, now: Instant) -> bool {
        match self.state {
            ClockState::Running => !period::on_time(now, &self.due()),
            ClockState::StoppedLate => true,
            ClockState::Paused
            | ClockState::StoppedOnTime
            | ClockState::StoppedExcused
            | ClockState::Cancelled => false,
        }
    }

    /// Whether the clock was stopped in time as if it had never been paused;
    /// `None` while it is open and for excused and cancelled clocks (CLK-5).
    pub fn gross_on_time(&self) -> Option<bool> {
        let stopped_at = match self.state {
            ClockState::StoppedOnTime | ClockState::StoppedLate => self.stopped_at?,
            ClockState::Running
            | ClockState::Paused
            | ClockState::StoppedExcused
            | ClockState::Cancelled => return None,
        };
        let gross = Due { due_at: self.gross_due_at, ..self.due() };
        Some(period::on_time(stopped_at, &gross))
    }

    /// The net due instant with its kind.
    pub fn due(&self) -> Due {
        Due { due_at: self.due_at, exclusive: self.exclusive, provisional: self.provisional }
    }

    /// The instant at which time stands still for this clock, else `now`.
    fn frozen_at(&self, now: Instant) -> Instant {
        match self.state {
            ClockState::Running => now,
            ClockState::Paused => self.open_pause().map_or(now, |pause| pause.from),
            ClockState::StoppedOnTime
            | ClockState::StoppedLate
            | ClockState::StoppedExcused
            | ClockState::Cancelled => self.stopped_at.unwrap_or(now),
        }
    }

    fn close(&mut self, at: Instant, state: ClockState) {
        if let Some(pause) = self.open_pause_mut() {
            pause.to = Some(at.max(pause.from));
        }
        self.state = state;
        self.stopped_at = Some(at);
    }

    /// Stores both due instants and the warnings that hang on them.
    fn compute(&mut self, calendar: &Calendar) {
        let start = self.contract_date.map_or(self.started_at, Instant::start_of);
        let granted = |sum: u32, extension: &Extension| sum.saturating_add(extension.count);
        let count = self.extensions.iter().fold(self.term.count, granted);
        let gross = Term { count, ..self.term };
        let net = Term { count: count.saturating_add(self.paused_days()), ..gross };
        self.gross_due_at = gross.due(start, calendar).due_at;
        let due = if self.term.unit == Unit::Hour { gross } else { net }.due(start, calendar);
        self.due_at = due.due_at.plus_ms(self.paused_ms());
        self.exclusive = due.exclusive;
        self.provisional = due.provisional;
        self.time_warnings(calendar);
    }
}

#[cfg(test)]
mod tests;
