//! Who hears of a clock, and when: warnings before the due instant, the steps
//! of the policy after it (CLK-6, CLK-11), and who answers for it.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    card::card,
    clock::{Clock, ClockState, Warning},
    ids::{RecordId, UserId, derived},
    notice::{About, Level, RaiseNotice, Recipient},
    policy::{DeadlineRule, Escalation, EscalationLevel, RuleId},
    record::{Person, Record, Rules},
    role::{OrgUnit, Role},
    tend::{ClockBreach, breach},
    time::{DAY_MS, Instant},
};

/// A department's people with a duty of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Department {
    /// Which.
    pub org: OrgUnit,
    /// Its lead, where no role says who that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<UserId>,
    /// 第一责任人
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_responsible: Option<UserId>,
}

/// The notices that have become due on the clocks of `record` by `now`, each
/// with the identity that keeps it from being raised twice.
pub fn notices(
    record: &Record,
    rules: &Rules,
    people: &[Person],
    now: Instant,
) -> Vec<(RecordId, RaiseNotice)> {
    let desk = Desk { record, rules, people, now };
    let mut all = Vec::new();
    for clock in record.clocks().iter().filter(|clock| desk.is_alive(clock)) {
        if clock.is_late(now) {
            all.extend(desk.escalated(clock));
        } else {
            all.extend(desk.warned(clock));
        }
    }
    all
}

/// The role that leads a department, where one does.
pub fn lead_role(org: OrgUnit) -> Role {
    match org {
        OrgUnit::MarketDept | OrgUnit::GovHall | OrgUnit::External => Role::CmLead,
        OrgUnit::TechDept => Role::TechLead,
        OrgUnit::EngDept | OrgUnit::Contractor => Role::EngLead,
        OrgUnit::ServiceDept => Role::ServiceLead,
        OrgUnit::Finance | OrgUnit::It => Role::Leader,
        OrgUnit::Office => Role::Inspector,
    }
}

struct Desk<'a> {
    record: &'a Record,
    rules: &'a Rules,
    people: &'a [Person],
    now: Instant,
}

