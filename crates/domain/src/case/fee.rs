//! 费用对接 and 费用核定: the talk and its result, C12 to C15 (e.10, R-18,
//! A signature is bound to the drawing, the budget and the total
//! that the customer saw; newer ones make it void.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{Case, CaseState, budget, material::known_files},
    coded::coded,
    context::Context,
    event::{Event, Stop},
    file::FileKind,
    flow::{start, stop},
    ids::{FileId, UserId},
    money::Fen,
    policy::RuleId,
    refusal::{Code, Refusal, require},
    time::Instant,
};

coded! {
    /// 费用类型 (h.2).
    FeeType {
        /// 按户单价
        PerHousehold = "per_household_fixed",
        /// 固定总价
        LumpSum = "lump_sum",
        /// 据实结算
        ByQuantity = "settle_by_quantity",
        /// 零费用
        Zero = "zero_fee",
        /// 政府承担
        Government = "government_paid",
        /// 开发企业承担
        Developer = "developer_paid",
        /// 混合
        Mixed = "mixed",
    }
}

coded! {
    /// Where the talk is held; on site is the rule.
    TalkPlace {
        /// 上门
        OnSite = "on_site",
        /// 线上
        Online = "online",
        /// 其他
        Other = "other",
    }
}

coded! {
    /// Who signs, seen from the applicant.
    Relation {
        /// 本人
        Applicant = "applicant",
        /// 经办人
        Agent = "agent",
        /// 法定代表人
        LegalRepresentative = "legal_representative",
        /// 家属
        Family = "family",
    }
}

/// A drawn signature, bound to what was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Signature {
    /// Who signs.
    pub signer: String,
    /// Who that is.
    pub relation: Relation,
    /// The drawn picture.
    #[schemars(extend("x-widget" = "signature"))]
    pub file: FileId,
    /// What was shown: for costs as [`basis`] writes it, else the text's version.
    #[schemars(extend("x-widget" = "hidden"))]
    pub basis: String,
}

/// Drawing and budget that lie with the manager, and the talk about them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Negotiation {
    /// Version of the drawing.
    pub design_version: u32,
    /// Version of the budget.
    pub budget_version: u32,
    /// Since when.
    pub delivered_at: Instant,
    /// The talk, once it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talk: Option<StartFeeNegotiation>,
    /// Why the user disagrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispute: Option<String>,
}

/// Which versions lie with the manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Delivered {
    /// Version of the drawing.
    pub design_version: u32,
    /// Version of the budget.
    pub budget_version: u32,
}

/// The talk about fees begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StartFeeNegotiation {
    /// Where.
    pub place: TalkPlace,
    /// Who takes part on the user's side.
    pub participants: String,
}

/// The fee is settled with the customer's signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SettleFee {
    /// Version of the drawing that was shown.
    #[schemars(extend("x-widget" = "hidden"))]
    pub design_version: u32,
    /// Version of the budget that was shown.
    #[schemars(extend("x-widget" = "hidden"))]
    pub budget_version: u32,
    /// 费用类型
    pub fee_type: FeeType,
    /// What the customer pays, fen, as shown.
    #[schemars(extend("x-widget" = "money"))]
    pub customer_total_fen: Fen,
    /// Where the talk was held.
    pub place: TalkPlace,
    /// 合同文本已交付
    pub contract_draft_delivered: bool,
    /// The customer's signature.
    pub signature: Signature,
}

/// A confirmation of the fee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FeeConfirmation {
    /// Version of the drawing.
    pub design_version: u32,
    /// Version of the budget.
    pub budget_version: u32,
    /// 费用类型
    pub fee_type: FeeType,
    /// What the customer pays, fen.
    pub customer_total_fen: Fen,
    /// Where the talk was held.
    pub place: TalkPlace,
    /// The customer's signature.
    pub signature: Signature,
    /// When.
    pub settled_at: Instant,
    /// With which manager.
    pub manager: UserId,
    /// When it became void.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voided_at: Option<Instant>,
    /// Why it became void.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void_because: Option<String>,
}

/// Why a confirmation became void.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Voided {
    /// What changed.
    pub because: String,
}

/// The user disagrees; drawing or budget are done again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FeeDispute {
    /// About what.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
}

/// What a signature under the costs in force is bound to, if there are costs
/// to sign: the case, the versions and the customer's total in fen.
pub fn basis(case: &Case) -> Option<String> {
    let (design, budget) = (case.design()?, case.budget()?);
    Some(format!(
        "{}/design {}/budget {}/total {}",
        case.id, design.version, budget.version, budget.totals.customer_fen.0
    ))
}

