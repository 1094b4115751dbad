//! The indicators K-01 to K-36 against a month of log, whose figures an
//! independent script computed by the words of the specification
//! (`tests/fixtures/make/kpi_oracle.py`), and against small histories.
#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "../office/mod.rs"]
mod office;

mod bench;
mod clocks;
mod run;
mod service;
mod tolerance;
mod user;

use std::{collections::BTreeMap, process::Command as Program};

use lantian_domain::{
    ids::{RecordId, UserId},
    kpi::{
        Amount, Board, Circumstances, ClockResult, Dimension, Dims, Drill, Figure, History,
        Question, Sample, Sink, Span, Value, Verdict, is_needed, monthly,
    },
    record::Rules,
    role::Role,
};
use office::{Office, samples, user};
use uuid::Uuid;

use bench::{
    AS_OF, Expected, FIXTURES, at, board, expected, groups, march, read, read_as, report, rows,
};

#[test]
fn the_script_says_today_what_it_said() {
    let script = format!("{FIXTURES}/make/kpi_oracle.py");
    let log = format!("{FIXTURES}/kpi/month.jsonl");
    let run =
        Program::new("python3").args([&script, &log, "2026-03-01", "2026-03-31", AS_OF]).output();
    let Ok(run) = run else {
        eprintln!("there is no python3 here; the committed figures stand alone");
        return;
    };
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let said: BTreeMap<String, Expected> = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(&said, expected());
}

#[test]
fn what_is_left_out_changes_nothing() {
    let mut all = board();
    read(&rows(), &mut all, |_| true);
    assert_eq!(&all.report(), report());
}

#[test]
fn the_order_of_records_changes_nothing() {
    let mut rows = rows();
    rows.sort_by_key(|row| std::cmp::Reverse(row.record));
    let (one, two) = rows.split_at_mut(0);
    assert!(one.is_empty());
    let mut board = board();
    read(two, &mut board, is_needed);
    assert_eq!(&board.report(), report());
}

#[test]
fn a_day_that_ends_at_midnight_belongs_to_its_own_month() {
    let mut board = Board::new(march(), march(), at(AS_OF));
    let sample = |at, amount| Sample {
        figure: Figure::Design,
        record: RecordId(Uuid::nil()),
        at,
        dims: Dims { org: Some("tech_dept"), person: Some(UserId(Uuid::nil())), ..Dims::default() },
        amount,
    };
    let late = Amount::Net(ClockResult::Late);
    board.take(&sample(at("2026-03-31T23:59:59.999+08:00"), late));
    board.take(&sample(at("2026-04-01T00:00:00+08:00"), late));
    let report = board.report();
    let Value::Rate { late, .. } = report.line(Figure::Design).value else { panic!("a rate") };
    assert_eq!(late, 1);
    assert_eq!(groups(&report, Figure::Design)["org"].len(), 1);
}

#[test]
fn from_a_figure_down_to_its_cases() {
    let ask = |group| {
        let question = Question { figure: Figure::GasOn, span: march(), group, now: at(AS_OF) };
        let mut drill = Drill::new(question);
        read(&rows(), &mut drill, is_needed);
        drill.hits()
    };
    let all = ask(None);
    let Value::Rate { on_time, late, open_breached, excused, .. } =
        report().line(Figure::GasOn).value
    else {
        panic!("a rate")
    };
    assert_eq!(i64::try_from(all.len()).unwrap(), on_time + late + open_breached + excused);
    assert!(matches!(all[0].verdict, Verdict::Late | Verdict::OpenBreached), "late ones first");
    let of_town = ask(Some((Dimension::Town, "龙湖镇".to_owned())));
    assert!(!of_town.is_empty() && of_town.len() < all.len());
}

#[test]
fn from_a_figure_down_to_what_is_about_the_cases_of_a_town() {
    let ask = |group| {
        let question =
            Question { figure: Figure::Complaints, span: march(), group, now: at(AS_OF) };
        let mut drill = Drill::new(question);
        read(&rows(), &mut drill, is_needed);
        drill.hits().len()
    };
    let Value::Count { count } = report().line(Figure::Complaints).value else { panic!("a count") };
    assert_eq!(i64::try_from(ask(None)).unwrap(), count);
    for (town, value) in &groups(report(), Figure::Complaints)["town"] {
        let hits = ask(Some((Dimension::Town, town.clone())));
        assert_eq!(*value, Value::Count { count: i64::try_from(hits).unwrap() }, "{town}");
    }
}

