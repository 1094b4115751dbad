//! The vectors of domain.md d.1 and d.2.

use proptest::prelude::*;

use super::*;

/// Start, then the last day of: 1 日, 1 日 rolled, 2 日, 1, 3 and 5 工作日.
const VECTORS: &str = "
2026-03-05 2026-03-06 2026-03-06 2026-03-07 2026-03-06 2026-03-10 2026-03-12
2026-02-13 2026-02-14 2026-02-14 2026-02-15 2026-02-14 2026-02-25 2026-02-27
2026-02-14 2026-02-15 2026-02-24 2026-02-16 2026-02-24 2026-02-26 2026-02-28
2026-04-03 2026-04-04 2026-04-07 2026-04-05 2026-04-07 2026-04-09 2026-04-13
2026-05-08 2026-05-09 2026-05-09 2026-05-10 2026-05-09 2026-05-12 2026-05-14
2026-06-18 2026-06-19 2026-06-22 2026-06-20 2026-06-22 2026-06-24 2026-06-26
2026-09-18 2026-09-19 2026-09-20 2026-09-20 2026-09-20 2026-09-22 2026-09-24
2026-09-19 2026-09-20 2026-09-20 2026-09-21 2026-09-20 2026-09-22 2026-09-24
2026-09-24 2026-09-25 2026-09-28 2026-09-26 2026-09-28 2026-09-30 2026-10-09
2026-09-30 2026-10-01 2026-10-08 2026-10-02 2026-10-08 2026-10-10 2026-10-13
2026-10-09 2026-10-10 2026-10-10 2026-10-11 2026-10-10 2026-10-13 2026-10-15
2025-01-25 2025-01-26 2025-01-26 2025-01-27 2025-01-26 2025-02-05 2025-02-07
2025-09-27 2025-09-28 2025-09-28 2025-09-29 2025-09-28 2025-09-30 2025-10-10
2024-02-08 2024-02-09 2024-02-09 2024-02-10 2024-02-09 2024-02-19 2024-02-21
2024-02-09 2024-02-10 2024-02-18 2024-02-11 2024-02-18 2024-02-20 2024-02-22
2024-12-31 2025-01-01 2025-01-02 2025-01-02 2025-01-02 2025-01-06 2025-01-08
";

