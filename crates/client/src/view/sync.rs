//! The state of synchronisation, shown without reserve.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use lantian_domain::{ids::RecordId, time::Instant};

use super::{card::SyncState, network::NetworkView};

/// Whether the server answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Online {
    /// It answered last time.
    Online,
    /// It did not; work goes on.
    Offline,
    /// The first answer is awaited.
    Connecting,
}

/// Everything about synchronisation.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct SyncStatus {
    /// Whether the server answers.
    pub online: Online,
    /// Whether the user has paused it.
    pub paused: bool,
    /// Why it does not run: a stable code, as `tls`, `sign_in_needed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When the last full synchronisation ended well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_success_at: Option<Instant>,
    /// Commands on this device only.
    pub pending_commands: u64,
    /// Records with such commands or files.
    pub pending_cases: u64,
    /// Files on this device only.
    pub pending_files: u64,
    /// Their bytes still to be sent.
    pub pending_bytes: u64,
    /// Refused commands that wait for a person.
    pub refused: u64,
    /// Conflicts that wait for a person.
    pub conflicts: u64,
    /// What is being transferred.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer: Option<Transfer>,
    /// How far the first download is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_sync: Option<FirstSync>,
    /// What waits, record by record.
    pub records: Vec<RecordProgress>,
    /// The network, and which files wait for another one.
    pub network: NetworkView,
    /// Room on the device.
    pub storage: Storage,
    /// Server clock minus device clock.
    pub clock_offset_ms: i64,
    /// Until when the device opens without contact to the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease_until: Option<Instant>,
    /// The server store's epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u64>,
    /// The mirror's position in the feed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<u64>,
    /// The company server's address.
    pub server: String,
    /// The last entries of the log, newest first, without personal data.
    pub log: Vec<LogEntry>,
}

/// A transfer that runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Transfer {
    /// `up` or `down`.
    pub label: String,
    /// Pieces done.
    pub done: u64,
    /// Pieces in all.
    pub total: u64,
    /// Bytes done.
    pub bytes_done: u64,
    /// Bytes in all.
    pub bytes_total: u64,
}

/// How far the first download is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FirstSync {
    /// Records here.
    pub done: u64,
    /// Records in all.
    pub total: u64,
}

/// What waits of one record.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct RecordProgress {
    /// Which record.
    pub id: RecordId,
    /// Its number.
    pub no: String,
    /// What it is called.
    pub title: String,
    /// Where its work stands.
    pub sync_state: SyncState,
    /// Commands on this device only.
    pub commands: u64,
    /// Files delivered.
    pub files_done: u64,
    /// Files in all.
    pub files_total: u64,
    /// Bytes still to be sent.
    pub bytes_left: u64,
}

/// Room on the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Storage {
    /// Bytes of the replica, its outbox and its files.
    pub used_bytes: u64,
    /// Bytes free on the disk.
    pub free_bytes: u64,
    /// Whether room runs short.
    pub low: bool,
}

/// How grave a log entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// For the record.
    Info,
    /// Worth a look.
    Warn,
    /// Something failed.
    Error,
}

/// One entry of the synchronisation log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LogEntry {
    /// When.
    pub at: Instant,
    /// How grave.
    pub level: LogLevel,
    /// Stable code, as `offline`, `pushed`.
    pub code: String,
    /// Counts and times, without personal data.
    pub text: String,
}

/// What one full synchronisation did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SyncReport {
    /// Commands sent.
    pub pushed: u64,
    /// Of them accepted.
    pub accepted: u64,
    /// Of them refused or set aside.
    pub refused: u64,
    /// Commands that wait because they build on a refused one.
    pub parked: u64,
    /// Records written to the mirror.
    pub pulled_records: u64,
    /// Records that left the scope.
    pub left_records: u64,
    /// Files delivered to the server.
    pub files_up: u64,
    /// Files that wait for a network that costs nothing.
    pub files_held: u64,
    /// Files fetched from the server.
    pub files_down: u64,
    /// Bytes sent.
    pub bytes_up: u64,
    /// Bytes received.
    pub bytes_down: u64,
    /// How long it took.
    pub ms: u64,
    /// The mirror's position in the feed.
    pub cursor: Option<u64>,
    /// The server store's epoch.
    pub epoch: Option<u64>,
}
