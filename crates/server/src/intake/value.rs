//! Reading single values as pushes write them: numbers as text, dates as
//! text or Excel serial, instants with and without offset.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use lantian_domain::time::{Date, Instant};
use serde_json::{Map, Value};

/// Excel day numbers between 1955 and 2119: anything else is no date.
const SERIALS: std::ops::Range<f64> = 20_000.0..80_000.0;

/// A field as trimmed text; nothing when it is absent, null or blank.
pub(crate) fn text(fields: &Map<String, Value>, field: &str) -> Option<String> {
    let text = match fields.get(field)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(yes) => u8::from(*yes).to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Whether a number could be an Excel day number.
pub(crate) fn looks_like_serial(n: f64) -> bool {
    SERIALS.contains(&n)
}

/// Reads an instant; without an offset it is China Standard Time.
pub(crate) fn instant(text: &str) -> Option<Instant> {
    Instant::parse(text).or_else(|| local(text).map(Instant::from_china))
}

/// Reads a date, or the date of an instant.
pub(crate) fn date(text: &str) -> Option<Date> {
    Instant::parse(text).map(Instant::date).or_else(|| local(text).map(|at| at.date()))
}

/// Reads a decimal as such: digits with at most one point and a sign;
/// thousands separators are dropped.
pub(crate) fn decimal(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !matches!(c, ',' | ' ' | '\u{ff0c}')).collect();
    let digits = plain.strip_prefix('-').unwrap_or(&plain);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let numeric = |s: &str| !s.is_empty() && s.len() <= 20 && s.bytes().all(|b| b.is_ascii_digit());
    (numeric(whole) && numeric(part)).then_some(plain)
}

fn local(text: &str) -> Option<NaiveDateTime> {
    serial(text).or_else(|| written(text))
}

fn serial(text: &str) -> Option<NaiveDateTime> {
    let days: f64 = text.parse().ok()?;
    if !looks_like_serial(days) {
        return None;
    }
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)?.and_time(NaiveTime::MIN);
    #[expect(clippy::cast_possible_truncation, reason = "the range was checked: below 7e9 seconds")]
    let seconds = (days * 86_400.0).round() as i64;
    epoch.checked_add_signed(TimeDelta::seconds(seconds))
}

fn written(text: &str) -> Option<NaiveDateTime> {
    let plain: String = text
        .trim()
        .replace(['年', '月', '/', '.'], "-")
        .replace('日', " ")
        .replace(['时', '点', '\u{ff1a}'], ":")
        .replace('分', ":")
        .replace(['秒'], "");
    let plain = plain.replace('T', " ");
    let mut parts = plain.split_whitespace();
    let day = parts.next()?.trim_end_matches('-');
    let date = NaiveDate::parse_from_str(day, "%Y-%m-%d")
        .ok()
        .or_else(|| (day.len() == 8).then(|| NaiveDate::parse_from_str(day, "%Y%m%d").ok())?)?;
    let time = match parts.next() {
        None => NaiveTime::MIN,
        Some(clock) => time_of_day(clock.trim_end_matches(':'))?,
    };
    parts.next().is_none().then(|| date.and_time(time))
}

fn time_of_day(clock: &str) -> Option<NaiveTime> {
    // Fractions of a second were turned into dashes with the date's points.
    let clock = clock.split('-').next()?;
    ["%H:%M:%S", "%H:%M"].iter().find_map(|form| NaiveTime::parse_from_str(clock, form).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(written: &str, expected: &str) {
        let read = instant(written).map(|at| at.to_string());
        assert_eq!(read.as_deref(), Some(expected), "{written}");
    }

    #[test]
    fn instants_are_read_in_every_usual_form() {
        let expected = "2026-11-23T09:12:05.000+08:00";
        check("2026-11-23T09:12:05+08:00", expected);
        check("2026-11-23T01:12:05Z", expected);
        check("2026-11-23 09:12:05", expected);
        check("2026/11/23 9:12:05", expected);
        check("2026年11月23日 09时12分05秒", expected);
        check("2026-11-23T09:12:05", expected);
        check("20261123 09:12:05", expected);
        check("46349.383391204", expected);
        check("2026.11.23", "2026-11-23T00:00:00.000+08:00");
        check("2026年11月23日", "2026-11-23T00:00:00.000+08:00");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in
            ["", "x", "2026-13-01", "2026-02-30", "12", "2026-11-23 25:00", "2026-11-23 a b"]
        {
            assert_eq!(instant(text), None, "{text}");
        }
    }

    #[test]
    fn decimals_keep_their_digits() {
        assert_eq!(decimal("12,500.00").as_deref(), Some("12500.00"));
        assert_eq!(decimal("58000").as_deref(), Some("58000"));
        for text in ["", "1e5", "约420", "1.2.3", "--1"] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }
}
