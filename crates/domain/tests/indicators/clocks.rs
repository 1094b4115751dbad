//! K-01 to K-10: what has to happen in time, and how clocks enter a rate.

use lantian_domain::{
    calendar::Calendar,
    clock::{Clock, ClockState, RuleId},
    kpi::{ClockResult, Figure, Value},
    policy::{PauseReason, Policy},
};

use super::bench::{AS_OF, at, check, report};

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
