//! What the ledger, complaints and ratings count for: K-24, K-27, K-28; their
//! clocks count like all others.

use crate::{
    complaint::Complaint,
    kpi::{
        figure::Figure,
        measure::{Circumstances, material::overdue_at},
        sample::{Amount, Dims, Sample, Sink},
    },
    ledger::{LedgerItem, Outcome},
    policy::RuleId,
    rating::Rating,
    record::TrailEntry,
    time::Instant,
};

/// How the trail names the events that close an item.
const CLOSED: [&str; 2] = ["ledger_item_closed", "ledger_item_planned"];
/// How the trail names the event that reopens one.
const REOPENED: &str = "ledger_item_reopened";

pub(super) fn ledger_dims(item: &LedgerItem) -> Dims<'_> {
    Dims {
        org: Some(item.responsible_org.as_str()),
        person: Some(item.responsible_person),
        kind: Some(item.kind.as_str()),
        ..Dims::default()
    }
}

/// Gives the samples of a ledger item.
pub(super) fn ledger(item: &LedgerItem, cx: &Circumstances<'_>, sink: &mut impl Sink) {
    let dims = ledger_dims(item);
    let mut take = |figure, at, amount| {
        sink.take(&Sample { figure, record: item.id, at, dims, amount });
    };
    let clocks = || item.clocks.iter().filter(|clock| clock.rule == RuleId::D10);
    for end in cx.ends {
        if clocks().any(|clock| overdue_at(clock, *end) == Some(true)) {
            take(Figure::LedgerOverdue, end.plus_ms(-1), Amount::Count(1));
        }
    }
    for (at, reopened) in closings(&item.trail) {
        take(Figure::LedgerReopened, at, Amount::Part(reopened));
    }
    let figure = match item.outcome {
        Some(Outcome::Explained) => Figure::LedgerExplained,
        Some(Outcome::Planned) => Figure::LedgerPlanned,
        Some(Outcome::Solved) | None => return,
    };
    if let Some(at) = item.closed_at {
        take(figure, at, Amount::Count(1));
    }
}

/// Every closing of an item, and whether the customer had it reopened (LG-6).
/// Longer time for what is planned already closes nothing.
fn closings(trail: &[TrailEntry]) -> Vec<(Instant, bool)> {
    let mut closings: Vec<(Instant, bool)> = Vec::new();
    for entry in trail {
        let closed = closings.last().is_some_and(|(_, reopened)| !reopened);
        if CLOSED.contains(&entry.did.as_str()) && !closed {
            closings.push((entry.at, false));
        } else if entry.did == REOPENED
            && let Some((_, reopened)) = closings.last_mut()
        {
            *reopened = true;
        }
    }
    closings
}

pub(super) fn complaint_dims(complaint: &Complaint) -> Dims<'_> {
    Dims {
        org: Some(complaint.filed.org.as_str()),
        person: complaint.filed.person,
        kind: Some(complaint.filed.kind.as_str()),
        ..Dims::default()
    }
}

/// Gives the samples of a complaint: received, and the last word on it. Among
/// the connections it counts where its case belongs, as the connection does.
pub(super) fn complaint(complaint: &Complaint, sink: &mut impl Sink) {
    let dims = complaint_dims(complaint);
    let mut take = |figure, at, dims, amount| {
        sink.take(&Sample { figure, record: complaint.id, at, dims, amount });
    };
    take(Figure::Complaints, complaint.at, dims, Amount::Count(1));
    take(Figure::ComplaintsPerGasOn, complaint.at, Dims::default(), Amount::PartOnly(1));
    if let Some(last) = complaint.decisions.last() {
        let found = Amount::Part(last.finding.has_consequence());
        take(Figure::Substantiated, last.at, dims, found);
    }
}

/// Gives the samples of a rating.
pub(super) fn rating(rating: &Rating, sink: &mut impl Sink) {
    let (figure, amount) = (Figure::BadRatings, Amount::Part(rating.is_bad()));
    let (record, at) = (rating.id, rating.received.rated_at);
    sink.take(&Sample { figure, record, at, dims: Dims::default(), amount });
}
