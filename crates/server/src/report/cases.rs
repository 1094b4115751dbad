//! The records behind a figure, without what identifies a customer.

use lantian_domain::{
    case::Segment,
    kpi::{Circumstances, Dimension, Drill, Figure, Hit, Question, Span, Verdict, town},
    record::{Record, RecordKind},
    time::Instant,
};
use serde::Serialize;

use super::{
    figures::{record, rules},
    scan::scan,
};
use crate::{
    error::Result,
    store::{Store, Unit},
};

/// The most records in one answer; more are only counted.
const MOST: usize = 500;

/// What is asked.
#[derive(Clone, Debug)]
pub struct CaseQuestion {
    /// Behind which figure.
    pub figure: Figure,
    /// In which days.
    pub span: Span,
    /// In which group, if in one.
    pub group: Option<(Dimension, String)>,
}

/// A record behind a figure.
#[derive(Clone, Debug, Serialize)]
pub struct Case {
    /// The record.
    pub record: lantian_domain::ids::RecordId,
    /// Its kind.
    pub kind: RecordKind,
    /// The number that people say, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no: Option<String>,
    /// Its state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<&'static str>,
    /// The kind of user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segment: Option<Segment>,
    /// Town or street.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub town: Option<String>,
    /// The instant by which it belongs to the days.
    pub at: Instant,
    /// How it counts.
    pub verdict: Verdict,
    /// Its value in the raw unit of the figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<i64>,
}

/// The records behind a figure.
#[derive(Clone, Debug, Serialize)]
pub struct Cases {
    /// How many there are in all.
    pub count: usize,
    /// The first 500, late ones first.
    pub cases: Vec<Case>,
}

/// Finds the records behind a figure.
///
/// # Errors
/// The store's.
pub fn cases(store: &Store, asked: &CaseQuestion, now: Instant) -> Result<Cases> {
    let rules = store.read_now(rules)?;
    let (figure, span) = (asked.figure, asked.span);
    let cx = Circumstances { now, rules: &rules, ends: &span.ends(span, now) };
    let question = || Question { figure, span, group: asked.group.clone(), now };
    let mut drill = Drill::new(question());
    for part in scan(store, &cx, &|| Drill::new(question()))? {
        drill.merge(part);
    }
    let hits = drill.hits();
    let count = hits.len();
    let cases = store.read_now(|unit| {
        let shown = |hit| shown(unit, hit).transpose();
        hits.iter().take(MOST).filter_map(shown).collect::<Result<Vec<_>>>()
    })?;
    Ok(Cases { count, cases })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the other kinds have no place")]
fn shown(unit: &Unit<'_>, hit: &Hit) -> Result<Option<Case>> {
    let Some(found) = record(unit, hit.record)? else { return Ok(None) };
    let mut case = Case {
        record: hit.record,
        kind: found.kind(),
        no: number(&found),
        state: found.state(),
        segment: None,
        town: None,
        at: hit.at,
        verdict: hit.verdict,
        value: hit.value,
    };
    let place = match &found {
        Record::Case(found) => Some((found.segment, &found.basic.address)),
        Record::Visit(found) => Some((found.account.segment, &found.account.address)),
        _ => None,
    };
    if let Some((segment, address)) = place {
        case.segment = Some(segment);
        case.town = town(address).map(str::to_owned);
    }
    Ok(Some(case))
}

/// The number that people say; of a colleague the login.
#[expect(clippy::wildcard_enum_match_arm, reason = "the other kinds have no number")]
pub(super) fn number(found: &Record) -> Option<String> {
    let no = match found {
        Record::Case(found) => &found.no,
        Record::Visit(found) => &found.account.no,
        Record::LedgerItem(found) => &found.no,
        Record::Complaint(found) => &found.no,
        Record::Rating(found) => &found.received.proj_no,
        Record::Assessment(found) => &found.draft.source_no,
        Record::Person(found) => &found.login,
        _ => return None,
    };
    Some(no.clone())
}
