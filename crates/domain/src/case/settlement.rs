//! 结算: final quantities of the as-built (H-14), and what goes back to a user
//! who withdraws (H-15).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    approval::Approval,
    case::{
        Case,
        budget::{Boundary, CostLine, Payer, Totals, amount_of, exceeds},
        fee::{FeeConfirmation, FeeType, require_consent},
        material::known_files,
        permit::{PassThrough, pass_through},
    },
    context::Context,
    event::Event,
    ids::{FileId, UserId},
    money::{Fen, Quantity},
    refusal::{Code, Refusal, require},
    time::Instant,
};

/// Settles by what was built; the lead of the Technical Dept lets it out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SettleQuantities {
    /// 竣工数量; a line that is not named keeps its quantity.
    pub quantities: Vec<FinalQuantity>,
    /// 竣工资料: what proves the quantities.
    #[schemars(extend("x-widget" = "file:test_record"))]
    pub evidence: FileId,
    /// 说明
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub note: Option<String>,
}

/// The quantity of a line as built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FinalQuantity {
    /// 行号: the line's place in the confirmed budget, from 1.
    pub line: u32,
    /// 竣工数量
    #[schemars(extend("x-widget" = "quantity"))]
    pub qty: Quantity,
}

/// A settlement by quantities.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Settlement {
    /// The lines as built.
    pub lines: Vec<CostLine>,
    /// The sums.
    pub totals: Totals,
    /// What went to the authorities; in none of the sums.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pass_through: Vec<PassThrough>,
    /// What the customer pays in the end, fen.
    pub customer_fen: Fen,
    /// How much that is over (or under) what was confirmed, fen.
    pub difference_fen: Fen,
    /// What proves it.
    pub evidence: FileId,
    /// Who measured.
    pub estimator: UserId,
    /// Who let it out.
    pub reviewer: UserId,
    /// When.
    pub at: Instant,
    /// 说明
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What was spent for a user who withdraws (H-15).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IncurredCost {
    /// 费用项目
    pub what: String,
    /// 红线内外; what lies outside is the company's.
    pub boundary: Boundary,
    /// 实际发生金额, fen.
    #[schemars(extend("x-widget" = "money"))]
    pub amount_fen: Fen,
    /// 凭证
    #[schemars(extend("x-widget" = "file:other"))]
    pub evidence: FileId,
}

pub(crate) fn settle(
    case: &Case,
    asked: &SettleQuantities,
    proposal: Option<&Approval>,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let fee = case.confirmation().ok_or_else(|| {
        Refusal::new(Code::Gate).with("gate", "G-FEE").with("missing", "fee_confirmation")
    })?;
    require_consent(case)?;
    require(fee.fee_type == FeeType::ByQuantity, || {
        Refusal::field("fee_type", "not settled by quantity").with("have", fee.fee_type.as_str())
    })?;
    known_files(case, &[asked.evidence], "evidence")?;
    let lines = as_built(fee, asked)?;
    let totals =
        Totals::of(&lines, &fee.chosen).map_err(|error| Refusal::field("quantities", error))?;
    let customer_fen = totals.customer_fen;
    let difference_fen = Fen(customer_fen.0 - fee.customer_total_fen.0);
    // H-14: more than agreed needs the customer's word again.
    let over = exceeds(difference_fen, fee.customer_total_fen, cx.rules.cost.settlement_over);
    require(!over, || {
        Refusal::new(Code::Gate)
            .with("gate", "G-FEE")
            .with("missing", "fee_confirmation")
            .with("rule", "H-14")
            .with("have", customer_fen)
            .with("want", fee.customer_total_fen)
    })?;
    Ok(vec![Event::QuantitiesSettled(Box::new(Settlement {
        lines,
        totals,
        pass_through: pass_through(case),
        customer_fen,
        difference_fen,
        evidence: asked.evidence,
        estimator: proposal.map_or(cx.actor.user, |proposal| proposal.by),
        reviewer: cx.actor.user,
        at: cx.now,
        note: asked.note.clone(),
    }))])
}

fn as_built(fee: &FeeConfirmation, asked: &SettleQuantities) -> Result<Vec<CostLine>, Refusal> {
    require(!asked.quantities.is_empty(), || Refusal::field("quantities", "at least one line"))?;
    let mut lines = fee.lines.clone();
    let mut seen = Vec::new();
    for given in &asked.quantities {
        let place = usize::try_from(given.line).unwrap_or(usize::MAX).wrapping_sub(1);
        let again = seen.contains(&given.line);
        let line = lines.get_mut(place).filter(|_| !again).ok_or_else(|| {
            Refusal::field("quantities", "a line of the budget, once").with("line", given.line)
        })?;
        require(given.qty.units() >= 0, || {
            Refusal::field("qty", "0 or more").with("line", given.line)
        })?;
        let (amount, tax) = amount_of(line, given.qty).map_err(|no| no.with("line", given.line))?;
        (line.qty, line.amount_fen, line.tax_fen) = (given.qty, amount, tax);
        seen.push(given.line);
    }
    Ok(lines)
}

/// What a user who withdraws gets back: paid less what was really spent inside
/// the boundary, each item with its evidence.
pub(crate) fn refund_due(case: &Case, incurred: &[IncurredCost]) -> Result<Fen, Refusal> {
    for (place, cost) in incurred.iter().enumerate() {
        let at = |no: Refusal| no.with("line", place + 1);
        require(!cost.what.trim().is_empty(), || at(Refusal::field("what", "missing")))?;
        require(cost.amount_fen > Fen::ZERO, || at(Refusal::field("amount_fen", "more than 0")))?;
        require(cost.boundary == Boundary::Inside, || {
            at(Refusal::new(Code::ZeroCost).with("name", &cost.what).with("rule", "H-15"))
        })?;
        known_files(case, &[cost.evidence], "evidence").map_err(at)?;
    }
    let spent = Fen::sum(incurred.iter().map(|cost| cost.amount_fen))
        .map_err(|error| Refusal::field("incurred", error))?;
    let paid = case.contracts.paid().unwrap_or(Fen::ZERO);
    Ok(Fen((paid.0 - spent.0).max(0)))
}

/// Whether the customer's share of a line can still move.
pub(crate) fn is_open(case: &Case) -> bool {
    case.contracts.settlement.is_none()
        && case.confirmation().is_some_and(|fee| {
            fee.fee_type == FeeType::ByQuantity
                && fee.lines.iter().any(|line| line.payer == Payer::Customer)
        })
}
