//! The clock rules CLK-1 to CLK-11.

use proptest::prelude::*;

use super::*;
use crate::{
    policy::{DeadlineRule, WarnAt},
    time::{DAY_MS, HOUR_MS},
};

fn at(text: &str) -> Instant {
    Instant::parse(&format!("{text}+08:00")).unwrap()
}

fn start(rule: RuleId, text: &str) -> Clock {
    let (policy, calendar) = (Policy::seed(), Calendar::official());
    Clock::start(rule, None, at(text), &policy, &calendar, None)
}

fn user(n: u128) -> UserId {
    UserId(uuid::Uuid::from_u128(n))
}

/// Stops a fresh clock; whether that is in time.
fn check(rule: RuleId, started: &str, stopped: &str) -> bool {
    let mut clock = start(rule, started);
    clock.stop(at(stopped));
    assert_eq!(clock.breached_at.is_some(), clock.state == ClockState::StoppedLate);
    clock.state == ClockState::StoppedOnTime
}

#[test]
fn the_acceptance_statements_of_the_plan() {
    //
    assert!(check(RuleId::D01, "2026-02-14T16:20:30", "2026-02-15T16:20:30"));
    assert!(!check(RuleId::D01, "2026-02-14T16:20:30", "2026-02-15T16:20:31"));
    //
    assert!(check(RuleId::D02, "2026-02-14T16:20:30", "2026-02-15T16:19:30"));
    //
    assert!(check(RuleId::D03, "2026-03-05T09:00:00", "2026-03-06T23:59:59"));
    assert!(!check(RuleId::D03, "2026-03-05T09:00:00", "2026-03-07T00:00:00"));
    //
    assert!(check(RuleId::D07, "2026-09-30T18:00:00", "2026-10-01T18:00:00"));
}

#[test]
fn the_due_instants_of_the_plan() {
    for (rule, started, due) in [
        (RuleId::D04, "2026-02-13T15:00:00", "2026-02-15T00:00:00"),
        (RuleId::D06b, "2026-10-09T08:00:00", "2026-10-11T00:00:00"),
        (RuleId::D06c, "2026-10-09T08:00:00", "2026-10-12T00:00:00"),
        (RuleId::D10, "2026-09-24T08:00:00", "2026-10-01T00:00:00"),
        (RuleId::D14, "2026-09-24T00:00:00", "2026-09-25T00:00:00"),
        (RuleId::D12, "2026-09-01T00:00:00", "2026-10-01T00:00:00"),
    ] {
        assert_eq!(start(rule, started).due_at, at(due), "{rule}");
    }
}

#[test]
fn a_contract_clock_ends_with_the_date_of_the_contract() {
    //
    let calendar = Calendar::official();
    let date = "2026-06-30".parse().unwrap();
    let signed = || start(RuleId::D06a, "2026-03-05T09:00:00").until(date, &calendar);
    assert_eq!(signed().due_at, at("2026-07-01T00:00:00"));
    let mut clock = signed();
    clock.stop(at("2026-06-30T23:59:59"));
    assert_eq!(clock.state, ClockState::StoppedOnTime);
    let mut clock = signed();
    clock.pause(at("2026-06-01T08:00:00"), PauseReason::WeatherAlert).unwrap();
    clock.resume(at("2026-06-03T09:00:00"), &calendar).unwrap();
    assert_eq!(clock.due_at, at("2026-07-04T00:00:00"));
}

#[test]
fn a_running_clock_keeps_its_policy() {
    //
    let (first, calendar) = (Policy::seed(), Calendar::official());
    let term = Term::new(12, Unit::Hour);
    let rule = DeadlineRule { term, ..first.rule(RuleId::D02).clone() };
    let second = first.with_rule(rule, first.effective).unwrap();
    let begin = |policy| {
        let at = at("2026-03-05T09:00:00");
        Clock::start(RuleId::D02, None, at, policy, &calendar, None)
    };
    let (mut old, new) = (begin(&first), begin(&second));
    assert_eq!(old.recompute(&calendar), None);
    assert_eq!((old.policy.as_str(), old.due_at), ("XZLT-2022-16/1", at("2026-03-06T09:00:00")));
    assert_eq!((new.policy.as_str(), new.due_at), ("XZLT-2022-16/2", at("2026-03-05T21:00:00")));
}

