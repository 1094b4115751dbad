//! The indicators K-01 to K-36 (domain section k).
//!
//! Words: a *sample* is one thing that is counted, with the figure it counts
//! for, the instant it belongs to and its *dimensions* (org, person, segment,
//! channel, contractor, town); [`measure`] says which samples a record gives;
//! a [`Board`] adds them up to a [`Report`]: whole span, month by month, and
//! broken down by each dimension. Nothing here is an estimate: figures are
//! exact integers, rounded half up once, when they are shown.
//!
//! Invariants: a report is a function of the records, that is, of their
//! events, and of the instant it is made; the order in which records come
//! changes nothing; a clock belongs to the period of its due instant; how
//! things stand is seen at the end of the days, not summed over instants.

use crate::role::Role;

/// The roles that see the indicators (domain b.2: supervision, assessment,
/// leaders, heads of departments).
pub const READERS: &[Role] = &[
    Role::Leader,
    Role::Assessor,
    Role::Inspector,
    Role::CmLead,
    Role::TechLead,
    Role::EngLead,
    Role::ServiceLead,
];

/// The roles that may take the figures out as a file (domain b.2, bulk
/// export).
pub const EXPORTERS: &[Role] =
    &[Role::Leader, Role::Assessor, Role::Inspector, Role::CmLead, Role::ServiceLead];

mod board;
mod drill;
mod figure;
mod history;
mod measure;
mod month;
mod needed;
mod place;
mod reader;
mod report;
mod sample;
mod span;
mod tally;
mod town;

pub use board::Board;
pub use drill::{Drill, Hit, Question, Verdict};
pub use figure::{Figure, Shape, Target, Unit};
pub use history::History;
pub use measure::{Circumstances, attempt, measure};
pub use month::{MonthFigure, monthly};
pub use needed::is_needed;
pub use report::{Group, Line, MonthValue, Report};
pub use sample::{Amount, ClockResult, Dimension, Dims, Sample, Sink};
pub use span::{Month, Span};
pub use tally::{Tally, Value};
pub use town::town;
