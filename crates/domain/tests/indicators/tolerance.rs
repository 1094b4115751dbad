//! K-11 to K-16: tolerance and permits.

use lantian_domain::{
    event::Event,
    kpi::{Amount, Figure, Value},
};

use super::bench::{check, group, march, met, report, rows, share};

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
fn k_14_notices_after_the_first_of_the_tolerant_cases() {
    check(&[Figure::SecondNotices]);
    let in_march = |wanted: fn(&Event) -> bool| {
        let rows = rows();
        let found = rows.iter().filter(|row| march().contains(row.stamp.at) && wanted(&row.event));
        i64::try_from(found.count()).unwrap()
    };
    let again = in_march(|event| matches!(event, Event::OneTimeNoticeGiven(told) if told.no > 1));
    let tolerant = in_march(|event| matches!(event, Event::CaseAcceptedTolerant(_)));
    let Value::Share { part, whole, .. } = report().line(Figure::SecondNotices).value else {
        panic!("a share")
    };
    assert_eq!((part, whole), (again, tolerant), "the first notice of a case is none");
    assert_eq!(report().line(Figure::SecondNotices).met, Some(false), "the target is 0");
    assert_eq!(met(Figure::SecondNotices, &[Amount::WholeOnly(3)]), Some(true));
    assert_eq!(met(Figure::SecondNotices, &[]), None, "nothing by nothing is nothing");
}

#[test]
fn k_15_the_decision_of_the_authority_by_kind_and_the_days_to_the_grant() {
    check(&[Figure::Permits, Figure::PermitDays]);
    let Value::Rate { on_time, late, .. } = group(Figure::Permits, "kind", "road_dig") else {
        panic!("a rate")
    };
    assert_eq!((on_time, late), (2, 1), "P-3 by kind");
}

#[test]
fn k_16_restored_in_time_among_the_restored() {
    check(&[Figure::Restored]);
    let of = |kind| group(Figure::Restored, "kind", kind);
    assert_eq!(of("road_occupy"), share(2, 2, 10_000), "on the last day it is in time");
    assert_eq!(of("green_occupy"), share(0, 1, 0), "the day after it is late");
    assert_eq!(report().line(Figure::Restored).met, Some(false), "the target is 100 %");
    assert_eq!(met(Figure::Restored, &[Amount::Part(true)]), Some(true));
}