#[test]
fn clk_1_the_person_in_charge_at_the_breach_is_known() {
    let mut clock = start(RuleId::D01, "2026-03-05T09:00:00");
    clock.assign(at("2026-03-05T12:00:00"), "market_dept", Some(user(1)));
    clock.assign(at("2026-03-06T09:00:01"), "market_dept", Some(user(2)));
    clock.stop(at("2026-03-06T10:00:00"));
    let breached_at = clock.breached_at.unwrap();
    assert_eq!(clock.in_charge_at(breached_at).unwrap().person, Some(user(1)));
    assert_eq!(clock.in_charge_at(at("2026-03-05T10:00:00")).unwrap().person, None);
    assert_eq!(clock.person, Some(user(2)));
    assert_eq!(clock.due_at, at("2026-03-06T09:00:00"));
}

#[test]
fn clk_1_a_change_of_hands_that_arrives_late_keeps_its_place() {
    let mut clock = start(RuleId::D01, "2026-03-05T09:00:00");
    clock.assign(at("2026-03-05T15:00:00"), "market_dept", Some(user(2)));
    clock.assign(at("2026-03-05T12:00:00"), "market_dept", Some(user(1)));
    assert_eq!(clock.person, Some(user(2)));
    assert_eq!(clock.in_charge_at(at("2026-03-05T14:00:00")).unwrap().person, Some(user(1)));
    assert_eq!(clock.in_charge_at(at("2026-03-05T08:00:00")).unwrap().person, None);
}

#[test]
fn clk_3_a_rule_is_paused_only_for_its_reason() {
    let mut clock = start(RuleId::D07, "2026-03-05T09:00:00");
    let wrong = clock.pause(at("2026-03-05T10:00:00"), PauseReason::WeatherAlert);
    assert_eq!(wrong, Err(ClockFault::NotPausable));
    assert_eq!(clock.state, ClockState::Running);
    assert!(clock.pause(at("2026-03-05T10:00:00"), PauseReason::CustomerAbsent).is_ok());
    let again = clock.pause(at("2026-03-05T11:00:00"), PauseReason::CustomerAbsent);
    assert_eq!(again, Err(ClockFault::AlreadyPaused));
}

#[test]
fn clk_4_an_hour_clock_moves_by_the_exact_pause() {
    let calendar = Calendar::official();
    let mut clock = start(RuleId::D07, "2026-03-05T09:00:00");
    clock.pause(at("2026-03-05T10:00:00"), PauseReason::CustomerAbsent).unwrap();
    clock.resume(at("2026-03-05T13:30:00.250"), &calendar).unwrap();
    assert_eq!(clock.due_at, at("2026-03-06T12:30:00.250"));
    clock.pause(at("2026-03-05T20:00:00"), PauseReason::CustomerAbsent).unwrap();
    clock.resume(at("2026-03-05T21:00:00"), &calendar).unwrap();
    assert_eq!(clock.due_at, at("2026-03-06T13:30:00.250"));
    assert_eq!(clock.gross_due_at, at("2026-03-06T09:00:00"));
    assert_eq!((clock.paused_ms(), clock.paused_days()), (4 * HOUR_MS + 1_800_250, 0));
}

#[test]
fn clk_4_a_day_clock_moves_by_whole_days_rounded_up() {
    let calendar = Calendar::official();
    let paused = |from: &str, to: &str| {
        let mut clock = start(RuleId::D06c, "2026-03-05T09:00:00");
        clock.pause(at(from), PauseReason::WeatherAlert).unwrap();
        clock.resume(at(to), &calendar).unwrap();
        clock.due_at
    };
    let one_day = at("2026-03-09T00:00:00");
    assert_eq!(paused("2026-03-06T10:00:00", "2026-03-06T10:00:01"), one_day);
    assert_eq!(paused("2026-03-06T10:00:00", "2026-03-07T10:00:00"), one_day);
    let two_days = at("2026-03-10T00:00:00");
    assert_eq!(paused("2026-03-06T10:00:00", "2026-03-07T10:00:00.001"), two_days);
    assert_eq!(paused("2026-03-06T10:00:00", "2026-03-06T10:00:00"), at("2026-03-08T00:00:00"));
}

