//! The indicators K-01 to K-36 against a month of log, whose figures an
//! independent script computed by the words of the specification
//! (`tests/fixtures/make/kpi_oracle.py`), and against small histories.
#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

mod office;

use std::{collections::BTreeMap, process::Command as Program, sync::OnceLock};

use lantian_domain::{
    calendar::Calendar,
    clock::{Clock, ClockState, RuleId},
    event::Event,
    ids::{RecordId, UserId},
    kpi::{
        Amount, Board, Circumstances, ClockResult, Dimension, Dims, Drill, Figure, History, Month,
        Question, Report, Sample, Sink, Span, Value, Verdict, attempt, is_needed, monthly,
    },
    policy::{PauseReason, Policy},
    role::Role,
    stamp::Stamp,
    time::Instant,
};
use office::{Office, samples, user};
use serde::Deserialize;
use uuid::Uuid;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures");
const AS_OF: &str = "2026-04-05T00:00:00+08:00";

#[derive(Deserialize)]
struct Row {
    record: RecordId,
    event: Event,
    stamp: Stamp,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
struct Expected {
    value: Value,
    groups: BTreeMap<String, BTreeMap<String, Value>>,
}

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn march() -> Span {
    Month::parse("2026-03").unwrap().span()
}

fn rows() -> Vec<Row> {
    let text = std::fs::read_to_string(format!("{FIXTURES}/kpi/month.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Reads a log into a sink; `decoded` says which events are read.
fn read(rows: &[Row], sink: &mut impl Sink, decoded: fn(&str) -> bool) {
    let mut histories = BTreeMap::new();
    for row in rows {
        let history = histories.entry(row.record).or_insert_with(|| History::new(row.record));
        let first = !history.has_begun();
        let event = Some(&row.event).filter(|event| first || decoded(event.name()));
        history.read(event, &row.stamp);
    }
    let calendar = Calendar::official();
    let months = march().reaching_back(12).months();
    let cx = Circumstances {
        now: at(AS_OF),
        calendar: &calendar,
        policy: "XZLT-2022-16/1",
        months: &months,
    };
    for history in histories.values() {
        history.measure(&cx, sink);
    }
}

fn board() -> Board {
    Board::new(march(), march().reaching_back(12))
}

fn report() -> &'static Report {
    static REPORT: OnceLock<Report> = OnceLock::new();
    REPORT.get_or_init(|| {
        let mut board = board();
        read(&rows(), &mut board, is_needed);
        board.report(at(AS_OF))
    })
}

fn expected() -> &'static BTreeMap<String, Expected> {
    static EXPECTED: OnceLock<BTreeMap<String, Expected>> = OnceLock::new();
    EXPECTED.get_or_init(|| {
        let text = std::fs::read_to_string(format!("{FIXTURES}/kpi/expected.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    })
}

fn groups(report: &Report, figure: Figure) -> BTreeMap<String, BTreeMap<String, Value>> {
    let mut groups: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
    for group in &report.line(figure).groups {
        let keys = groups.entry(group.by.as_str().to_owned()).or_default();
        keys.insert(group.key.clone(), group.value.clone());
    }
    groups
}

/// The figure is what the independent script says, in all and in each group.
fn check(figures: &[Figure]) {
    for figure in figures {
        let code = figure.code();
        let expected = &expected()[&code];
        assert_eq!(report().line(*figure).value, expected.value, "{code}");
        assert_eq!(groups(report(), *figure), expected.groups, "{code}, by group");
        assert!(!expected.value.is_empty() || code == "K-07/contract", "{code} is tested by data");
    }
}

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
    assert_eq!(&all.report(at(AS_OF)), report());
}

#[test]
fn the_order_of_records_changes_nothing() {
    let mut rows = rows();
    rows.sort_by_key(|row| std::cmp::Reverse(row.record));
    let (one, two) = rows.split_at_mut(0);
    assert!(one.is_empty());
    let mut board = board();
    read(two, &mut board, is_needed);
    assert_eq!(&board.report(at(AS_OF)), report());
}

#[test]
fn k_01_leads_handed_over_within_24_hours() {
    check(&[Figure::HandOver]);
}

#[test]
fn k_02_first_contacts_in_time_and_their_median_hours() {
    check(&[Figure::Contact, Figure::ContactHours]);
}

#[test]
fn k_03_gas_within_five_working_days_of_complete_materials() {
    check(&[Figure::OuterLimit]);
}

#[test]
fn k_04_survey_and_drawing_with_blocked_cases_apart() {
    check(&[Figure::Design, Figure::Blocked]);
}

#[test]
fn k_05_fee_talks_in_time() {
    check(&[Figure::FeeTalk]);
}

#[test]
fn k_06_hand_overs_to_engineering_in_time() {
    check(&[Figure::Engineering]);
}

#[test]
fn k_07_construction_each_kind_for_itself() {
    check(&[Figure::BuildContract, Figure::BuildScattered, Figure::BuildMicro]);
    let clock = |rule| {
        Clock::start(
            rule,
            None,
            at("2026-03-02T08:00:00+08:00"),
            &Policy::seed(),
            &Calendar::official(),
            None,
        )
    };
    let mut contract =
        clock(RuleId::D06a).until("2026-03-20".parse().unwrap(), &Calendar::official());
    contract.stop(at("2026-03-20T23:59:59+08:00"));
    assert_eq!(ClockResult::net(&contract, at(AS_OF)), Some(ClockResult::OnTime));
}

#[test]
fn k_08_gas_within_24_hours_and_median_hours() {
    check(&[Figure::GasOn, Figure::GasOnHours]);
}

#[test]
fn k_09_accepted_within_24_hours() {
    check(&[Figure::Acceptance]);
}

#[test]
fn k_10_days_from_lead_and_application_to_gas() {
    check(&[Figure::DaysFromLead, Figure::DaysFromApplication]);
}

#[test]
fn k_11_tolerant_acceptances_among_all() {
    check(&[Figure::Tolerant]);
}

#[test]
fn k_12_working_days_to_make_up_an_item() {
    check(&[Figure::MakeUpDays]);
}

#[test]
fn k_13_overdue_among_the_owed_and_late_among_the_made_up() {
    check(&[Figure::OverdueOpen, Figure::MadeUpLate]);
}

#[test]
fn k_17_materials_asked_of_the_user_and_none_of_a_four_zero_user() {
    check(&[Figure::Materials, Figure::MaterialsFourZero]);
}

#[test]
fn k_18_steps_on_the_users_side() {
    check(&[Figure::UserSteps]);
}

#[test]
fn k_19_internal_approvals_of_a_case() {
    check(&[Figure::Approvals]);
}

#[test]
fn k_20_trips_and_at_most_one_trip() {
    check(&[Figure::OneTrip, Figure::Trips, Figure::TripsFourZero]);
}

#[test]
fn k_30_applications_by_channel_and_the_online_share() {
    check(&[Figure::Applications, Figure::Online]);
    let channels = &groups(report(), Figure::Applications)["channel"];
    assert!(channels.len() > 3, "{channels:?}");
}

#[test]
fn k_31_late_evidence_rejected_commands_and_anomalies() {
    check(&[Figure::LateEvidence]);
    let mut board = board();
    let record = RecordId(Uuid::nil());
    for refused in [None, None, None, Some("E_STATE")] {
        attempt(record, at("2026-03-09T10:00:00+08:00"), None, refused, &mut board);
    }
    let mut clock = Clock::start(
        RuleId::D08,
        None,
        at("2026-03-09T10:00:00+08:00"),
        &Policy::seed(),
        &Calendar::official(),
        None,
    );
    clock.stop(at("2026-03-09T09:59:59+08:00"));
    assert!(clock.time_anomaly, "a stop before the start");
    let report = board.report(at(AS_OF));
    let share = Value::Share { part: 1, whole: 4, value: Some(2_500) };
    assert_eq!(report.line(Figure::RejectedSyncs).value, share);
    assert_eq!(report.line(Figure::RejectedSyncs).met, Some(false), "more than 1 %");
}

#[test]
fn k_32_days_with_a_look_and_records_handled() {
    check(&[Figure::FeedDays, Figure::FeedRecords]);
}

#[test]
fn k_33_cases_in_which_a_user_pays_outside_the_boundary() {
    check(&[Figure::OutsidePaid]);
    assert_eq!(report().line(Figure::OutsidePaid).met, Some(false), "the target is none");
}

#[test]
fn k_34_forbidden_fees_that_were_refused() {
    let mut board = board();
    let record = RecordId(Uuid::nil());
    for refused in [Some("E_FORBIDDEN_FEE"), Some("E_STATE"), Some("E_FORBIDDEN_FEE"), None] {
        attempt(record, at("2026-03-09T10:00:00+08:00"), None, refused, &mut board);
    }
    let report = board.report(at(AS_OF));
    assert_eq!(report.line(Figure::ForbiddenFees).value, Value::Count { count: 2 });
}

#[test]
fn k_35_cost_to_the_user_inside_and_outside_apart() {
    check(&[Figure::Cost, Figure::CostInside, Figure::CostOutside]);
    assert_eq!(report().line(Figure::CostOutside).met, Some(false), "the target is nothing");
}

/// The clock of `rule` from 9 March, 10:00, alone on a case.
fn clock(rule: RuleId) -> Clock {
    let start = at("2026-03-09T10:00:00+08:00");
    Clock::start(rule, None, start, &Policy::seed(), &Calendar::official(), None)
}

#[test]
fn clk_5_a_pause_is_seen_in_the_gross_view_alone() {
    let mut paused = clock(RuleId::D07);
    paused.pause(at("2026-03-09T12:00:00+08:00"), PauseReason::CustomerAbsent).unwrap();
    paused.resume(at("2026-03-09T17:00:00+08:00"), &Calendar::official()).unwrap();
    paused.stop(at("2026-03-10T14:00:00+08:00"));
    let now = at(AS_OF);
    assert_eq!(ClockResult::net(&paused, now), Some(ClockResult::OnTime));
    assert_eq!(ClockResult::gross(&paused, now), Some(ClockResult::Late));
    let rate = &report().line(Figure::GasOn).value;
    let Value::Rate { net, gross, .. } = rate else { panic!("a rate") };
    assert_ne!(net, gross, "the report shows both views: {rate:?}");
}

#[test]
fn clk_7_an_excused_clock_is_counted_apart_and_in_no_rate() {
    let mut excused = clock(RuleId::D02);
    excused.excuse(at("2026-03-12T10:00:00+08:00"));
    assert_eq!(ClockResult::net(&excused, at(AS_OF)), Some(ClockResult::Excused));
    let Value::Rate { on_time, late, open_breached, excused, net, .. } =
        report().line(Figure::Contact).value
    else {
        panic!("a rate")
    };
    assert!(excused > 0, "one is counted apart");
    let whole = on_time + late + open_breached;
    assert_eq!(net, Some((on_time * 20_000 + whole) / (2 * whole)), "and is not of the whole");
}

#[test]
fn clk_10_a_cancelled_clock_enters_no_view() {
    let mut cancelled = clock(RuleId::D16);
    cancelled.cancel(at("2026-03-30T10:00:00+08:00"));
    assert_eq!(cancelled.state, ClockState::Cancelled);
    assert_eq!(ClockResult::net(&cancelled, at(AS_OF)), None);
    assert_eq!(ClockResult::gross(&cancelled, at(AS_OF)), None);
}

#[test]
fn an_open_clock_counts_late_once_it_is_due_and_not_before() {
    let open = clock(RuleId::D08);
    let due = open.due_at;
    assert_eq!(ClockResult::net(&open, due), None);
    assert_eq!(ClockResult::net(&open, due.plus_ms(1)), Some(ClockResult::OpenBreached));
}

#[test]
fn a_day_that_ends_at_midnight_belongs_to_its_own_month() {
    let mut board = Board::new(march(), march());
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
    let report = board.report(at(AS_OF));
    let Value::Rate { late, .. } = report.line(Figure::Design).value else { panic!("a rate") };
    assert_eq!(late, 1);
    assert_eq!(groups(&report, Figure::Design)["org"].len(), 1);
}

#[test]
fn from_a_figure_down_to_its_cases() {
    let ask = |group| {
        let mut drill = Drill::new(Question { figure: Figure::GasOn, span: march(), group });
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
fn r_03_the_month_has_five_figures_and_nothing_personal() {
    let five = monthly(report());
    let names: Vec<&str> = five.iter().map(|figure| figure.name.as_str()).collect();
    assert_eq!(names, ["steps", "materials", "time", "cost", "satisfaction"]);
    let mean = |code: &str| match &expected()[code].value {
        Value::Spread { mean, .. } => *mean,
        other => panic!("{other:?}"),
    };
    let by_hand = [
        mean("K-18/steps"),
        mean("K-17/materials"),
        mean("K-10/from_application"),
        mean("K-35/total"),
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
    assert_eq!(&again.report(at(AS_OF)), report());
}

#[test]
fn a_life_by_commands_gives_figures_too() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, lantian_domain::case::CaseState::GasOn);
    let mut history = History::new(id);
    for (_, event, stamp) in office.log.iter().filter(|(record, ..)| *record == id) {
        history.read(Some(event), stamp);
    }
    let calendar = Calendar::official();
    let months = march().months();
    let cx = Circumstances {
        now: office.now,
        calendar: &calendar,
        policy: "XZLT-2022-16/1",
        months: &months,
    };
    let mut board = Board::new(march(), march());
    history.measure(&cx, &mut board);
    let report = board.report(office.now);
    let steps = &report.line(Figure::UserSteps).value;
    assert!(matches!(steps, Value::Spread { count: 1, .. }), "{steps:?}");
    assert_eq!(user(Role::CustomerManager), office.case(id).manager);
}
