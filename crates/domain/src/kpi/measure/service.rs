//! What the ledger, complaints and ratings count for: K-24, K-27, K-28; their
//! clocks count like all others.

use crate::{
    complaint::Complaint,
    kpi::{
        figure::Figure,
        measure::{Circumstances, material::overdue_at},
        sample::{Amount, Dims, Sample, Sink},
    },
    ledger::LedgerItem,
    policy::RuleId,
    rating::Rating,
};

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
    for month in cx.months {
        let end = month.span().end().min(cx.now);
        let overdue = item
            .clocks
            .iter()
            .filter(|clock| clock.rule == RuleId::D10)
            .any(|clock| overdue_at(clock, end) == Some(true));
        if overdue {
            take(Figure::LedgerOverdue, end.plus_ms(-1), Amount::Count(1));
        }
    }
    if let Some(at) = item.closed_at {
        take(Figure::LedgerReopened, at, Amount::Part(item.reopened_count > 0));
    }
}

pub(super) fn complaint_dims(complaint: &Complaint) -> Dims<'_> {
    Dims {
        org: Some(complaint.filed.org.as_str()),
        person: complaint.filed.person,
        kind: Some(complaint.filed.kind.as_str()),
        ..Dims::default()
    }
}

/// Gives the samples of a complaint: received, and the last word on it.
pub(super) fn complaint(complaint: &Complaint, sink: &mut impl Sink) {
    let dims = complaint_dims(complaint);
    let mut take = |figure, at, amount| {
        sink.take(&Sample { figure, record: complaint.id, at, dims, amount });
    };
    take(Figure::Complaints, complaint.at, Amount::Count(1));
    take(Figure::ComplaintsPerGasOn, complaint.at, Amount::PartOnly(1));
    if let Some(last) = complaint.decisions.last() {
        let found = Amount::Part(last.finding.has_consequence());
        take(Figure::Substantiated, last.at, found);
    }
}

/// Gives the samples of a rating.
pub(super) fn rating(rating: &Rating, sink: &mut impl Sink) {
    let (figure, amount) = (Figure::BadRatings, Amount::Part(rating.is_bad()));
    let (record, at) = (rating.id, rating.received.rated_at);
    sink.take(&Sample { figure, record, at, dims: Dims::default(), amount });
}
