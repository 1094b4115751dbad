//! 造价预算: versions of the budget with their lines and sums, C11 (section h,
//! R-18, R-35…R-37).
//!
//! ```text
//! line ─► check (H-2…H-12) ─► total (H-3, H-5) ─► issue
//! ```

mod check;
mod exception;
mod line;
mod preview;
mod rules;
mod total;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use check::{amount_of, check_line, is_overcharged};
pub(crate) use exception::allow;
pub use exception::{AllowOutsideCost, CostException};
pub use line::{
    Boundary, CostCategory, CostLine, Discount, FeeGroup, Payer, PriceSource, Section, ZeroRule,
};
pub use preview::{LinePreview, Preview, preview};
pub use rules::{CostRules, TaxRate};
pub(crate) use total::exceeds;
pub use total::{SectionTotal, Shares, Totals, margin};

use crate::{
    approval::Approval,
    case::{Case, CaseState, assignment::active, material::known_files},
    coded::coded,
    context::{Context, View},
    event::Event,
    ids::{FileId, UserId},
    money::{Fen, Rate},
    refusal::{Code, Refusal, require},
    role::Role,
    time::Instant,
};

coded! {
    /// How a budget is laid out (h.2).
    BudgetStructure {
        /// 价目表分项
        PriceBook = "price_book_lines",
        /// 分部分项 → 措施 → 其他 → 规费 → 税金
        Sections = "by_section",
    }
}

/// Proposes a version of the budget; the lead of the Technical Dept issues it,
/// above the margin of H-9 the company's leader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IssueBudget {
    /// The drawing that it is computed from.
    pub design_version: u32,
    /// 预算结构
    #[serde(default = "price_book")]
    pub structure: BudgetStructure,
    /// 明细
    pub lines: Vec<CostLine>,
    /// 成本: what the lines that others pay cost the company, fen (H-9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "money"))]
    pub cost_fen: Option<Fen>,
    /// 分摊户数 (H-5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub households: Option<u32>,
    /// 带气作业次数
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_gas_times: Option<u32>,
    /// 预算书
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "file:budget"))]
    pub file: Option<FileId>,
    /// What changed against the version before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub note: Option<String>,
}

fn price_book() -> BudgetStructure {
    BudgetStructure::PriceBook
}

/// An issued version of the budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Budget {
    /// From 1.
    pub version: u32,
    /// The drawing that it is computed from.
    pub design_version: u32,
    /// 预算结构
    #[serde(default = "price_book")]
    pub structure: BudgetStructure,
    /// 明细
    pub lines: Vec<CostLine>,
    /// 合计
    pub totals: Totals,
    /// 成本, fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_fen: Option<Fen>,
    /// 利润率 (H-9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin_rate: Option<Rate>,
    /// 带气作业次数
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_gas_times: Option<u32>,
    /// 预算书
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileId>,
    /// Who computed it.
    pub estimator: UserId,
    /// Who let it out.
    pub reviewer: UserId,
    /// When.
    pub issued_at: Instant,
    /// What changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

pub(crate) fn issue(
    case: &Case,
    view: &View<'_>,
    issue: &IssueBudget,
    proposal: Option<&Approval>,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let design = case
        .design()
        .ok_or_else(|| Refusal::new(Code::Gate).with("gate", "design").with("missing", "design"))?;
    require(issue.design_version == design.version, || {
        Refusal::new(Code::StaleDesign)
            .with("have", issue.design_version)
            .with("want", design.version)
    })?;
    let explained = issue.note.as_ref().is_some_and(|note| !note.trim().is_empty());
    require(case.state <= CaseState::FeeConfirmed || explained, || {
        Refusal::field("note", "say what changed against what was agreed")
    })?;
    let file: Vec<_> = issue.file.into_iter().collect();
    known_files(case, &file, "file")?;
    let estimator = proposal.map_or(cx.actor.user, |proposal| proposal.by);
    if proposal.is_none() {
        // Who may allow a discount was judged when the budget was proposed.
        allowed(view, issue, estimator)?;
    }
    let lines = checked(case, issue, cx)?;
    let (totals, margin_rate) = summed(case, issue, &lines, cx)?;
    Ok(vec![Event::BudgetIssued(Budget {
        version: case.budget().map_or(0, |budget| budget.version) + 1,
        design_version: issue.design_version,
        structure: issue.structure,
        lines,
        totals,
        cost_fen: issue.cost_fen,
        margin_rate,
        live_gas_times: issue.live_gas_times,
        file: issue.file,
        estimator,
        reviewer: cx.actor.user,
        issued_at: cx.now,
        note: issue.note.clone(),
    })])
}

