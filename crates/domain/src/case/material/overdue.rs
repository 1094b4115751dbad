//! What happens with time to a debt: reminders, the overdue mark, the visit,
//! the lead's decision (F-6, F-7, R-40). Nothing stops by itself.
//!
//! The instants hang on the debt's own clock and the working calendar; who
//! asks (a round of the server) only says "now".

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    MaterialItem, OwedBy,
    debt::{open_clock, take_over},
    item,
    notice::{Message, tell},
};
use crate::{
    calendar::Calendar,
    case::{Case, CaseState, closing, suspension::Suspend},
    clock::Clock,
    coded::coded,
    context::Context,
    event::{ClockPause, Event},
    period::{add_working_days, subtract_working_days},
    policy::PauseReason,
    refusal::{Code, Refusal, require},
    role::Role,
    time::{Date, Instant},
};

/// Working days before the due day of the first reminder (F-6).
const REMIND_BEFORE: u32 = 3;
/// Working days after it until the manager has to go there (F-7).
const VISIT_AFTER: u32 = 5;
/// Working days after it until the lead decides (F-7).
const DECIDE_AFTER: u32 = 20;

coded! {
    /// The steps of a debt, in the order of time.
    Step {
        /// 到期前三个工作日
        Before = "before_due",
        /// 到期日
        DueDay = "due_day",
        /// 已逾期
        Overdue = "overdue",
        /// 逾期五个工作日，须上门
        Visit = "visit",
        /// 逾期二十个工作日，须决定
        Decide = "decide",
    }
}

/// A step that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reminded {
    /// Which.
    pub step: Step,
    /// The last day that it was about.
    pub due_on: Date,
    /// When it was taken.
    pub at: Instant,
}

/// A debt has reached a step; given by the server itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RemindMaterial {
    /// Its code in the catalogue.
    #[schemars(extend("x-widget" = "material"))]
    pub code: String,
    /// The step.
    pub step: Step,
}

/// A debt reached a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MaterialReminded {
    /// Its code in the catalogue.
    pub code: String,
    /// The step.
    pub step: Step,
    /// The last day that it is about.
    pub due_on: Date,
}

/// `tolerance_overdue`: the manager has to go there, later the lead decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Overdue {
    /// Since when.
    pub since: Instant,
    /// When the manager was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visited_at: Option<Instant>,
    /// Since when the lead's decision is waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_decide_since: Option<Instant>,
}

coded! {
    /// What the lead decides after twenty working days (F-7).
    OverdueDecision {
        /// 挂起
        Suspend = "suspend",
        /// 改由公司收集
        TakeOver = "take_over",
        /// 终止
        Terminate = "terminate",
    }
}

/// Decides what becomes of a case whose papers never came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DecideOverdue {
    /// What.
    pub decision: OverdueDecision,
    /// Why.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
    /// For a suspension: until when, as far as is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub expected_end: Option<Date>,
}

impl Step {
    /// When a debt with this clock reaches the step.
    pub fn due_at(self, clock: &Clock, calendar: &Calendar) -> Instant {
        let last = super::debt::last_day(clock);
        let after =
            |days| Instant::start_of(add_working_days(clock.due_at.date(), days, calendar).0);
        match self {
            Self::Before => Instant::start_of(subtract_working_days(last, REMIND_BEFORE, calendar)),
            Self::DueDay => Instant::start_of(last),
            Self::Overdue => clock.due_at,
            Self::Visit => after(VISIT_AFTER),
            Self::Decide => after(DECIDE_AFTER),
        }
    }
}

/// The step of each open debt that is reached at `now` and was not taken; of
/// several that were missed, the last one.
pub fn steps_due(case: &Case, calendar: &Calendar, now: Instant) -> Vec<RemindMaterial> {
    let debts = case.materials.iter().filter(|item| item.owed_by.is_some() && item.is_open());
    debts
        .filter_map(|item| {
            let clock = open_clock(case, &item.code)?;
            let step = reached(item, clock, calendar, now)?;
            Some(RemindMaterial { code: item.code.clone(), step })
        })
        .collect()
}

/// The last step reached, if it was not taken for the present last day. A debt
/// of a few days is not reminded before it was told.
fn reached(item: &MaterialItem, clock: &Clock, calendar: &Calendar, now: Instant) -> Option<Step> {
    let last = super::debt::last_day(clock);
    let begun = |step: &Step| {
        let at = step.due_at(clock, calendar);
        at <= now && at > clock.started_at
    };
    let step = Step::ALL.iter().copied().rfind(begun)?;
    let taken = item.reminded.iter().any(|done| done.due_on == last && done.step >= step);
    (!taken).then_some(step)
}

