//! The network and what waits for another one; what a check of the files found.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use lantian_domain::{
    file::FileKind,
    ids::{FileId, RecordId},
};

/// Over which networks the originals of photos and recordings are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NetworkRule {
    /// Over any.
    #[default]
    Always,
    /// Only where they cost nothing.
    Unmetered,
}

/// Whether the network is paid by the byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Metered {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// Nobody knows.
    Unknown,
}

/// The network, the person's rule, and what waits because of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NetworkView {
    /// The rule.
    pub rule: NetworkRule,
    /// Whether the network is metered.
    pub metered: Metered,
    /// Whether the person said so; otherwise the system did.
    pub declared: bool,
    /// Files that wait because of the rule.
    pub held: Vec<HeldFile>,
    /// Their bytes still to be sent.
    pub held_bytes: u64,
}

/// A file that waits for another network.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HeldFile {
    /// Which file.
    pub id: FileId,
    /// The record it belongs to.
    pub record_id: RecordId,
    /// What the record is called.
    pub title: String,
    /// What it shows.
    pub kind: FileKind,
    /// File name.
    pub name: String,
    /// Bytes still to be sent.
    pub bytes_left: u64,
}

/// What a check of the files on this device found.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FilesCheck {
    /// Contents read.
    pub checked: u64,
    /// Their bytes.
    pub bytes: u64,
    /// What is wrong, and what became of it.
    pub faults: Vec<FileFault>,
}

/// What is wrong with a file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileFault {
    /// Which file.
    pub id: FileId,
    /// The record it belongs to.
    pub record_id: RecordId,
    /// What the record is called.
    pub title: String,
    /// What it shows.
    pub kind: FileKind,
    /// File name.
    pub name: String,
    /// What became of it.
    pub outcome: FileOutcome,
}

/// What became of a file with a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileOutcome {
    /// An own file that was not sent is not here: it has to be made again.
    Lost,
    /// An own file that was not sent is damaged: it has to be made again.
    Spoilt,
    /// A damaged copy was let go and fetched again.
    Fetched,
    /// A damaged copy was let go; it is fetched again with the network.
    Fetching,
}
