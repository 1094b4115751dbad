//! Is this tablet ready for the coming visits?

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use lantian_domain::{
    ids::RecordId,
    time::{Date, Instant},
};

/// The visits of today and the next working day, each with what the tablet
/// lacks for it.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct ReadinessView {
    /// The next working day.
    pub next: Date,
    /// The visits, the earliest first.
    pub visits: Vec<VisitReady>,
    /// Files that they need and that are here.
    pub files_here: u64,
    /// Files that they need in all.
    pub files_needed: u64,
    /// Bytes still to be fetched.
    pub bytes_left: u64,
}

/// One visit.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct VisitReady {
    /// Which record.
    pub id: RecordId,
    /// Its number.
    pub no: String,
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub subtitle: String,
    /// On which day.
    pub day: VisitDay,
    /// When its most urgent clock ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Instant>,
    /// Whether nothing lacks.
    pub ready: bool,
    /// What lacks.
    pub gaps: Vec<Gap>,
    /// Files that it needs and that are here.
    pub files_here: u64,
    /// Files that it needs in all.
    pub files_needed: u64,
}

/// A day of a visit.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum VisitDay {
    /// What is left of today, and what is late.
    Today,
    /// The next working day.
    Next,
}

/// What a tablet lacks for a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "gap", rename_all = "snake_case")]
pub enum Gap {
    /// The record is not here whole.
    Record,
    /// What is here was not compared with the company's for a day.
    Stale,
    /// Files are not here.
    Files {
        /// How many.
        files: u64,
        /// Their bytes still to be fetched.
        bytes: u64,
    },
    /// The policy is not in force yet on that day.
    Policy,
    /// The working calendar of that day is not published, or not here.
    Calendar,
    /// No price is valid on that day.
    Prices,
    /// The tablet locks itself before that day is over.
    Lease,
    /// Room runs short.
    Space,
    /// Commands on it wait for a person.
    Refused {
        /// How many.
        commands: u32,
    },
}
