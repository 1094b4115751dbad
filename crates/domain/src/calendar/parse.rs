//! Reads the text form of the calendar and checks a calendar from outside.
//!
//! The form is described at the head of `data/calendar.txt`. A calendar that
//! contradicts itself is refused whole.

use chrono::{Datelike, NaiveDate, Weekday};
use thiserror::Error;

use super::{Calendar, CalendarYear, DayRange, Festivals, MonthDay};
use crate::time::Date;

/// The days that the 2024-11-10 regulation fixes; a calendar must know them.
const FIXED_DAYS: [(u32, u32); 6] = [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)];

/// Why a calendar is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// A line of the text form cannot be read.
    #[error("line {line} of the calendar cannot be read")]
    Line {
        /// The line's number, from 1.
        line: usize,
    },
    /// The text form states no version.
    #[error("the calendar states no version")]
    NoVersion,
    /// A year is stated twice.
    #[error("the year {0} is stated twice")]
    YearTwice(i32),
    /// A year carries no notice number, so nothing vouches for it.
    #[error("the year {0} names no notice")]
    NoNotice(i32),
    /// A day contradicts its year, its weekday or another day.
    #[error("the day {0} contradicts the rest of the calendar")]
    Day(Date),
    /// A statutory day is missing.
    #[error("the statutory day {month:02}-{day:02} is missing")]
    StatutoryDay {
        /// The month.
        month: u32,
        /// The day.
        day: u32,
    },
}

/// Reads the text form.
pub(super) fn calendar(text: &str) -> Result<Calendar, CalendarError> {
    let mut reading = Reading::default();
    for (index, line) in text.lines().enumerate() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let is_comment = words.first().is_none_or(|word| word.starts_with('#'));
        if !is_comment && reading.take(&words).is_none() {
            return Err(CalendarError::Line { line: index + 1 });
        }
    }
    let Reading { version, years, statutory, festivals } = reading;
    Calendar::new(version.ok_or(CalendarError::NoVersion)?, years, statutory, festivals)
}

/// Checks that a calendar does not contradict itself.
pub(super) fn check(calendar: &Calendar) -> Result<(), CalendarError> {
    for (month, day) in FIXED_DAYS {
        if !calendar.statutory.contains(&MonthDay { month, day }) {
            return Err(CalendarError::StatutoryDay { month, day });
        }
    }
    let years = calendar.years.iter().map(|year| year.year);
    let festivals = calendar.festivals.iter().map(|festivals| festivals.year);
    no_year_twice(years)?;
    no_year_twice(festivals)?;
    calendar.years.iter().try_for_each(check_year)?;
    calendar.festivals.iter().try_for_each(check_festivals)
}

fn no_year_twice(sorted: impl Iterator<Item = i32>) -> Result<(), CalendarError> {
    let mut before = None;
    for year in sorted {
        if before.replace(year) == Some(year) {
            return Err(CalendarError::YearTwice(year));
        }
    }
    Ok(())
}

fn check_year(year: &CalendarYear) -> Result<(), CalendarError> {
    if year.notice.trim().is_empty() {
        return Err(CalendarError::NoNotice(year.year));
    }
    for range in &year.holidays {
        // A holiday of one year's notice may begin in the last days of the
        // year before, never elsewhere.
        let belongs = range.to.year() == year.year || range.from.year() == year.year;
        let length = (range.to - range.from).num_days();
        if !belongs || !(0..31).contains(&length) {
            return Err(CalendarError::Day(range.from));
        }
    }
    for day in &year.makeup_workdays {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        let near = (day.year() - year.year).abs() <= 1;
        let off = year.holidays.iter().any(|range| range.contains(*day));
        if !weekend || !near || off {
            return Err(CalendarError::Day(*day));
        }
    }
    Ok(())
}

fn check_festivals(festivals: &Festivals) -> Result<(), CalendarError> {
    let Festivals { year, new_year_eve, qingming, duanwu, mid_autumn } = *festivals;
    let seasons = [(new_year_eve, 1..=2), (qingming, 4..=4), (duanwu, 5..=6), (mid_autumn, 9..=10)];
    for (day, months) in seasons {
        if day.year() != year || !months.contains(&day.month()) {
            return Err(CalendarError::Day(day));
        }
    }
    Ok(())
}

#[derive(Default)]
struct Reading {
    version: Option<u32>,
    years: Vec<CalendarYear>,
    statutory: Vec<MonthDay>,
    festivals: Vec<Festivals>,
}

impl Reading {
    fn take(&mut self, words: &[&str]) -> Option<()> {
        match words {
            ["version", number] => self.version = Some(number.parse().ok()?),
            ["year", year, "notice", notice] => self.years.push(CalendarYear {
                year: year.parse().ok()?,
                notice: (*notice).to_owned(),
                holidays: Vec::new(),
                makeup_workdays: Vec::new(),
            }),
            ["off", day] => self.off(date(day)?, date(day)?)?,
            ["off", from, to] => self.off(date(from)?, date(to)?)?,
            ["work", days @ ..] if !days.is_empty() => {
                let days = days.iter().map(|day| date(day)).collect::<Option<Vec<_>>>()?;
                self.years.last_mut()?.makeup_workdays.extend(days);
            }
            ["statutory", days @ ..] => {
                let days = days.iter().map(|day| month_day(day)).collect::<Option<Vec<_>>>()?;
                self.statutory.extend(days);
            }
            ["festivals", year, "eve", eve, "qingming", q, "duanwu", d, "midautumn", m] => {
                self.festivals.push(Festivals {
                    year: year.parse().ok()?,
                    new_year_eve: date(eve)?,
                    qingming: date(q)?,
                    duanwu: date(d)?,
                    mid_autumn: date(m)?,
                });
            }
            _ => return None,
        }
        Some(())
    }

    fn off(&mut self, from: Date, to: Date) -> Option<()> {
        self.years.last_mut()?.holidays.push(DayRange { from, to });
        Some(())
    }
}

fn date(text: &str) -> Option<Date> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

fn month_day(text: &str) -> Option<MonthDay> {
    let (month, day) = text.split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    // 2024 is a leap year: every day that exists in some year is accepted.
    NaiveDate::from_ymd_opt(2024, month, day).map(|_| MonthDay { month, day })
}
