//! The indicators and the monthly report, computed from the log.

use std::collections::BTreeSet;

use lantian_domain::{
    ids::RecordId,
    kpi::{Board, Circumstances, Dimension, Month, MonthFigure, Report, Span, attempt, monthly},
    record::{Record, Rules},
    time::Instant,
};
use lantian_protocol::blob;
use serde::Serialize;

use super::scan::scan;
use crate::{
    error::Result,
    store::{Ledger as _, Log as _, Store, Unit},
};

/// How many months a trend has.
const TREND: u32 = 12;

/// The indicators of a span with the names of the people in it.
#[derive(Clone, Debug, Serialize)]
pub struct Kpi {
    /// The figures.
    #[serde(flatten)]
    pub report: Report,
    /// The colleagues that groups name.
    pub people: Vec<Person>,
}

/// A colleague by name.
#[derive(Clone, Debug, Serialize)]
pub struct Person {
    /// The key of the group.
    pub key: String,
    /// The name.
    pub name: String,
}

/// The report to government and gas authority on one month.
#[derive(Clone, Debug, Serialize)]
pub struct MonthReport {
    /// As `2026-03`.
    pub month: String,
    /// The company.
    pub company: String,
    /// When it was made.
    pub as_of: Instant,
    /// Steps, materials, time, cost, satisfaction.
    pub figures: Vec<MonthFigure>,
}

/// Computes the indicators of a span, with a trend of twelve months.
///
/// # Errors
/// The store's.
pub fn kpi(store: &Store, span: Span, now: Instant) -> Result<Kpi> {
    let report = report(store, span, span.reaching_back(TREND), now)?;
    let people = store.read_now(|unit| people(unit, &report))?;
    Ok(Kpi { report, people })
}

/// Computes the five figures of a month.
///
/// # Errors
/// The store's.
pub fn month(store: &Store, month: Month, now: Instant) -> Result<MonthReport> {
    let span = month.span();
    let report = report(store, span, span.reaching_back(2), now)?;
    let company = store.read_now(|unit| unit.org_row())?.name;
    let figures = monthly(&report);
    Ok(MonthReport { month: month.to_string(), company, as_of: now, figures })
}

fn report(store: &Store, span: Span, trend: Span, now: Instant) -> Result<Report> {
    let rules = store.read_now(rules)?;
    let cx = Circumstances { now, rules: &rules, ends: &trend.ends(span, now) };
    let mut board = Board::new(span, trend, now);
    for part in scan(store, &cx, &|| Board::new(span, trend, now))? {
        board.merge(part);
    }
    let (from, to) = (Instant::start_of(trend.from.min(span.from)), span.end());
    store.read_now(|unit| {
        unit.answered(from, to, &mut |one| {
            let refused = one.refused.as_deref();
            attempt(one.record, one.at, one.actor, refused, &mut board);
            Ok(())
        })
    })?;
    Ok(board.report())
}

/// The rules: their calendar counts working days, their policy is to be read.
pub(super) fn rules(unit: &Unit<'_>) -> Result<Rules> {
    match record(unit, Rules::ID)? {
        Some(Record::Rules(rules)) => Ok(*rules),
        _ => Ok(Rules::seed()),
    }
}

pub(super) fn record(unit: &Unit<'_>, id: RecordId) -> Result<Option<Record>> {
    let Some(row) = unit.record(id)? else { return Ok(None) };
    Ok(Some(blob::unpack(&row.body)?))
}

fn people(unit: &Unit<'_>, report: &Report) -> Result<Vec<Person>> {
    let keys: BTreeSet<&String> = report
        .figures
        .iter()
        .flat_map(|line| &line.groups)
        .filter(|group| group.by == Dimension::Person)
        .map(|group| &group.key)
        .collect();
    let mut people = Vec::with_capacity(keys.len());
    for key in keys {
        let Ok(id) = key.parse::<RecordId>() else { continue };
        if let Some(Record::Person(person)) = record(unit, id)? {
            people.push(Person { key: key.clone(), name: person.name });
        }
    }
    Ok(people)
}
