//! 造价预算: lines, payers and the zero-cost rules, C11 (section h, R-18,
//! R-35…R-37).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    approval::Approval,
    case::{Case, material::known_files},
    coded::coded,
    context::Context,
    event::Event,
    ids::{FileId, UserId},
    money::{Fen, Quantity, Rate, UnitPrice, line_amount, tax_included_split},
    refusal::{Code, Refusal, require},
    time::Instant,
};

coded! {
    /// The groups that the customer's sheet shows.
    FeeGroup {
        /// 设计
        Design = "design",
        /// 施工
        Construction = "construction",
        /// 安装
        Installation = "installation",
        /// 材料
        Material = "material",
        /// 其他
        Other = "other",
    }
}

coded! {
    /// On which side of the property boundary something is.
    Boundary {
        /// 红线内
        Inside = "inside",
        /// 红线外
        Outside = "outside",
        /// 分界处
        At = "at_boundary",
    }
}

coded! {
    /// Who pays.
    Payer {
        /// 用户
        Customer = "customer",
        /// 公司
        Company = "company",
        /// 政府
        Government = "government",
        /// 开发企业
        Developer = "developer",
    }
}

coded! {
    /// Why the customer pays nothing for a line.
    ZeroRule {
        /// H-6: outside the boundary.
        OutsideBoundary = "H-6",
        /// H-8: new commercial housing.
        NewHousing = "H-8",
    }
}

/// A line of the budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CostLine {
    /// 名称
    pub name: String,
    /// 费用类别
    pub group: FeeGroup,
    /// 红线内外
    pub boundary: Boundary,
    /// 单位
    pub unit: String,
    /// 数量
    #[schemars(extend("x-widget" = "quantity"))]
    pub qty: Quantity,
    /// 含税单价, yuan.
    #[schemars(extend("x-widget" = "quantity"))]
    pub unit_price: UnitPrice,
    /// 税率
    #[serde(default)]
    #[schemars(extend("x-widget" = "quantity"))]
    pub rate: Rate,
    /// 承担方
    pub payer: Payer,
    /// 价目编码: the item of the price book that sets the unit price (H-10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_item: Option<String>,
    /// 金额; filled by the rulebook (H-2).
    #[serde(default)]
    #[schemars(extend("x-widget" = "hidden"))]
    pub amount_fen: Fen,
    /// The rule that makes it free; filled by the rulebook (H-12).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "hidden"))]
    pub zero_rule: Option<ZeroRule>,
}

/// Proposes a version of the budget; the lead of the Technical Dept issues it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IssueBudget {
    /// The drawing that it is computed from.
    pub design_version: u32,
    /// 明细
    pub lines: Vec<CostLine>,
    /// 预算书
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "file:budget"))]
    pub file: Option<FileId>,
    /// What changed against the version before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub note: Option<String>,
}

/// Sums of rounded lines (H-3), fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Totals {
    /// 用户承担
    pub customer_fen: Fen,
    /// 公司承担
    pub company_fen: Fen,
    /// 政府承担
    pub government_fen: Fen,
    /// 开发企业承担
    pub developer_fen: Fen,
    /// 其中税额
    pub tax_fen: Fen,
}

/// An issued version of the budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Budget {
    /// From 1.
    pub version: u32,
    /// The drawing that it is computed from.
    pub design_version: u32,
    /// 明细
    pub lines: Vec<CostLine>,
    /// 合计
    pub totals: Totals,
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

/// Names under which no customer may be charged (H-7).
const FORBIDDEN: [&str; 15] = [
    "开口费",
    "初装费",
    "开户费",
    "接口费",
    "接入费",
    "入网费",
    "增压费",
    "增容费",
    "碰口费",
    "清管费",
    "通气费",
    "点火费",
    "验收费",
    "开通费",
    "调试费",
];

pub(crate) fn issue(
    case: &Case,
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
    require(!issue.lines.is_empty(), || Refusal::field("lines", "at least one line"))?;
    let file: Vec<_> = issue.file.into_iter().collect();
    known_files(case, &file, "file")?;
    let mut lines = Vec::with_capacity(issue.lines.len());
    for (place, line) in issue.lines.iter().enumerate() {
        let checked = check_line(case, line, cx).map_err(|no| no.with("line", place + 1))?;
        lines.push(checked);
    }
    let totals = totals(&lines).map_err(|error| Refusal::field("lines", error))?;
    Ok(vec![Event::BudgetIssued(Budget {
        version: case.budget().map_or(0, |budget| budget.version) + 1,
        design_version: issue.design_version,
        lines,
        totals,
        file: issue.file,
        estimator: proposal.map_or(cx.actor.user, |proposal| proposal.by),
        reviewer: cx.actor.user,
        issued_at: cx.now,
        note: issue.note.clone(),
    })])
}

/// The line with its amount and the rule that makes it free.
pub(crate) fn check_line(
    case: &Case,
    line: &CostLine,
    cx: &Context<'_>,
) -> Result<CostLine, Refusal> {
    require(!line.name.trim().is_empty(), || Refusal::field("name", "missing"))?;
    require(line.qty.units() > 0, || Refusal::field("qty", "more than 0"))?;
    let amount = line_amount(line.qty, line.unit_price)
        .map_err(|error| Refusal::field("unit_price", error))?;
    priced(line, cx)?;
    let covered = case.four_zero() || case.basic.in_planned_area;
    let rule = match line.boundary {
        Boundary::Outside if covered => Some(ZeroRule::OutsideBoundary),
        Boundary::Inside if case.basic.new_housing => Some(ZeroRule::NewHousing),
        Boundary::Outside | Boundary::Inside | Boundary::At => None,
    };
    if line.payer == Payer::Customer {
        let name: String = line.name.chars().filter(|c| !c.is_whitespace()).collect();
        if let Some(term) = FORBIDDEN.into_iter().find(|term| name.contains(term)) {
            return Err(Refusal::new(Code::ForbiddenFee)
                .with("name", &line.name)
                .with("term", term));
        }
        if let Some(rule) = rule.filter(|_| amount != Fen::ZERO) {
            return Err(Refusal::new(Code::ZeroCost)
                .with("name", &line.name)
                .with("rule", rule.as_str()));
        }
    }
    Ok(CostLine { amount_fen: amount, zero_rule: rule, ..line.clone() })
}

/// A line of the price book costs what the price book says (H-10).
fn priced(line: &CostLine, cx: &Context<'_>) -> Result<(), Refusal> {
    let Some(item) = &line.price_item else { return Ok(()) };
    let price = cx
        .rules
        .prices
        .price(item, cx.now.date())
        .ok_or_else(|| Refusal::new(Code::PriceMissing).with("item", item))?;
    require(price.unit_price == line.unit_price, || {
        Refusal::field("unit_price", "not the published price")
            .with("item", item)
            .with("want", price.unit_price)
    })
}

fn totals(lines: &[CostLine]) -> Result<Totals, crate::money::MoneyError> {
    let of = |payer: Payer| {
        Fen::total(lines.iter().filter(|line| line.payer == payer).map(|line| line.amount_fen))
    };
    let taxes = lines
        .iter()
        .map(|line| tax_included_split(line.amount_fen, line.rate).map(|(tax, _)| tax))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Totals {
        customer_fen: of(Payer::Customer)?,
        company_fen: of(Payer::Company)?,
        government_fen: of(Payer::Government)?,
        developer_fen: of(Payer::Developer)?,
        tax_fen: Fen::sum(taxes)?,
    })
}
