//! What a person should see of synchronisation.

use lantian_domain::time::Instant;
use serde::{Deserialize, Serialize};

use crate::failure::Halt;

/// Whether the server can be reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Network {
    /// No network: a state, not an error.
    #[default]
    Offline,
    /// There is a network; the last attempt failed or none was made.
    Connecting,
    /// The last attempt succeeded.
    Online,
}

/// What a person should see of synchronisation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Whether the server can be reached.
    pub network: Network,
    /// Whether a person paused it.
    pub paused: bool,
    /// Why it stands still until somebody acts.
    pub halt: Option<Halt>,
    /// The code of the last failure; none after a success.
    pub last_failure: Option<String>,
    /// When the mirror was last complete.
    pub last_success_at: Option<Instant>,
    /// A page is being fetched or applied.
    pub pulling: bool,
    /// Commands are being sent.
    pub pushing: bool,
    /// Commands that may be sent now.
    pub sendable: usize,
    /// Records to be fetched whole.
    pub repairs: usize,
    /// During a first synchronisation: records held, and records in all.
    pub first_sync: Option<(u64, u64)>,
    /// When the next attempt is made.
    pub next_attempt_at: Option<Instant>,
}
