//! K-21 to K-29: visits, ledger, satisfaction, complaints, ratings,
//! assessments.

use lantian_domain::{
    calendar::Calendar,
    clock::{Clock, RuleId},
    ids::derived,
    kpi::{Amount, Board, ClockResult, Figure, Tally, Value, is_needed},
    policy::Policy,
    record::Rules,
    visit::questionnaire::{Answers, Mark, YesNo},
};

use super::bench::{
    AS_OF, Row, at, check, expected, group, groups, march, met, read_as, report, rows, share,
};

#[test]
fn k_21_households_reached_of_the_population() {
    check(&[Figure::HouseholdVisits]);
    // Four were reached, one of them in April; the forced ones come on top.
    let line = report().line(Figure::HouseholdVisits);
    assert_eq!((&line.value, line.met), (&share(3, 33, 909), Some(false)));
    let reached = |part, whole| {
        met(Figure::HouseholdVisits, &[Amount::PartOnly(part), Amount::WholeOnly(whole)])
    };
    assert_eq!(reached(1, 10), Some(true), "10 % is reached");
    assert_eq!(reached(99, 1_000), Some(false), "9.9 % is not");
    assert_eq!(reached(0, 0), None, "V-3: nobody to visit is no figure");
}

#[test]
fn k_22_non_residential_users_reached_of_the_population() {
    check(&[Figure::NonResidentialVisits]);
    let line = report().line(Figure::NonResidentialVisits);
    assert_eq!((&line.value, line.met), (&share(4, 5, 8_000), Some(false)), "the target is 100 %");
    let all = [Amount::PartOnly(5), Amount::WholeOnly(5)];
    assert_eq!(met(Figure::NonResidentialVisits, &all), Some(true));
}

/// K-23 of March as it stands at `now`, by what was written until then.
fn on_site(more: Vec<Row>, now: &str) -> (Value, Option<bool>) {
    let now = at(now);
    let mut rows: Vec<Row> = rows().into_iter().filter(|row| row.stamp.at < now).collect();
    rows.extend(more);
    let mut board = Board::new(march(), march(), now);
    read_as(&rows, &mut board, is_needed, (&Rules::seed(), march(), now));
    let line = board.report().line(Figure::OnSiteVisits).clone();
    (line.value, line.met)
}

#[test]
fn k_23_each_department_visits_on_site_each_month() {
    check(&[Figure::OnSiteVisits, Figure::OnSiteShare]);
    let two = Value::Count { count: 2 };
    assert_eq!(group(Figure::OnSiteVisits, "org", "market_dept"), Value::Count { count: 0 });
    assert_eq!(on_site(Vec::new(), AS_OF), (two.clone(), Some(false)), "one department had none");
    assert_eq!(on_site(Vec::new(), "2026-03-25T00:00:00+08:00"), (two, Some(true)), "not yet over");
    // A visit of the other department on site, and its month is whole.
    let first = |name: &str, said: &str| {
        let fits = |row: &Row| {
            row.event.name() == name && serde_json::to_string(&row.event).unwrap().contains(said)
        };
        rows().into_iter().find(fits).unwrap()
    };
    let planned = first("visit_planned", "non_residential");
    let id = derived(planned.record, "another");
    let pair = [planned, first("visit_done", "\"on_site\"")];
    let pair = pair.map(|row| Row { record: id, ..row }).into();
    assert_eq!(on_site(pair, AS_OF), (Value::Count { count: 3 }, Some(true)));
}

#[test]
fn k_23_an_account_that_was_called_and_visited_is_one_of_the_reached() {
    // Ten accounts in eleven visits; two of them on site.
    assert_eq!(report().line(Figure::OnSiteShare).value, share(2, 10, 2_000));
    let Value::Spread { count, .. } = report().line(Figure::Score).value else { panic!("values") };
    assert_eq!(count, 11, "both visits are scored (V-6)");
}

#[test]
fn k_24_items_closed_in_three_working_days_open_overdue_and_reopened() {
    check(&[Figure::Ledger, Figure::LedgerOverdue, Figure::LedgerReopened]);
    check(&[Figure::LedgerExplained, Figure::LedgerPlanned]);
    assert_eq!(report().line(Figure::Ledger).met, Some(false), "the target is 100 %");
    let mut clock = Clock::start(
        RuleId::D10,
        None,
        at("2026-09-24T10:00:00+08:00"),
        &Policy::seed(),
        &Calendar::official(),
        None,
    );
    let after = at("2026-10-31T00:00:00+08:00");
    assert_eq!(ClockResult::net(&clock, at("2026-09-30T23:59:59.999+08:00")), None);
    assert_eq!(ClockResult::net(&clock, after), Some(ClockResult::OpenBreached));
    clock.stop(at("2026-09-30T23:59:59+08:00"));
    assert_eq!(ClockResult::net(&clock, after), Some(ClockResult::OnTime), "the third working day");
    // More time for what is planned already is no second closing (LG-8).
    assert_eq!(report().line(Figure::LedgerPlanned).value, Value::Count { count: 1 });
    let Value::Share { part, whole, .. } = report().line(Figure::LedgerReopened).value else {
        panic!("a share")
    };
    assert_eq!(part, 2, "reopened, and reopened and closed again");
    let closed = rows()
        .iter()
        .filter(|row| march().contains(row.stamp.at) && row.event.name() == "ledger_item_closed")
        .count();
    assert_eq!(whole, i64::try_from(closed).unwrap() + 1, "and the planned one");
}

