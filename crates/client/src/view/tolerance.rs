//! 容缺: the ledger of debts, and what a user is shown of his case.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use lantian_domain::case::material::{ledger::DebtLine, statistics::Statistics};

use super::card::PersonRef;

/// A line of the ledger.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct DebtView {
    /// The debt.
    #[serde(flatten)]
    pub line: DebtLine,
    /// The responsible manager, by name.
    pub manager_name: PersonRef,
}

/// The 容缺 ledger of what this device holds.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct DebtsView {
    /// What is owed, the earliest last day first.
    pub lines: Vec<DebtView>,
    /// The figures of the same cases (F-11).
    pub figures: Statistics,
}
