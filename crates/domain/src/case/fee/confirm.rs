//! 费用核定: what the customer decided, version by version, C14 (e.10, H-10…
//! H-13, R-19).

use chrono::Days;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FeeType, Signature, TalkPlace, basis_with, signed};
use crate::{
    case::{
        Case, CaseState,
        budget::{Budget, CostCategory, CostLine, Totals, check_line, is_overcharged},
    },
    coded::coded,
    context::Context,
    event::{Event, Stop},
    flow::{start, stop},
    ids::UserId,
    money::Fen,
    policy::RuleId,
    refusal::{Code, Refusal, require},
    time::{Date, Instant},
};

coded! {
    /// What the customer decided (e.10).
    CustomerDecision {
        /// 同意
        Agree = "agree",
        /// 修改后同意
        AgreeWithChanges = "agree_with_changes",
        /// 不同意
        Refuse = "refuse",
    }
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
    /// The optional lines that the customer chose, by place from 1 (H-11).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-widget" = "hidden"))]
    pub chosen: Vec<u32>,
    /// 用户意见
    #[serde(default = "agreed")]
    pub customer_decision: CustomerDecision,
    /// 要求修改的内容; needed for 修改后同意.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub wanted_changes: Option<String>,
    /// Where the talk was held.
    pub place: TalkPlace,
    /// 对接时间; now when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "instant"))]
    pub talk_at: Option<Instant>,
    /// 参加人; as when the talk began when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participants: Option<String>,
    /// 有效期至; the company's usual time when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub valid_until: Option<Date>,
    /// 合同文本已交付
    pub contract_draft_delivered: bool,
    /// The customer's signature.
    pub signature: Signature,
}

fn agreed() -> CustomerDecision {
    CustomerDecision::Agree
}

/// A confirmation of the fee, whole as it was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FeeConfirmation {
    /// From 1.
    #[serde(default)]
    pub no: u32,
    /// Version of the drawing.
    pub design_version: u32,
    /// Version of the budget.
    pub budget_version: u32,
    /// 费用类型
    pub fee_type: FeeType,
    /// The lines with who pays, as shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<CostLine>,
    /// The optional lines that were chosen, by place from 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chosen: Vec<u32>,
    /// What the customer pays, fen.
    pub customer_total_fen: Fen,
    /// What the company pays, fen.
    #[serde(default)]
    pub company_total_fen: Fen,
    /// What the government pays, fen.
    #[serde(default)]
    pub government_total_fen: Fen,
    /// What the developer pays, fen.
    #[serde(default)]
    pub developer_total_fen: Fen,
    /// 用户意见
    #[serde(default = "agreed")]
    pub customer_decision: CustomerDecision,
    /// 要求修改的内容
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted_changes: Option<String>,
    /// Where the talk was held.
    pub place: TalkPlace,
    /// When the talk was held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talk_at: Option<Instant>,
    /// Who took part on the user's side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participants: Option<String>,
    /// Until when it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// What the customer pays more (or less) than by the one before, fen (H-13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference_fen: Option<Fen>,
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

impl FeeConfirmation {
    /// Whether it is in force: agreed to, and not void.
    pub fn stands(&self) -> bool {
        self.voided_at.is_none() && self.customer_decision == CustomerDecision::Agree
    }

    /// Whether it is for the drawing and the budget in force.
    pub fn is_current(&self, case: &Case) -> bool {
        case.design().is_some_and(|design| design.version == self.design_version)
            && case.budget().is_some_and(|budget| budget.version == self.budget_version)
    }

    /// Whether it still holds on `day`.
    pub fn holds(&self, day: Date) -> bool {
        self.valid_until.is_none_or(|last| day <= last)
    }
}

impl Case {
    /// Whether drawing or budget changed after the customer had agreed, and the
    /// customer has not agreed to the change yet (H-13).
    pub fn has_open_change(&self) -> bool {
        self.confirmation().is_some_and(|fee| !fee.is_current(self))
    }

    /// Whether there are costs that the customer can decide about at `now`.
    pub(crate) fn awaits_consent(&self, now: Instant) -> bool {
        let fits = self
            .design()
            .zip(self.budget())
            .is_some_and(|(design, budget)| budget.design_version == design.version);
        fits && self
            .confirmation()
            .is_none_or(|fee| !fee.is_current(self) || !fee.holds(now.date()))
    }
}

/// Requires that nothing was changed that the customer has not agreed to.
pub(crate) fn require_consent(case: &Case) -> Result<(), Refusal> {
    require(!case.has_open_change(), || {
        Refusal::new(Code::Gate)
            .with("gate", "G-FEE")
            .with("missing", "fee_confirmation")
            .with("rule", "H-13")
    })
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
    let totals = agreed_costs(case, budget, settled, cx)?;
    decided(settled, cx)?;
    let basis = basis_with(case, &settled.chosen).unwrap_or_default();
    signed(case, &settled.signature, &basis)?;
    let agrees = settled.customer_decision == CustomerDecision::Agree;
    let confirmation = confirmation(case, budget, settled, &totals, cx);
    let mut events = vec![Event::FeeSettled(Box::new(confirmation))];
    events.extend(stop(&case.clocks, RuleId::D04, cx.now, Stop::Done));
    let runs = !stop(&case.clocks, RuleId::D05, cx.now, Stop::Done).is_empty();
    if agrees && !runs && case.state <= CaseState::FeeConfirmed && case.engineering.is_none() {
        events.push(start(cx, RuleId::D05, cx.now, Some(case.manager)));
    }
    Ok(events)
}