#[test]
fn how_things_stand_is_seen_at_the_end_of_the_days_and_never_summed() {
    let from = |day: &str| Span { from: day.parse().unwrap(), to: march().to };
    let over = |span: Span| {
        let now = at(AS_OF);
        let mut board = Board::new(span, span, now);
        read_as(&rows(), &mut board, is_needed, (&Rules::seed(), span, now));
        board.report()
    };
    let (quarter, week) = (over(from("2026-01-01")), over(from("2026-03-25")));
    for figure in [Figure::OverdueOpen, Figure::LedgerOverdue, Figure::PolicyRead] {
        let march = &report().line(figure).value;
        assert!(!march.is_empty(), "{figure:?}");
        assert_eq!(&quarter.line(figure).value, march, "{figure:?} of the quarter");
        assert_eq!(&week.line(figure).value, march, "{figure:?} of the week");
    }
}

#[test]
fn every_indicator_has_figures_in_the_month() {
    let counted_elsewhere = [
        Figure::RejectedSyncs,
        Figure::TimeAnomalies,
        Figure::ForbiddenFees,
        Figure::BuildContract,
    ];
    for figure in Figure::ALL.iter().filter(|figure| !counted_elsewhere.contains(figure)) {
        assert!(!report().line(*figure).value.is_empty(), "{}", figure.code());
        assert!(expected().contains_key(&figure.code()), "{} is held against it", figure.code());
    }
}

#[test]
fn r_03_the_month_has_five_figures_and_nothing_personal() {
    let five = monthly(report());
    let names: Vec<&str> = five.iter().map(|figure| figure.name.as_str()).collect();
    assert_eq!(names, ["steps", "materials", "time", "cost", "satisfaction"]);
    let mean = |code: &str| {
        let value = &expected()[code].value;
        let Value::Spread { mean, .. } = value else { panic!("{value:?}") };
        *mean
    };
    let by_hand = [
        mean("K-18/steps"),
        mean("K-17/materials"),
        mean("K-10/from_application"),
        mean("K-35/total"),
        expected()["K-25/satisfied"].value.main(),
    ];
    for (figure, expected) in five.iter().zip(by_hand) {
        assert_eq!(figure.value, expected, "{}", figure.name);
        assert!(figure.count > 0);
    }
    let text = serde_json::to_string(&five).unwrap();
    for personal in ["示例用户", "13800138000", "样板街"] {
        assert!(!text.contains(personal), "{text}");
    }
}

#[test]
fn r_05_five_indicators_with_a_trend_that_recompute_identically() {
    for kpi in ["K-05", "K-17", "K-18", "K-19", "K-25"] {
        let lines: Vec<_> = report().figures.iter().filter(|line| line.kpi == kpi).collect();
        assert!(!lines.is_empty(), "{kpi}");
        assert!(lines.iter().all(|line| line.months.len() == 12), "{kpi} has a trend per month");
    }
    let mut again = board();
    read(&rows(), &mut again, is_needed);
    assert_eq!(&again.report(), report());
}

#[test]
fn a_life_by_commands_gives_figures_too() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, lantian_domain::case::CaseState::GasOn);
    let mut history = History::new(id);
    for (_, event, stamp) in office.log.iter().filter(|(record, ..)| *record == id) {
        history.read(Some(event), stamp);
    }
    let (now, rules) = (office.now, Rules::seed());
    let cx = Circumstances { now, rules: &rules, ends: &march().ends(march(), now) };
    let mut board = Board::new(march(), march(), now);
    history.measure(&cx, &mut board);
    let report = board.report();
    let steps = &report.line(Figure::UserSteps).value;
    assert!(matches!(steps, Value::Spread { count: 1, .. }), "{steps:?}");
    assert_eq!(user(Role::CustomerManager), office.case(id).manager);
}
