//! Spans of days and months in China Standard Time.

use std::collections::BTreeSet;

use chrono::{Datelike, Months};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    period::add_days,
    time::{Date, Instant},
};

/// The most months that one report covers.
const MAX_MONTHS: usize = 120;

/// The days of a report, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

impl Span {
    /// Whether an instant lies in it.
    pub fn contains(&self, at: Instant) -> bool {
        Instant::start_of(self.from) <= at && at < self.end()
    }

    /// The first instant after it.
    pub fn end(&self) -> Instant {
        Instant::start_of(add_days(self.to, 1))
    }

    /// The instants at which it is seen how things stand, in order: the end of
    /// each of its months and of `span`, but none after `now`.
    pub fn ends(&self, span: Self, now: Instant) -> Vec<Instant> {
        let months = self.months().into_iter().map(Month::span);
        let begun = |one: &Self| Instant::start_of(one.from) < now;
        let ends: BTreeSet<Instant> =
            months.chain([span]).filter(begun).map(|one| one.end().min(now)).collect();
        ends.into_iter().collect()
    }

    /// The months that it touches, oldest first, at most 120.
    pub fn months(&self) -> Vec<Month> {
        let mut months = Vec::new();
        let mut month = Month::of_day(self.from);
        while month <= Month::of_day(self.to) && months.len() < MAX_MONTHS {
            months.push(month);
            month = month.later(1);
        }
        months
    }

    /// This span begun so much earlier that it touches `count` months.
    #[must_use]
    pub fn reaching_back(&self, count: u32) -> Self {
        let first = Month::of_day(self.to).earlier(count.saturating_sub(1)).first();
        Self { from: self.from.min(first), to: self.to }
    }
}

/// A month of the calendar.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub struct Month {
    /// Year.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
}

impl Month {
    /// The month of a day.
    pub fn of_day(day: Date) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// The month of an instant.
    pub fn of(at: Instant) -> Self {
        Self::of_day(at.date())
    }

    /// Reads `2026-03`.
    pub fn parse(text: &str) -> Option<Self> {
        let day = format!("{text}-01").parse::<Date>().ok()?;
        (text.len() == 7).then(|| Self::of_day(day))
    }

    /// Its first day.
    pub fn first(self) -> Date {
        Date::from_ymd_opt(self.year, self.month, 1).unwrap_or(Date::MIN)
    }

    /// Its days.
    pub fn span(self) -> Span {
        let to = self.later(1).first().pred_opt().unwrap_or(Date::MAX);
        Span { from: self.first(), to }
    }

    /// The month `count` months later.
    #[must_use]
    pub fn later(self, count: u32) -> Self {
        let day = self.first().checked_add_months(Months::new(count));
        day.map_or(self, Self::of_day)
    }

    /// The month `count` months earlier.
    #[must_use]
    pub fn earlier(self, count: u32) -> Self {
        let day = self.first().checked_sub_months(Months::new(count));
        day.map_or(self, Self::of_day)
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_its_days_and_neighbours() {
        let month = Month::parse("2026-02").unwrap();
        assert_eq!(month.span().to.to_string(), "2026-02-28");
        assert_eq!(month.earlier(2).to_string(), "2025-12");
        assert_eq!(month.later(11).to_string(), "2027-01");
        assert!(Month::parse("2026-2").is_none() && Month::parse("2026-13").is_none());
        let span = month.span();
        let at = |text: &str| Instant::parse(text).unwrap();
        assert!(span.contains(at("2026-02-28T23:59:59.999+08:00")));
        assert!(!span.contains(at("2026-03-01T00:00:00+08:00")));
        assert_eq!(span.reaching_back(3).months().len(), 3);
        let year = Span { from: "2026-01-01".parse().unwrap(), to: "2026-12-31".parse().unwrap() };
        let now = at("2026-02-10T08:00:00+08:00");
        assert_eq!(year.ends(year, now), [at("2026-02-01T00:00:00+08:00"), now]);
    }
}
