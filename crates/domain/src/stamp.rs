//! Who caused an event, when, and how far the time is trusted.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    evidence::Grade,
    ids::{CommandId, DeviceId, UserId},
    role::Role,
    time::Instant,
};

/// The circumstances of an event (domain c.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stamp {
    /// The instant that counts for the clocks.
    pub at: Instant,
    /// The instant that the device claimed.
    pub claimed: Instant,
    /// When the server took it; nothing while pending on a tablet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<Instant>,
    /// How far the claimed time is trusted.
    pub grade: Grade,
    /// Who.
    pub actor: UserId,
    /// In which role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// On which device.
    pub device: DeviceId,
    /// The command that caused it.
    pub command: CommandId,
}
