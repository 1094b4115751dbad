//! Indicators and the records behind them, as the company's server counts
//! them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use lantian_domain::{
    case::Segment,
    clock::RuleId,
    ids::{DeviceId, RecordId, UserId},
    kpi::{Line, MonthFigure, Verdict},
    record::RecordKind,
    time::{Date, Instant},
};

/// The days of a report.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct DaysQuestion {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// Which records are behind a figure.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CasesQuestion {
    /// The figure, as `K-08/rate`.
    pub figure: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// The dimension of a group, as `town`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// A month.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct MonthQuestion {
    /// As `2026-03`.
    pub month: String,
}

/// Every indicator of a span of days.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct KpiView {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// The instant at which open clocks were judged.
    pub as_of: Instant,
    /// The figures, in the order of the indicators.
    pub figures: Vec<Line>,
    /// The colleagues that groups name.
    pub people: Vec<NamedKey>,
}

/// The name of a group that is a person.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NamedKey {
    /// The key of the group.
    pub key: String,
    /// The name.
    pub name: String,
}

/// The records behind a figure.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CasesView {
    /// How many there are.
    pub count: u64,
    /// The first of them, late ones first.
    pub cases: Vec<CaseBehind>,
}

/// A record behind a figure, without what identifies a customer.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CaseBehind {
    /// The record.
    pub record: RecordId,
    /// Its kind.
    pub kind: RecordKind,
    /// The number that people say, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no: Option<String>,
    /// Its state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The kind of user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment: Option<Segment>,
    /// Town or street.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub town: Option<String>,
    /// The instant by which it belongs to the days.
    pub at: Instant,
    /// How it counts.
    pub verdict: Verdict,
    /// Its value in the raw unit of the figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<i64>,
}

/// The report to government and gas authority on one month.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct MonthView {
    /// As `2026-03`.
    pub month: String,
    /// The company.
    pub company: String,
    /// When it was made.
    pub as_of: Instant,
    /// Steps, materials, time, cost, satisfaction.
    pub figures: Vec<MonthFigure>,
}

/// What breaches unless a silent tablet reports.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ForecastView {
    /// As of when.
    pub as_of: Instant,
    /// How many threats there are.
    pub count: u64,
    /// The first of them, the most urgent first.
    pub threats: Vec<ThreatView>,
}

/// A clock of a silent person that ran out since the last contact, or will.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ThreatView {
    /// The device that was in contact last.
    pub device: DeviceId,
    /// What it calls itself.
    pub device_name: String,
    /// Whose it is.
    pub user: UserId,
    /// Their name.
    pub user_name: String,
    /// Silent since; nothing when it was never in contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Instant>,
    /// The record.
    pub record: RecordId,
    /// Its kind.
    pub kind: RecordKind,
    /// The number that people say, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no: Option<String>,
    /// What the clock measures.
    pub rule: RuleId,
    /// When it runs out.
    pub due_at: Instant,
    /// Whether the device said that unsent work lies on the record.
    pub said: bool,
}

/// A file that was saved.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SavedView {
    /// Where.
    pub path: String,
}
