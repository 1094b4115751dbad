//! 费用对接 and 费用核定: the talk and its result, C12 to C15 (e.10, R-18,
//! A signature is bound to the drawing, the budget and the total
//! that the customer saw; newer ones make it void.

mod confirm;
mod sheet;
mod signature;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use confirm::{CustomerDecision, FeeConfirmation, SettleFee};
pub(crate) use confirm::{require_consent, settle, uncover};
pub use sheet::{Sheet, SheetGroup, SheetLine, sheet};
pub(crate) use signature::signed;
pub use signature::{Relation, Signature, basis, basis_with};

use crate::{
    case::{Case, CaseState},
    coded::coded,
    context::Context,
    event::{Event, Stop},
    flow::{start, stop},
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
        /// 营业厅: the user came there.
        BusinessHall = "business_hall",
    }
}

impl TalkPlace {
    /// Whether the user had to go to a counter.
    pub fn is_counter(self) -> bool {
        self == Self::BusinessHall
    }
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

/// A forbidden fee that somebody tried to write into a budget; noted by the
/// program itself, counted by K-34 (H-7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoteBlockedFee {
    /// The name that was tried.
    pub name: String,
}

/// A blocked attempt to charge a forbidden fee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BlockedFee {
    /// The name that was tried.
    pub name: String,
    /// The forbidden term in it.
    pub term: String,
}

/// What follows by rule when a drawing and its budget are both there and not
/// yet with the manager (C12). Once engineering has the case, a change leaves
/// what was agreed in force and waits for the customer's consent (H-13).
pub(crate) fn deliver(case: &Case, cx: &Context<'_>) -> Vec<Event> {
    let (Some(design), Some(budget)) = (case.design(), case.budget()) else { return Vec::new() };
    let known = case.negotiation.as_ref().is_some_and(|talk| {
        talk.design_version == design.version && talk.budget_version == budget.version
    });
    let open = case.state >= CaseState::SurveyDesign && case.state.is_active();
    if known || !open || budget.design_version != design.version {
        return Vec::new();
    }
    let mut events = Vec::new();
    if case.state <= CaseState::FeeConfirmed && case.confirmation().is_some() {
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

pub(crate) fn blocked(tried: &NoteBlockedFee, cx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let term = cx.rules.cost.forbidden_in(&tried.name);
    let term = term.ok_or_else(|| Refusal::field("name", "no forbidden fee"))?.to_owned();
    let name: String = tried.name.chars().take(100).collect();
    Ok(vec![Event::FeeBlocked(BlockedFee { name, term })])
}

/// The refusal of a fee that is not in force for what is current at `now`.
pub(crate) fn missing(case: &Case, now: Instant) -> Option<&'static str> {
    match case.confirmation() {
        None => Some("fee_confirmation"),
        Some(fee) if !fee.is_current(case) => Some("fee_confirmation"),
        Some(fee) if !fee.holds(now.date()) => Some("fee_confirmation_expired"),
        Some(_) => None,
    }
}

/// Whether there is something that the customer can decide about.
pub(crate) fn require_open(case: &Case, now: Instant) -> Result<(), Refusal> {
    require(case.awaits_consent(now), || Refusal::new(Code::State).with("waiting", "nothing"))
}
