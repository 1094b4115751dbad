//! The warnings of a clock (CLK-6).
//!
//! Their instants are stored with the clock, so a tablet without a network
//! and without the calendar warns at the same instants as the server. Each
//! threshold warns once: the sender remembers the thresholds it has sent.

use chrono::{Datelike, NaiveTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Clock;
use crate::{
    calendar::Calendar,
    period::{add_working_days, subtract_working_days},
    policy::WarnAt,
    time::{DAY_MS, HOUR_MS, Instant},
};

/// A threshold with its instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Warning {
    /// The threshold of the policy.
    pub threshold: WarnAt,
    /// When it is reached.
    pub at: Instant,
}

impl Clock {
    /// The warnings whose instant has come, while the clock is open.
    pub fn warnings(&self, now: Instant) -> Vec<&Warning> {
        if !self.state.is_open() {
            return Vec::new();
        }
        let now = self.frozen_at(now);
        self.warnings.iter().filter(|warning| warning.at <= now).collect()
    }

    /// Computes the instants of the warnings from the stored due instant.
    pub(super) fn time_warnings(&mut self, calendar: &Calendar) {
        let mut warnings = std::mem::take(&mut self.warnings);
        for warning in &mut warnings {
            // A short term may lie whole inside its warning time.
            warning.at = self.warn_instant(warning.threshold, calendar).max(self.started_at);
        }
        self.warnings = warnings;
    }

    fn warn_instant(&self, threshold: WarnAt, calendar: &Calendar) -> Instant {
        let (start, due) = (self.started_at, self.due_at);
        let due_day = due.plus_ms(-i64::from(self.exclusive)).date();
        let part = |percent: u32| due.since(start) / 100 * i64::from(percent.min(100));
        match threshold {
            WarnAt::ElapsedHours(hours) => start.plus_ms(i64::from(hours) * HOUR_MS),
            WarnAt::ElapsedDays(days) => start.plus_ms(i64::from(days) * DAY_MS),
            WarnAt::ElapsedWorkingDays(days) => {
                Instant::start_of(add_working_days(start.date(), days, calendar).0)
            }
            WarnAt::ElapsedPercent(percent) => start.plus_ms(part(percent)),
            WarnAt::PercentLeft(percent) => due.plus_ms(-part(percent)),
            WarnAt::WorkingDaysLeft(days) => {
                Instant::start_of(subtract_working_days(due_day, days, calendar))
            }
            WarnAt::DaysLeft(days) => Instant::start_of(due_day).plus_ms(-i64::from(days) * DAY_MS),
            WarnAt::DueDay => Instant::start_of(due_day),
            WarnAt::DayOfMonth(day) => {
                let date = start.date();
                Instant::start_of(date.with_day(day).unwrap_or(date))
            }
            WarnAt::HourOfDay(hour) => {
                let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or(NaiveTime::MIN);
                Instant::from_china(start.date().and_time(time))
            }
        }
    }
}
