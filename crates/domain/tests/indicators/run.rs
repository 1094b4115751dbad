//! K-30 to K-32, K-34, K-36: channels, work without a network, attention,
//! readers of the plan.

use lantian_domain::{
    calendar::Calendar,
    clock::{Clock, RuleId},
    ids::RecordId,
    kpi::{Amount, Figure, Value, attempt, is_needed},
    policy::Policy,
    record::Rules,
};
use uuid::Uuid;

use super::bench::{
    AS_OF, at, board, check, group, groups, march, met, read_as, report, rows, share,
};

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
    let report = board.report();
    let share = Value::Share { part: 1, whole: 4, value: Some(2_500) };
    assert_eq!(report.line(Figure::RejectedSyncs).value, share);
    assert_eq!(report.line(Figure::RejectedSyncs).met, Some(false), "more than 1 %");
}

#[test]
fn k_32_days_with_a_look_and_records_handled() {
    check(&[Figure::FeedDays, Figure::FeedRecords]);
}

#[test]
fn k_34_forbidden_fees_that_were_refused() {
    let mut board = board();
    let record = RecordId(Uuid::nil());
    for refused in [Some("E_FORBIDDEN_FEE"), Some("E_STATE"), Some("E_FORBIDDEN_FEE"), None] {
        attempt(record, at("2026-03-09T10:00:00+08:00"), None, refused, &mut board);
    }
    let report = board.report();
    assert_eq!(report.line(Figure::ForbiddenFees).value, Value::Count { count: 2 });
}

#[test]
fn k_36_users_who_confirmed_the_policy_in_force_of_the_active_users() {
    check(&[Figure::PolicyRead]);
    assert_eq!(report().line(Figure::PolicyRead).value, share(7, 10, 7_000));
    assert_eq!(report().line(Figure::PolicyRead).met, Some(false), "the target is 100 %");
    // Confirmed on 1 April, and an older version: both are not read in March.
    assert_eq!(group(Figure::PolicyRead, "org", "service_dept"), share(1, 3, 3_333));
    assert_eq!(group(Figure::PolicyRead, "org", "tech_dept"), share(0, 1, 0));
    for gone in ["eng_dept", "external"] {
        let known = groups(report(), Figure::PolicyRead);
        assert!(!known["org"].contains_key(gone), "who left and an interface read nothing");
    }
    let all = [Amount::Part(true), Amount::Part(true)];
    assert_eq!(met(Figure::PolicyRead, &all), None, "only what stands at the end counts");
}

#[test]
fn k_36_a_new_version_has_to_be_read_anew_and_changes_no_earlier_month() {
    let seed = Policy::seed();
    let day = "2026-04-02".parse().unwrap();
    let next = Policy::new(seed.set.clone(), 2, day, seed.rules().to_vec()).unwrap();
    let rules = Rules { policy: next, earlier: vec![seed], ..Rules::seed() };
    let mut april = march();
    april.to = "2026-04-30".parse().unwrap();
    let now = at(AS_OF);
    let mut board = lantian_domain::kpi::Board::new(april, april, now);
    read_as(&rows(), &mut board, is_needed, (&rules, april, now));
    let line = board.report().line(Figure::PolicyRead).clone();
    assert_eq!(line.value, share(0, 11, 0), "as of today, one more colleague and a new version");
    assert_eq!(line.months[0].value, share(7, 10, 7_000), "March stays as it was");
}
