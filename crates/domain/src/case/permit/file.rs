//! Handing a filing in (g.3): complete, in a name that we may use, and before
//! what it changes has ended.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    check,
    clock::{self, PermitClock},
    commitment::Commitment,
    draft::{PermitApplicant, known, timed, wrong_state},
    kind::{PermitKind, Procedure},
    proposal::procedure,
    state::PermitState as S,
};
use crate::{
    case::{
        Case,
        material::known_files,
        proxy::{self, Matter},
    },
    context::Context,
    event::{Event, Stop},
    ids::{FileId, FilingId},
    refusal::{Code, Refusal, require},
    time::Instant,
};

/// Records that a filing was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FilePermit {
    /// Which.
    #[schemars(extend("x-widget" = "filing:drafting"))]
    pub filing: FilingId,
    /// 提交时间; now where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "instant"))]
    pub filed_at: Option<Instant>,
    /// 审批事项实例编码 (spsxslbm)
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gov_item_instance: Option<String>,
    /// 收件凭证
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "file:permit"))]
    pub receipt: Option<FileId>,
}

/// A filing was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PermitFiled {
    /// Which.
    pub filing: FilingId,
    /// Of which kind.
    pub kind: PermitKind,
    /// When.
    pub at: Instant,
    /// Whether it is approved or only recorded.
    pub procedure: Procedure,
    /// What was committed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment: Option<Commitment>,
    /// 审批事项实例编码
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gov_item_instance: Option<String>,
    /// 收件凭证
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<FileId>,
}

pub(crate) fn file(
    case: &Case,
    asked: &FilePermit,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let filing = known(case, asked.filing)?;
    require(filing.state == S::Drafting, || wrong_state(filing, &[S::Drafting]))?;
    let at = asked.filed_at.unwrap_or(cx.now);
    require(at <= cx.now, || Refusal::field("filed_at", "in the future"))?;
    require(at >= filing.since, || Refusal::field("filed_at", "before it was begun"))?;
    let plan = &filing.plan;
    if plan.applicant == PermitApplicant::User {
        proxy::require_power(case, plan.poa, Matter::Permits, at.date())?;
    }
    let (fields, papers) = check::missing(case, filing, cx.rules);
    require(fields.is_empty(), || {
        Refusal::new(Code::BasicMissing).with("missing", fields.join(","))
    })?;
    require(papers.is_empty(), || {
        Refusal::new(Code::Evidence).with("field", "documents").with("missing", papers.join(","))
    })?;
    timed(plan, cx)?;
    if let Some(ends) = plan.changes.and_then(|id| case.filing(id)?.grant.as_ref().map(|g| g.to)) {
        require(at.date() <= ends, || {
            Refusal::new(Code::PermitWindow)
                .with("field", "filed_at")
                .with("why", "ask before the permit ends")
                .with("to", ends)
        })?;
    }
    let receipt: Vec<_> = asked.receipt.into_iter().collect();
    known_files(case, &receipt, "receipt")?;
    let terms = cx.rules.permits.terms(filing.kind);
    let commitment = terms.commitment.as_ref().filter(|_| plan.commitment_mode);
    let mut events = vec![Event::PermitFiled(PermitFiled {
        filing: filing.id,
        kind: filing.kind,
        at,
        procedure: procedure(plan, &cx.rules.permits),
        commitment: commitment.map(Commitment::on),
        gov_item_instance: asked.gov_item_instance.clone(),
        receipt: asked.receipt,
    })];
    events.extend(clock::stop(case, PermitClock::P1, filing, at, Stop::Done));
    events.push(clock::start(PermitClock::P2, filing, case, at, terms.correction_days, cx));
    Ok(events)
}
