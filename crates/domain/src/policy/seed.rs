//! The deadline table d.3 of policy set `XZLT-2022-16`, version 1.
//!
//! Rows stand in the order of the table; an escalation without a named role
//! goes to the level alone.

use chrono::NaiveDate;

use super::{
    DeadlineRule, EscalateAfter, Escalation, EscalationLevel, Policy, PolicyError, RuleId,
    WarnAt::{
        self, DayOfMonth, DueDay, ElapsedDays, ElapsedHours, ElapsedPercent, ElapsedWorkingDays,
        HourOfDay, PercentLeft, WorkingDaysLeft,
    },
};
use crate::period::{
    Term,
    Unit::{self, CalendarDay, ContractDate, Hour, MonthEnd, WorkingDay},
};

const SET: &str = "XZLT-2022-16";

const LEAD: EscalationLevel = EscalationLevel::DeptLead;
const FIRST: EscalationLevel = EscalationLevel::FirstResponsible;
const TOP: EscalationLevel = EscalationLevel::Leader;

/// Rule, name, count, unit, clause, org, roles, warnings, escalations.
type Row = (
    RuleId,
    &'static str,
    u32,
    Unit,
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [WarnAt],
    &'static [(u32, EscalationLevel, &'static str)],
);

/// 0 h, 24 h and 72 h after the breach.
macro_rules! steps {
    ($role:literal) => {
        &[(0, LEAD, $role), (24, FIRST, ""), (72, TOP, "leader")]
    };
}

const HALF: &[WarnAt] = &[ElapsedPercent(50), ElapsedPercent(80)];
const TWELVE_TWENTY: &[WarnAt] = &[ElapsedHours(12), ElapsedHours(20)];
const BUILDERS: &[&str] = &["eng_dispatcher", "contractor_lead"];

