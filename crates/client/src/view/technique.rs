//! What the technical computations say to a form, or to what a case holds.

use lantian_domain::technique::Advice;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Proposals and warnings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AdviceView {
    /// Whether the Technical Department has confirmed the tables behind them.
    pub confirmed: bool,
    /// What is said, field by field.
    pub items: Vec<Advice>,
}
