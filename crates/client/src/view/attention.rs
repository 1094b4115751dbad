//! What needs a person: refused, parked, quarantined and conflicting work,
//! with all its data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use lantian_domain::{
    command::CommandName,
    ids::{CommandId, RecordId},
    time::Instant,
};

use super::{card::PersonRef, file::FileView, offer::RefusalView};

/// Why an item needs a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// The server refused the command.
    Refused,
    /// It builds on a refused command.
    Parked,
    /// The server set it aside.
    Quarantined,
    /// Somebody else changed the same field.
    Conflict,
    /// A colleague's work on a record that one answers for.
    Proposed,
}

/// What a person can do with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// Send it again as it is; take a colleague's work over.
    Resend,
    /// Correct its data and send it again.
    Edit,
    /// Hand it over to the record's present owner.
    HandOver,
    /// Give it up; it stays readable.
    Discard,
}

/// One item of the desk.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct AttentionItem {
    /// The item: the command's identity.
    pub id: CommandId,
    /// The record it was given on.
    pub record_id: RecordId,
    /// The record's number.
    pub no: String,
    /// What the record is called.
    pub title: String,
    /// Why it is here.
    pub kind: ItemKind,
    /// The command.
    pub command: CommandName,
    /// All its data.
    pub data: Value,
    /// When it was given.
    pub at: Instant,
    /// The rule that refused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<RefusalView>,
    /// Who did the work, where it was a colleague.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<PersonRef>,
    /// Why the server set it aside, as `E_SIGNATURE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_aside: Option<String>,
    /// The record's confirmed state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_state: Option<String>,
    /// What can be done with it.
    pub actions: Vec<Resolution>,
    /// Its files.
    pub files: Vec<FileView>,
    /// Field by field, where both sides have a value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diff: Vec<Difference>,
}

/// One field with two values.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// Which field.
    pub field: String,
    /// The value of this device.
    pub mine: Value,
    /// The value that stands.
    pub theirs: Value,
}

/// What the server would answer now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PreviewVerdict {
    /// It would take effect.
    Accepted,
    /// A rule would refuse it.
    Refused,
    /// It would wait for an earlier one.
    Deferred,
    /// It would be set aside.
    Quarantined,
    /// The server could not be asked.
    Unknown,
}

/// One pending command and its prospects.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct PreviewItem {
    /// The command's identity.
    pub command_id: CommandId,
    /// The record it was given on.
    pub record_id: RecordId,
    /// What the record is called.
    pub title: String,
    /// The command.
    pub command: CommandName,
    /// What the server would answer now.
    pub verdict: PreviewVerdict,
    /// Why it would be refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<RefusalView>,
}