/// The lines once more by today's rules, the options, and the total as shown.
fn agreed_costs(
    case: &Case,
    budget: &Budget,
    settled: &SettleFee,
    cx: &Context<'_>,
) -> Result<Totals, Refusal> {
    for (place, line) in budget.lines.iter().enumerate() {
        check_line(case, line, cx).map_err(|no| no.with("line", place + 1))?;
    }
    let optional = |no: &u32| {
        let place = usize::try_from(*no).unwrap_or(usize::MAX).checked_sub(1);
        place.and_then(|place| budget.lines.get(place)).is_some_and(|line| line.optional)
    };
    let sorted = settled.chosen.windows(2).all(|pair| pair[0] < pair[1]);
    require(sorted && settled.chosen.iter().all(optional), || {
        Refusal::field("chosen", "places of optional lines, in order")
    })?;
    let totals = Totals::of(&budget.lines, &settled.chosen)
        .map_err(|error| Refusal::field("chosen", error))?;
    let total = totals.customer_fen;
    require(settled.customer_total_fen == total, || {
        Refusal::field("customer_total_fen", "not the budget's total").with("want", total)
    })?;
    let free = matches!(settled.fee_type, FeeType::Zero | FeeType::Government | FeeType::Developer);
    require(!free || total == Fen::ZERO, || {
        Refusal::field("fee_type", "the customer's total is not 0.00")
    })?;
    let fixed = |line: &CostLine| {
        line.category == CostCategory::InstallPerHousehold && line.price_item.is_some()
    };
    require(settled.fee_type != FeeType::PerHousehold || budget.lines.iter().any(fixed), || {
        Refusal::new(Code::PriceMissing).with("field", "fee_type").with("rule", "H-10")
    })?;
    Ok(totals)
}

fn decided(settled: &SettleFee, cx: &Context<'_>) -> Result<(), Refusal> {
    let wanted = settled.wanted_changes.as_ref().is_some_and(|text| !text.trim().is_empty());
    match settled.customer_decision {
        CustomerDecision::Agree => {}
        CustomerDecision::AgreeWithChanges => {
            require(wanted, || Refusal::field("wanted_changes", "what has to change"))?;
        }
        CustomerDecision::Refuse => {
            return Err(Refusal::field("customer_decision", "give fee_dispute with the reason"));
        }
    }
    require(settled.contract_draft_delivered, || {
        Refusal::field("contract_draft_delivered", "hand the contract drafts over first")
    })?;
    require(settled.talk_at.is_none_or(|at| at <= cx.now), || {
        Refusal::field("talk_at", "in the future")
    })?;
    require(settled.valid_until.is_none_or(|last| cx.now.date() <= last), || {
        Refusal::field("valid_until", "in the past")
    })
}

fn confirmation(
    case: &Case,
    budget: &Budget,
    settled: &SettleFee,
    totals: &Totals,
    cx: &Context<'_>,
) -> FeeConfirmation {
    let days = Days::new(u64::from(cx.rules.cost.confirmation_days));
    let usual = cx.now.date().checked_add_days(days);
    let began = case.negotiation.as_ref().and_then(|talk| talk.talk.as_ref());
    let before = case.confirmation().map(|fee| fee.customer_total_fen);
    FeeConfirmation {
        no: u32::try_from(case.confirmations.len()).unwrap_or(u32::MAX).saturating_add(1),
        design_version: settled.design_version,
        budget_version: settled.budget_version,
        fee_type: settled.fee_type,
        lines: budget.lines.clone(),
        chosen: settled.chosen.clone(),
        customer_total_fen: totals.customer_fen,
        company_total_fen: totals.company_fen,
        government_total_fen: totals.government_fen,
        developer_total_fen: totals.developer_fen,
        customer_decision: settled.customer_decision,
        wanted_changes: settled.wanted_changes.clone(),
        place: settled.place,
        talk_at: settled.talk_at.or(Some(cx.now)),
        participants: settled
            .participants
            .clone()
            .or_else(|| began.map(|talk| talk.participants.clone()))
            .or_else(|| Some(settled.signature.signer.clone())),
        valid_until: settled.valid_until.or(usual),
        difference_fen: before.map(|before| Fen(totals.customer_fen.0 - before.0)),
        signature: settled.signature.clone(),
        settled_at: cx.now,
        manager: cx.actor.user,
        voided_at: None,
        void_because: None,
    }
}

/// What follows when the case turns out to be covered after the customer
/// agreed to pay outside the boundary: the confirmation is void.
pub(crate) fn uncover(case: &Case, cx: &Context<'_>) -> Vec<Event> {
    let Some(fee) = case.confirmation() else { return Vec::new() };
    if !fee.lines.iter().any(|line| is_overcharged(case, line)) {
        return Vec::new();
    }
    let because = "H-6".to_owned();
    let mut events = vec![Event::FeeConfirmationVoided(super::Voided { because })];
    if case.state <= CaseState::FeeConfirmed {
        events.extend(stop(&case.clocks, RuleId::D05, cx.now, Stop::Cancelled));
    }
    events
}