#[rustfmt::skip]
const TABLE: [Row; RuleId::ALL.len()] = [
    (RuleId::D01, "线索传递", 24, Hour, "R-11", "market_dept", &["hall_clerk"], TWELVE_TWENTY,
        &[(0, LEAD, "hall_lead"), (4, LEAD, "cm_lead"), (24, TOP, "leader")]),
    (RuleId::D02, "首次联系", 24, Hour, "R-12", "market_dept", &["customer_manager"], TWELVE_TWENTY,
        &[(0, LEAD, "cm_lead"), (24, FIRST, ""), (48, TOP, "leader")]),
    (RuleId::D03P, "压力核查", 4, Hour, "R-16", "tech_dept", &["tech_lead"], &[ElapsedHours(2)],
        &[(0, FIRST, "")]),
    (RuleId::D03, "勘察和施工图设计", 1, CalendarDay, "R-17", "tech_dept",
        &["surveyor", "designer"], HALF, steps!("tech_lead")),
    (RuleId::D04, "费用对接", 1, WorkingDay, "R-19", "market_dept", &["customer_manager"], HALF,
        steps!("cm_lead")),
    (RuleId::D05, "移交工程部", 1, CalendarDay, "R-20", "market_dept", &["customer_manager"], HALF,
        &[(0, LEAD, "cm_lead"), (0, LEAD, "eng_lead")]),
    (RuleId::D06a, "施工(合同工期)", 0, ContractDate, "R-23", "eng_dept", BUILDERS,
        &[PercentLeft(30), PercentLeft(10), WorkingDaysLeft(3)], steps!("eng_lead")),
    (RuleId::D06b, "施工(零星户)", 1, CalendarDay, "R-24", "eng_dept", BUILDERS, HALF,
        steps!("eng_lead")),
    (RuleId::D06c, "施工(小微商)", 2, CalendarDay, "R-25", "eng_dept", BUILDERS, HALF,
        steps!("eng_lead")),
    (RuleId::D07, "验收通气", 24, Hour, "R-27", "market_dept",
        &["customer_manager", "acceptance_inspector", "ignition_operator"],
        &[ElapsedHours(12), ElapsedHours(18), ElapsedHours(22)],
        &[(0, LEAD, "cm_lead"), (0, LEAD, "eng_lead"), (12, FIRST, ""), (24, TOP, "leader")]),
    (RuleId::D08, "受理", 24, Hour, "R-32", "market_dept", &["customer_manager"], TWELVE_TWENTY,
        &[(0, LEAD, "cm_lead")]),
    (RuleId::D09, "容缺补齐", 5, WorkingDay, "R-40", "market_dept", &["customer_manager"],
        &[WorkingDaysLeft(3), DueDay], &[(0, LEAD, "cm_lead")]),
    (RuleId::D10, "台账销号", 3, WorkingDay, "R-49", "service_dept", &["visit_agent"],
        &[WorkingDaysLeft(1), DueDay], steps!("service_lead")),
    (RuleId::D11, "回访梳理", 1, WorkingDay, "R-48", "service_dept", &["visit_agent"],
        &[ElapsedPercent(80)], &[(0, LEAD, "service_lead")]),
    (RuleId::D12, "民用户回访(不低于10%)", 0, MonthEnd, "R-43", "service_dept", &["visit_agent"],
        &[DayOfMonth(20)], &[(0, FIRST, ""), (0, TOP, "leader")]),
    (RuleId::D13, "非居民用户回访(100%)", 0, MonthEnd, "R-44", "market_dept", &["visit_agent"],
        &[DayOfMonth(20)], &[(0, FIRST, ""), (0, TOP, "leader")]),
    (RuleId::D14, "每日关注", 0, CalendarDay, "R-10", "market_dept", &["hall_clerk"],
        &[HourOfDay(16)], &[(0, LEAD, "hall_lead")]),
    (RuleId::D15, "行政许可代办", 20, WorkingDay, "R-42", "market_dept", &["permit_agent"], HALF,
        &[(0, LEAD, "cm_lead")]),
    (RuleId::D16, "河南省五个工作日外限", 5, WorkingDay, "L-01", "market_dept",
        &["customer_manager"], &[ElapsedWorkingDays(3), ElapsedWorkingDays(4)],
        &[(0, TOP, "leader")]),
    (RuleId::D17, "竣工验收备案", 15, CalendarDay, "L-05", "eng_dept", &["eng_lead"],
        &[ElapsedDays(10), ElapsedDays(14)], &[(0, LEAD, "eng_lead")]),
    (RuleId::D18, "投诉首次答复", 24, Hour, "R-54", "service_dept", &["service_lead"],
        &[ElapsedHours(12)], &[(0, LEAD, ""), (0, LEAD, "inspector")]),
    (RuleId::D19, "投诉查处", 5, WorkingDay, "R-54", "supervision", &["inspector"],
        &[ElapsedWorkingDays(3)], &[(0, TOP, "leader")]),
    (RuleId::D20, "差评核实", 1, WorkingDay, "R-45", "service_dept", &["service_lead"],
        &[ElapsedPercent(80)], &[(0, TOP, "leader")]),
    (RuleId::D21, "督查整改", 10, WorkingDay, "R-52", "supervision", &["inspector"],
        &[WorkingDaysLeft(3)], &[(0, LEAD, "inspector"), (0, TOP, "leader")]),
    (RuleId::D22, "个人信息请求", 15, WorkingDay, "L-15", "service_dept",
        &["sec_admin", "service_lead"], &[ElapsedWorkingDays(10)], &[(0, TOP, "leader")]),
];

/// Builds version 1 of the policy set.
pub(super) fn policy() -> Result<Policy, PolicyError> {
    let effective = NaiveDate::from_ymd_opt(2022, 3, 2).expect("2022-03-02 is a date");
    Policy::new(SET.to_owned(), 1, effective, TABLE.iter().map(rule).collect())
}

fn rule(row: &Row) -> DeadlineRule {
    let (rule, name_zh, count, unit, clause, org, roles, warn_at, steps) = *row;
    let mut escalations: Vec<_> = steps.iter().map(escalation).collect();
    if rule == RuleId::D09 {
        // Rule F-7: the owed item is dealt with five working days later.
        escalations.push(Escalation {
            after: EscalateAfter::WorkingDays(5),
            level: FIRST,
            role: None,
        });
    }
    DeadlineRule {
        rule,
        name_zh: name_zh.to_owned(),
        term: Term::new(count, unit),
        max_count: (rule == RuleId::D09).then_some(20),
        clause: clause.to_owned(),
        org: org.to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        warn_at: warn_at.to_vec(),
        escalations,
    }
}

fn escalation(&(hours, level, role): &(u32, EscalationLevel, &'static str)) -> Escalation {
    Escalation {
        after: EscalateAfter::Hours(hours),
        level,
        role: (!role.is_empty()).then(|| role.to_owned()),
    }
}
