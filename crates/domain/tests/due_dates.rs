//! Every due date against an oracle: a second implementation that shares no
//! code with the rulebook, neither its calendar nor its arithmetic of days.
//!
//! The oracle knows the table d.3 as the specification prints it, counts days
//! by number instead of by date, and reads which of them are worked from an
//! independent package's table (L-14).
#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

mod office;

use std::{collections::BTreeMap, sync::LazyLock};

use lantian_domain::{
    calendar::Calendar,
    case::CaseState,
    clock::{Clock, RuleId},
    event::Event,
    period::Unit,
    policy::Policy,
    role::Role,
    time::{Date, Instant},
};
use office::{Office, every, samples};
use proptest::prelude::*;

const DAYS: &str = include_str!("fixtures/working_days.chinese-days.csv");
const DAY: i64 = 86_400_000;
const ZONE: i64 = 8 * 3_600_000;

/// Day number (1970-01-01 is 0) to whether it is worked.
static WORKED: LazyLock<BTreeMap<i64, bool>> = LazyLock::new(|| {
    let lines = DAYS.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (date, worked) = line.split_once(',').unwrap();
            let mut parts = date.split('-').map(|part| part.parse::<i64>().unwrap());
            let mut next = || parts.next().unwrap();
            (number(next(), next(), next()), worked == "1")
        })
        .collect()
});

/// The rulebook's own policy and calendar.
static RULES: LazyLock<(Policy, Calendar)> =
    LazyLock::new(|| (Policy::seed(), Calendar::official()));

/// The number of a day, by counting the days of years and months.
fn number(year: i64, month: i64, day: i64) -> i64 {
    let years: i64 = (1970..year).map(|y| if leap(y) { 366 } else { 365 }).sum();
    let months: i64 = (1..month).map(|m| length(year, m)).sum();
    years + months + day - 1
}

fn leap(year: i64) -> bool {
    year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
}

