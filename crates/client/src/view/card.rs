//! One line of a list, with the state of its synchronisation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use lantian_domain::{
    case::Segment,
    clock::RuleId,
    ids::{RecordId, UserId},
    record::RecordKind,
    role::OrgUnit,
    time::Instant,
};

/// Where a record's work stands between tablet and server (never colour
/// alone: each state has a word and a shape).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum SyncState {
    /// Being edited; saved on this device.
    Draft,
    /// Complete; on this device only.
    Pending,
    /// On its way.
    Sending,
    /// The server has the record and all its files.
    Delivered,
    /// The server has the record; files are missing.
    FilesMissing,
    /// The same field was changed by somebody else.
    Conflict,
    /// Refused by a rule.
    Refused,
    /// Not understood; set aside and can be sent again.
    Quarantined,
    /// Custody lies elsewhere; read only.
    Held,
}

/// A person by id and name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PersonRef {
    /// Identity.
    pub id: UserId,
    /// Name; the id's text when the directory does not know it.
    pub name: String,
}

/// One line of a list.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CardView {
    /// Which record.
    pub id: RecordId,
    /// Its kind.
    pub kind: RecordKind,
    /// Its number.
    pub no: String,
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub subtitle: String,
    /// The state of its life cycle.
    pub state: String,
    /// Customer segment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment: Option<Segment>,
    /// When its most urgent clock ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Instant>,
    /// Which clock that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<RuleId>,
    /// The department in charge of that clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org: Option<OrgUnit>,
    /// The one person in charge of it: who is named, else who leads the
    /// department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_charge: Option<PersonRef>,
    /// The customer manager.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<PersonRef>,
    /// Marks, as `suspended`.
    pub flags: Vec<String>,
    /// Where its work stands.
    pub sync_state: SyncState,
    /// When the company signed that it holds everything of it (「可以离场」).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_at: Option<Instant>,
    /// Files delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files_done: Option<u32>,
    /// Files in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files_total: Option<u32>,
}
