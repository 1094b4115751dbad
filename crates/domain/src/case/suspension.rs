//! 挂起: suspend and resume, C27 (CLK-3, CLK-4). Only the clocks that the
//! reason may pause stand still.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{Case, material::known_files},
    clock::{Clock, ClockState},
    context::Context,
    event::{ClockPause, Event},
    ids::FileId,
    policy::PauseReason,
    refusal::{Code, Refusal, require},
    time::{Date, Instant},
};

/// A suspension that lasts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Suspension {
    /// Why.
    pub reason: PauseReason,
    /// Since when.
    pub from: Instant,
    /// Until when, as far as is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_end: Option<Date>,
}

/// Asks for a suspension; the lead decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Suspend {
    /// Why.
    pub reason: PauseReason,
    /// What proves it, in words.
    #[schemars(extend("x-widget" = "text"))]
    pub evidence: String,
    /// A photo or paper that proves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "file:other"))]
    pub file: Option<FileId>,
    /// Until when, as far as is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub expected_end: Option<Date>,
}

/// Asks to go on; the lead decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Resume {
    /// What changed.
    #[schemars(extend("x-widget" = "text"))]
    pub note: String,
}

pub(crate) fn suspend(
    case: &Case,
    asked: &Suspend,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(!asked.evidence.trim().is_empty(), || {
        Refusal::new(Code::Evidence).with("field", "evidence").with("want", "what proves it")
    })?;
    let file: Vec<_> = asked.file.into_iter().collect();
    known_files(case, &file, "file")?;
    // A special procedure is the authority's, recorded with its answer.
    require(asked.reason != PauseReason::SpecialProcedure, || {
        Refusal::new(Code::PauseNotAllowed).with("reason", "special_procedure")
    })?;
    let paused: Vec<_> = case
        .clocks
        .iter()
        .filter(|clock| clock.may_pause(cx.now, asked.reason).is_ok())
        .map(|clock| {
            let (rule, at, reason) = (clock.rule, cx.now, asked.reason);
            let key = None;
            Event::ClockPaused(ClockPause { rule, key, at, reason })
        })
        .collect();
    require(!paused.is_empty(), || Refusal::new(Code::PauseNotAllowed))?;
    let mut events = vec![Event::CaseSuspended(asked.clone())];
    events.extend(paused);
    Ok(events)
}

pub(crate) fn resume(case: &Case, asked: &Resume, cx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    require(!asked.note.trim().is_empty(), || Refusal::field("note", "missing"))?;
    let mut events = vec![Event::CaseResumed(asked.clone())];
    let ours = |clock: &&Clock| {
        let special = clock.pauses.last().map(|pause| pause.reason);
        clock.state == ClockState::Paused && special != Some(PauseReason::SpecialProcedure)
    };
    for clock in case.clocks.iter().filter(ours) {
        let mut going = clock.clone();
        going.resume(cx.now, &cx.rules.calendar).map_err(|fault| {
            Refusal::new(Code::ClockSkew).with("rule", clock.rule).with("why", fault)
        })?;
        events.push(Event::ClockResumed(going));
    }
    Ok(events)
}
