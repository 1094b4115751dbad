//! Our own steps after the filing (g.3): what is deemed accepted, the use,
//! the restoration, the joint inspection, what lapsed, what is contested.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    check,
    clock::{self, PermitClock as P},
    draft::{known, wrong_state},
    filing::PermitFiling,
    kind::PermitKind,
    state::PermitState as S,
};
use crate::{
    case::{Case, material::known_files},
    coded::coded,
    context::Context,
    event::{Event, Stop},
    ids::{FileId, FilingId},
    refusal::{Code, Refusal, require},
    role::Role,
    time::{Date, Instant},
};

coded! {
    /// A step of ours.
    PermitStep {
        /// 逾期未告知, 视为受理
        DeemedAccepted = "deemed_accepted",
        /// 开始占用、挖掘
        UseBegun = "use_begun",
        /// 恢复完成
        Restored = "restored",
        /// 联合验收合格, 核销
        Inspected = "inspected",
        /// 过期未用
        Lapsed = "lapsed",
        /// 复议、诉讼
        Appealed = "appealed",
    }
}

/// Records a step of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordPermitStep {
    /// Of which filing.
    #[schemars(extend("x-widget" = "filing:filed,correction_done,granted,in_use,restored,refused"))]
    pub filing: FilingId,
    /// 事项
    pub step: PermitStep,
    /// 时间; now where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "instant"))]
    pub at: Option<Instant>,
    /// 验收人; of an inspection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// 照片或文书; a restoration is photographed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-widget" = "files:permit,photo_construction"))]
    pub files: Vec<FileId>,
    /// 说明; needed for an appeal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub note: Option<String>,
}

/// A step of ours, with what a report asks of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PermitStepped {
    /// Of which filing.
    pub filing: FilingId,
    /// Of which kind.
    pub kind: PermitKind,
    /// 事项
    pub step: PermitStep,
    /// The state that follows.
    pub state: S,
    /// When.
    pub at: Instant,
    /// The last day to do it by, where there is one (K-16).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// Whether it was done by then (K-16).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_time: Option<bool>,
    /// 验收人
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// 照片或文书
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileId>,
    /// 说明
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl PermitStep {
    /// Its name for Chinese readers.
    pub fn zh(self) -> &'static str {
        match self {
            Self::DeemedAccepted => "逾期视为受理",
            Self::UseBegun => "开始占用挖掘",
            Self::Restored => "恢复完成",
            Self::Inspected => "验收核销",
            Self::Lapsed => "过期未用",
            Self::Appealed => "复议诉讼",
        }
    }

    /// The state that the step is taken from, and the one that it leads to.
    pub(super) fn way(self) -> (S, S) {
        match self {
            Self::DeemedAccepted => (S::Filed, S::Accepted),
            Self::UseBegun => (S::Granted, S::InUse),
            Self::Restored => (S::InUse, S::Restored),
            Self::Inspected => (S::Restored, S::Closed),
            Self::Lapsed => (S::Granted, S::Expired),
            Self::Appealed => (S::Refused, S::Appealed),
        }
    }
}

pub(crate) fn step(
    case: &Case,
    asked: &RecordPermitStep,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let filing = known(case, asked.filing)?;
    let (from, state) = asked.step.way();
    let silent = asked.step == PermitStep::DeemedAccepted;
    let fits = filing.state == from || (silent && filing.state == S::CorrectionDone);
    require(fits, || wrong_state(filing, &[from]))?;
    // The company's rounds note the silence of an authority, nothing else.
    require(silent || !cx.actor.is(Role::Integration), || Refusal::new(Code::Role))?;
    let at = asked.at.unwrap_or(cx.now);
    require(at <= cx.now, || Refusal::field("at", "in the future"))?;
    let last = filing.answers.last().map(|answer| answer.at);
    let last = last.max(filing.steps.last().map(|step| step.at));
    require(last.is_none_or(|last| at >= last), || {
        Refusal::field("at", "before the step before it")
    })?;
    known_files(case, &asked.files, "files")?;
    allowed(case, filing, asked, at, cx)?;
    let due_on = (asked.step == PermitStep::Restored).then(|| filing.restore_by()).flatten();
    let mut events = vec![Event::PermitStepped(Box::new(PermitStepped {
        filing: filing.id,
        kind: filing.kind,
        step: asked.step,
        state,
        at,
        due_on,
        in_time: due_on.map(|due| at.date() <= due),
        by: asked.by.clone(),
        files: asked.files.clone(),
        note: asked.note.clone(),
    }))];
    events.extend(clocks(case, filing, asked.step, at, cx));
    Ok(events)
}

