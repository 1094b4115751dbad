//! The audit log as its administrator reads it: who, when, what, with what
//! result, from where (P-14). No personal data of users is in it.

use lantian_domain::{
    ids::{CommandId, DeviceId, UserId},
    time::{Date, Instant},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The most rows of one page.
pub const MOST: u32 = 200;

/// Which rows are asked for; what is absent does not narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditQuestion {
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<UserId>,
    /// On what: the identity or the number of a record, or the identity of an
    /// account or a device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// What was done, as `sign_in`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<String>,
    /// The first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// Only rows with smaller numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
    /// How many, [`MOST`] at the most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// A row of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditLine {
    /// Its number, from 1 without gaps.
    pub n: u64,
    /// Server time.
    pub at: Instant,
    /// What was done, as `settle_fee`, `sign_in`.
    pub act: String,
    /// With what result, as `accepted`, `ok`, `E_GATE`.
    pub result: String,
    /// Who; nobody when the server did it by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<UserId>,
    /// Their name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_name: Option<String>,
    /// From which device; none for the server's own programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    /// What the device calls itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_name: Option<String>,
    /// On what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Uuid>,
    /// The number of that record, or the name of that account or device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_name: Option<String>,
    /// By which command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<CommandId>,
    /// When, as the device claims.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed: Option<Instant>,
    /// Details, JSON.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// SHA-256 over the hash before and this row, hex.
    pub hash: String,
}

/// Some rows, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditPage {
    /// The rows.
    pub lines: Vec<AuditLine>,
    /// Ask for the next page before this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// Whether the chain holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditCheck {
    /// Whether every row fits the one before it.
    pub holds: bool,
    /// Rows read.
    pub audit_rows: u64,
    /// Hash of the last row, hex.
    pub audit_head: String,
    /// Faults in all.
    pub faults: u64,
    /// The first of them.
    pub found: Vec<AuditFault>,
}

/// A row that does not fit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditFault {
    /// Stable code, as `audit_hash`.
    pub code: String,
    /// Its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit: Option<u64>,
}
