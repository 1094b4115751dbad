//! The report as it is shown, exported and stored.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    kpi::{
        figure::{Figure, Target, Unit},
        sample::Dimension,
        tally::Value,
    },
    time::{Date, Instant},
};

/// Every figure of a span of days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// The instant at which open clocks were judged.
    pub as_of: Instant,
    /// The figures, in the order of the indicators.
    pub figures: Vec<Line>,
}

impl Report {
    /// The line of a figure.
    ///
    /// # Panics
    /// Never: a report has a line for every figure.
    pub fn line(&self, figure: Figure) -> &Line {
        self.figures
            .iter()
            .find(|line| line.kpi == figure.kpi() && line.part == figure.part())
            .expect("a report has a line for every figure")
    }
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// The indicator, as `K-01`.
    pub kpi: String,
    /// Which of its figures, as `rate`.
    pub part: String,
    /// What it is in.
    pub unit: Unit,
    /// What it should reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// Whether it does; nothing where nothing was counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub met: Option<bool>,
    /// Over the whole span.
    pub value: Value,
    /// Month by month, oldest first.
    pub months: Vec<MonthValue>,
    /// Broken down over the whole span.
    pub groups: Vec<Group>,
}

/// A figure in a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MonthValue {
    /// As `2026-03`.
    pub month: String,
    /// The value.
    pub value: Value,
}

/// A figure in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Group {
    /// The dimension.
    pub by: Dimension,
    /// The group: a code, an identity or a name.
    pub key: String,
    /// The value.
    pub value: Value,
}
