//! The table d.3 and the laws of a policy.

use super::*;
use crate::period::{RestDay, Unit};

/// Rule, count, unit, org, warnings, as the table of d.3 states them.
const TABLE: [(RuleId, u32, Unit, &str, &[WarnAt]); 25] = {
    use RuleId as R;
    use Unit::{CalendarDay, ContractDate, Hour, MonthEnd, WorkingDay};
    use WarnAt as W;
    const HALF: &[W] = &[W::ElapsedPercent(50), W::ElapsedPercent(80)];
    const DAY: &[W] = &[W::ElapsedHours(12), W::ElapsedHours(20)];
    [
        (R::D01, 24, Hour, "market_dept", DAY),
        (R::D02, 24, Hour, "market_dept", DAY),
        (R::D03P, 4, Hour, "tech_dept", &[W::ElapsedHours(2)]),
        (R::D03, 1, CalendarDay, "tech_dept", HALF),
        (R::D04, 1, WorkingDay, "market_dept", HALF),
        (R::D05, 1, CalendarDay, "market_dept", HALF),
        (
            R::D06a,
            0,
            ContractDate,
            "eng_dept",
            &[W::PercentLeft(30), W::PercentLeft(10), W::WorkingDaysLeft(3)],
        ),
        (R::D06b, 1, CalendarDay, "eng_dept", HALF),
        (R::D06c, 2, CalendarDay, "eng_dept", HALF),
        (
            R::D07,
            24,
            Hour,
            "market_dept",
            &[W::ElapsedHours(12), W::ElapsedHours(18), W::ElapsedHours(22)],
        ),
        (R::D08, 24, Hour, "market_dept", DAY),
        (R::D09, 5, WorkingDay, "market_dept", &[W::WorkingDaysLeft(3), W::DueDay]),
        (R::D10, 3, WorkingDay, "service_dept", &[W::WorkingDaysLeft(1), W::DueDay]),
        (R::D11, 1, WorkingDay, "service_dept", &[W::ElapsedPercent(80)]),
        (R::D12, 0, MonthEnd, "service_dept", &[W::DayOfMonth(20)]),
        (R::D13, 0, MonthEnd, "market_dept", &[W::DayOfMonth(20)]),
        (R::D14, 0, CalendarDay, "market_dept", &[W::HourOfDay(16)]),
        (R::D15, 20, WorkingDay, "market_dept", HALF),
        (
            R::D16,
            5,
            WorkingDay,
            "market_dept",
            &[W::ElapsedWorkingDays(3), W::ElapsedWorkingDays(4)],
        ),
        (R::D17, 15, CalendarDay, "eng_dept", &[W::ElapsedDays(10), W::ElapsedDays(14)]),
        (R::D18, 24, Hour, "service_dept", &[W::ElapsedHours(12)]),
        (R::D19, 5, WorkingDay, "supervision", &[W::ElapsedWorkingDays(3)]),
        (R::D20, 1, WorkingDay, "service_dept", &[W::ElapsedPercent(80)]),
        (R::D21, 10, WorkingDay, "supervision", &[W::WorkingDaysLeft(3)]),
        (R::D22, 15, WorkingDay, "service_dept", &[W::ElapsedWorkingDays(10)]),
    ]
};

fn at(text: &str) -> Instant {
    Instant::parse(&format!("{text}+08:00")).unwrap()
}

fn levels(rule: RuleId) -> Vec<(EscalateAfter, EscalationLevel)> {
    Policy::seed().rule(rule).escalations.iter().map(|step| (step.after, step.level)).collect()
}

#[test]
fn the_seed_is_the_table() {
    let policy = Policy::seed();
    assert_eq!((policy.set.as_str(), policy.version), ("XZLT-2022-16", 1));
    assert_eq!(policy.label(), "XZLT-2022-16/1");
    assert_eq!(policy.effective.to_string(), "2022-03-02");
    assert_eq!(policy.rules().len(), TABLE.len());
    for (id, count, unit, org, warn_at) in TABLE {
        let rule = policy.rule(id);
        assert_eq!(rule.term, Term::new(count, unit), "{id}");
        assert_eq!(rule.term.rest_day, RestDay::Keep, "{id}");
        assert_eq!((rule.org.as_str(), rule.warn_at.as_slice()), (org, warn_at), "{id}");
        assert!(rule.clause.starts_with("R-") || rule.clause.starts_with("L-"), "{id}");
        assert!(!rule.roles.is_empty() && !rule.name_zh.is_empty(), "{id}");
        assert!(!rule.escalations.is_empty(), "{id}");
    }
}

