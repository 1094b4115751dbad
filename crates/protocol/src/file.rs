//! Attachments: resumable upload (tus 1.0 with checksum, creation and
//! expiration), download by range, receipts.

use lantian_domain::{
    ids::{FileId, RecordId},
    time::Instant,
};
use serde::{Deserialize, Serialize};

/// The tus version spoken.
pub const TUS_VERSION: &str = "1.0.0";
/// The most bytes sent in one PATCH, and so the most sent again after a cut.
pub const CHUNK: usize = 256 * 1024;
/// The largest attachment: 50 MiB (domain e.17).
pub const MAX_FILE: u64 = 50 << 20;

/// Announces an upload (`POST /v1/files`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadOffer {
    /// The attachment as commands name it.
    pub file: FileId,
    /// The record it belongs to.
    pub record: RecordId,
    /// SHA-256 of the whole content, hex.
    pub sha256: String,
    /// Bytes in all.
    pub size: u64,
    /// Media type.
    pub mime: String,
}

/// Where an upload stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadState {
    /// The attachment.
    pub file: FileId,
    /// Bytes held durably by the server.
    pub offset: u64,
    /// Bytes in all.
    pub size: u64,
    /// Present once the whole content was verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
}

/// The server's word that it holds a file durably.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The attachment.
    pub file: FileId,
    /// SHA-256 of the content, hex.
    pub sha256: String,
    /// When it was verified.
    pub at: Instant,
    /// The epoch of the store that gave it: one of an earlier epoch is asked
    /// for again. A server that says none gave it in the earliest.
    #[serde(default)]
    pub epoch: u64,
}

/// Asks which attachments the server lacks (`POST /v1/files/held`): those
/// that the tablet holds, or has receipts of an earlier epoch for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRequest {
    /// Which attachments, at most [`MAX_ASKED`].
    pub files: Vec<UploadOffer>,
}

/// The most attachments of one [`HeldRequest`].
pub const MAX_ASKED: usize = 500;

/// What the server lacks of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldResponse {
    /// The epoch of the store that answers.
    pub epoch: u64,
    /// Those of the request that have to be brought again; the server has a
    /// receipt for every other.
    pub missing: Vec<FileId>,
}
