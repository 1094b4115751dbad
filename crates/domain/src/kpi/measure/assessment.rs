//! What assessments count for: K-29, by department and calendar year.

use crate::{
    assessment::Assessment,
    kpi::{
        figure::Figure,
        sample::{Amount, Dims, Sample, Sink},
    },
    role::OrgUnit,
};

/// How the trail names the loss of an award.
const FORFEITED: &str = "award_forfeited";

/// Gives the samples of an assessment: the record when it is drafted, and the
/// award it takes, as long as no appeal has restored it. Two assessments take
/// the award of a department and year once.
pub(super) fn measure(one: &Assessment, sink: &mut impl Sink) {
    let award = one.award();
    let year = award.year.to_string();
    let dims = Dims {
        org: Some(award.org.as_str()),
        person: one.draft.person,
        kind: Some(&year),
        ..Dims::default()
    };
    let mut take = |figure, at, dims, amount| {
        sink.take(&Sample { figure, record: one.id, at, dims, amount });
    };
    take(Figure::Assessments, one.drafted_at, dims, Amount::Count(1));
    let forfeited = one.trail.iter().find(|entry| entry.did == FORFEITED);
    if let Some(entry) = forfeited.filter(|_| one.takes_award()) {
        let dims = Dims { person: None, ..dims };
        take(Figure::AwardsLost, entry.at, dims, Amount::Once(number(award.org, award.year)));
    }
}

/// A number for the award of a department and year.
fn number(org: OrgUnit, year: i32) -> u64 {
    let place = OrgUnit::ALL.iter().position(|one| *one == org).unwrap_or(OrgUnit::ALL.len());
    u64::from(year.unsigned_abs()) * 100 + u64::try_from(place).unwrap_or(0)
}
