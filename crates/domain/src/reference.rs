//! What people do with reference data: a colleague confirms having read the
//! plan; the administrators publish rules, one proposing and another
//! deciding (R-01, CLK-9, R-51).

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each part answers for its own commands; the rest is not its affair"
)]

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    approval::{Approval, Decided, approver},
    calendar::{CalendarYear, DayRange},
    command::{Command, CommandName},
    context::{Context, View},
    escalation::Department,
    event::{Change, Event},
    ids::UserId,
    period::Unit,
    policy::{Policy, RuleId},
    record::{Person, Record, Rules},
    refusal::{Code, Refusal, require},
    role::OrgUnit,
    time::{Date, Instant},
};

/// The reader confirms having read the plan in this version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConfirmPolicy {
    /// The version that was read, as [`Policy::label`] writes it.
    pub policy: String,
}

/// What a person has confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyRead {
    /// The version that was read.
    pub policy: String,
    /// When.
    pub at: Instant,
}

/// The next version of the policy set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublishPolicy {
    /// The deadlines that change; the rest stay as they are.
    pub changes: Vec<TermChange>,
    /// The resolution it rests on.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
}

/// A deadline with another length, in the unit that it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TermChange {
    /// Which deadline.
    pub rule: RuleId,
    /// How many units from now on.
    pub count: u32,
}

/// The State Council's notice on the days off of a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublishCalendar {
    /// The year.
    pub year: i32,
    /// The number of the notice.
    pub notice: String,
    /// The days off.
    pub holidays: Vec<DayRange>,
    /// The Saturdays and Sundays that are worked.
    #[serde(default)]
    #[schemars(extend("x-widget" = "dates"))]
    pub makeup_workdays: Vec<Date>,
}

/// Who leads a department and who is its first responsible person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NameDepartment {
    /// The department.
    pub org: OrgUnit,
    /// Its lead, where no role says who that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "person"))]
    pub lead: Option<UserId>,
    /// 第一责任人
    #[schemars(extend("x-widget" = "person"))]
    pub first_responsible: UserId,
}

/// Whether the actor may act at all: nobody works by a plan unread.
/// Interfaces are no readers.
pub(crate) fn has_read(command: CommandName, cx: &Context<'_>) -> Result<(), Refusal> {
    let free = command == CommandName::ConfirmPolicy || cx.actor.is(crate::role::Role::Integration);
    require(free || cx.actor.has_read_policy, || {
        Refusal::new(Code::PolicyUnread).with("policy", cx.rules.policy.label())
    })
}

/// Whether a command is about this record at all.
pub(crate) fn concerns(record: &Record, command: CommandName) -> bool {
    use CommandName as C;
    match record {
        Record::Person(_) => command == C::ConfirmPolicy,
        Record::Rules(_) => {
            matches!(
                command,
                C::PublishPolicy
                    | C::PublishCalendar
                    | C::NameDepartment
                    | C::PublishPrices
                    | C::Decide
            )
        }
        _ => false,
    }
}

/// Whether the command can be given now, whatever its data.
pub(crate) fn possible(
    record: &Record,
    command: CommandName,
    cx: &Context<'_>,
) -> Result<(), Refusal> {
    require(concerns(record, command), || Refusal::new(Code::State))?;
    match record {
        Record::Person(person) => {
            require(person.user() == cx.actor.user, || Refusal::new(Code::Assigned))?;
            let read = person.policy_read.as_ref().map(|read| read.policy.as_str());
            require(read != Some(cx.rules.policy.label().as_str()), || {
                Refusal::new(Code::Duplicate)
            })
        }
        Record::Rules(rules) => {
            let mut open = rules.approvals.iter().filter(|approval| approval.decided.is_none());
            if command == CommandName::Decide {
                return require(open.next().is_some(), || {
                    Refusal::new(Code::State).with("open", 0)
                });
            }
            let waits = open.any(|approval| approval.command.name() == command);
            require(!waits, || Refusal::new(Code::Duplicate).with("waiting", command.as_str()))
        }
        _ => Err(Refusal::new(Code::State)),
    }
}

/// Judges a command on reference data.
pub(crate) fn judge(
    record: &Record,
    view: &View<'_>,
    command: &Command,
    cx: &Context<'_>,
) -> Result<Vec<Change>, Refusal> {
    possible(record, command.name(), cx)?;
    let events = match (record, command) {
        (Record::Person(_), Command::ConfirmPolicy(read)) => vec![confirm(read, cx)?],
        (Record::Rules(rules), _) => on_rules(rules, view, command, cx)?,
        _ => return Err(Refusal::new(Code::State)),
    };
    Ok(events.into_iter().map(|event| Change { record: record.id(), event }).collect())
}

fn confirm(read: &ConfirmPolicy, cx: &Context<'_>) -> Result<Event, Refusal> {
    let label = cx.rules.policy.label();
    require(read.policy == label, || {
        Refusal::new(Code::Version).with("have", &read.policy).with("want", &label)
    })?;
    Ok(Event::PolicyConfirmed(PolicyRead { policy: label, at: cx.now }))
}