#[test]
fn clk_4_a_working_day_clock_moves_by_working_days() {
    let calendar = Calendar::official();
    let paused = |from: &str, to: &str| {
        let mut clock = start(RuleId::D16, "2026-09-23T09:00:00");
        clock.pause(at(from), PauseReason::CustomerSideTime).unwrap();
        clock.resume(at(to), &calendar).unwrap();
        assert_eq!(clock.gross_due_at, at("2026-10-09T00:00:00"));
        clock.due_at
    };
    // 24, 28, 29, 30 September and 8 October are the five; one more is the 9th.
    assert_eq!(paused("2026-09-24T09:00:00", "2026-09-24T18:00:00"), at("2026-10-10T00:00:00"));
    // Thursday noon to Monday noon over a holiday weekend is one working day.
    assert_eq!(paused("2026-09-24T12:00:00", "2026-09-28T12:00:00"), at("2026-10-10T00:00:00"));
    assert_eq!(paused("2026-09-24T12:00:00", "2026-09-28T12:00:01"), at("2026-10-11T00:00:00"));
    // A pause of rest days alone takes nothing from anybody.
    assert_eq!(paused("2026-09-25T08:00:00", "2026-09-27T20:00:00"), at("2026-10-09T00:00:00"));
}

#[test]
fn wild_lengths_are_bounded() {
    let calendar = Calendar::official();
    let mut clock = start(RuleId::D16, "2026-09-23T09:00:00").with_count(u32::MAX, &calendar);
    clock.pause(at("2026-09-24T09:00:00"), PauseReason::CustomerSideTime).unwrap();
    clock.resume(Instant(i64::MAX), &calendar).unwrap();
    assert!(clock.due_at >= clock.gross_due_at);
    let mut clock = start(RuleId::D07, "2026-09-23T09:00:00");
    clock.pause(at("2026-09-23T10:00:00"), PauseReason::CustomerAbsent).unwrap();
    clock.resume(Instant(i64::MAX), &calendar).unwrap();
    assert!(clock.due_at > clock.gross_due_at);
}

#[test]
fn clk_5_net_and_gross_are_judged_apart() {
    let calendar = Calendar::official();
    let mut clock = start(RuleId::D07, "2026-03-05T09:00:00");
    assert_eq!(clock.gross_on_time(), None);
    clock.pause(at("2026-03-05T10:00:00"), PauseReason::CustomerAbsent).unwrap();
    clock.resume(at("2026-03-05T12:00:00"), &calendar).unwrap();
    clock.stop(at("2026-03-06T10:30:00"));
    assert_eq!(clock.state, ClockState::StoppedOnTime);
    assert_eq!(clock.gross_on_time(), Some(false));
}

#[test]
fn a_pause_freezes_what_is_left() {
    let mut clock = start(RuleId::D07, "2026-03-05T09:00:00");
    assert_eq!(clock.remaining_ms(at("2026-03-05T10:00:00")), 23 * HOUR_MS);
    clock.pause(at("2026-03-05T20:00:00"), PauseReason::CustomerAbsent).unwrap();
    let next_week = at("2026-03-12T09:00:00");
    assert_eq!(clock.remaining_ms(next_week), 13 * HOUR_MS);
    assert!(!clock.is_late(next_week));
    assert!(!clock.note_breach(next_week));
    assert_eq!(clock.warnings(next_week).len(), 0);
    clock.stop(next_week);
    assert_eq!(clock.state, ClockState::StoppedOnTime);
    assert_eq!(clock.pauses[0].to, Some(next_week));
}

