//! The versioned policy set: every deadline of the plan as data (d.3).
//!
//! A clock stores the policy version and the term it was started under, so a
//! later version never touches a running clock. A policy is whole: it
//! knows a rule for every [`RuleId`].

mod rule_id;
mod seed;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use rule_id::{PauseReason, RuleId};

use crate::{
    calendar::Calendar,
    period::{Term, add_working_days},
    time::{Date, HOUR_MS, Instant},
};

/// When a running clock warns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WarnAt {
    /// So many hours after the start.
    ElapsedHours(u32),
    /// So many whole days after the start.
    ElapsedDays(u32),
    /// At the beginning of the so-manyth working day after the start day.
    ElapsedWorkingDays(u32),
    /// When this part of the time is used up.
    ElapsedPercent(u32),
    /// When only this part of the time is left.
    PercentLeft(u32),
    /// At the beginning of the so-manyth working day before the due day.
    WorkingDaysLeft(u32),
    /// At the beginning of the so-manyth day before the due day.
    DaysLeft(u32),
    /// At the beginning of the due day.
    DueDay,
    /// At the beginning of this day of the start's month.
    DayOfMonth(u32),
    /// At this hour of the start day.
    HourOfDay(u32),
}

impl WarnAt {
    /// The threshold as notices name it: `elapsed_hours_12`.
    pub fn code(self) -> String {
        match self {
            Self::ElapsedHours(n) => format!("elapsed_hours_{n}"),
            Self::ElapsedDays(n) => format!("elapsed_days_{n}"),
            Self::ElapsedWorkingDays(n) => format!("elapsed_working_days_{n}"),
            Self::ElapsedPercent(n) => format!("elapsed_percent_{n}"),
            Self::PercentLeft(n) => format!("percent_left_{n}"),
            Self::WorkingDaysLeft(n) => format!("working_days_left_{n}"),
            Self::DaysLeft(n) => format!("days_left_{n}"),
            Self::DueDay => "due_day".to_owned(),
            Self::DayOfMonth(n) => format!("day_of_month_{n}"),
            Self::HourOfDay(n) => format!("hour_of_day_{n}"),
        }
    }
}

/// Who hears of a breach (CLK-11).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum EscalationLevel {
    /// The lead of the department.
    DeptLead,
    /// The department's first responsible person (第一责任人).
    FirstResponsible,
    /// The company's leader.
    Leader,
}

/// How long after the breach an escalation is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EscalateAfter {
    /// So many hours.
    Hours(u32),
    /// At the beginning of the so-manyth working day after the breach.
    WorkingDays(u32),
}

/// One step of the escalation after a breach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Escalation {
    /// When.
    pub after: EscalateAfter,
    /// To which level.
    pub level: EscalationLevel,
    /// The role that hears of it, where the table names one.
    pub role: Option<String>,
}

impl Escalation {
    /// When this step is due after a breach at `breached_at`.
    pub fn due_at(&self, breached_at: Instant, calendar: &Calendar) -> Instant {
        match self.after {
            EscalateAfter::Hours(hours) => breached_at.plus_ms(i64::from(hours) * HOUR_MS),
            EscalateAfter::WorkingDays(0) => breached_at,
            EscalateAfter::WorkingDays(count) => {
                Instant::start_of(add_working_days(breached_at.date(), count, calendar).0)
            }
        }
    }
}

/// One deadline of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeadlineRule {
    /// Which.
    pub rule: RuleId,
    /// Its Chinese name.
    pub name_zh: String,
    /// The duration; `count` is a default where the case sets its own.
    pub term: Term,
    /// The longest duration a case may set, where it may set one.
    pub max_count: Option<u32>,
    /// The clause it follows: R-xx of the plan, L-xx of the law.
    pub clause: String,
    /// The org that is judged by it.
    pub org: String,
    /// The roles that have to act.
    pub roles: Vec<String>,
    /// The warnings, in the order of the table.
    pub warn_at: Vec<WarnAt>,
    /// The escalations, in the order of the table.
    pub escalations: Vec<Escalation>,
}