impl Desk<'_> {
    /// Open clocks, and late ones whose stop is so fresh that a round may not
    /// have seen them running.
    fn is_alive(&self, clock: &Clock) -> bool {
        let fresh = clock.stopped_at.is_some_and(|at| self.now.since(at) < DAY_MS);
        clock.state == ClockState::Running || (clock.state == ClockState::StoppedLate && fresh)
    }

    fn warned(&self, clock: &Clock) -> Vec<(RecordId, RaiseNotice)> {
        let row = self.rules.policy_of(&clock.policy).rule(clock.rule);
        let to = match clock.person {
            Some(person) => BTreeSet::from([Recipient::User(person)]),
            None => roles_of(row),
        };
        let due = clock.warnings(self.now).into_iter();
        due.flat_map(|warning| to.iter().map(|to| self.warning(clock, row, warning, *to))).collect()
    }

    fn warning(
        &self,
        clock: &Clock,
        row: &DeadlineRule,
        warning: &Warning,
        to: Recipient,
    ) -> (RecordId, RaiseNotice) {
        let threshold = warning.threshold.code();
        let mut raise = self.blank(clock, row, to, Level::Warning, "clock_warning");
        raise.params.insert("threshold".to_owned(), threshold.clone());
        (self.name(clock, &format!("warn {threshold}"), to), raise)
    }

    fn escalated(&self, clock: &Clock) -> Vec<(RecordId, RaiseNotice)> {
        let row = self.rules.policy_of(&clock.policy).rule(clock.rule);
        let broken = breach(clock);
        let until = clock.stopped_at.map_or(self.now, |at| at.min(self.now));
        let mut all = Vec::new();
        for (place, step) in row.escalations.iter().enumerate() {
            if step.due_at(broken.due_at, &self.rules.calendar) > until {
                continue;
            }
            for to in self.recipients(step, &broken) {
                let level = Level::from(step.level);
                let mut raise = self.blank(clock, row, to, level, "clock_breached");
                raise.params.insert("org".to_owned(), broken.org.clone());
                if let Some(person) = broken.person {
                    raise.params.insert("person".to_owned(), person.to_string());
                }
                let label = format!("step {place} {}", broken.due_at.0);
                all.push((self.name(clock, &label, to), raise));
            }
        }
        all
    }

    /// Each person whom the step names; the role itself when nobody holds it,
    /// so that the notice waits for whoever comes.
    fn recipients(&self, step: &Escalation, broken: &ClockBreach) -> BTreeSet<Recipient> {
        let org = OrgUnit::parse(&broken.org).unwrap_or(OrgUnit::Office);
        match step.level {
            EscalationLevel::Leader => self.holders(Role::Leader),
            EscalationLevel::FirstResponsible => match self.first_responsible(org) {
                Some(person) => BTreeSet::from([Recipient::User(person)]),
                None => self.holders(lead_role(org)),
            },
            EscalationLevel::DeptLead => match step.role.as_deref() {
                Some(HALL_LEAD) => self.leads(OrgUnit::GovHall),
                Some(role) => {
                    Role::parse(role).map_or_else(|| self.leads(org), |role| self.holders(role))
                }
                None => self.leads(org),
            },
        }
    }

    fn first_responsible(&self, org: OrgUnit) -> Option<UserId> {
        let person = self.department(org)?.first_responsible?;
        self.is_active(person).then_some(person)
    }

    fn leads(&self, org: OrgUnit) -> BTreeSet<Recipient> {
        match self.department(org).and_then(|department| department.lead) {
            Some(person) if self.is_active(person) => BTreeSet::from([Recipient::User(person)]),
            _ => self.holders(lead_role(org)),
        }
    }

    fn department(&self, org: OrgUnit) -> Option<&Department> {
        self.rules.departments.iter().find(|department| department.org == org)
    }

    fn is_active(&self, user: UserId) -> bool {
        self.people.iter().any(|person| person.active && person.user() == user)
    }

    fn holders(&self, role: Role) -> BTreeSet<Recipient> {
        let holds = |person: &&Person| person.active && person.roles.contains(&role);
        let people: BTreeSet<_> =
            self.people.iter().filter(holds).map(|person| Recipient::User(person.user())).collect();
        if people.is_empty() { BTreeSet::from([Recipient::Role(role)]) } else { people }
    }

    fn blank(
        &self,
        clock: &Clock,
        row: &DeadlineRule,
        to: Recipient,
        level: Level,
        text: &str,
    ) -> RaiseNotice {
        let about = About {
            record: self.record.id(),
            kind: self.record.kind(),
            no: card(self.record).no,
            rule: Some(clock.rule),
            key: clock.key.clone(),
            clause: Some(row.clause.clone()),
        };
        let due = ("due".to_owned(), clock.breached_at.unwrap_or(clock.due_at).0.to_string());
        RaiseNotice { to, level, about, text: text.to_owned(), params: [due].into() }
    }

    /// The identity of a notice: one for each clock, threshold or step, and
    /// recipient.
    fn name(&self, clock: &Clock, what: &str, to: Recipient) -> RecordId {
        let key = clock.key.as_deref().unwrap_or_default();
        let to = match to {
            Recipient::User(user) => user.to_string(),
            Recipient::Role(role) => role.as_str().to_owned(),
        };
        let label = format!("{} {key} {} {what} {to}", clock.rule, clock.started_at.0);
        derived(self.record.id(), &label)
    }
}

/// The roles that have to act, each as one recipient.
fn roles_of(row: &DeadlineRule) -> BTreeSet<Recipient> {
    row.roles.iter().filter_map(|role| Role::parse(role)).map(Recipient::Role).collect()
}

/// The word of the policy for the lead of the government hall's desk, who has
/// no role of their own.
const HALL_LEAD: &str = "hall_lead";

/// Who answers for the most urgent running clock of a record: exactly one
/// department and one person at any time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InCharge {
    /// The deadline.
    pub rule: RuleId,
    /// When it is due.
    pub due_at: Instant,
    /// The department.
    pub org: String,
    /// The person: who is named on the clock, else who leads the department;
    /// nobody only where nobody holds that post.
    pub person: Option<UserId>,
}

/// Who answers for the most urgent running clock of `record`; nothing when no
/// clock runs.
pub fn in_charge(record: &Record, rules: &Rules, people: &[Person]) -> Option<InCharge> {
    let running = record.clocks().iter().filter(|clock| clock.state == ClockState::Running);
    let clock = running.min_by_key(|clock| (clock.due_at, clock.rule))?;
    let org = OrgUnit::parse(&clock.org).unwrap_or(OrgUnit::Office);
    Some(InCharge {
        rule: clock.rule,
        due_at: clock.due_at,
        org: org.as_str().to_owned(),
        person: clock.person.or_else(|| lead_of(org, rules, people)),
    })
}

/// The person who leads a department: the one who is named, else the first who
/// holds its lead's role.
pub fn lead_of(org: OrgUnit, rules: &Rules, people: &[Person]) -> Option<UserId> {
    let active = |user: UserId| people.iter().any(|one| one.active && one.user() == user);
    let named = rules.departments.iter().find(|department| department.org == org);
    let named = named.and_then(|department| department.lead).filter(|user| active(*user));
    let holds = |one: &&Person| one.active && one.roles.contains(&lead_role(org));
    named.or_else(|| people.iter().find(holds).map(Person::user))
}