#[test]
fn a_pause_cannot_mend_a_breach() {
    let mut clock = start(RuleId::D07, "2026-03-05T09:00:00");
    let late = clock.pause(at("2026-03-06T09:00:00.001"), PauseReason::CustomerAbsent);
    assert_eq!(late, Err(ClockFault::AlreadyDue));
    // Noted offline before the due instant, known after it: the pause stands,
    // and so does the breach that was recorded meanwhile.
    assert!(clock.note_breach(at("2026-03-06T11:00:00")));
    assert!(!clock.note_breach(at("2026-03-06T12:00:00")));
    clock.pause(at("2026-03-06T08:00:00"), PauseReason::CustomerAbsent).unwrap();
    clock.resume(at("2026-03-06T13:00:00"), &Calendar::official()).unwrap();
    clock.stop(at("2026-03-06T13:30:00"));
    assert_eq!(clock.state, ClockState::StoppedOnTime);
    assert_eq!(clock.breached_at, Some(at("2026-03-06T09:00:00")));
}

#[test]
fn pauses_keep_their_order() {
    let calendar = Calendar::official();
    let mut clock = start(RuleId::D07, "2026-03-05T09:00:00");
    let reason = PauseReason::CustomerAbsent;
    assert_eq!(clock.pause(at("2026-03-05T08:59:59"), reason), Err(ClockFault::OutOfOrder));
    assert_eq!(clock.resume(at("2026-03-05T10:00:00"), &calendar), Err(ClockFault::NotPaused));
    clock.pause(at("2026-03-05T10:00:00"), reason).unwrap();
    assert_eq!(clock.resume(at("2026-03-05T09:59:59"), &calendar), Err(ClockFault::OutOfOrder));
    clock.resume(at("2026-03-05T11:00:00"), &calendar).unwrap();
    assert_eq!(clock.pause(at("2026-03-05T10:30:00"), reason), Err(ClockFault::OutOfOrder));
    clock.stop(at("2026-03-05T12:00:00"));
    assert_eq!(clock.pause(at("2026-03-05T13:00:00"), reason), Err(ClockFault::Closed));
    assert_eq!(clock.resume(at("2026-03-05T13:00:00"), &calendar), Err(ClockFault::Closed));
}

#[test]
fn clk_6_warnings_come_at_their_thresholds() {
    let clock = start(RuleId::D07, "2026-03-05T09:00:00");
    let count = |now: &str| clock.warnings(at(now)).len();
    assert_eq!(count("2026-03-05T20:59:59.999"), 0);
    assert_eq!(count("2026-03-05T21:00:00"), 1);
    assert_eq!(count("2026-03-06T03:00:00"), 2);
    assert_eq!(count("2026-03-06T07:00:00"), 3);
    let mut stopped = clock.clone();
    stopped.stop(at("2026-03-06T08:00:00"));
    assert!(stopped.warnings(at("2026-03-06T08:00:00")).is_empty());
}

#[test]
fn clk_6_the_instants_of_every_kind_of_threshold() {
    let calendar = Calendar::official();
    let instants =
        |clock: &Clock| -> Vec<Instant> { clock.warnings.iter().map(|w| w.at).collect() };
    // due 2026-02-25, reminders on 02-13 and 02-25.
    let owed = start(RuleId::D09, "2026-02-11T09:00:00");
    assert_eq!(owed.due_at, at("2026-02-26T00:00:00"));
    assert_eq!(instants(&owed), [at("2026-02-13T00:00:00"), at("2026-02-25T00:00:00")]);
    // A term shorter than its warning time warns at once.
    let short = start(RuleId::D09, "2026-03-05T09:00:00").with_count(1, &calendar);
    assert_eq!(instants(&short), [at("2026-03-05T09:00:00"), at("2026-03-06T00:00:00")]);
    let outer = start(RuleId::D16, "2026-09-23T09:00:00");
    assert_eq!(instants(&outer), [at("2026-09-29T00:00:00"), at("2026-09-30T00:00:00")]);
    let filing = start(RuleId::D17, "2026-03-05T09:00:00");
    assert_eq!(instants(&filing), [at("2026-03-15T09:00:00"), at("2026-03-19T09:00:00")]);
    let quota = start(RuleId::D12, "2026-09-01T00:00:00");
    assert_eq!(instants(&quota), [at("2026-09-20T00:00:00")]);
    let feed = start(RuleId::D14, "2026-09-01T00:00:00");
    assert_eq!(instants(&feed), [at("2026-09-01T16:00:00")]);
    // 50 % and 80 % of the 39 hours from 09:00 to the end of the next day.
    let survey = start(RuleId::D03, "2026-03-05T09:00:00");
    assert_eq!(instants(&survey), [at("2026-03-06T04:30:00"), at("2026-03-06T16:12:00")]);
    let build =
        start(RuleId::D06a, "2026-06-20T00:00:00").until("2026-06-29".parse().unwrap(), &calendar);
    assert_eq!(
        instants(&build),
        [at("2026-06-27T00:00:00"), at("2026-06-29T00:00:00"), at("2026-06-24T00:00:00")]
    );
    assert_eq!(build.warnings[2].threshold, WarnAt::WorkingDaysLeft(3));
}