/// Every discount is allowed by a lead who did not write it himself.
fn allowed(view: &View<'_>, issue: &IssueBudget, estimator: UserId) -> Result<(), Refusal> {
    for (no, line) in issue.lines.iter().enumerate() {
        let Some(discount) = &line.discount else { continue };
        let place = |refused: Refusal| refused.with("line", no + 1);
        active(view, discount.approver, &[Role::CmLead, Role::Leader], "discount")
            .map_err(place)?;
        require(discount.approver != estimator, || {
            place(Refusal::new(Code::Sod).with("rule", "estimator≠approver"))
        })?;
    }
    Ok(())
}

/// The lines as the rulebook fills them, in the order that the budget asks for.
fn checked(case: &Case, issue: &IssueBudget, cx: &Context<'_>) -> Result<Vec<CostLine>, Refusal> {
    require(!issue.lines.is_empty(), || Refusal::field("lines", "at least one line"))?;
    let mut lines: Vec<CostLine> = Vec::with_capacity(issue.lines.len());
    for (place, line) in issue.lines.iter().enumerate() {
        let line = check_line(case, line, cx).map_err(|no| no.with("line", place + 1))?;
        ordered(issue.structure, lines.last(), &line).map_err(|no| no.with("line", place + 1))?;
        lines.push(line);
    }
    Ok(lines)
}

/// In a budget by sections each line stands in its part, and tax is a line of
/// its own: other lines bear none.
fn ordered(
    structure: BudgetStructure,
    before: Option<&CostLine>,
    line: &CostLine,
) -> Result<(), Refusal> {
    if structure == BudgetStructure::PriceBook {
        return require(line.category != CostCategory::Tax, || {
            Refusal::field("category", "tax is within the lines of the price book")
        });
    }
    let (first, section) = (before.is_none(), line.category.section());
    let fits = before.is_none_or(|before| before.category.section() <= section);
    require(fits && (!first || section == Section::Divisional), || {
        Refusal::field("category", "the sections in their order").with("section", section.as_str())
    })?;
    require(line.rate.units() == 0, || Refusal::field("rate", "0: the tax is a line of its own"))
}

/// The sums and the margin, with the limits of 不可预见费 and cost.
fn summed(
    case: &Case,
    issue: &IssueBudget,
    lines: &[CostLine],
    cx: &Context<'_>,
) -> Result<(Totals, Option<Rate>), Refusal> {
    let no = |error| Refusal::field("lines", error);
    let mut totals = Totals::of(lines, &[]).map_err(no)?;
    let (unforeseen, rest) = total::contingency(lines).map_err(no)?;
    require(!exceeds(unforeseen, rest, cx.rules.cost.contingency_max), || {
        Refusal::field("lines", "contingency is above its limit")
            .with("have", unforeseen)
            .with("want", cx.rules.cost.contingency_max)
    })?;
    if let Some(count) = issue.households {
        let shares = Shares::of(totals.charged(), count)
            .map_err(|error| Refusal::field("households", error))?;
        totals.per_household = Some(shares);
    }
    let asked = lines.iter().any(|line| check::needs_cost(case, line));
    require(!asked || issue.cost_fen.is_some(), || {
        Refusal::field("cost_fen", "what is charged is compared with its cost").with("rule", "H-9")
    })?;
    let rate = issue.cost_fen.map(|cost| {
        margin(totals.charged(), cost).map_err(|error| Refusal::field("cost_fen", error))
    });
    Ok((totals, rate.transpose()?))
}

/// Whose word a budget needs: above the margin of H-9 the leader's.
pub(crate) fn reviewer(issue: &IssueBudget, case: &Case, cx: &Context<'_>) -> Role {
    let Some(cost) = issue.cost_fen else { return Role::TechLead };
    let charged = checked(case, issue, cx)
        .ok()
        .and_then(|lines| Totals::of(&lines, &[]).ok())
        .map_or(Fen::ZERO, |totals| totals.charged());
    let over = exceeds(Fen(charged.0 - cost.0), cost, cx.rules.cost.margin_max);
    if over { Role::Leader } else { Role::TechLead }
}
