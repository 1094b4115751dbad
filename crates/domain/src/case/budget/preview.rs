//! What a budget that is being written comes to: the same rules as when it is
//! issued, answered line by line, so that no screen computes anything.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CostLine, IssueBudget, Totals, ZeroRule, check_line, reviewer, summed};
use crate::{
    case::{
        Case,
        permit::{PassThrough, pass_through},
    },
    context::Context,
    money::{Fen, Rate},
    refusal::Refusal,
    role::Role,
};

/// What a budget comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Preview {
    /// Line by line.
    pub lines: Vec<LinePreview>,
    /// The sums, once every line can stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totals: Option<Totals>,
    /// 利润率
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin_rate: Option<Rate>,
    /// What goes to the authorities; in none of the sums.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pass_through: Vec<PassThrough>,
    /// Whose word it needs.
    pub reviewer: Role,
    /// What keeps the sums from being made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Refusal>,
}

/// What a line comes to, or why it cannot stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LinePreview {
    /// 金额, fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_fen: Option<Fen>,
    /// 税额, fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_fen: Option<Fen>,
    /// The rule that makes it free for the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zero_rule: Option<ZeroRule>,
    /// Why it cannot stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Refusal>,
}

impl From<Result<CostLine, Refusal>> for LinePreview {
    fn from(checked: Result<CostLine, Refusal>) -> Self {
        match checked {
            Ok(line) => Self {
                amount_fen: Some(line.amount_fen),
                tax_fen: Some(line.tax_fen),
                zero_rule: line.zero_rule,
                problem: None,
            },
            Err(no) => Self { amount_fen: None, tax_fen: None, zero_rule: None, problem: Some(no) },
        }
    }
}

/// What `issue` would come to on `case`.
pub fn preview(case: &Case, issue: &IssueBudget, cx: &Context<'_>) -> Preview {
    let checked: Vec<_> = issue.lines.iter().map(|line| check_line(case, line, cx)).collect();
    let whole: Result<Vec<CostLine>, Refusal> = checked.iter().cloned().collect();
    let sums = whole.ok().map(|lines| summed(case, issue, &lines, cx));
    let (totals, margin_rate, problem) = match sums {
        None => (None, None, None),
        Some(Ok((totals, rate))) => (Some(totals), rate, None),
        Some(Err(no)) => (None, None, Some(no)),
    };
    Preview {
        lines: checked.into_iter().map(LinePreview::from).collect(),
        totals,
        margin_rate,
        pass_through: pass_through(case),
        reviewer: reviewer(issue, case, cx),
        problem,
    }
}