#[test]
fn escalations_climb_the_levels() {
    use EscalateAfter::Hours;
    use EscalationLevel::{DeptLead, FirstResponsible, Leader};
    let climb = [(Hours(0), DeptLead), (Hours(24), FirstResponsible), (Hours(72), Leader)];
    for rule in [RuleId::D03, RuleId::D04, RuleId::D06a, RuleId::D06b, RuleId::D06c, RuleId::D10] {
        assert_eq!(levels(rule), climb, "{rule}");
    }
    let second = [(Hours(0), DeptLead), (Hours(24), FirstResponsible), (Hours(48), Leader)];
    assert_eq!(levels(RuleId::D02), second);
    for step in TABLE.map(|row| levels(row.0)) {
        assert!(step.is_sorted_by_key(|(_, level)| *level));
    }
}

#[test]
fn escalations_fall_due_after_the_breach() {
    use EscalationLevel::{DeptLead, FirstResponsible, Leader};
    let (policy, calendar) = (Policy::seed(), Calendar::official());
    let breached = at("2026-09-30T18:00:00");
    let heard = |rule: RuleId, now: &str| -> Vec<EscalationLevel> {
        let rule = policy.rule(rule);
        rule.escalations_due(breached, at(now), &calendar).iter().map(|step| step.level).collect()
    };
    assert!(heard(RuleId::D02, "2026-09-30T17:59:59").is_empty());
    assert_eq!(heard(RuleId::D02, "2026-09-30T18:00:00"), [DeptLead]);
    // 24 h after the breach the first responsible person hears of it.
    assert_eq!(heard(RuleId::D02, "2026-10-01T18:00:00"), [DeptLead, FirstResponsible]);
    assert_eq!(heard(RuleId::D02, "2026-10-02T18:00:00"), [DeptLead, FirstResponsible, Leader]);
    // F-7: five working days after the due day, over National Day.
    assert_eq!(heard(RuleId::D09, "2026-10-12T23:59:59"), [DeptLead]);
    assert_eq!(heard(RuleId::D09, "2026-10-13T00:00:00"), [DeptLead, FirstResponsible]);
}

#[test]
fn only_the_reasons_of_the_table_pause_a_rule() {
    use PauseReason as P;
    use RuleId as R;
    let building = [R::D06a, R::D06b, R::D06c];
    for rule in R::ALL {
        for reason in P::ALL {
            let allowed = match reason {
                P::SiteInaccessible => rule == R::D03,
                P::CustomerOtherDate => rule == R::D04,
                P::WeatherAlert | P::PermitSuspended | P::SiteNotReady | P::GovernmentStop => {
                    building.contains(&rule)
                }
                P::CustomerAbsent => rule == R::D07,
                P::CustomerSideTime => rule == R::D16,
                P::SpecialProcedure => rule == R::D15,
            };
            assert_eq!(rule.pausable(reason), allowed, "{rule} {reason:?}");
        }
    }
    let never = [R::D01, R::D02, R::D05, R::D08, R::D09, R::D10, R::D11, R::D12, R::D13, R::D14];
    assert!(never.iter().all(|rule| !P::ALL.iter().any(|reason| rule.pausable(*reason))));
}

#[test]
fn ids_are_stored_as_the_specification_writes_them() {
    for (id, text) in [(RuleId::D01, "D-01"), (RuleId::D03P, "D-03P"), (RuleId::D06a, "D-06a")] {
        assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{text}\""));
        assert_eq!(id.to_string(), text);
    }
    for id in RuleId::ALL {
        let text = serde_json::to_string(&id).unwrap();
        assert_eq!(text, format!("\"{id}\""));
        assert_eq!(serde_json::from_str::<RuleId>(&text).unwrap(), id);
    }
}

#[test]
fn a_policy_is_whole_and_survives_its_stored_form() {
    let policy = Policy::seed();
    let text = serde_json::to_string(&policy).unwrap();
    assert_eq!(serde_json::from_str::<Policy>(&text).unwrap(), policy);

    let remake = |rules| Policy::new("S".into(), 1, policy.effective, rules).unwrap_err();
    assert_eq!(remake(policy.rules[1..].to_vec()), PolicyError::Missing(RuleId::D01));
    let mut twice = policy.rules.clone();
    twice.push(twice[3].clone());
    assert_eq!(remake(twice), PolicyError::Twice(RuleId::D03));
    let mut long = policy.rules.clone();
    long.iter_mut().find(|r| r.rule == RuleId::D09).unwrap().term.count = 21;
    assert_eq!(remake(long), PolicyError::TooLong(RuleId::D09));
    assert!(serde_json::from_str::<Policy>(&text.replace("\"D-07\"", "\"D-08\"")).is_err());
}

#[test]
fn a_new_version_changes_one_rule() {
    let first = Policy::seed();
    let shorter =
        DeadlineRule { term: Term::new(12, Unit::Hour), ..first.rule(RuleId::D02).clone() };
    let second = first.with_rule(shorter, first.effective).unwrap();
    assert_eq!(second.label(), "XZLT-2022-16/2");
    assert_eq!(second.rule(RuleId::D02).term.count, 12);
    assert_eq!(second.rule(RuleId::D01), first.rule(RuleId::D01));
}
