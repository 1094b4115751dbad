//! The cost sheet that the customer signs, and a budget in the making.

use lantian_domain::role::Role;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RefusalView;

/// The sheet shown for signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CostView {
    /// The drawing that it was computed from.
    pub design_version: u32,
    /// The budget that it was computed from.
    pub budget_version: u32,
    /// Who pays, in one word.
    pub fee_type: String,
    /// Where the talk is held, once it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The groups in order, each with what the customer pays in it.
    pub groups: Vec<CostGroupView>,
    /// The lines.
    pub lines: Vec<CostLineView>,
    /// What the customer pays.
    pub customer_total_fen: i64,
    /// What the company pays.
    pub company_total_fen: i64,
    /// What the government pays.
    pub government_total_fen: i64,
    /// What the developer pays.
    pub developer_total_fen: i64,
    /// What the customer agreed to before, while a change waits for consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed_total_fen: Option<i64>,
    /// What goes to the authorities; in none of the sums.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pass_through: Vec<PassThroughView>,
    /// Hash that binds the signature to exactly this sheet.
    pub basis: String,
}

/// A fee of an authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PassThroughView {
    /// The permit that it is paid for.
    pub permit: String,
    /// What.
    pub name: String,
    /// How much.
    pub amount_fen: i64,
    /// Who pays it; never the user.
    pub payer: String,
    /// The number of the receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt_no: Option<String>,
}

/// One group of the sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CostGroupView {
    /// Which.
    pub group: String,
    /// What the customer pays in it.
    pub customer_fen: i64,
}

/// One line of the sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CostLineView {
    /// Its place in the budget, from 1.
    pub no: u32,
    /// What.
    pub name: String,
    /// Which group of lines.
    pub group: String,
    /// How much.
    pub qty: String,
    /// Of which unit.
    pub unit: String,
    /// For how much each, in yuan.
    pub unit_price: String,
    /// The line's amount.
    pub amount_fen: i64,
    /// What the customer pays for it.
    pub customer_fen: i64,
    /// Who pays it.
    pub payer: String,
    /// On which side of the boundary of responsibility.
    pub boundary: String,
    /// Whether the customer may leave it.
    pub optional: bool,
    /// Whether the customer chose it.
    pub chosen: bool,
    /// The rule that makes it free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zero_rule: Option<String>,
}

/// What a budget that is being written comes to.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EstimateView {
    /// Line by line.
    pub lines: Vec<EstimateLineView>,
    /// The sums, once every line can stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totals: Option<EstimateTotalsView>,
    /// The margin on cost, as a fraction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin_rate: Option<String>,
    /// What goes to the authorities; in none of the sums.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pass_through: Vec<PassThroughView>,
    /// Whose word it needs.
    pub reviewer: Role,
    /// What keeps the sums from being made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<RefusalView>,
}

/// What a line comes to, or why it cannot stand.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EstimateLineView {
    /// The line's amount, tax included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_fen: Option<i64>,
    /// The tax in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_fen: Option<i64>,
    /// The rule that makes it free for the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zero_rule: Option<String>,
    /// Why it cannot stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<RefusalView>,
}

/// The sums of a budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EstimateTotalsView {
    /// With tax.
    pub incl_fen: i64,
    /// Without tax.
    pub excl_fen: i64,
    /// The tax.
    pub tax_fen: i64,
    /// What the customer pays.
    pub customer_fen: i64,
    /// What the company pays.
    pub company_fen: i64,
    /// What the government pays.
    pub government_fen: i64,
    /// What the developer pays.
    pub developer_fen: i64,
    /// What each household but the last bears.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each_household_fen: Option<i64>,
    /// What the last household bears.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_household_fen: Option<i64>,
}
