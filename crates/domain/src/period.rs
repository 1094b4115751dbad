//! How periods are counted (d.1): from a start instant to a due instant.
//!
//! Hours run on without a break and their due instant is still in time. Days
//! never count the start day and end at 24:00, which is written as `00:00` of
//! the day after and is no longer in time ([`Due::exclusive`]).

use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    calendar::Calendar,
    time::{Date, HOUR_MS, Instant},
};

/// The longest period that is counted, a century of days; it bounds every loop
/// over days whatever comes from outside.
pub const MAX_COUNT: u32 = 36_525;

/// What a period is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 小时: without a break, nights and holidays included.
    Hour,
    /// 日: whole days after the start day, rest days included.
    CalendarDay,
    /// 工作日: whole working days after the start day.
    WorkingDay,
    /// The date written in a contract, plus `count` days.
    ContractDate,
    /// The last day of the month `count` months after the start's.
    MonthEnd,
}

/// Whether a calendar-day period that ends on a rest day is prolonged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RestDay {
    /// The period ends on the rest day (the stricter default, Q-01).
    #[default]
    Keep,
    /// The period ends on the next working day (民法典 203).
    Roll,
}

/// When the last day of a period ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cutoff {
    /// At 24:00.
    #[default]
    Midnight,
    /// At the close of business.
    At(NaiveTime),
}

/// A period as a rule states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Term {
    /// How many units.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
    /// What a rest day at the end does.
    pub rest_day: RestDay,
    /// When the last day ends.
    pub cutoff: Cutoff,
}

impl Term {
    /// A period that keeps its rest days and ends at 24:00.
    pub fn new(count: u32, unit: Unit) -> Self {
        Self { count, unit, rest_day: RestDay::Keep, cutoff: Cutoff::Midnight }
    }

    /// When the period that begins at `start` is over.
    pub fn due(self, start: Instant, calendar: &Calendar) -> Due {
        due(start, self.count, self.unit, calendar, self.rest_day, self.cutoff)
    }
}

/// The end of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Due {
    /// The due instant.
    pub due_at: Instant,
    /// Whether the due instant itself is already late (day units).
    pub exclusive: bool,
    /// Whether a day without an official notice was counted.
    pub provisional: bool,
}

/// When the period of `count` units (at most [`MAX_COUNT`]) that begins at
/// `start` is over.
pub fn due(
    start: Instant,
    count: u32,
    unit: Unit,
    calendar: &Calendar,
    rest_day: RestDay,
    cutoff: Cutoff,
) -> Due {
    let (day, count) = (start.date(), count.min(MAX_COUNT));
    let (last, provisional) = match unit {
        Unit::Hour => {
            let due_at = start.plus_ms(i64::from(count) * HOUR_MS);
            return Due { due_at, exclusive: false, provisional: false };
        }
        Unit::CalendarDay | Unit::ContractDate => {
            let last = add_days(day, count);
            match (unit, rest_day) {
                (Unit::CalendarDay, RestDay::Roll) => roll(last, calendar),
                _ => (last, false),
            }
        }
        Unit::WorkingDay => add_working_days(day, count, calendar),
        Unit::MonthEnd => (month_end(day, count), false),
    };
    Due { due_at: end_of(last, cutoff), exclusive: true, provisional }
}

/// Whether a stop at `stop` is in time.
pub fn on_time(stop: Instant, due: &Due) -> bool {
    if due.exclusive { stop < due.due_at } else { stop <= due.due_at }
}

/// The `count`-th working day after `day`, and whether a provisional day was
/// passed on the way.
pub fn add_working_days(day: Date, count: u32, calendar: &Calendar) -> (Date, bool) {
    let (mut last, mut provisional, mut left) = (day, false, count.min(MAX_COUNT));
    while left > 0 && last < NaiveDate::MAX {
        last = add_days(last, 1);
        provisional |= calendar.is_provisional(last);
        left -= u32::from(calendar.is_working_day(last));
    }
    (last, provisional)
}

/// The `count`-th working day before `day`.
pub fn subtract_working_days(day: Date, count: u32, calendar: &Calendar) -> Date {
    let (mut first, mut left) = (day, count.min(MAX_COUNT));
    while left > 0 {
        let Some(before) = first.pred_opt() else { return first };
        first = before;
        left -= u32::from(calendar.is_working_day(first));
    }
    first
}

/// The day `count` days after `day`.
pub fn add_days(day: Date, count: u32) -> Date {
    day.checked_add_days(Days::new(count.into())).unwrap_or(NaiveDate::MAX)
}

fn roll(day: Date, calendar: &Calendar) -> (Date, bool) {
    let provisional = calendar.is_provisional(day);
    if calendar.is_working_day(day) {
        return (day, provisional);
    }
    let (next, passed) = add_working_days(day, 1, calendar);
    (next, provisional || passed)
}

fn month_end(day: Date, months: u32) -> Date {
    day.with_day(1)
        .and_then(|first| first.checked_add_months(Months::new(months)))
        .and_then(|first| first.checked_add_months(Months::new(1)))
        .and_then(|next| next.pred_opt())
        .unwrap_or(NaiveDate::MAX)
}

fn end_of(day: Date, cutoff: Cutoff) -> Instant {
    match cutoff {
        Cutoff::Midnight => Instant::start_of(add_days(day, 1)),
        Cutoff::At(time) => Instant::from_china(day.and_time(time)),
    }
}

#[cfg(test)]
mod tests;