fn at(text: &str) -> Instant {
    Instant::parse(&format!("{text}+08:00")).unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn check(term: Term, start: &str) -> Due {
    term.due(at(start), &Calendar::official())
}

#[test]
fn l_14_the_table_of_days() {
    let rolled = Term { rest_day: RestDay::Roll, ..Term::new(1, Unit::CalendarDay) };
    let terms = [
        Term::new(1, Unit::CalendarDay),
        rolled,
        Term::new(2, Unit::CalendarDay),
        Term::new(1, Unit::WorkingDay),
        Term::new(3, Unit::WorkingDay),
        Term::new(5, Unit::WorkingDay),
    ];
    let mut cells = 0;
    for row in VECTORS.lines().filter(|line| !line.is_empty()) {
        let (start, lasts) = row.split_once(' ').unwrap();
        for (term, last) in terms.iter().zip(lasts.split(' ')) {
            // The hour of the start never matters.
            for time in ["T00:00:00.000", "T09:00:00.000", "T23:59:59.999"] {
                let due = check(*term, &format!("{start}{time}"));
                assert_eq!(due.due_at, Instant::start_of(add_days(day(last), 1)), "{row} {term:?}");
                assert!(due.exclusive && !due.provisional);
            }
            cells += 1;
        }
    }
    assert_eq!(cells, 16 * 6);
}

#[test]
fn l_14_hours_run_through_a_holiday_and_the_due_instant_is_in_time() {
    let due = check(Term::new(24, Unit::Hour), "2026-02-14T16:20:30.000");
    assert_eq!(due.due_at, at("2026-02-15T16:20:30.000"));
    assert!(!due.exclusive);
    assert!(on_time(due.due_at, &due));
    assert!(!on_time(due.due_at.plus_ms(1), &due));
    // the National Day holiday is not left out.
    let due = check(Term::new(24, Unit::Hour), "2026-09-30T18:00:00");
    assert!(on_time(at("2026-10-01T18:00:00"), &due));
}

#[test]
fn l_14_the_last_millisecond_of_a_day_is_in_time_and_midnight_is_late() {
    //
    let due = check(Term::new(1, Unit::CalendarDay), "2026-03-05T09:00:00");
    assert!(on_time(at("2026-03-06T23:59:59.999"), &due));
    assert!(!on_time(at("2026-03-07T00:00:00"), &due));
}

#[test]
fn a_holiday_inside_working_days_is_passed_over() {
    // n-3 and n-4.
    let due = check(Term::new(1, Unit::WorkingDay), "2026-09-19T10:00:00");
    assert_eq!(due.due_at, at("2026-09-21T00:00:00"));
    let due = check(Term::new(3, Unit::WorkingDay), "2026-09-30T10:00:00");
    assert_eq!(due.due_at, at("2026-10-11T00:00:00"));
}

#[test]
fn an_unknown_year_is_provisional_and_no_plain_new_years_day() {
    // n-5: 2027-01-01 is a Friday.
    let due = check(Term::new(1, Unit::WorkingDay), "2026-12-31T10:00:00");
    assert_eq!(due.due_at, at("2027-01-05T00:00:00"));
    assert!(due.provisional);
    let rolled = Term { rest_day: RestDay::Roll, ..Term::new(1, Unit::CalendarDay) };
    let due = check(rolled, "2026-12-31T10:00:00");
    assert_eq!(due.due_at, at("2027-01-05T00:00:00"));
    assert!(due.provisional);
    // Without the roll no rest day is asked for, so nothing is uncertain.
    assert!(!check(Term::new(1, Unit::CalendarDay), "2026-12-31T10:00:00").provisional);
}

#[test]
fn a_contract_ends_with_its_date() {
    //
    let due = check(Term::new(0, Unit::ContractDate), "2026-06-30T00:00:00");
    assert!(on_time(at("2026-06-30T23:59:59.999"), &due));
    assert!(!on_time(at("2026-07-01T00:00:00"), &due));
}

#[test]
fn a_month_ends_with_its_last_day() {
    for (start, end) in [
        ("2026-11-01T00:00:00", "2026-12-01T00:00:00"),
        ("2024-02-29T12:00:00", "2024-03-01T00:00:00"),
        ("2026-12-31T23:59:59", "2027-01-01T00:00:00"),
    ] {
        assert_eq!(check(Term::new(0, Unit::MonthEnd), start).due_at, at(end), "{start}");
    }
    let next = check(Term::new(1, Unit::MonthEnd), "2026-01-31T08:00:00");
    assert_eq!(next.due_at, at("2026-03-01T00:00:00"));
}

#[test]
fn a_day_may_end_at_the_close_of_business() {
    let close = Cutoff::At(NaiveTime::from_hms_opt(18, 0, 0).unwrap());
    let due =
        check(Term { cutoff: close, ..Term::new(1, Unit::WorkingDay) }, "2026-02-13T09:00:00");
    assert_eq!(due.due_at, at("2026-02-14T18:00:00"));
    assert!(!on_time(due.due_at, &due));
}

#[test]
fn the_day_is_the_day_in_china() {
    // 23:30 in China on the 5th is still the 5th; UTC says 15:30.
    let late = Instant::parse("2026-03-05T15:30:00Z").unwrap();
    let due = Term::new(1, Unit::CalendarDay).due(late, &Calendar::official());
    assert_eq!(due.due_at, at("2026-03-07T00:00:00"));
    let early = Instant::parse("2026-03-05T16:30:00Z").unwrap();
    let due = Term::new(1, Unit::CalendarDay).due(early, &Calendar::official());
    assert_eq!(due.due_at, at("2026-03-08T00:00:00"));
}

#[test]
fn a_period_from_outside_is_at_most_a_century_of_days() {
    let units =
        [Unit::Hour, Unit::CalendarDay, Unit::WorkingDay, Unit::ContractDate, Unit::MonthEnd];
    for unit in units {
        let most = check(Term::new(MAX_COUNT, unit), "2026-03-05T09:00:00");
        assert_eq!(check(Term::new(u32::MAX, unit), "2026-03-05T09:00:00"), most);
    }
}

#[test]
fn working_days_backwards() {
    // three working days before 2026-02-25.
    let calendar = Calendar::official();
    assert_eq!(subtract_working_days(day("2026-02-25"), 3, &calendar), day("2026-02-13"));
    assert_eq!(subtract_working_days(day("2026-02-25"), 0, &calendar), day("2026-02-25"));
}

fn any_start() -> impl Strategy<Value = Instant> {
    // 2023-12-01 to 2037-12-31: known, provisional and unknown years.
    (1_701_388_800_000_i64..2_145_830_400_000).prop_map(Instant)
}

proptest! {
    #[test]
    fn the_last_day_of_working_days_is_a_working_day(start in any_start(), count in 1_u32..40) {
        let calendar = Calendar::official();
        let (last, provisional) = add_working_days(start.date(), count, &calendar);
        prop_assert!(calendar.is_working_day(last));
        let passed: Vec<_> =
            start.date().iter_days().skip(1).take_while(|day| *day <= last).collect();
        let worked = passed.iter().filter(|day| calendar.is_working_day(**day)).count();
        prop_assert_eq!(worked, count as usize);
        prop_assert_eq!(provisional, passed.iter().any(|day| calendar.is_provisional(*day)));
    }

    #[test]
    fn a_longer_period_is_never_due_earlier(start in any_start(), count in 0_u32..40) {
        let calendar = Calendar::official();
        let units =
            [Unit::Hour, Unit::CalendarDay, Unit::WorkingDay, Unit::ContractDate, Unit::MonthEnd];
        for unit in units {
            let shorter = Term::new(count, unit).due(start, &calendar);
            let longer = Term::new(count + 1, unit).due(start, &calendar);
            prop_assert!(shorter.due_at < longer.due_at);
        }
    }

    #[test]
    fn working_days_backwards_undo_working_days(start in any_start(), count in 1_u32..20) {
        let calendar = Calendar::official();
        let (last, _) = add_working_days(start.date(), count, &calendar);
        let back = subtract_working_days(last, count, &calendar);
        // From a rest day the way back ends on the working day before it.
        prop_assert!(back <= start.date());
        prop_assert_eq!(add_working_days(back, count, &calendar).0, last);
    }
}
