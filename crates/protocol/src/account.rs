//! What a tablet accounts for to the company, signed by its device: which
//! records it has let go of, which it still holds though they left, and what
//! it has not sent yet.

use lantian_domain::{ids::RecordId, time::Instant};
use serde::{Deserialize, Serialize};

use crate::feed::Witness;

/// The most receipts, and the most records of each list, in one [`Account`].
pub const MAX_ACCOUNTED: usize = 500;

/// A tablet's word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// When, by the tablet's corrected clock.
    pub at: Instant,
    /// What the server said of itself when it last answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<Witness>,
    /// The epoch that its mirror stands in.
    pub epoch: u64,
    /// Where its mirror stands in the feed.
    pub seq: u64,
    /// Commands that are not sent or not answered yet.
    pub unsent: u64,
    /// The records that they lie on, at most [`MAX_ACCOUNTED`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on: Vec<RecordId>,
    /// Records that left and are here until work on them has gone out, at most
    /// [`MAX_ACCOUNTED`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leaving: Vec<RecordId>,
    /// Records that were purged, at most [`MAX_ACCOUNTED`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purged: Vec<Purged>,
}

/// The receipt of a record that left: nothing of it is on the tablet any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purged {
    /// Which record.
    pub record: RecordId,
    /// The version that the tablet had.
    pub version: u64,
    /// The epoch of the page that took it away.
    pub epoch: u64,
    /// Where that page led.
    pub seq: u64,
    /// When the notice was taken.
    pub left_at: Instant,
    /// When everything was gone.
    pub purged_at: Instant,
    /// Bytes of the record.
    pub bytes: u64,
    /// Contents that went with it.
    pub files: u64,
}

/// An account's exact bytes with the device's Ed25519 signature over them
/// (`POST /v1/account`). Telling it again is harmless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedAccount {
    /// The [`Account`] as JSON text, byte for byte as signed.
    pub account: String,
    /// The signature, 64 bytes.
    #[serde(with = "crate::blob::text")]
    pub signature: Vec<u8>,
}

/// The company has taken note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountResponse {
    /// The epoch of the store that did.
    pub epoch: u64,
    /// Where its audit stands with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<Witness>,
}