fn length(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The last day of the month that the day lies in.
fn month_end(day: i64) -> i64 {
    let (mut year, mut month, mut first) = (1970, 1, 0);
    while first + length(year, month) <= day {
        first += length(year, month);
        month += 1;
        if month > 12 {
            (year, month) = (year + 1, 1);
        }
    }
    first + length(year, month) - 1
}

/// How a deadline is counted.
#[derive(Clone, Copy, Debug)]
enum Way {
    Hours(i64),
    Days(i64),
    Working(i64),
    Contract,
    Month,
    /// The case sets the length, in working days unless its unit says other.
    Set,
}

/// The table d.3, as the specification prints it.
const TABLE: [(&str, Way); 25] = [
    ("D-01", Way::Hours(24)),
    ("D-02", Way::Hours(24)),
    ("D-03P", Way::Hours(4)),
    ("D-03", Way::Days(1)),
    ("D-04", Way::Working(1)),
    ("D-05", Way::Days(1)),
    ("D-06a", Way::Contract),
    ("D-06b", Way::Days(1)),
    ("D-06c", Way::Days(2)),
    ("D-07", Way::Hours(24)),
    ("D-08", Way::Hours(24)),
    ("D-09", Way::Set),
    ("D-10", Way::Working(3)),
    ("D-11", Way::Working(1)),
    ("D-12", Way::Month),
    ("D-13", Way::Month),
    ("D-14", Way::Days(0)),
    ("D-15", Way::Set),
    ("D-16", Way::Working(5)),
    ("D-17", Way::Days(15)),
    ("D-18", Way::Hours(24)),
    ("D-19", Way::Working(5)),
    ("D-20", Way::Working(1)),
    ("D-21", Way::Set),
    ("D-22", Way::Working(15)),
];

fn way(rule: RuleId) -> Way {
    TABLE.iter().find(|(code, _)| *code == rule.code()).unwrap().1
}

/// The due instant in milliseconds, or nothing where the package's table ends.
fn oracle(clock: &Clock) -> Option<i64> {
    let day = (clock.started_at.0 + ZONE).div_euclid(DAY);
    let granted: i64 = clock.extensions.iter().map(|one| i64::from(one.count)).sum();
    let set = i64::from(clock.term.count);
    let last = match way(clock.rule) {
        Way::Hours(n) => return Some(clock.started_at.0 + n * 3_600_000),
        Way::Days(n) => day + n,
        Way::Working(n) => working(day, n)?,
        Way::Month => month_end(day),
        Way::Contract => number_of(clock.contract_date?),
        Way::Set => match clock.term.unit {
            Unit::WorkingDay => working(day, set + granted)?,
            Unit::CalendarDay => day + set,
            Unit::ContractDate => clock.contract_date.map_or(day, number_of) + set,
            Unit::Hour => return Some(clock.started_at.0 + set * 3_600_000),
            Unit::MonthEnd => month_end(day),
        },
    };
    Some((last + 1) * DAY - ZONE)
}

fn number_of(date: Date) -> i64 {
    let text = date.format("%Y-%m-%d").to_string();
    let mut parts = text.split('-').map(|part| part.parse::<i64>().unwrap());
    let mut next = || parts.next().unwrap();
    number(next(), next(), next())
}

/// The n-th worked day after `day`.
fn working(day: i64, n: i64) -> Option<i64> {
    let (mut last, mut left) = (day, n);
    while left > 0 {
        last += 1;
        left -= i64::from(*WORKED.get(&last)?);
    }
    Some(last)
}

#[test]
fn the_oracle_knows_the_numbers_of_days() {
    assert_eq!(number(1970, 1, 1), 0);
    assert_eq!(number(2024, 2, 29) + 1, number(2024, 3, 1));
    assert_eq!(WORKED.len(), 1_096);
    assert_eq!(TABLE.len(), RuleId::ALL.len());
    assert!(RuleId::ALL.iter().all(|rule| TABLE.iter().any(|(code, _)| *code == rule.code())));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1_000, failure_persistence: None, ..ProptestConfig::default()
    })]

    /// From any instant of 2024 to 2026, every deadline of the table.
    #[test]
    fn l_14_every_due_date_equals_the_oracle(
        start in 1_704_038_400_000_i64..1_798_732_800_000, count in 1_u32..=20,
    ) {
        let (policy, calendar) = (&RULES.0, &RULES.1);
        let start = Instant(start);
        for rule in RuleId::ALL {
            let fresh = Clock::start(rule, None, start, policy, calendar, None);
            let clock = match way(rule) {
                Way::Set => fresh.with_count(count, calendar),
                Way::Contract => fresh.until(start.date(), calendar),
                Way::Hours(_) | Way::Days(_) | Way::Working(_) | Way::Month => fresh,
            };
            match oracle(&clock) {
                Some(due) => {
                    prop_assert_eq!(clock.due_at.0, due, "{} from {}", rule, start.0);
                    prop_assert!(!clock.provisional);
                }
                // Beyond the last published year nothing is said for certain.
                None => prop_assert!(clock.provisional, "{} from {}", rule, start.0),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48, failure_persistence: None, ..ProptestConfig::default()
    })]

    /// Whatever people do in whatever order, on whatever days: each clock that
    /// is started, and each that was lengthened, is due when the oracle says.
    #[test]
    fn l_14_no_sequence_of_commands_starts_a_clock_that_is_due_otherwise(
        state in 0..CaseState::ALL.len(), later in 0_i64..200 * 24 * 60,
        tries in prop::collection::vec((0_usize..128, 0_usize..27, 0_i64..6_000), 1..30),
    ) {
        let mut office = Office::open();
        let id = samples::case_in(&mut office, CaseState::ALL[state]);
        office.minutes(later);
        for (which, role, pause) in tries {
            let commands = every::every(&mut office, id);
            let command = &commands[which % commands.len()];
            let _answer = office.give(Role::ALL[role], id, command);
            office.minutes(pause);
        }
        let mut met = 0;
        for (_, event, _) in &office.log {
            let Event::ClockStarted(clock) = event else { continue };
            met += 1;
            prop_assert_eq!(oracle(clock), Some(clock.due_at.0), "{} {:?}", clock.rule, clock.key);
        }
        prop_assert!(met > 0, "a case has clocks");
        let settled = |clock: &&Clock| clock.pauses.is_empty() && clock.recomputed.is_empty();
        for clock in office.case(id).clocks.iter().filter(settled) {
            prop_assert_eq!(oracle(clock), Some(clock.due_at.0), "{} {:?}", clock.rule, clock.key);
        }
    }
}
