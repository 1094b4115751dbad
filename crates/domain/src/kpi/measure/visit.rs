//! What return visits count for: K-21, K-22, K-23, K-25, K-26.

use crate::{
    kpi::{
        figure::Figure,
        measure::Circumstances,
        sample::{Amount, Dims, Sample, Sink},
    },
    time::Instant,
    visit::{SegmentGroup, Visit, VisitMode, VisitMonth, VisitResult, Why},
};

/// The figure of a group's coverage.
fn coverage(group: SegmentGroup) -> Figure {
    match group {
        SegmentGroup::Household => Figure::HouseholdVisits,
        SegmentGroup::NonResidential => Figure::NonResidentialVisits,
    }
}

/// Gives the samples of a month's plan: the population, stratum by stratum;
/// and, once the month is over, that its department had to go on site.
pub(super) fn month(plan: &VisitMonth, cx: &Circumstances<'_>, sink: &mut impl Sink) {
    let at = Instant::start_of(plan.month);
    let org = Dims { org: Some(plan.group.org().as_str()), ..Dims::default() };
    let mut take = |figure, dims, amount| {
        sink.take(&Sample { figure, record: plan.id, at, dims, amount });
    };
    for stratum in &plan.strata {
        let dims =
            Dims { person: Some(stratum.manager), contractor: Some(&stratum.contractor), ..org };
        take(coverage(plan.group), dims, Amount::WholeOnly(stratum.size.into()));
    }
    if plan.population > 0 && plan.end() <= cx.now {
        take(Figure::OnSiteVisits, org, Amount::Count(0));
    }
}

/// Gives the samples of a visit that was made.
pub(super) fn visit(visit: &Visit, sink: &mut impl Sink) {
    let Some(first) = visit.results.first() else { return };
    let own = Dims {
        org: Some(visit.group.org().as_str()),
        person: Some(visit.account.manager),
        segment: Some(visit.account.segment),
        contractor: Some(&visit.account.contractor),
        town: crate::kpi::town(&visit.account.address),
        ..Dims::default()
    };
    let record = visit.id;
    let mut take = |figure, at, amount| {
        sink.take(&Sample { figure, record, at, dims: own, amount });
    };
    // An account counts once, however it was reached (V-6).
    let on_site = visit.result(VisitMode::OnSite);
    take(Figure::OnSiteShare, first.at, Amount::Part(on_site.is_some()));
    if let Some(result) = on_site {
        take(Figure::OnSiteVisits, result.at, Amount::Count(1));
    }
    for result in &visit.results {
        scores(result, &mut take);
    }
}

/// Gives the sample of an account that was reached in its month, for the
/// coverage; a forced one is on top of the quota.
pub(super) fn reached(visit: &Visit, sink: &mut impl Sink) {
    let in_month = visit.results.first().is_some_and(|first| first.at < visit.month_end());
    if visit.why == Why::Forced || !in_month {
        return;
    }
    let dims = Dims {
        org: Some(visit.group.org().as_str()),
        person: Some(visit.account.manager),
        contractor: Some(&visit.account.contractor),
        ..Dims::default()
    };
    let (figure, at) = (coverage(visit.group), Instant::start_of(visit.month));
    sink.take(&Sample { figure, record: visit.id, at, dims, amount: Amount::PartOnly(1) });
}

/// Only what was scored counts: a visit without marks says nothing.
fn scores(result: &VisitResult, take: &mut impl FnMut(Figure, Instant, Amount)) {
    if let Some(score) = result.score {
        take(Figure::Score, result.at, Amount::Value(score.hundredths().into()));
        take(Figure::Satisfied, result.at, Amount::Part(result.satisfied));
    }
    let (installation, gas_use) = result.given.answers.group_scores();
    for (figure, score) in [(Figure::InstallScore, installation), (Figure::GasUseScore, gas_use)] {
        if let Some(score) = score {
            take(figure, result.at, Amount::Value(score.hundredths().into()));
        }
    }
}
