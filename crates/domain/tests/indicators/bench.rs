//! The month of log, read into reports, and what the script says of it.

use std::{collections::BTreeMap, sync::OnceLock};

use lantian_domain::{
    event::Event,
    ids::RecordId,
    kpi::{
        Amount, Board, Circumstances, Dims, Figure, History, Month, Report, Sample, Sink, Span,
        Value, is_needed,
    },
    record::Rules,
    stamp::Stamp,
    time::Instant,
};
use serde::Deserialize;
use uuid::Uuid;

pub(crate) const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures");
pub(crate) const AS_OF: &str = "2026-04-05T00:00:00+08:00";

/// A line of the log.
#[derive(Deserialize)]
pub(crate) struct Row {
    pub(crate) record: RecordId,
    pub(crate) event: Event,
    pub(crate) stamp: Stamp,
}

/// A figure as the script computed it.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Expected {
    pub(crate) value: Value,
    pub(crate) groups: BTreeMap<String, BTreeMap<String, Value>>,
}

pub(crate) fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

pub(crate) fn march() -> Span {
    Month::parse("2026-03").unwrap().span()
}

pub(crate) fn rows() -> Vec<Row> {
    let text = std::fs::read_to_string(format!("{FIXTURES}/kpi/month.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Reads a log into a sink; `decoded` says which events are read.
pub(crate) fn read(rows: &[Row], sink: &mut impl Sink, decoded: fn(&str) -> bool) {
    let year = march().reaching_back(12);
    read_as(rows, sink, decoded, (&Rules::seed(), year, at(AS_OF)));
}

/// The same by these rules, over these days, at this instant.
pub(crate) fn read_as(
    rows: &[Row],
    sink: &mut impl Sink,
    decoded: fn(&str) -> bool,
    (rules, trend, now): (&Rules, Span, Instant),
) {
    let mut histories = BTreeMap::new();
    for row in rows {
        let history = histories.entry(row.record).or_insert_with(|| History::new(row.record));
        let first = !history.has_begun();
        let event = Some(&row.event).filter(|event| first || decoded(event.name()));
        history.read(event, &row.stamp);
    }
    let cx = Circumstances { now, rules, ends: &trend.ends(trend, now) };
    for history in histories.values() {
        history.measure(&cx, sink);
    }
}

pub(crate) fn board() -> Board {
    Board::new(march(), march().reaching_back(12), at(AS_OF))
}

pub(crate) fn report() -> &'static Report {
    static REPORT: OnceLock<Report> = OnceLock::new();
    REPORT.get_or_init(|| {
        let mut board = board();
        read(&rows(), &mut board, is_needed);
        board.report()
    })
}

pub(crate) fn expected() -> &'static BTreeMap<String, Expected> {
    static EXPECTED: OnceLock<BTreeMap<String, Expected>> = OnceLock::new();
    EXPECTED.get_or_init(|| {
        let text = std::fs::read_to_string(format!("{FIXTURES}/kpi/expected.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    })
}

pub(crate) fn groups(report: &Report, figure: Figure) -> BTreeMap<String, BTreeMap<String, Value>> {
    let mut groups: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
    for group in &report.line(figure).groups {
        let keys = groups.entry(group.by.as_str().to_owned()).or_default();
        keys.insert(group.key.clone(), group.value.clone());
    }
    groups
}

/// The figure is what the independent script says, in all and in each group.
pub(crate) fn check(figures: &[Figure]) {
    for figure in figures {
        let code = figure.code();
        let expected = &expected()[&code];
        assert_eq!(report().line(*figure).value, expected.value, "{code}");
        assert_eq!(groups(report(), *figure), expected.groups, "{code}, by group");
        assert!(!expected.value.is_empty() || code == "K-07/contract", "{code} is tested by data");
    }
}

/// A part of a whole, with its quotient in hundredths of a percent.
pub(crate) fn share(part: i64, whole: i64, value: i64) -> Value {
    Value::Share { part, whole, value: Some(value) }
}

/// Whether a figure that is made of these amounts alone reaches its target.
pub(crate) fn met(figure: Figure, amounts: &[Amount]) -> Option<bool> {
    let mut board = board();
    for amount in amounts {
        let (record, at) = (RecordId(Uuid::nil()), at("2026-03-09T10:00:00+08:00"));
        let dims = Dims { org: Some("service_dept"), ..Dims::default() };
        board.take(&Sample { figure, record, at, dims, amount: *amount });
    }
    board.report().line(figure).met
}

/// The value of one group.
pub(crate) fn group(figure: Figure, by: &str, key: &str) -> Value {
    groups(report(), figure)[by][key].clone()
}
