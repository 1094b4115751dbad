//! Outside systems and what they are told, as their administrator sees and
//! changes them.

use lantian_domain::{ids::RecordId, time::Instant};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An outside system through which users apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChannelClient {
    /// Client id.
    pub id: String,
    /// Code of its channel, as `gov_portal`.
    pub channel: String,
    /// Its name.
    pub name: String,
    /// `hmac-sha256` or `hmac-sm3`.
    pub algorithm: String,
    /// The legal basis of telling it anything.
    pub basis: String,
    /// Where it may call from; anywhere when there are none.
    pub addresses: Vec<String>,
    /// Requests a minute.
    pub per_minute: u32,
    /// Where it is told of changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<String>,
    /// Where a user rates; `{case_no}` is filled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating_url: Option<String>,
    /// Whether it is admitted.
    pub active: bool,
    /// When it was made.
    pub created: Instant,
}

/// A new outside system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NewChannel {
    /// Client id; also the login name of its interface account.
    pub id: String,
    /// Code of its channel.
    pub channel: String,
    /// Its name.
    pub name: String,
    /// `hmac-sha256` unless something else is agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    /// The legal basis; an authority's system needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// Where it may call from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// Requests a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_minute: Option<u32>,
    /// Where it is told of changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<String>,
    /// Where a user rates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating_url: Option<String>,
}

/// A change of an outside system; what is absent stays, an empty text takes an
/// address away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChannelChange {
    /// Its name from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The legal basis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// Where it may call from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addresses: Option<Vec<String>>,
    /// Requests a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_minute: Option<u32>,
    /// Where it is told of changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<String>,
    /// Where a user rates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating_url: Option<String>,
    /// Whether it is admitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

/// An outside system with its fresh secret, shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChannelSecret {
    /// The outside system.
    pub client: ChannelClient,
    /// Shown once.
    pub secret: String,
}

impl std::fmt::Debug for ChannelSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChannelSecret").field("client", &self.client.id).finish_non_exhaustive()
    }
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// To be tried, or to be tried again.
    Waiting,
    /// The outside system has it.
    Delivered,
    /// Given up after five days; somebody can send it again.
    Dead,
}

/// Something that an outside system is to be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Delivery {
    /// Its identity, the same at every attempt.
    pub id: Uuid,
    /// Which outside system.
    pub client: String,
    /// About which case.
    pub record: RecordId,
    /// What happened.
    pub event: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// Attempts so far.
    pub tries: u32,
    /// When it was made.
    pub made: Instant,
    /// When it is tried next, while it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Instant>,
    /// The last attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Instant>,
    /// What came of it, as `ok`, `http_503`, `timeout`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
}

/// What outside systems are told: counts and the newest of a state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Deliveries {
    /// How many wait.
    pub waiting: u64,
    /// How many were given up.
    pub dead: u64,
    /// Newest first, at most 200.
    pub items: Vec<Delivery>,
}
