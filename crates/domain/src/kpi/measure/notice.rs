//! What one-time notices count for: K-14, the notices after a case's first
//! against the tolerant cases.

use crate::{
    case::Case,
    kpi::{
        figure::Figure,
        sample::{Amount, Dims, Sample, Sink},
    },
};

/// Gives the samples of a case's notices: the tolerant case when it is
/// accepted, each further notice when it is given.
pub(super) fn measure(case: &Case, dims: &Dims<'_>, sink: &mut impl Sink) {
    let figure = Figure::SecondNotices;
    let mut take = |at, amount| {
        sink.take(&Sample { figure, record: case.id, at, dims: *dims, amount });
    };
    if let Some(at) = case.intake.accepted_at.filter(|_| case.intake.was_tolerant) {
        take(at, Amount::WholeOnly(1));
    }
    for notice in case.tolerance.notices.iter().skip(1) {
        take(notice.at, Amount::PartOnly(1));
    }
}
