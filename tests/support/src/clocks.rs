//! Deadlines computed a second time, from the words of the rule and an
//! independent calendar, so that the product's own answer can be doubted.

use chrono::{
    DateTime, Days, FixedOffset, NaiveDate, NaiveTime, SecondsFormat, TimeDelta, TimeZone as _,
    Weekday,
};
use serde_json::Value;

/// An instant in China Standard Time.
pub type Instant = DateTime<FixedOffset>;

/// How long a deadline is.
#[derive(Clone, Copy, Debug)]
pub enum Term {
    /// Hours, to the second; nights and holidays count.
    Hours(i64),
    /// Calendar days after the day of the start, to their end.
    Days(u64),
    /// Working days after the day of the start, to the end of the last.
    WorkingDays(u64),
    /// The end of a day.
    Until(NaiveDate),
}

/// The offset of China Standard Time.
pub fn china() -> FixedOffset {
    FixedOffset::east_opt(8 * 3600).expect("eight hours is an offset")
}

/// The present instant.
pub fn now() -> Instant {
    DateTime::<chrono::Utc>::from(std::time::SystemTime::now()).with_timezone(&china())
}

/// An instant as the product writes it.
pub fn text(at: Instant) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, false)
}

/// Reads an instant that the product wrote.
#[track_caller]
pub fn read(value: &Value) -> Instant {
    let text = value.as_str().unwrap_or_else(|| panic!("no instant: {value}"));
    let at = DateTime::parse_from_rfc3339(text);
    at.unwrap_or_else(|error| panic!("{text}: {error}")).with_timezone(&china())
}

/// When a deadline that starts at `start` is due; nothing where no official
/// calendar says which days are worked.
pub fn due(start: Instant, term: Term) -> Option<Instant> {
    let day = start.date_naive();
    match term {
        Term::Hours(hours) => Some(start + TimeDelta::hours(hours)),
        Term::Days(days) => Some(end_of(day + Days::new(days))),
        Term::Until(last) => Some(end_of(last)),
        Term::WorkingDays(days) => {
            let mut last = day;
            for _ in 0..days {
                last = last + Days::new(1);
                while !is_worked(last)? {
                    last = last + Days::new(1);
                }
            }
            Some(end_of(last))
        }
    }
}

/// What the rules say about one clock.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The rule, as `D-08`.
    pub rule: &'static str,
    /// How it stands.
    pub state: &'static str,
    /// How long it is.
    pub term: Term,
}

/// Checks that the clocks are these and no others, that each stands as said,
/// and that each due instant follows from its start.
#[track_caller]
pub fn check(clocks: &Value, expected: &[Rule]) {
    let clocks = clocks.as_array().unwrap_or_else(|| panic!("no clocks: {clocks}"));
    let mut names: Vec<_> =
        clocks.iter().map(|clock| clock["rule"].as_str().unwrap_or("?")).collect();
    let mut wanted: Vec<_> = expected.iter().map(|rule| rule.rule).collect();
    names.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(names, wanted, "the clocks of the record");
    let mut left: Vec<&Value> = clocks.iter().collect();
    for rule in expected {
        let found = left.iter().position(|clock| fits(clock, rule));
        let found =
            found.unwrap_or_else(|| panic!("no clock is as the rules say: {rule:?}\n{left:#?}"));
        left.remove(found);
    }
}

fn fits(clock: &Value, rule: &Rule) -> bool {
    if clock["rule"] != rule.rule || clock["state"] != rule.state {
        return false;
    }
    let start = read(&clock["started_at"]);
    due(start, rule.term).map_or(clock["provisional"] == true, |due| read(&clock["due_at"]) == due)
}

fn end_of(day: NaiveDate) -> Instant {
    let next = (day + Days::new(1)).and_time(NaiveTime::MIN);
    china().from_local_datetime(&next).single().expect("China has no daylight saving")
}

fn is_worked(day: NaiveDate) -> Option<bool> {
    let table = include_str!("../../../crates/domain/tests/fixtures/working_days.chinese-days.csv");
    let wanted = day.to_string();
    table
        .lines()
        .find_map(|line| line.strip_prefix(&wanted)?.strip_prefix(','))
        .map(|worked| worked.trim() == "1")
}

/// The next working day after `day` as the independent calendar knows it, or
/// by the week where it knows nothing.
pub fn next_working_day(day: NaiveDate) -> NaiveDate {
    let mut next = day + Days::new(1);
    loop {
        let weekday = chrono::Datelike::weekday(&next);
        let by_the_week = !matches!(weekday, Weekday::Sat | Weekday::Sun);
        if is_worked(next).unwrap_or(by_the_week) {
            return next;
        }
        next = next + Days::new(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due_on(start: &str, term: Term) -> String {
        let start = DateTime::parse_from_rfc3339(start).unwrap().with_timezone(&china());
        text(due(start, term).unwrap())
    }

    #[test]
    fn the_vectors_of_the_specification_hold() {
        let friday = "2026-02-13T09:00:00+08:00";
        assert_eq!(due_on(friday, Term::Days(1)), "2026-02-15T00:00:00.000+08:00");
        assert_eq!(due_on(friday, Term::WorkingDays(1)), "2026-02-15T00:00:00.000+08:00");
        assert_eq!(due_on(friday, Term::WorkingDays(3)), "2026-02-26T00:00:00.000+08:00");
        assert_eq!(
            due_on("2026-02-14T16:20:30+08:00", Term::Hours(24)),
            "2026-02-15T16:20:30.000+08:00"
        );
        assert!(
            due(
                DateTime::parse_from_rfc3339("2026-12-31T09:00:00+08:00").unwrap(),
                Term::WorkingDays(1)
            )
            .is_none()
        );
    }
}