fn marks(marks: [Mark; 6]) -> Answers {
    let [q1, q2, q3, q5, q6, q8] = marks.map(Some);
    let (q4, q7, q9) = (Some(YesNo::No), Some(YesNo::Yes), Some(YesNo::No));
    Answers { q1, q2, q3, q4, q5, q6, q7, q8, q9, words: None }
}

#[test]
fn k_25_mean_score_and_satisfied_among_the_scored() {
    use Mark::{Bad, Fair, Good, NotApplicable, VeryGood};
    check(&[Figure::Score, Figure::Satisfied]);
    let just = marks([VeryGood, Good, Fair, Good, Good, Good]);
    assert!(just.score().unwrap().hundredths() == 400 && just.is_satisfied(), "4.00 suffices");
    let below = marks([Good, Good, Fair, Good, Good, Good]);
    assert!(!below.is_satisfied(), "3.83 does not");
    let one_bad = marks([VeryGood, VeryGood, VeryGood, VeryGood, VeryGood, Bad]);
    assert!(
        one_bad.score().unwrap().hundredths() == 450 && !one_bad.is_satisfied(),
        "an item of 2"
    );
    let na = marks([VeryGood, NotApplicable, Good, NotApplicable, Good, NotApplicable]);
    assert_eq!(na.score().unwrap().to_string(), "4.33", "only what was answered");
    let of = |satisfied: usize| {
        let all: Vec<_> = (0..100).map(|n| Amount::Part(n < satisfied)).collect();
        met(Figure::Satisfied, &all)
    };
    assert_eq!((of(95), of(94)), (Some(true), Some(false)), "the target is 95 %");
}

#[test]
fn k_26_the_installation_and_the_gas_use_each_for_itself() {
    use Mark::{Fair, NotApplicable, VeryGood};
    check(&[Figure::InstallScore, Figure::GasUseScore]);
    let apart = marks([VeryGood, VeryGood, VeryGood, VeryGood, Fair, NotApplicable]);
    let (installation, gas_use) = apart.group_scores();
    assert_eq!((installation.unwrap().hundredths(), gas_use.unwrap().hundredths()), (500, 300));
    assert_ne!(
        report().line(Figure::InstallScore).value.main(),
        report().line(Figure::GasUseScore).value.main()
    );
}

#[test]
fn k_27_complaints_received_substantiated_per_hundred_connections_and_answered() {
    check(&[Figure::Complaints, Figure::Substantiated]);
    check(&[Figure::ComplaintsPerGasOn, Figure::ComplaintAnswers]);
    let mut sum = Tally::default();
    sum.add(Amount::PartOnly(1));
    sum.add(Amount::WholeOnly(200));
    let (shape, unit) = (Figure::ComplaintsPerGasOn.shape(), Figure::ComplaintsPerGasOn.unit());
    assert_eq!(sum.value(shape, unit), share(1, 200, 50), "0.50 per hundred");
    // Answered on the dot of 24 hours, and an hour later.
    let answers = |kind| group(Figure::ComplaintAnswers, "kind", kind).main();
    assert_eq!((answers("attitude"), answers("quality")), (Some(10_000), Some(5_000)));
    // The word after an appeal stands: of two complaints one was substantiated.
    assert_eq!(group(Figure::Substantiated, "kind", "quality"), share(1, 2, 5_000));
    // Without a case it is nobody's town; with one it is the case's.
    let parts = |value: &Value| {
        let Value::Share { part, .. } = value else { panic!("{value:?}") };
        *part
    };
    let towns: i64 = groups(report(), Figure::ComplaintsPerGasOn)["town"].values().map(parts).sum();
    assert_eq!((towns, parts(&report().line(Figure::ComplaintsPerGasOn).value)), (4, 7));
}

#[test]
fn k_28_bad_ratings_among_all_and_followed_up_in_a_working_day() {
    check(&[Figure::BadRatings, Figure::RatingFollowUp]);
    let line = report().line(Figure::BadRatings);
    // Stars of 2, 1 and 2 are bad, 3 is not; what was rated in April is April's.
    assert_eq!((&line.value, line.met), (&share(3, 11, 2_727), Some(false)));
    assert_eq!(met(Figure::BadRatings, &[Amount::Part(false)]), Some(true), "the target is 0");
    let friday = at("2026-03-06T10:00:00+08:00");
    let asked = |text: &str| {
        let mut clock =
            Clock::start(RuleId::D20, None, friday, &Policy::seed(), &Calendar::official(), None);
        clock.stop(at(text));
        ClockResult::net(&clock, at(AS_OF))
    };
    assert_eq!(asked("2026-03-09T23:59:59.999+08:00"), Some(ClockResult::OnTime), "on Monday");
    assert_eq!(asked("2026-03-10T00:00:00+08:00"), Some(ClockResult::Late), "and no later");
}

#[test]
fn k_29_assessments_and_awards_lost_by_department_and_year() {
    check(&[Figure::Assessments, Figure::AwardsLost]);
    let lost = groups(report(), Figure::AwardsLost);
    let one = Value::Count { count: 1 };
    assert_eq!(lost["kind"]["2026"], one, "two assessments of a department take its award once");
    assert_eq!(lost["kind"]["2025"], one, "a fact of last year takes last year's");
    assert_eq!(lost["org"].len(), 1, "an accepted appeal gave it back, April's is not yet lost");
    let by_year = &expected()["K-29/assessments"].groups["kind"];
    assert_eq!(by_year["2026"], Value::Count { count: 6 });
}
