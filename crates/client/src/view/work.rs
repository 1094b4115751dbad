//! Lists, today's work, and the answers to commands.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use lantian_domain::{
    ids::{CommandId, RecordId, UserId},
    record::RecordKind,
    role::{OrgUnit, Role},
    time::Instant,
};

use super::{attention::AttentionItem, card::CardView, offer::RefusalView};

/// What is due, in order of urgency.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct TodayView {
    /// What needs a person.
    pub attention: Vec<AttentionItem>,
    /// Late, or due before the end of today: late ones first.
    pub due: Vec<CardView>,
    /// Due later, by time left.
    pub later: Vec<CardView>,
    /// How many of each urgency.
    pub counts: TodayCounts,
}

/// How many records of each urgency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TodayCounts {
    /// Past due.
    pub late: u64,
    /// Due before the end of today.
    pub soon: u64,
    /// All others with a clock.
    pub calm: u64,
}

/// Which records a list shows.
#[derive(Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ListQuestion {
    /// Only this kind; leads and cases if absent.
    pub kind: Option<RecordKind>,
    /// Only these states.
    pub state: Vec<String>,
    /// Only this segment.
    pub segment: Option<String>,
    /// Only this manager's.
    pub manager: Option<UserId>,
    /// Only those with this mark, as `risk`, `trips`, `tolerance_overdue`.
    pub flag: Option<String>,
    /// Only with this text in name, number, address or phone.
    pub search: Option<String>,
    /// Only late ones.
    pub late: Option<bool>,
    /// Only those due before this instant.
    pub due_before: Option<Instant>,
    /// How many at the most (50 if absent, 500 at the most).
    pub limit: Option<u32>,
    /// Where the last page ended.
    pub after: Option<String>,
}

/// A page of a list, the most urgent first.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct ListPage {
    /// The lines.
    pub items: Vec<CardView>,
    /// Where the next page begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// How many lines there are in all.
    pub total: u64,
}

/// What the rulebook says to a command, nothing stored.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct JudgeView {
    /// Whether it would be accepted.
    pub ok: bool,
    /// The types of its events.
    pub events: Vec<String>,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<RefusalView>,
}

/// A command that is durably stored.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct DoneView {
    /// The record that it was given on, or that it created.
    pub record_id: RecordId,
    /// Its identity.
    pub command_id: CommandId,
    /// The types of its events.
    pub events: Vec<String>,
    /// When it became durable on this device.
    pub saved_at: Instant,
    /// Whether the server has not confirmed it yet.
    pub pending: bool,
}

/// A person of the directory.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct PersonView {
    /// Identity.
    pub id: UserId,
    /// Name.
    pub name: String,
    /// Login name.
    pub login: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// Department.
    pub org: OrgUnit,
    /// Whether the account is in use.
    pub active: bool,
}

/// Something that is being edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DraftView {
    /// The record's id and the command's name.
    pub key: String,
    /// When it was saved.
    pub saved_at: Instant,
}

/// One check of `doctor`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// What was looked at, as `outbox`, `server`.
    pub name: String,
    /// Whether it is well.
    pub ok: bool,
    /// What was found.
    pub detail: String,
}
