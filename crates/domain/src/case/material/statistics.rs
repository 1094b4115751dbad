//! The figures of tolerance: cases, items, days to make up, what is overdue,
//! by manager and by type (F-11, K-11…K-14).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    calendar::Calendar,
    case::Case,
    clock::{Clock, ClockState},
    ids::UserId,
    period::{add_days, on_time},
    policy::RuleId,
    time::Instant,
};

/// The debts of one manager, one type, or all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Debts {
    /// All debts, cancelled and excused ones left out.
    pub items: u64,
    /// Made up so far.
    pub made_up: u64,
    /// Of these, late.
    pub made_up_late: u64,
    /// The working days that those took, in all; divided by `made_up` it is
    /// the mean.
    pub days: u64,
    /// Still open.
    pub open: u64,
    /// Of these, past their last day.
    pub open_overdue: u64,
}

/// The figures of tolerance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Statistics {
    /// Cases that were accepted tolerantly.
    pub cases: u64,
    /// Notices after the first (K-14).
    pub second_notices: u64,
    /// All debts.
    pub all: Debts,
    /// By the manager in charge when the debt ended, or now.
    pub by_manager: BTreeMap<UserId, Debts>,
    /// By type of material.
    pub by_type: BTreeMap<String, Debts>,
}

impl Statistics {
    /// The figures of these cases at `now`.
    pub fn of<'a>(
        cases: impl IntoIterator<Item = &'a Case>,
        calendar: &Calendar,
        now: Instant,
    ) -> Self {
        let mut all = Self::default();
        for case in cases {
            all.cases += u64::from(case.intake.was_tolerant);
            all.second_notices += case.tolerance.second_notices() as u64;
            for clock in case.clocks.iter().filter(|clock| clock.rule == RuleId::D09) {
                let person = clock.person.unwrap_or(case.manager);
                let code = clock.key.clone().unwrap_or_default();
                all.all.count(clock, calendar, now);
                all.by_manager.entry(person).or_default().count(clock, calendar, now);
                all.by_type.entry(code).or_default().count(clock, calendar, now);
            }
        }
        all
    }
}

impl Debts {
    fn count(&mut self, clock: &Clock, calendar: &Calendar, now: Instant) {
        match clock.state {
            ClockState::StoppedOnTime | ClockState::StoppedLate => {
                self.made_up += 1;
                self.made_up_late += u64::from(clock.state == ClockState::StoppedLate);
                self.days += working_days(clock, calendar);
            }
            ClockState::Running | ClockState::Paused => {
                self.open += 1;
                self.open_overdue += u64::from(!on_time(now, &clock.due()));
            }
            ClockState::StoppedExcused | ClockState::Cancelled => return,
        }
        self.items += 1;
    }
}

/// The working days after the day that the debt began, up to its end.
fn working_days(clock: &Clock, calendar: &Calendar) -> u64 {
    let last = clock.stopped_at.unwrap_or(clock.started_at).date();
    let mut day = clock.started_at.date();
    let mut count = 0;
    while day < last {
        day = add_days(day, 1);
        count += u64::from(calendar.is_working_day(day));
    }
    count
}