/// What follows by rule when a drawing and its budget are both there and not
/// yet with the manager (C12).
pub(crate) fn deliver(case: &Case, cx: &Context<'_>) -> Vec<Event> {
    let (Some(design), Some(budget)) = (case.design(), case.budget()) else { return Vec::new() };
    let known = case.negotiation.as_ref().is_some_and(|talk| {
        talk.design_version == design.version && talk.budget_version == budget.version
    });
    let open = case.state >= CaseState::SurveyDesign && case.state <= CaseState::FeeConfirmed;
    if known || !open || budget.design_version != design.version {
        return Vec::new();
    }
    let mut events = Vec::new();
    if case.confirmation().is_some() {
        let because = format!("design {}/budget {}", design.version, budget.version);
        events.push(Event::FeeConfirmationVoided(Voided { because }));
        events.extend(stop(&case.clocks, RuleId::D05, cx.now, Stop::Cancelled));
    }
    events.push(Event::DesignBudgetDelivered(Delivered {
        design_version: design.version,
        budget_version: budget.version,
    }));
    if stop(&case.clocks, RuleId::D04, cx.now, Stop::Done).is_empty() {
        events.push(start(cx, RuleId::D04, cx.now, Some(case.manager)));
    }
    events
}

pub(crate) fn begin(talk: &StartFeeNegotiation) -> Result<Vec<Event>, Refusal> {
    require(!talk.participants.trim().is_empty(), || Refusal::field("participants", "missing"))?;
    Ok(vec![Event::FeeNegotiationStarted(talk.clone())])
}

pub(crate) fn settle(
    case: &Case,
    settled: &SettleFee,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let (Some(design), Some(budget)) = (case.design(), case.budget()) else {
        return Err(Refusal::new(Code::Gate).with("gate", "budget").with("missing", "budget"));
    };
    let shown = (settled.design_version, settled.budget_version);
    let current = (design.version, budget.version);
    let stale = || {
        Refusal::new(Code::StaleDesign)
            .with("have", format!("{}/{}", shown.0, shown.1))
            .with("want", format!("{}/{}", current.0, current.1))
    };
    require(shown == current && budget.design_version == design.version, stale)?;
    for line in &budget.lines {
        budget::check_line(case, line, cx)?;
    }
    let total = budget.totals.customer_fen;
    require(settled.customer_total_fen == total, || {
        Refusal::field("customer_total_fen", "not the budget's total").with("want", total)
    })?;
    require(settled.fee_type != FeeType::Zero || total == Fen::ZERO, || {
        Refusal::field("fee_type", "the customer's total is not 0.00")
    })?;
    require(settled.contract_draft_delivered, || {
        Refusal::field("contract_draft_delivered", "hand the contract drafts over first")
    })?;
    signed(case, &settled.signature, &basis(case).unwrap_or_default())?;
    let confirmation = FeeConfirmation {
        design_version: design.version,
        budget_version: budget.version,
        fee_type: settled.fee_type,
        customer_total_fen: total,
        place: settled.place,
        signature: settled.signature.clone(),
        settled_at: cx.now,
        manager: cx.actor.user,
        voided_at: None,
        void_because: None,
    };
    let mut events = vec![Event::FeeSettled(Box::new(confirmation))];
    events.extend(stop(&case.clocks, RuleId::D04, cx.now, Stop::Done));
    events.push(start(cx, RuleId::D05, cx.now, Some(case.manager)));
    Ok(events)
}

/// Requires a drawn signature that was given on exactly `basis`.
pub(crate) fn signed(case: &Case, signature: &Signature, basis: &str) -> Result<(), Refusal> {
    let no = |why: &str| Refusal::new(Code::Signature).with("field", "signature").with("why", why);
    require(!signature.signer.trim().is_empty(), || no("who signs is missing"))?;
    known_files(case, &[signature.file], "signature")?;
    let drawn = case.file(signature.file).is_some_and(|f| matches!(f.kind, FileKind::Signature));
    require(drawn, || no("not a signature"))?;
    require(signature.basis == basis, || {
        no("given on something else").with("have", &signature.basis).with("want", basis)
    })
}

pub(crate) fn dispute(
    case: &Case,
    dispute: &FeeDispute,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(!dispute.reason.trim().is_empty(), || Refusal::field("reason", "missing"))?;
    let mut events = vec![Event::FeeDisputed(dispute.clone())];
    events.extend(stop(&case.clocks, RuleId::D04, cx.now, Stop::Done));
    Ok(events)
}
