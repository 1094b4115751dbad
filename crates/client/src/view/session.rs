//! Who is signed in, on which device, and whether the replica is open.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use lantian_domain::{
    ids::{DeviceId, UserId},
    role::{OrgUnit, Role},
    time::Instant,
};

/// What the window shows before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// No replica here: sign in.
    Fresh,
    /// A replica waits for its PIN.
    Locked,
    /// Open for work.
    Open,
    /// Another process holds the replica.
    HeldElsewhere,
    /// The key is missing or does not fit: use the recovery key.
    RecoveryNeeded,
    /// A file of the replica is damaged.
    Damaged,
    /// The disk is full.
    DeviceFull,
}

/// The session as shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SessionView {
    /// Where the session stands.
    pub state: SessionState,
    /// The person, once known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserView>,
    /// This device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceRef>,
    /// The company server's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Which process holds the replica.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// Until when the device opens without contact to the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease_until: Option<Instant>,
    /// Wrong PINs in a row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrong_pins: Option<u32>,
    /// How long the next PIN has to wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait_seconds: Option<u64>,
    /// What is wrong and what to do, in the user's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl SessionView {
    /// A session of which nothing but its state is known.
    pub fn of(state: SessionState) -> Self {
        Self {
            state,
            user: None,
            device: None,
            server: None,
            holder: None,
            lease_until: None,
            wrong_pins: None,
            wait_seconds: None,
            detail: None,
        }
    }
}

/// The signed-in person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UserView {
    /// Identity.
    pub id: UserId,
    /// Login name.
    pub login: String,
    /// Name.
    pub name: String,
    /// Roles.
    pub roles: BTreeSet<Role>,
    /// Department.
    pub org: OrgUnit,
}

/// The device by id and name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeviceRef {
    /// Identity.
    pub id: DeviceId,
    /// What it calls itself.
    pub name: String,
}
