//! The cost sheet that the customer signs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The sheet shown for signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CostView {
    /// The drawing that it was computed from.
    pub design_version: u32,
    /// The budget that it was computed from.
    pub budget_version: u32,
    /// Who pays, in one word.
    pub fee_type: String,
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
    /// Hash that binds the signature to exactly this sheet.
    pub basis: String,
}

/// One line of the sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CostLineView {
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
    /// Who pays it.
    pub payer: String,
    /// On which side of the boundary of responsibility.
    pub boundary: String,
    /// The rule that makes it free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zero_rule: Option<String>,
}
