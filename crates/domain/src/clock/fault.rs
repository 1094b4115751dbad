//! Why a clock refuses to be paused, resumed or extended.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a clock refuses a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClockFault {
    /// The clock is stopped or cancelled.
    #[error("the clock is closed")]
    Closed,
    /// The rule may not be paused for this reason (CLK-3).
    #[error("this clock may not be paused for this reason")]
    NotPausable,
    /// The clock stands still already.
    #[error("the clock is paused already")]
    AlreadyPaused,
    /// The clock runs.
    #[error("the clock is not paused")]
    NotPaused,
    /// The due instant has passed; a pause cannot mend that.
    #[error("the due instant has passed")]
    AlreadyDue,
    /// The instant lies before the start or before the last pause's end.
    #[error("the instant lies before the clock's last change")]
    OutOfOrder,
    /// The one extension was granted before.
    #[error("the clock was extended before")]
    AlreadyExtended,
    /// The extension is zero or longer than the term itself.
    #[error("the extension must lie between one unit and the term itself")]
    ExtensionTooLong,
}