pub(crate) fn remind(
    case: &Case,
    reminded: &RemindMaterial,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let due = steps_due(case, &cx.rules.calendar, cx.now);
    require(due.contains(reminded), || Refusal::field("step", "not reached, or taken already"))?;
    let found = item(case, &reminded.code).ok_or_else(|| Refusal::new(Code::Unknown))?;
    let due_on = found.due_on.ok_or_else(|| Refusal::new(Code::Unknown))?;
    let (code, step) = (reminded.code.clone(), reminded.step);
    let mut events = vec![Event::MaterialReminded(MaterialReminded { code, step, due_on })];
    let message = match step {
        Step::Before | Step::DueDay => Some(Message::Reminder),
        Step::Overdue => Some(Message::Overdue),
        Step::Visit | Step::Decide => None,
    };
    if found.owed_by == Some(OwedBy::Customer) {
        events.extend(message.map(|message| tell(case, message, Some(&reminded.code), cx)));
    }
    Ok(events)
}

/// Whose word a decision needs besides: nothing is taken from a user whose
/// pipes are being laid without the leader (C29).
pub(crate) fn word(case: &Case, decided: &DecideOverdue) -> Option<Role> {
    let ends = decided.decision == OverdueDecision::Terminate;
    (ends && case.state >= CaseState::Constructing).then_some(Role::Leader)
}

pub(crate) fn decide(
    case: &Case,
    decided: &DecideOverdue,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(!decided.reason.trim().is_empty(), || Refusal::field("reason", "missing"))?;
    let waits = case.tolerance.overdue.is_some_and(|mark| mark.to_decide_since.is_some());
    require(waits, || Refusal::new(Code::State).with("overdue", "not yet to be decided"))?;
    let mut events = vec![Event::OverdueDecided(decided.clone())];
    match decided.decision {
        OverdueDecision::TakeOver => {
            events.extend(take_over(case, "overdue", cx, |item| is_past(item, Step::Decide)));
        }
        OverdueDecision::Suspend => events.extend(suspended(case, decided, cx)?),
        OverdueDecision::Terminate => {
            let end = closing::Terminate { reason: decided.reason.clone() };
            events.extend(closing::terminate(case, &end, cx)?);
        }
    }
    Ok(events)
}

fn is_past(item: &MaterialItem, step: Step) -> bool {
    item.reminded.iter().any(|done| done.step >= step && Some(done.due_on) == item.due_on)
}

/// The case waits for the user; of its clocks only those stand still that may
/// for the user's own time (CLK-3).
fn suspended(
    case: &Case,
    decided: &DecideOverdue,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(case.suspended.is_none(), || Refusal::new(Code::State).with("suspended", true))?;
    let reason = PauseReason::CustomerSideTime;
    let mut events = vec![Event::CaseSuspended(Suspend {
        reason,
        evidence: decided.reason.clone(),
        file: None,
        expected_end: decided.expected_end,
    })];
    let still = case.clocks.iter().filter(|clock| clock.may_pause(cx.now, reason).is_ok());
    events.extend(still.map(|clock| {
        Event::ClockPaused(ClockPause {
            rule: clock.rule,
            key: clock.key.clone(),
            at: cx.now,
            reason,
        })
    }));
    Ok(events)
}

/// Applies a step.
pub(crate) fn put(case: &mut Case, reminded: &MaterialReminded, at: Instant) {
    let (step, due_on) = (reminded.step, reminded.due_on);
    if let Some(item) = case.materials.iter_mut().find(|item| item.code == reminded.code) {
        item.reminded.push(Reminded { step, due_on, at });
    }
    if step < Step::Visit {
        return;
    }
    let fresh = Overdue { since: at, visited_at: None, to_decide_since: None };
    let mark = case.tolerance.overdue.get_or_insert(fresh);
    if step == Step::Decide {
        mark.to_decide_since.get_or_insert(at);
    }
}

/// Takes the mark away once nothing is owed beyond the step that set it.
pub(crate) fn settle(case: &mut Case) {
    let late = |item: &MaterialItem| {
        item.owed_by.is_some() && item.is_open() && is_past(item, Step::Visit)
    };
    if !case.materials.iter().any(late) {
        case.tolerance.overdue = None;
    }
}

/// Whether a debt is late, as far as it was noted.
pub fn is_noted(case: &Case) -> bool {
    let late = |item: &MaterialItem| {
        item.owed_by.is_some() && item.is_open() && is_past(item, Step::Overdue)
    };
    case.materials.iter().any(late)
}
