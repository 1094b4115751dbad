//! Pauses of a clock: who may, and by how much they move the due instant
//! (CLK-3, CLK-4).
//!
//! A pause extends an hour clock by its exact length. It extends a day clock
//! by its whole days, rounded up, in the clock's own unit: of a pause over a
//! weekend only the parts on working days count for a working-day clock,
//! which does not run on rest days anyway.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Clock, ClockFault, ClockState, PauseReason};
use crate::{
    calendar::Calendar,
    period::{self, MAX_COUNT, Unit, add_days},
    time::{DAY_MS, Instant},
};

/// A stretch of time that does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Pause {
    /// Its beginning.
    pub from: Instant,
    /// Its end, once it has ended.
    pub to: Option<Instant>,
    /// Why.
    pub reason: PauseReason,
    /// What it adds to an hour clock, in milliseconds.
    pub extends_ms: i64,
    /// What it adds to a day clock, in the clock's own days.
    pub extends_days: u32,
}

impl Pause {
    /// Measures an ended pause in the clock's unit.
    pub(super) fn measure(&mut self, unit: Unit, calendar: &Calendar) {
        let Some(to) = self.to else { return };
        let length_ms = to.since(self.from);
        match unit {
            Unit::Hour => self.extends_ms = length_ms,
            Unit::CalendarDay | Unit::ContractDate | Unit::MonthEnd => {
                self.extends_days = whole_days(length_ms);
            }
            Unit::WorkingDay => {
                self.extends_days = whole_days(working_ms(self.from, to, calendar));
            }
        }
    }
}

impl Clock {
    /// Whether the clock may be paused at `at` for `reason`.
    ///
    /// # Errors
    /// [`ClockFault`] says why not.
    pub fn may_pause(&self, at: Instant, reason: PauseReason) -> Result<(), ClockFault> {
        if !self.state.is_open() {
            return Err(ClockFault::Closed);
        }
        if !self.rule.pausable(reason) {
            return Err(ClockFault::NotPausable);
        }
        if self.state == ClockState::Paused {
            return Err(ClockFault::AlreadyPaused);
        }
        let last = self.pauses.last().and_then(|pause| pause.to).unwrap_or(self.started_at);
        if at < last.max(self.started_at) {
            return Err(ClockFault::OutOfOrder);
        }
        if period::on_time(at, &self.due()) { Ok(()) } else { Err(ClockFault::AlreadyDue) }
    }

    /// Pauses the clock; requester, approver and evidence are judged before.
    ///
    /// # Errors
    /// [`ClockFault`] as [`Clock::may_pause`].
    pub fn pause(&mut self, at: Instant, reason: PauseReason) -> Result<(), ClockFault> {
        self.may_pause(at, reason)?;
        self.pauses.push(Pause { from: at, to: None, reason, extends_ms: 0, extends_days: 0 });
        self.state = ClockState::Paused;
        Ok(())
    }

    /// Lets the clock run again; its due instant moves by the pause.
    ///
    /// # Errors
    /// [`ClockFault`] when the clock is not paused or `at` lies before the pause.
    pub fn resume(&mut self, at: Instant, calendar: &Calendar) -> Result<(), ClockFault> {
        let unit = self.term.unit;
        if !self.state.is_open() {
            return Err(ClockFault::Closed);
        }
        let pause = self.open_pause_mut().ok_or(ClockFault::NotPaused)?;
        if at < pause.from {
            return Err(ClockFault::OutOfOrder);
        }
        pause.to = Some(at);
        pause.measure(unit, calendar);
        self.state = ClockState::Running;
        self.compute(calendar);
        Ok(())
    }

    /// What all pauses add to an hour clock.
    pub fn paused_ms(&self) -> i64 {
        self.pauses.iter().fold(0, |sum: i64, pause| sum.saturating_add(pause.extends_ms))
    }

    /// What all pauses add to a day clock, in its own days.
    pub fn paused_days(&self) -> u32 {
        self.pauses.iter().fold(0, |sum: u32, pause| sum.saturating_add(pause.extends_days))
    }

    pub(super) fn open_pause(&self) -> Option<&Pause> {
        self.pauses.last().filter(|pause| pause.to.is_none())
    }

    pub(super) fn open_pause_mut(&mut self) -> Option<&mut Pause> {
        self.pauses.last_mut().filter(|pause| pause.to.is_none())
    }
}

fn whole_days(length_ms: i64) -> u32 {
    u32::try_from(length_ms.saturating_add(DAY_MS - 1) / DAY_MS).unwrap_or(u32::MAX)
}

/// The part of a stretch of time that lies on working days.
fn working_ms(from: Instant, to: Instant, calendar: &Calendar) -> i64 {
    let mut sum_ms = 0;
    for day in from.date().iter_days().take(MAX_COUNT as usize) {
        let begin = Instant::start_of(day).max(from);
        if begin >= to {
            break;
        }
        if calendar.is_working_day(day) {
            sum_ms += Instant::start_of(add_days(day, 1)).min(to).since(begin);
        }
    }
    sum_ms
}