impl DeadlineRule {
    /// The escalations that are due at `now` after a breach.
    pub fn escalations_due(
        &self,
        breached_at: Instant,
        now: Instant,
        calendar: &Calendar,
    ) -> Vec<&Escalation> {
        let is_due = |step: &&Escalation| step.due_at(breached_at, calendar) <= now;
        self.escalations.iter().filter(is_due).collect()
    }
}

/// Why a policy is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// A rule is missing.
    #[error("the policy has no rule {0}")]
    Missing(RuleId),
    /// A rule is stated twice.
    #[error("the policy states the rule {0} twice")]
    Twice(RuleId),
    /// A default is longer than the rule's own maximum.
    #[error("the duration of the rule {0} is beyond its maximum")]
    TooLong(RuleId),
}

/// A version of the policy set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Unchecked")]
pub struct Policy {
    /// The document number of the set.
    pub set: String,
    /// The version within the set, from 1.
    pub version: u32,
    /// The first day it is in force.
    pub effective: Date,
    rules: Vec<DeadlineRule>,
}

/// A policy as it comes from outside, before it is checked.
#[derive(Deserialize, JsonSchema)]
struct Unchecked {
    set: String,
    version: u32,
    effective: Date,
    rules: Vec<DeadlineRule>,
}

impl TryFrom<Unchecked> for Policy {
    type Error = PolicyError;

    fn try_from(from: Unchecked) -> Result<Self, PolicyError> {
        Self::new(from.set, from.version, from.effective, from.rules)
    }
}

impl Policy {
    /// The policy of the plan itself: `XZLT-2022-16`, in force since 2022-03-02.
    ///
    /// # Panics
    /// Never: a test reads the seed.
    pub fn seed() -> Self {
        seed::policy().expect("the seed states every rule once")
    }

    /// Builds a version of a policy set.
    ///
    /// # Errors
    /// [`PolicyError`] when a rule is missing, stated twice or too long.
    pub fn new(
        set: String,
        version: u32,
        effective: Date,
        mut rules: Vec<DeadlineRule>,
    ) -> Result<Self, PolicyError> {
        rules.sort_by_key(|rule| rule.rule);
        for id in RuleId::ALL {
            match rules.iter().filter(|rule| rule.rule == id).count() {
                0 => return Err(PolicyError::Missing(id)),
                1 => {}
                _ => return Err(PolicyError::Twice(id)),
            }
        }
        let too_long = |rule: &&DeadlineRule| rule.max_count.is_some_and(|m| rule.term.count > m);
        if let Some(rule) = rules.iter().find(too_long) {
            return Err(PolicyError::TooLong(rule.rule));
        }
        Ok(Self { set, version, effective, rules })
    }

    /// The policy version as clocks, gates and forms store it.
    pub fn label(&self) -> String {
        format!("{}/{}", self.set, self.version)
    }

    /// The rule of an id.
    ///
    /// # Panics
    /// Never: a policy is whole by construction.
    pub fn rule(&self, id: RuleId) -> &DeadlineRule {
        self.rules.iter().find(|rule| rule.rule == id).expect("a policy states every rule")
    }

    /// All rules, in the order of the table.
    pub fn rules(&self) -> &[DeadlineRule] {
        &self.rules
    }

    /// The next version with one rule changed.
    ///
    /// # Errors
    /// [`PolicyError::TooLong`] when the rule is beyond its own maximum.
    pub fn with_rule(&self, rule: DeadlineRule, effective: Date) -> Result<Self, PolicyError> {
        let mut rules: Vec<_> =
            self.rules.iter().filter(|known| known.rule != rule.rule).cloned().collect();
        rules.push(rule);
        Self::new(self.set.clone(), self.version + 1, effective, rules)
    }
}

#[cfg(test)]
mod tests;