#[test]
fn clk_6_warnings_move_with_the_due_instant() {
    let mut clock = start(RuleId::D03, "2026-03-05T09:00:00");
    clock.pause(at("2026-03-05T10:00:00"), PauseReason::SiteInaccessible).unwrap();
    clock.resume(at("2026-03-05T11:00:00"), &Calendar::official()).unwrap();
    assert_eq!(clock.due_at, at("2026-03-08T00:00:00"));
    assert_eq!(clock.warnings[0].at, at("2026-03-06T16:30:00"));
}

#[test]
fn clk_7_an_excused_clock_is_outside_the_rate() {
    let mut clock = start(RuleId::D02, "2026-03-05T09:00:00");
    clock.excuse(at("2026-03-07T09:00:00"));
    assert_eq!(clock.state, ClockState::StoppedExcused);
    assert_eq!(clock.breached_at, Some(at("2026-03-06T09:00:00")));
    assert_eq!(clock.gross_on_time(), None);
    assert!(!clock.is_late(at("2026-03-08T09:00:00")));
}

#[test]
fn clk_8_a_stop_before_the_start_is_an_anomaly_of_length_zero() {
    let mut clock = start(RuleId::D02, "2026-03-05T09:00:00");
    clock.stop(at("2026-03-05T08:00:00"));
    assert_eq!(clock.state, ClockState::StoppedOnTime);
    assert!(clock.time_anomaly);
    assert_eq!(clock.stopped_at, Some(clock.started_at));
    assert!(!start(RuleId::D02, "2026-03-05T09:00:00").time_anomaly);
}

/// The official calendar before the notice of 2026 came out.
fn before_the_notice() -> Calendar {
    let mut text = serde_json::to_value(Calendar::official()).unwrap();
    text["years"].as_array_mut().unwrap().pop();
    serde_json::from_value(text).unwrap()
}

#[test]
fn clk_9_a_published_year_moves_a_provisional_clock() {
    let (old, year) = (before_the_notice(), Calendar::official().years()[2].clone());
    let new = old.with_year(year).unwrap();
    let begun = at("2026-02-13T09:00:00");
    let mut clock = Clock::start(RuleId::D10, None, begun, &Policy::seed(), &old, None);
    // Nobody knows of the holiday: 16, 17 and 18 February.
    assert!(clock.provisional);
    assert_eq!(clock.due_at, at("2026-02-19T00:00:00"));
    assert!(clock.note_breach(at("2026-02-19T00:00:00")));
    let moved = clock.recompute(&new);
    assert_eq!(moved, Some((at("2026-02-19T00:00:00"), at("2026-02-26T00:00:00"))));
    assert!(!clock.provisional);
    assert_eq!(clock.calendar_version, new.version);
    assert_eq!(clock.recomputed.len(), 1);
    assert_eq!(clock.recompute(&new), None);
    // The breach is annotated by the recomputation, never deleted.
    clock.stop(at("2026-02-24T09:00:00"));
    assert_eq!(clock.state, ClockState::StoppedOnTime);
    assert_eq!(clock.breached_at, Some(at("2026-02-19T00:00:00")));
}

#[test]
fn clk_9_a_closed_clock_is_not_recomputed() {
    let old = before_the_notice();
    let begun = at("2026-02-13T09:00:00");
    let mut clock = Clock::start(RuleId::D10, None, begun, &Policy::seed(), &old, None);
    clock.stop(at("2026-02-16T09:00:00"));
    let closed = clock.clone();
    assert_eq!(clock.recompute(&Calendar::official()), None);
    assert_eq!(clock, closed);
}

