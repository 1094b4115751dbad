//! Instants and dates of the rulebook.
//!
//! An [`Instant`] is a UTC point in time with millisecond precision; every
//! rule reads it in China Standard Time (UTC+08:00, no daylight saving), in
//! which it is also written: RFC 3339 with offset. The rulebook never asks a
//! clock: instants arrive as arguments.

use std::fmt;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A calendar date in `Asia/Shanghai`.
pub type Date = NaiveDate;

/// Milliseconds of one hour.
pub const HOUR_MS: i64 = 3_600_000;
/// Milliseconds of one day.
pub const DAY_MS: i64 = 24 * HOUR_MS;
const CHINA_OFFSET_S: i32 = 8 * 3_600;

/// A UTC instant, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

impl Instant {
    /// The instant at midnight (00:00) of `date` in China Standard Time.
    pub fn start_of(date: Date) -> Self {
        Self::from_china(date.and_time(NaiveTime::MIN))
    }

    /// The instant of a wall-clock time in China Standard Time.
    pub fn from_china(local: NaiveDateTime) -> Self {
        Self(local.and_utc().timestamp_millis() - i64::from(CHINA_OFFSET_S) * 1_000)
    }

    /// The wall-clock date in China Standard Time.
    pub fn date(self) -> Date {
        self.china().date_naive()
    }

    /// The wall-clock time in China Standard Time.
    ///
    /// # Panics
    /// Never: eight hours is a valid offset.
    pub fn china(self) -> DateTime<FixedOffset> {
        let offset = FixedOffset::east_opt(CHINA_OFFSET_S).expect("eight hours is a valid offset");
        let utc = Utc.timestamp_millis_opt(self.0).single().unwrap_or(DateTime::<Utc>::UNIX_EPOCH);
        utc.with_timezone(&offset)
    }

    /// This instant moved by `ms` milliseconds (negative: earlier).
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this instant (negative if it is later).
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Whether this instant lies in the morning half (before 12:00) of its day.
    pub fn is_morning(self) -> bool {
        chrono::Timelike::hour(&self.china()) < 12
    }

    /// Reads RFC 3339; an offset is required.
    pub fn parse(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(|t| Self(t.timestamp_millis()))
    }
}

impl fmt::Display for Instant {
    /// Written by hand: a record has many instants, and each goes to disk and
    /// over the wire as text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let t = self.china();
        let ms = self.0.rem_euclid(1_000);
        let (Ok(year @ 0..=9_999), Ok(ms)) = (u32::try_from(t.year()), u32::try_from(ms)) else {
            return write!(f, "{}", t.format("%Y-%m-%dT%H:%M:%S%.3f+08:00"));
        };
        let mut text = *b"0000-00-00T00:00:00.000+08:00";
        let parts = [
            (0, 4, year),
            (5, 7, t.month()),
            (8, 10, t.day()),
            (11, 13, chrono::Timelike::hour(&t)),
            (14, 16, chrono::Timelike::minute(&t)),
            (17, 19, chrono::Timelike::second(&t)),
            (20, 23, ms),
        ];
        for (from, to, mut number) in parts {
            for digit in text[from..to].iter_mut().rev() {
                *digit = b'0' + (number % 10) as u8;
                number /= 10;
            }
        }
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Instant;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an RFC 3339 instant with offset, as 2026-02-14T16:20:30+08:00")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Instant, E> {
                Instant::parse(text)
                    .ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

impl JsonSchema for Instant {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Instant".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_reads_and_writes_china_time() {
        let t = Instant::parse("2026-02-14T16:20:30.005+08:00").unwrap();
        assert_eq!(t.to_string(), "2026-02-14T16:20:30.005+08:00");
        assert_eq!(Instant::parse("2026-02-14T08:20:30.005Z").unwrap(), t);
        assert_eq!(t.date(), Date::from_ymd_opt(2026, 2, 14).unwrap());
        assert_eq!(Instant::start_of(t.date()).to_string(), "2026-02-14T00:00:00.000+08:00");
    }

    #[test]
    fn what_is_written_is_read_back_over_centuries() {
        let mut ms = -62_135_596_800_000_i64;
        while ms < 253_402_200_000_000 {
            let t = Instant(ms);
            let plain = t.china().format("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string();
            assert_eq!(t.to_string(), plain);
            assert_eq!(Instant::parse(&plain), Some(t));
            ms += 86_399_999 * 3_671 + 12_345;
        }
    }

    #[test]
    fn midnight_in_china_is_the_evening_before_in_utc() {
        let t = Instant::parse("2025-12-31T16:00:00Z").unwrap();
        assert_eq!(t.date(), Date::from_ymd_opt(2026, 1, 1).unwrap());
    }
}
