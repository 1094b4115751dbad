//! Attachments as shown, and as handed over.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use lantian_domain::{
    file::FileKind,
    ids::{FileId, RecordId},
    time::Instant,
    validate::coordinates::GeoPoint,
};

use super::card::PersonRef;

/// Where a file's content is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// On this device only.
    Local,
    /// Being uploaded.
    Uploading,
    /// On this device, and the server has confirmed that it holds it.
    Delivered,
    /// On the server only.
    Remote,
    /// Being downloaded.
    Downloading,
}

/// A file of a record.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileView {
    /// Which file.
    pub id: FileId,
    /// What it shows or proves.
    pub kind: FileKind,
    /// File name.
    pub name: String,
    /// Media type.
    pub mime: String,
    /// Bytes in all.
    pub size: u64,
    /// SHA-256 of its content, hex.
    pub sha256: String,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<Instant>,
    /// Who added it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonRef>,
    /// Where its content is.
    pub state: FileState,
    /// Bytes transferred so far.
    pub done_bytes: u64,
    /// Whether a small picture of it can be shown.
    pub preview: bool,
}

/// A file to be attached.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct NewFile {
    /// The record it belongs to.
    pub id: RecordId,
    /// What it shows or proves.
    pub kind: FileKind,
    /// File name.
    pub name: String,
    /// Media type.
    pub mime: String,
    /// Its content, as base64.
    #[serde(with = "lantian_protocol::blob::text")]
    #[schemars(with = "String")]
    pub bytes: Vec<u8>,
    /// When it was made; the moment of attaching if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<Instant>,
    /// Where it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geo: Option<GeoPoint>,
}

/// A file's content.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct FileContent {
    /// The bytes, as base64.
    #[serde(with = "lantian_protocol::blob::text")]
    #[schemars(with = "String")]
    pub bytes: Vec<u8>,
    /// Media type.
    pub mime: String,
}