#[test]
fn clk_10_a_cancelled_clock_enters_no_rate() {
    let mut clock = start(RuleId::D07, "2026-03-05T09:00:00");
    clock.cancel(at("2026-03-05T10:00:00"));
    assert_eq!(clock.state, ClockState::Cancelled);
    assert_eq!(clock.gross_on_time(), None);
    assert_eq!(clock.breached_at, None);
}

#[test]
fn a_closed_clock_keeps_its_first_result() {
    let mut clock = start(RuleId::D07, "2026-03-05T09:00:00");
    clock.stop(at("2026-03-05T10:00:00"));
    let first = clock.clone();
    clock.stop(at("2026-03-09T10:00:00"));
    clock.excuse(at("2026-03-09T10:00:00"));
    clock.cancel(at("2026-03-09T10:00:00"));
    assert!(!clock.note_breach(at("2026-03-09T10:00:00")));
    assert_eq!(clock, first);
}

#[test]
fn f_5_one_extension_of_at_most_the_term() {
    let calendar = Calendar::official();
    let mut clock = start(RuleId::D09, "2026-03-05T09:00:00");
    let granted = at("2026-03-06T09:00:00");
    assert_eq!(clock.extend(granted, 6, &calendar), Err(ClockFault::ExtensionTooLong));
    assert_eq!(clock.extend(granted, 0, &calendar), Err(ClockFault::ExtensionTooLong));
    clock.extend(granted, 5, &calendar).unwrap();
    assert_eq!(clock.due_at, at("2026-03-20T00:00:00"));
    assert_eq!(clock.extensions[0].old_due_at, at("2026-03-13T00:00:00"));
    assert_eq!(clock.extensions[0].new_due_at, clock.due_at);
    assert_eq!(clock.extend(granted, 1, &calendar), Err(ClockFault::AlreadyExtended));
    clock.stop(granted);
    assert_eq!(clock.extend(granted, 1, &calendar), Err(ClockFault::Closed));
}

#[test]
fn a_clock_survives_its_stored_form() {
    let mut clock = start(RuleId::D06b, "2026-03-05T09:00:00");
    clock.pause(at("2026-03-05T10:00:00"), PauseReason::GovernmentStop).unwrap();
    let text = serde_json::to_string(&clock).unwrap();
    assert!(text.contains("\"rule\":\"D-06b\"") && text.contains("\"state\":\"paused\""));
    assert_eq!(serde_json::from_str::<Clock>(&text).unwrap(), clock);
}

proptest! {
    #[test]
    fn a_pause_never_makes_a_clock_due_earlier(
        rule in proptest::sample::select(vec![
            (RuleId::D03, PauseReason::SiteInaccessible),
            (RuleId::D04, PauseReason::CustomerOtherDate),
            (RuleId::D06c, PauseReason::SiteNotReady),
            (RuleId::D07, PauseReason::CustomerAbsent),
            (RuleId::D16, PauseReason::CustomerSideTime),
        ]),
        begun in 1_704_038_400_000_i64..1_798_000_000_000,
        after_ms in 0_i64..20 * HOUR_MS,
        length_ms in 0_i64..30 * DAY_MS,
    ) {
        let (rule, reason) = rule;
        let (policy, calendar) = (Policy::seed(), Calendar::official());
        let begun = Instant(begun);
        let mut clock = Clock::start(rule, None, begun, &policy, &calendar, None);
        let from = begun.plus_ms(after_ms);
        let left = clock.due_at.since(from);
        clock.pause(from, reason).unwrap();
        let to = from.plus_ms(length_ms);
        prop_assert_eq!(clock.remaining_ms(to), left);
        clock.resume(to, &calendar).unwrap();
        prop_assert!(clock.due_at >= clock.gross_due_at);
        prop_assert!(!clock.is_late(to), "a pause that ends leaves the clock in time");
        let again = clock.clone();
        prop_assert_eq!(clock.recompute(&calendar), None);
        prop_assert_eq!(clock, again);
    }
}
