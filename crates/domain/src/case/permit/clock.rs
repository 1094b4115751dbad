//! The clocks of a filing, P-1 to P-7 (section g). All run under D-15; the key
//! says which one, of which kind of permit, of which filing.

use std::{fmt, str::FromStr};

use super::{filing::PermitFiling, kind::PermitKind, state::PermitState as S};
use crate::{
    case::Case,
    clock::Clock,
    coded::coded,
    context::Context,
    event::{ClockPause, ClockStop, Event, Stop},
    flow,
    ids::{FilingId, UserId},
    policy::{PauseReason, RuleId, WarnAt},
    time::{Date, Instant},
};

coded! {
    /// What a clock of a filing measures.
    PermitClock {
        /// 我方提交: from the issued drawing.
        P1 = "P-1",
        /// 一次性补正告知: from the filing; else it is deemed accepted.
        P2 = "P-2",
        /// 审批决定: from acceptance.
        P3 = "P-3",
        /// 证件送达: from the decision.
        P4 = "P-4",
        /// 许可有效期: until its last day.
        P5 = "P-5",
        /// 恢复与验收: from the use to the joint inspection.
        P6 = "P-6",
        /// 占用绿地不超过一年.
        P7 = "P-7",
    }
}

impl PermitClock {
    /// Its name for Chinese readers.
    pub fn zh(self) -> &'static str {
        match self {
            Self::P1 => "我方提交",
            Self::P2 => "补正告知",
            Self::P3 => "审批决定",
            Self::P4 => "证件送达",
            Self::P5 => "许可有效期",
            Self::P6 => "恢复验收",
            Self::P7 => "占绿不超一年",
        }
    }
}

/// What the key of a clock under D-15 says: `P-3:road_dig:<filing>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockKey {
    /// What is measured.
    pub part: PermitClock,
    /// Of which kind of permit.
    pub kind: PermitKind,
    /// Of which filing.
    pub filing: FilingId,
}

impl fmt::Display for ClockKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.part.as_str(), self.kind.as_str(), self.filing)
    }
}

impl FromStr for ClockKey {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(3, ':');
        let mut part = || parts.next().ok_or(());
        Ok(Self {
            part: PermitClock::parse(part()?).ok_or(())?,
            kind: PermitKind::parse(part()?).ok_or(())?,
            filing: part()?.parse().map_err(|_| ())?,
        })
    }
}

impl Case {
    /// The clocks of a filing, each with what it measures.
    pub fn permit_clocks(&self, id: FilingId) -> impl Iterator<Item = (PermitClock, &Clock)> {
        self.clocks.iter().filter(|clock| clock.rule == RuleId::D15).filter_map(move |clock| {
            let key: ClockKey = clock.key.as_deref()?.parse().ok()?;
            (key.filing == id).then_some((key.part, clock))
        })
    }

    /// The open clock of a filing that measures `part`.
    pub(super) fn permit_clock(&self, id: FilingId, part: PermitClock) -> Option<&Clock> {
        self.permit_clocks(id)
            .find(|(of, clock)| *of == part && clock.state.is_open())
            .map(|(_, clock)| clock)
    }
}

/// Who answers for the filing: who works on it, else the customer manager.
fn person(filing: &PermitFiling, case: &Case) -> Option<UserId> {
    filing.agent.or(Some(case.manager))
}

fn fresh(
    part: PermitClock,
    filing: &PermitFiling,
    case: &Case,
    at: Instant,
    cx: &Context<'_>,
) -> Clock {
    let key = ClockKey { part, kind: filing.kind, filing: filing.id }.to_string();
    flow::clock(cx, RuleId::D15, Some(key), at, person(filing, case))
}

/// Starts a clock of so many working days.
pub(super) fn start(
    part: PermitClock,
    filing: &PermitFiling,
    case: &Case,
    at: Instant,
    days: u32,
    cx: &Context<'_>,
) -> Event {
    let clock = fresh(part, filing, case, at, cx);
    Event::ClockStarted(clock.with_count(days, &cx.rules.calendar))
}

/// Starts a clock that ends with a day; it warns 7 and 3 days before.
pub(super) fn until(
    part: PermitClock,
    filing: &PermitFiling,
    case: &Case,
    (at, last): (Instant, Date),
    cx: &Context<'_>,
) -> Event {
    let mut clock = fresh(part, filing, case, at, cx);
    clock.term.count = 0;
    let warn = [WarnAt::DaysLeft(7), WarnAt::DaysLeft(3)];
    Event::ClockStarted(clock.until(last, &cx.rules.calendar).warning(&warn, &cx.rules.calendar))
}

/// Stops the filing's open clock of `part`, if it runs.
pub(super) fn stop(
    case: &Case,
    part: PermitClock,
    filing: &PermitFiling,
    at: Instant,
    how: Stop,
) -> Option<Event> {
    let clock = case.permit_clock(filing.id, part)?;
    let (rule, key) = (RuleId::D15, clock.key.clone());
    Some(Event::ClockStopped(ClockStop { rule, key, at, how }))
}

/// Cancels every open clock of the filing.
pub(super) fn cancel(case: &Case, filing: &PermitFiling, at: Instant) -> Vec<Event> {
    PermitClock::ALL
        .iter()
        .filter_map(|part| stop(case, *part, filing, at, Stop::Cancelled))
        .collect()
}

/// The time of a special procedure does not count (行政许可法 45).
pub(super) fn pause(case: &Case, filing: &PermitFiling, at: Instant) -> Option<Event> {
    let clock = case.permit_clock(filing.id, PermitClock::P3)?;
    let reason = PauseReason::SpecialProcedure;
    clock.may_pause(at, reason).ok()?;
    let (rule, key) = (RuleId::D15, clock.key.clone());
    Some(Event::ClockPaused(ClockPause { rule, key, at, reason }))
}

/// The decision's time runs on after a special procedure.
pub(super) fn resume(
    case: &Case,
    filing: &PermitFiling,
    at: Instant,
    cx: &Context<'_>,
) -> Option<Event> {
    let mut clock = case.permit_clock(filing.id, PermitClock::P3)?.clone();
    clock.resume(at, &cx.rules.calendar).ok()?;
    Some(Event::ClockResumed(clock))
}

/// What follows from an issued drawing: P-1 of every filing not yet handed in.
pub(crate) fn due_to_file(case: &Case, cx: &Context<'_>) -> Vec<Event> {
    let Some(design) = case.design() else { return Vec::new() };
    let waits = |filing: &&PermitFiling| {
        matches!(filing.state, S::Proposed | S::Drafting)
            && !case.permit_clocks(filing.id).any(|(part, _)| part == PermitClock::P1)
    };
    case.permits
        .iter()
        .filter(waits)
        .map(|filing| {
            let from = design.issued_at.max(filing.since);
            start(PermitClock::P1, filing, case, from, cx.rules.permits.filing_days, cx)
        })
        .collect()
}
