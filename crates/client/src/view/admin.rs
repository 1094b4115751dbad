//! Users and devices, as their administrators see them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use lantian_domain::{
    ids::{DeviceId, RecordId, UserId},
    role::{OrgUnit, Role},
    time::Instant,
};

use super::card::PersonRef;

/// An account.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct AdminUser {
    /// Identity.
    pub id: UserId,
    /// Login name.
    pub login: String,
    /// Name.
    pub name: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// Department.
    pub org: OrgUnit,
    /// Whether the account is in use.
    pub active: bool,
    /// Enrolled devices that are not revoked.
    pub devices: u32,
    /// Last contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<Instant>,
}

/// A new account.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct NewUser {
    /// Login name.
    pub login: String,
    /// Name.
    pub name: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// Department.
    pub org: OrgUnit,
}

/// A new account with its first password, shown once.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct UserCreated {
    /// The account.
    pub user: AdminUser,
    /// Shown once, to be changed at the first sign-in.
    pub one_time_password: String,
}

/// A change of an account; what is absent stays.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct UserChange {
    /// Which account.
    pub id: UserId,
    /// Name from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Roles from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<Role>>,
    /// Whether the account is in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
    /// Whether a one-time password replaces the present one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reset_password: Option<bool>,
}

/// A changed account, with a one-time password if one was asked for.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct UserChanged {
    /// The account.
    pub user: AdminUser,
    /// Shown once, to be changed at the next sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_time_password: Option<String>,
}

/// An enrolled device.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct AdminDevice {
    /// Identity.
    pub id: DeviceId,
    /// What it calls itself.
    pub name: String,
    /// Whose it is.
    pub user: PersonRef,
    /// Since when.
    pub enrolled_at: Instant,
    /// Last synchronisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_sync_at: Option<Instant>,
    /// `active` or `revoked`.
    pub state: String,
    /// What it said last of what it holds; nothing while it had nothing to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<DeviceWord>,
}

/// A device's last word on what it holds.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct DeviceWord {
    /// When it came.
    pub at: Instant,
    /// Commands that were not sent or not answered.
    pub unsent: u64,
    /// Records that had left and were there until work on them had gone out.
    pub leaving: Vec<RecordId>,
    /// Records that left since, and that it has not said to be gone.
    pub outstanding: Vec<RecordId>,
    /// How many records it has let go of.
    pub purged: u64,
}