/// One administrator proposes, another decides.
fn on_rules(
    rules: &Rules,
    view: &View<'_>,
    command: &Command,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let Command::Decide(decide) = command else {
        // The proposal is judged as if it were granted.
        effect(rules, view, command, cx)?;
        let needs = approver(command.name(), false).ok_or_else(|| Refusal::new(Code::State))?;
        return Ok(vec![Event::ApprovalRequested(Box::new(Approval {
            no: u32::try_from(rules.approvals.len()).unwrap_or(u32::MAX).saturating_add(1),
            command: command.clone(),
            by: cx.actor.user,
            at: cx.now,
            needs,
            decided: None,
        }))]);
    };
    let approval = decide.open(&rules.approvals, cx.actor)?;
    let mut events = vec![Event::ApprovalDecided(Decided {
        no: decide.no,
        approve: decide.approve,
        by: cx.actor.user,
        at: cx.now,
        note: decide.note.clone(),
    })];
    if decide.approve {
        events.push(effect(rules, view, &approval.command, cx)?);
    }
    Ok(events)
}

fn effect(
    rules: &Rules,
    view: &View<'_>,
    command: &Command,
    cx: &Context<'_>,
) -> Result<Event, Refusal> {
    match command {
        Command::PublishPolicy(next) => {
            next_policy(rules, next, cx).map(|policy| Event::PolicyPublished(Box::new(policy)))
        }
        Command::PublishCalendar(next) => {
            require(!next.notice.trim().is_empty(), || Refusal::field("notice", "missing"))?;
            let year = CalendarYear {
                year: next.year,
                notice: next.notice.clone(),
                holidays: next.holidays.clone(),
                makeup_workdays: next.makeup_workdays.clone(),
            };
            let tried = rules.calendar.with_year(year.clone());
            tried.map_err(|error| Refusal::field("holidays", error))?;
            Ok(Event::CalendarPublished(Box::new(year)))
        }
        Command::NameDepartment(named) => {
            for user in named.lead.iter().chain([&named.first_responsible]) {
                // A decision is judged without the person, who was there when it was proposed.
                let known = view.person(*user).is_none_or(|person| person.active);
                require(known, || Refusal::field("first_responsible", "not in use"))?;
            }
            Ok(Event::DepartmentNamed(Department {
                org: named.org,
                lead: named.lead,
                first_responsible: Some(named.first_responsible),
            }))
        }
        _ => Err(Refusal::new(Code::State)),
    }
}

fn next_policy(rules: &Rules, next: &PublishPolicy, cx: &Context<'_>) -> Result<Policy, Refusal> {
    require(!next.reason.trim().is_empty(), || Refusal::field("reason", "missing"))?;
    require(!next.changes.is_empty(), || Refusal::field("changes", "nothing changes"))?;
    let before = &rules.policy;
    let mut table = before.rules().to_vec();
    let mut seen = BTreeSet::new();
    for change in &next.changes {
        require(seen.insert(change.rule), || Refusal::field("changes", "a deadline twice"))?;
        let counted = |unit| matches!(unit, Unit::Hour | Unit::CalendarDay | Unit::WorkingDay);
        let row = table.iter_mut().find(|row| row.rule == change.rule);
        let row = row.filter(|row| counted(row.term.unit) && change.count > 0);
        let row =
            row.ok_or_else(|| Refusal::field("changes", "this deadline has no such length"))?;
        row.term.count = change.count;
    }
    Policy::new(before.set.clone(), before.version + 1, cx.now.date(), table)
        .map_err(|error| Refusal::field("changes", error))
}

/// The entry after an event that changes a part of it.
pub(crate) fn apply(before: &Record, event: &Event) -> Option<Record> {
    match (before, event) {
        (Record::Person(person), Event::PolicyConfirmed(read)) => {
            let mut person: Person = (**person).clone();
            person.version += 1;
            person.policy_read = Some(read.clone());
            Some(Record::Person(Box::new(person)))
        }
        (Record::Rules(rules), _) => {
            let mut rules: Rules = (**rules).clone();
            rules.version += 1;
            change(&mut rules, event).then(|| Record::Rules(Box::new(rules)))
        }
        _ => None,
    }
}

/// Whether the event is one of the rules'.
fn change(rules: &mut Rules, event: &Event) -> bool {
    match event {
        Event::PolicyPublished(policy) => {
            let before = std::mem::replace(&mut rules.policy, (**policy).clone());
            rules.earlier.push(before);
        }
        Event::CalendarPublished(year) => {
            // What contradicts itself was refused when it was judged.
            if let Ok(calendar) = rules.calendar.with_year((**year).clone()) {
                rules.calendar = calendar;
            }
        }
        Event::DepartmentNamed(department) => {
            rules.departments.retain(|known| known.org != department.org);
            rules.departments.push(department.clone());
            rules.departments.sort_by_key(|known| known.org);
        }
        Event::ApprovalRequested(approval) => rules.approvals.push((**approval).clone()),
        Event::ApprovalDecided(decided) => {
            if let Some(open) = rules.approvals.iter_mut().find(|open| open.no == decided.no) {
                open.decided = Some(decided.clone());
            }
        }
        _ => return false,
    }
    true
}
