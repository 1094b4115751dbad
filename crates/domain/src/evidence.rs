//! Which instant an act counts with (c.4, offline evidence rule).
//!
//! An act that reaches the server while the tablet is online counts when the
//! server receives it. An act recorded offline counts with its corrected time
//! of occurrence, if the tablet's clock is believable; otherwise it counts
//! when it was received and is marked late.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::time::{HOUR_MS, Instant};

/// The greatest change of a device clock's offset between two syncs.
pub const MAX_OFFSET_CHANGE_MS: i64 = 120_000;
/// The longest way of an offline act to the server.
pub const MAX_DELAY_MS: i64 = 72 * HOUR_MS;
/// Acts that arrive this soon after they happened were made online.
pub const ONLINE_WITHIN_MS: i64 = 60_000;

/// How far an offset may be mismeasured: an act that seems to lie less than
/// this in the future was made at its receipt; beyond it the clock lies.
pub const MAX_JITTER_MS: i64 = 2_000;

/// How well the instant of an act is proved.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Sent at once; the server itself is the witness.
    Online,
    /// Recorded offline, believed by the rule.
    Offline,
    /// `late_evidence`: counts only from its receipt.
    Late,
}

/// The instant an act counts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// The instant.
    pub at: Instant,
    /// How it is proved.
    pub grade: Grade,
}

/// Decides the instant that an act counts with.
///
/// An offset is the server's time minus the device's time, in milliseconds;
/// the one measured at this sync is added to `claimed`.
pub fn effective_time(
    claimed: Instant,
    received: Instant,
    offset_at_last_sync_ms: i64,
    offset_at_this_sync_ms: i64,
    chain_intact: bool,
) -> Evidence {
    let late = Evidence { at: received, grade: Grade::Late };
    let corrected = claimed.plus_ms(offset_at_this_sync_ms);
    let delay_ms = received.since(corrected);
    if !chain_intact || !(-MAX_JITTER_MS..=MAX_DELAY_MS).contains(&delay_ms) {
        return late;
    }
    if delay_ms <= ONLINE_WITHIN_MS {
        return Evidence { at: corrected.min(received), grade: Grade::Online };
    }
    let change_ms = offset_at_this_sync_ms.saturating_sub(offset_at_last_sync_ms);
    if change_ms.saturating_abs() > MAX_OFFSET_CHANGE_MS {
        return late;
    }
    Evidence { at: corrected, grade: Grade::Offline }
}

#[cfg(test)]
mod tests;