/// What each step needs besides its state.
fn allowed(
    case: &Case,
    filing: &PermitFiling,
    asked: &RecordPermitStep,
    at: Instant,
    cx: &Context<'_>,
) -> Result<(), Refusal> {
    let said = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    match asked.step {
        PermitStep::DeemedAccepted => {
            let late = case.permit_clock(filing.id, P::P2).is_some_and(|clock| clock.is_late(at));
            require(late, || Refusal::field("step", "the authority still has time to answer"))
        }
        PermitStep::UseBegun => match check::hindrance(filing, at.date(), cx.rules) {
            Some(why) => Err(Refusal::new(Code::PermitWindow)
                .with("kind", filing.kind.as_str())
                .with("reason", why)),
            None => Ok(()),
        },
        PermitStep::Restored => require(!asked.files.is_empty(), || {
            Refusal::new(Code::Evidence).with("field", "files").with("want", "photo_construction")
        }),
        PermitStep::Inspected => {
            require(said(&asked.by), || Refusal::field("by", "who inspected it"))
        }
        PermitStep::Lapsed => {
            let over = filing.grant.as_ref().is_some_and(|grant| at.date() > grant.to);
            require(over, || Refusal::field("step", "the permit is still valid"))
        }
        PermitStep::Appealed => {
            require(said(&asked.note), || Refusal::field("note", "say before whom and why"))
        }
    }
}

fn clocks(
    case: &Case,
    filing: &PermitFiling,
    step: PermitStep,
    at: Instant,
    cx: &Context<'_>,
) -> Vec<Event> {
    let stop = |part: P, how: Stop| clock::stop(case, part, filing, at, how);
    match step {
        PermitStep::DeemedAccepted => {
            // 行政许可法 32(4): accepted from the day that it was handed in.
            let from = filing.handed_in_at().unwrap_or(at);
            let days = cx.rules.permits.terms(filing.kind).decision_days;
            // The silence is the authority's: nobody here is late.
            let mut events: Vec<_> = stop(P::P2, Stop::Excused).into_iter().collect();
            events.push(clock::start(P::P3, filing, case, from, days, cx));
            events
        }
        PermitStep::UseBegun => {
            let by = filing.restore_by().unwrap_or(at.date());
            vec![clock::until(P::P6, filing, case, (at, by), cx)]
        }
        PermitStep::Restored => {
            [P::P5, P::P7].into_iter().filter_map(|part| stop(part, Stop::Done)).collect()
        }
        PermitStep::Inspected => {
            let done = stop(P::P6, Stop::Done);
            done.into_iter().chain(stop(P::P4, Stop::Cancelled)).collect()
        }
        PermitStep::Lapsed => clock::cancel(case, filing, at),
        PermitStep::Appealed => Vec::new(),
    }
}

/// What the start of construction does: every permit that it waited for comes
/// into use.
pub(crate) fn begin_use(case: &Case, cx: &Context<'_>) -> Vec<Event> {
    let begun = |filing: &PermitFiling| RecordPermitStep {
        filing: filing.id,
        step: PermitStep::UseBegun,
        at: None,
        by: None,
        files: Vec::new(),
        note: None,
    };
    case.permits
        .iter()
        .filter(|filing| filing.plan.blocking && filing.state == S::Granted)
        .filter_map(|filing| step(case, &begun(filing), cx).ok())
        .flatten()
        .collect()
}
