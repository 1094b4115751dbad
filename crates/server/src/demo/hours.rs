//! When deeds happen: backwards from the last one, within office hours.

use lantian_domain::time::{DAY_MS, Instant};

/// Office hours, minutes of the day.
const OPEN: i64 = 8 * 60 + 30;
const CLOSE: i64 = 17 * 60 + 50;
/// Steps closer than this belong to one piece of work and stay together.
const TOGETHER: i64 = 4 * 60;
const MINUTE_MS: i64 = 60_000;

/// The instant of the deed that came `gap` minutes before the one at `later`,
/// moved into office hours, never after `later`.
pub(super) fn before(later: Instant, gap: i64) -> Instant {
    let plain = later.plus_ms(-gap * MINUTE_MS);
    let (now, then) = (minute_of_day(later), minute_of_day(plain));
    let in_hours = |minute: i64| (OPEN..=CLOSE).contains(&minute);
    if in_hours(then) || (gap <= TOGETHER && !in_hours(now)) {
        return plain;
    }
    if gap <= TOGETHER && now > OPEN + 10 {
        // The work began when the office opened.
        return later.plus_ms(-(now - OPEN) * MINUTE_MS * 2 / 3);
    }
    let midnight = Instant::start_of(plain.date());
    let day = if then < OPEN { midnight.plus_ms(-DAY_MS) } else { midnight };
    day.plus_ms((CLOSE - gap % 50) * MINUTE_MS)
}

fn minute_of_day(at: Instant) -> i64 {
    at.since(Instant::start_of(at.date())) / MINUTE_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(later: &str, gap: i64, expected: &str) {
        let at = |text: &str| Instant::parse(&format!("2026-11-{text}:00+08:00")).unwrap();
        assert_eq!(before(at(later), gap), at(expected), "{later} - {gap}");
    }

    #[test]
    fn deeds_happen_in_office_hours_and_in_order() {
        check("24T15:00", 60, "24T14:00");
        // Together: not overnight.
        check("24T09:00", 90, "24T08:40");
        // Apart: the evening before.
        check("24T09:00", 600, "23T17:50");
        check("24T09:00", 860, "23T17:40");
        // A late hour keeps its work together.
        check("24T03:00", 60, "24T02:00");
        for minute in 0..1440 {
            let later =
                Instant::parse("2026-11-24T00:00:00+08:00").unwrap().plus_ms(minute * 60_000);
            for gap in [1, 30, 90, 240, 500, 1440, 4320] {
                assert!(before(later, gap) <= later, "{minute} {gap}");
            }
        }
    }
}
