//! The deadline calculator's question and answer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use lantian_domain::{clock::RuleId, period::Unit, time::Instant};

/// Asks when a period is over.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct DueQuestion {
    /// The rule, as `D-08`.
    pub rule: RuleId,
    /// When it starts.
    pub start: Instant,
    /// When it was stopped.
    #[serde(default)]
    pub stop: Option<Instant>,
}

/// When it is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DueView {
    /// The due instant.
    pub due_at: Instant,
    /// Whether the due instant itself is already late.
    pub exclusive: bool,
    /// What the period is counted in.
    pub unit: Unit,
    /// Whether a day without an official notice was counted.
    pub provisional: bool,
    /// Whether the stop was in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_time: Option<bool>,
}
