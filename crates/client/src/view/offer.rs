//! What can be done now, and a refusal in words.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use lantian_domain::{
    command::CommandName,
    refusal::{Code, Refusal},
    role::Role,
};

/// A refusal as the user reads it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RefusalView {
    /// Stable code, as `E_GATE`.
    pub code: Code,
    /// Parameters of the code.
    pub params: BTreeMap<String, String>,
    /// The state that was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// What happened and what to do, in Chinese.
    pub message: String,
    /// What can be done now.
    pub now_possible: Vec<CommandName>,
}

impl From<Refusal> for RefusalView {
    fn from(refusal: Refusal) -> Self {
        let message = refusal.message_zh();
        Self {
            code: refusal.code,
            params: refusal.params,
            state: refusal.state,
            message,
            now_possible: refusal.now_possible,
        }
    }
}

/// One command that the record's page offers.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OfferView {
    /// Which command.
    pub command: CommandName,
    /// Whether it would be accepted now, as far as is known without its data.
    pub possible: bool,
    /// Whether it is the next step of the procedure.
    pub primary: bool,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<RefusalView>,
    /// Whose approval it needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Role>,
}
