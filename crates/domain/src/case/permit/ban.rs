//! 禁掘期: when the ground of a city road stays closed (g.1).
//!
//! The winter and the days around holidays and events are data; the holidays
//! are those of the official calendar. A festival whose notice is not out yet
//! closes no day, but every answer that rests on such a year says so.

use chrono::{Datelike, Days};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    calendar::{Calendar, MonthDay},
    coded::coded,
    time::Date,
};

coded! {
    /// Why the ground is closed.
    BanCause {
        /// 冬季禁掘
        Winter = "winter_ban",
        /// 法定节假日前后
        Holiday = "holiday_ban",
        /// 全市重大活动前后
        Event = "event_ban",
    }
}

/// A city-wide event around which nobody digs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BanEvent {
    /// What it is.
    pub name: String,
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub to: Date,
}

/// When nobody digs, as data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DigBanCalendar {
    /// First day of the winter ban.
    pub winter_from: MonthDay,
    /// Last day of the winter ban, in the year after.
    pub winter_to: MonthDay,
    /// Calendar days closed before a holiday or event.
    pub days_before: u32,
    /// Calendar days closed after a holiday or event.
    pub days_after: u32,
    /// City-wide major events.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<BanEvent>,
}

impl Default for DigBanCalendar {
    fn default() -> Self {
        Self {
            winter_from: MonthDay { month: 11, day: 11 },
            winter_to: MonthDay { month: 3, day: 20 },
            days_before: 15,
            days_after: 5,
            events: Vec::new(),
        }
    }
}

/// A stretch of days on which nobody digs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BanWindow {
    /// Why.
    pub cause: BanCause,
    /// The first closed day.
    pub from: Date,
    /// The last closed day.
    pub to: Date,
}

/// What a day is to somebody who wants to dig.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BanDay {
    /// The window that closes it; nothing when one may dig.
    pub window: Option<BanWindow>,
    /// Whether the year's holidays are not published yet.
    pub provisional: bool,
}

impl DigBanCalendar {
    /// What `day` is.
    pub fn on(&self, day: Date, calendar: &Calendar) -> BanDay {
        let window = self
            .winter_of(day)
            .or_else(|| self.holidays(calendar).into_iter().find(|window| window.contains(day)))
            .or_else(|| self.around_events().find(|window| window.contains(day)));
        BanDay { window, provisional: calendar.is_provisional(day) }
    }

    /// The first window that closes a day from `from` to `to`.
    pub fn first_within(&self, from: Date, to: Date, calendar: &Calendar) -> Option<BanWindow> {
        let mut windows = self.holidays(calendar);
        windows.extend(self.around_events());
        windows.extend((from.year() - 1..=to.year()).filter_map(|year| self.winter(year)));
        windows.sort_by_key(|window| (window.from, window.to));
        windows.into_iter().find(|window| window.from <= to && from <= window.to)
    }

    /// The windows around the published holidays, in order.
    pub fn holidays(&self, calendar: &Calendar) -> Vec<BanWindow> {
        let off = calendar.years().iter().flat_map(|year| &year.holidays);
        off.map(|range| self.around(BanCause::Holiday, range.from, range.to)).collect()
    }

    fn around_events(&self) -> impl Iterator<Item = BanWindow> + '_ {
        self.events.iter().map(|event| self.around(BanCause::Event, event.from, event.to))
    }

    fn around(&self, cause: BanCause, first: Date, last: Date) -> BanWindow {
        BanWindow {
            cause,
            from: first.checked_sub_days(Days::new(self.days_before.into())).unwrap_or(first),
            to: last.checked_add_days(Days::new(self.days_after.into())).unwrap_or(last),
        }
    }

    fn winter_of(&self, day: Date) -> Option<BanWindow> {
        let winters = [self.winter(day.year() - 1), self.winter(day.year())];
        winters.into_iter().flatten().find(|window| window.contains(day))
    }

    /// The winter that begins in `year`.
    fn winter(&self, year: i32) -> Option<BanWindow> {
        let (first, last) = (self.winter_from, self.winter_to);
        let from = Date::from_ymd_opt(year, first.month, first.day)?;
        let to = Date::from_ymd_opt(year + 1, last.month, last.day)?;
        Some(BanWindow { cause: BanCause::Winter, from, to })
    }
}

impl BanWindow {
    /// Whether `day` is closed by it.
    pub fn contains(&self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }
}
