//! The working calendar: which day is a 工作日 (d.1, d.2).
//!
//! A year with an official notice is known day by day. A year without one is
//! provisional: weekends and the statutory festivals are off, and every
//! result that rests on such a day says so. No year is ever taken to have no
//! holidays.

mod parse;

use chrono::{Datelike, Days, Weekday};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use parse::CalendarError;

use crate::time::Date;

const OFFICIAL: &str = include_str!("../data/calendar.txt");

/// Days off in a row, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DayRange {
    /// The first day off.
    pub from: Date,
    /// The last day off.
    pub to: Date,
}

impl DayRange {
    fn contains(self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }
}

/// A year whose notice is published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CalendarYear {
    /// The year.
    pub year: i32,
    /// The number of the State Council's notice.
    pub notice: String,
    /// The days off.
    pub holidays: Vec<DayRange>,
    /// The Saturdays and Sundays that are worked.
    pub makeup_workdays: Vec<Date>,
}

/// The festivals of a year that the sun and the moon decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Festivals {
    /// The year.
    pub year: i32,
    /// 农历除夕, the day before 正月初一; four days off begin here.
    pub new_year_eve: Date,
    /// 清明.
    pub qingming: Date,
    /// 端午.
    pub duanwu: Date,
    /// 中秋.
    pub mid_autumn: Date,
}

impl Festivals {
    fn contains(&self, day: Date) -> bool {
        let eve = self.new_year_eve;
        let last = eve.checked_add_days(Days::new(3)).unwrap_or(eve);
        (eve <= day && day <= last) || [self.qingming, self.duanwu, self.mid_autumn].contains(&day)
    }
}

/// A day that is off in every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MonthDay {
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}

/// The working calendar as a versioned piece of reference data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Unchecked")]
pub struct Calendar {
    /// Rises with every published change.
    pub version: u32,
    years: Vec<CalendarYear>,
    statutory: Vec<MonthDay>,
    festivals: Vec<Festivals>,
}

/// A calendar as it comes from outside, before it is checked.
#[derive(Deserialize, JsonSchema)]
struct Unchecked {
    version: u32,
    years: Vec<CalendarYear>,
    statutory: Vec<MonthDay>,
    festivals: Vec<Festivals>,
}

impl TryFrom<Unchecked> for Calendar {
    type Error = CalendarError;

    fn try_from(from: Unchecked) -> Result<Self, CalendarError> {
        Self::new(from.version, from.years, from.statutory, from.festivals)
    }
}

impl Calendar {
    /// The calendar that the program ships with.
    ///
    /// # Panics
    /// Never: the embedded file is read by a test.
    pub fn official() -> Self {
        Self::parse(OFFICIAL).expect("the embedded calendar is read by a test")
    }

    /// Reads the text form (see the head of `data/calendar.txt`).
    ///
    /// # Errors
    /// [`CalendarError`] names the line that cannot be read or the day that
    /// contradicts the rest.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        parse::calendar(text)
    }

    /// Builds a calendar from its parts.
    ///
    /// # Errors
    /// [`CalendarError`] when a part contradicts another or itself.
    pub fn new(
        version: u32,
        mut years: Vec<CalendarYear>,
        statutory: Vec<MonthDay>,
        mut festivals: Vec<Festivals>,
    ) -> Result<Self, CalendarError> {
        years.sort_by_key(|year| year.year);
        festivals.sort_by_key(|festivals| festivals.year);
        let calendar = Self { version, years, statutory, festivals };
        parse::check(&calendar).map(|()| calendar)
    }

    /// This calendar with one more (or a corrected) year; its version rises.
    ///
    /// # Errors
    /// [`CalendarError`] when the year contradicts itself.
    pub fn with_year(&self, year: CalendarYear) -> Result<Self, CalendarError> {
        let mut years: Vec<_> =
            self.years.iter().filter(|known| known.year != year.year).cloned().collect();
        years.push(year);
        Self::new(self.version + 1, years, self.statutory.clone(), self.festivals.clone())
    }

    /// The years whose notice is published, in order.
    pub fn years(&self) -> &[CalendarYear] {
        &self.years
    }

    /// The festivals of the years that wait for their notice, in order.
    pub fn festivals(&self) -> &[Festivals] {
        &self.festivals
    }

    /// Whether `day` is a working day.
    pub fn is_working_day(&self, day: Date) -> bool {
        // A notice may reach over the turn of the year, so all are asked.
        if self.years.iter().any(|year| year.makeup_workdays.contains(&day)) {
            return true;
        }
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        !weekend && !self.is_holiday(day)
    }

    /// Whether nobody knows yet if `day` is worked: its year has no notice.
    pub fn is_provisional(&self, day: Date) -> bool {
        !self.years.iter().any(|year| year.year == day.year())
    }

    fn is_holiday(&self, day: Date) -> bool {
        if self.years.iter().any(|year| year.holidays.iter().any(|range| range.contains(day))) {
            return true;
        }
        let fixed = MonthDay { month: day.month(), day: day.day() };
        self.is_provisional(day)
            && (self.statutory.contains(&fixed)
                || self.festivals.iter().any(|festivals| festivals.contains(day)))
    }
}

#[cfg(test)]
mod tests;
