//! How long personal information is kept, what is due to go, what is gone
//! (P-05), as the security administrator sees it: numbers and days, no person.

use lantian_domain::{
    ids::RecordId,
    privacy::retention::Class,
    record::RecordKind,
    time::{Date, Instant},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where retention stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Retention {
    /// As of when.
    pub as_of: Instant,
    /// The periods.
    pub terms: Vec<TermLine>,
    /// Records whose period is over and that wait for the next nightly round.
    pub due: u64,
    /// Records whose period ends within the next ninety days.
    pub soon: u64,
    /// The first of both, by day.
    pub lines: Vec<DueLine>,
    /// How many records a person was taken out of.
    pub erased: u64,
    /// The last of them, the newest first.
    pub gone: Vec<ErasedLine>,
}

/// A class of records with its period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TermLine {
    /// The class.
    pub class: Class,
    /// For how many months after the end; nothing for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
    /// Where the period comes from.
    pub basis: String,
}

/// A record that a person is to be taken out of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DueLine {
    /// Which.
    pub record: RecordId,
    /// Its kind.
    pub kind: RecordKind,
    /// Its number.
    pub no: String,
    /// Its class.
    pub class: Class,
    /// When work on it ended.
    pub ended_on: Date,
    /// From which day the person goes.
    pub due_on: Date,
    /// Whether that day has come.
    pub due: bool,
}

/// A record that a person was taken out of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErasedLine {
    /// When.
    pub at: Instant,
    /// Which.
    pub record: RecordId,
    /// Its number, if it is still there.
    pub no: String,
    /// Events that were written anew.
    pub events: u64,
    /// The row of the audit that vouches for it.
    pub audit: u64,
}
