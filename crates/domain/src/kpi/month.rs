//! The monthly business-environment report: five figures for
//! government and gas authority, with nothing that points at a person.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kpi::{figure::Figure, figure::Unit, report::Report, tally::Value};

/// One of the five figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MonthFigure {
    /// `steps`, `materials`, `time`, `cost`, `satisfaction`.
    pub name: String,
    /// What it is in.
    pub unit: Unit,
    /// Mean or share, in hundredths of the unit; nothing when nothing was
    /// counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<i64>,
    /// Of how many cases or visits.
    pub count: i64,
    /// The month before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<i64>,
}

/// Steps, materials, time, cost and satisfaction of a month; `report` covers
/// the month and has a trend that reaches the month before.
pub fn monthly(report: &Report) -> Vec<MonthFigure> {
    [
        ("steps", Figure::UserSteps),
        ("materials", Figure::Materials),
        ("time", Figure::DaysFromApplication),
        ("cost", Figure::Cost),
        ("satisfaction", Figure::Satisfied),
    ]
    .into_iter()
    .map(|(name, figure)| {
        let line = report.line(figure);
        let count = match &line.value {
            Value::Share { whole, .. } => *whole,
            Value::Spread { count, .. } | Value::Count { count } => *count,
            Value::Rate { on_time, late, open_breached, .. } => on_time + late + open_breached,
        };
        let before = line.months.len().checked_sub(2).and_then(|at| line.months[at].value.main());
        MonthFigure {
            name: name.to_owned(),
            unit: line.unit,
            value: line.value.main(),
            count,
            before,
        }
    })
    .collect()
}
