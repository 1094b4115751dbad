//! The official calendar, its checks and its laws.

use proptest::prelude::*;

use super::*;

const CHINESE_DAYS: &str = include_str!("../../tests/fixtures/working_days.chinese-days.csv");
const CHINESECALENDAR: &str = include_str!("../../tests/fixtures/working_days.chinesecalendar.csv");
const FESTIVALS: &str = include_str!("../../tests/fixtures/festivals.chinese-days.csv");

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn rows(fixture: &str) -> impl Iterator<Item = Vec<&str>> {
    fixture.lines().filter(|line| !line.starts_with('#')).map(|line| line.split(',').collect())
}

fn days_of(year: i32) -> impl Iterator<Item = Date> {
    let first = Date::from_ymd_opt(year, 1, 1).unwrap();
    first.iter_days().take_while(move |day| day.year() == year)
}

/// The official calendar with its last year taken away.
fn without_2026() -> Calendar {
    let official = Calendar::official();
    let years = official.years[..2].to_vec();
    Calendar::new(1, years, official.statutory, official.festivals).unwrap()
}

#[test]
fn all_1096_days_equal_both_independent_packages() {
    let calendar = Calendar::official();
    for fixture in [CHINESE_DAYS, CHINESECALENDAR] {
        let mut count = 0;
        for row in rows(fixture) {
            let (date, worked) = (day(row[0]), row[1] == "1");
            assert_eq!(calendar.is_working_day(date), worked, "{date}");
            assert!(!calendar.is_provisional(date), "{date}");
            count += 1;
        }
        assert_eq!(count, 1_096);
    }
}

#[test]
fn working_days_of_every_month() {
    let calendar = Calendar::official();
    let months = |year: i32| -> Vec<usize> {
        let worked = |month: u32| {
            days_of(year).filter(|d| d.month() == month && calendar.is_working_day(*d)).count()
        };
        (1..=12).map(worked).collect()
    };
    assert_eq!(months(2024), [22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22]);
    assert_eq!(months(2025), [19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23]);
    assert_eq!(months(2026), [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]);
    assert_eq!([2024, 2025, 2026].map(|y| months(y).iter().sum::<usize>()), [251, 248, 248]);
}

#[test]
fn new_years_eve_of_2024_was_worked() {
    assert!(Calendar::official().is_working_day(day("2024-02-09")));
}

#[test]
fn festivals_of_the_provisional_years_equal_an_independent_package() {
    let calendar = Calendar::official();
    let read = |f: &Festivals| [f.new_year_eve, f.qingming, f.duanwu, f.mid_autumn];
    let stated: Vec<_> = calendar.festivals.iter().map(|f| (f.year, read(f))).collect();
    let independent: Vec<_> = rows(FESTIVALS)
        .map(|row| (row[0].parse().unwrap(), [1, 2, 3, 4].map(|column| day(row[column]))))
        .collect();
    assert_eq!(stated, independent);
    assert_eq!(stated.len(), 9);
}

#[test]
fn a_provisional_year_has_weekends_and_statutory_days_off() {
    let calendar = Calendar::official();
    let off: Vec<String> = days_of(2027)
        .filter(|d| !matches!(d.weekday(), Weekday::Sat | Weekday::Sun))
        .filter(|d| !calendar.is_working_day(*d))
        .map(|d| d.format("%m-%d").to_string())
        .collect();
    // 除夕 02-05 is a Friday; 初一 and 初二 fall on the weekend.
    assert_eq!(off, ["01-01", "02-05", "02-08", "04-05", "06-09", "09-15", "10-01"]);
    assert!(days_of(2027).all(|d| calendar.is_provisional(d)));
}

#[test]
fn a_year_beyond_the_table_still_has_holidays() {
    let calendar = Calendar::official();
    for year in [1999, 2023, 2036, 2050, 9998] {
        for fixed in ["01-01", "05-01", "05-02", "10-01", "10-02", "10-03"] {
            let date = day(&format!("{year}-{fixed}"));
            assert!(!calendar.is_working_day(date), "{date}");
            assert!(calendar.is_provisional(date), "{date}");
        }
    }
}

#[test]
fn a_published_year_replaces_the_provisional_one() {
    let before = without_2026();
    assert!(before.is_provisional(day("2026-02-14")));
    assert!(!before.is_working_day(day("2026-02-14")));
    let year = Calendar::official().years[2].clone();
    let after = before.with_year(year).unwrap();
    assert!(!after.is_provisional(day("2026-02-14")));
    assert!(after.is_working_day(day("2026-02-14")));
    assert_eq!(after.version, before.version + 1);
    assert_eq!(after.years, Calendar::official().years);
}

#[test]
fn a_calendar_survives_its_stored_form() {
    let calendar = Calendar::official();
    let text = serde_json::to_string(&calendar).unwrap();
    assert_eq!(serde_json::from_str::<Calendar>(&text).unwrap(), calendar);
}

#[test]
fn calendars_that_contradict_themselves_are_refused() {
    let text = OFFICIAL;
    let refused = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        Calendar::parse(&text.replacen(from, to, 1)).unwrap_err()
    };
    assert_eq!(refused("version 1\n", "\n"), CalendarError::NoVersion);
    assert_eq!(refused("year 2025", "year 2024"), CalendarError::YearTwice(2024));
    assert_eq!(refused("festivals 2028", "festivals 2027"), CalendarError::YearTwice(2027));
    let missing = CalendarError::StatutoryDay { month: 5, day: 2 };
    assert_eq!(refused("05-01 05-02 10", "05-01 10"), missing);
    // A make-up day on a Thursday, on a day off, or of another decade.
    for wrong in ["2024-02-08", "2024-02-10", "2034-02-04"] {
        let found = refused("work 2024-02-04", &format!("work {wrong}"));
        assert_eq!(found, CalendarError::Day(day(wrong)));
    }
    let turned = refused("off 2024-02-10 2024-02-17", "off 2024-02-17 2024-02-10");
    assert_eq!(turned, CalendarError::Day(day("2024-02-17")));
    let duanwu = refused("duanwu 2027-06-09", "duanwu 2027-09-06");
    assert_eq!(duanwu, CalendarError::Day(day("2027-09-06")));
}

#[test]
fn a_line_that_cannot_be_read_is_named() {
    let line = |text: &str| Calendar::parse(text).unwrap_err();
    assert_eq!(line("version 1\noff 2024-01-01"), CalendarError::Line { line: 2 });
    assert_eq!(line("version one"), CalendarError::Line { line: 1 });
    assert_eq!(line("# c\n\nholiday 2024-01-01"), CalendarError::Line { line: 3 });
    assert_eq!(line("year 2024 notice 7\noff 2024-02-30"), CalendarError::Line { line: 2 });
    let outside = r#"{"version":2,"years":[],"statutory":[],"festivals":[]}"#;
    assert!(serde_json::from_str::<Calendar>(outside).is_err());
}

proptest! {
    #[test]
    fn no_text_breaks_the_reading(text in "(version|year|off|work|statutory|festivals|[0-9 -]|\\n|.){0,40}") {
        let _read_or_refused = Calendar::parse(&text);
    }

    #[test]
    fn a_year_without_notice_is_never_a_year_without_holidays(year in 1970_i32..2200) {
        let calendar = Calendar::official();
        let weekdays = days_of(year).filter(|d| !matches!(d.weekday(), Weekday::Sat | Weekday::Sun));
        prop_assert!(weekdays.into_iter().any(|d| !calendar.is_working_day(d)));
    }
}
