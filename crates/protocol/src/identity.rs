//! Sign-in, enrolment of a device, tokens and the offline lease.

use lantian_domain::{
    ids::{DeviceId, OrgId, UserId},
    record::Person,
    time::Instant,
};
use serde::{Deserialize, Serialize};

/// Signs in with a password and enrols the device.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignIn {
    /// Login name.
    pub login: String,
    /// Password.
    pub password: String,
    /// The code of the account's authenticator, when it needs one (P-13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What the device calls itself.
    pub device_name: String,
    /// The device's Ed25519 public key, 32 bytes.
    #[serde(with = "crate::blob::text")]
    pub public_key: Vec<u8>,
    /// The device's earlier identity, when it signs in again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
}

/// The answer to a sign-in.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignedIn {
    /// The person.
    pub person: Person,
    /// The company.
    pub org: OrgId,
    /// The device's identity.
    pub device: DeviceId,
    /// Tokens for the next requests.
    pub tokens: Tokens,
    /// The company's recovery key (age X25519 recipient): wraps of the
    /// database key are made for it.
    pub recovery_recipient: String,
    /// The server store's epoch.
    pub epoch: u64,
    /// The server's clock when it answered.
    pub server_time: Instant,
}

/// Access and refresh token with their ends.
#[derive(Clone, Serialize, Deserialize)]
pub struct Tokens {
    /// Sent as `Authorization: Bearer`.
    pub access: String,
    /// When the access token ends.
    pub access_until: Instant,
    /// Exchanged once for new tokens.
    pub refresh: String,
    /// Until when the device may be unlocked without contact to the server.
    pub lease_until: Instant,
}

/// Exchanges a refresh token; `proof` is the device's signature over it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Refresh {
    /// The device.
    pub device: DeviceId,
    /// The refresh token.
    pub refresh: String,
    /// Ed25519 signature over `refresh`, 64 bytes.
    #[serde(with = "crate::blob::text")]
    pub proof: Vec<u8>,
}

/// Sets another password; a one-time password has to be changed so.
#[derive(Clone, Serialize, Deserialize)]
pub struct PasswordChange {
    /// Login name.
    pub login: String,
    /// The present password.
    pub password: String,
    /// The password from now on.
    pub new_password: String,
}

/// Who is asking, by token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The person.
    pub user: UserId,
    /// The device.
    pub device: DeviceId,
    /// The company.
    pub org: OrgId,
}

/// The digest of everything that a user may see, at a cursor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeDigest {
    /// The commit sequence at which it was taken.
    pub seq: u64,
    /// How many records.
    pub records: u64,
    /// XOR of the records' digests.
    #[serde(with = "crate::blob::text")]
    pub digest: Vec<u8>,
}
