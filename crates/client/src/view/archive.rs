//! Archive packages on this machine.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use lantian_domain::{ids::RecordId, time::Instant};

/// A case's package among the person's downloads, checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ArchiveView {
    /// The folder.
    pub path: String,
    /// When the company made it.
    pub made_at: Instant,
    /// SHA-256 of its manifest: the package's own name.
    pub manifest: String,
    /// Entries besides the manifest.
    pub entries: u64,
    /// Attachments that the company does not hold any more.
    pub absent: u64,
    /// Whether every entry, the log and the record fit.
    pub holds: bool,
    /// What does not, a code and the entry's name.
    pub faults: Vec<String>,
    /// Whether the company's audit names this very package; nothing when the
    /// server could not be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered: Option<bool>,
}

/// How far an export is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ArchiveProgress {
    /// Of which case.
    pub case: RecordId,
    /// Attachments that are here.
    pub done: u64,
    /// Attachments in all; none while the server packs.
    pub total: u64,
}
