//! What return visits count for: K-21, K-22, K-23, K-25, K-26.

use crate::{
    ids::RecordId,
    kpi::{
        figure::Figure,
        sample::{Amount, Dims, Sample, Sink},
    },
    time::Instant,
    visit::{SegmentGroup, TaskState, Visit, VisitMode, VisitMonth, VisitResult},
};

/// Gives the samples of a month's plan: who was reached of the population.
pub(super) fn month(plan: &VisitMonth, sink: &mut impl Sink) {
    let figure = match plan.group {
        SegmentGroup::Household => Figure::HouseholdVisits,
        SegmentGroup::NonResidential => Figure::NonResidentialVisits,
    };
    let at = Instant::start_of(plan.month);
    let dims = Dims { org: Some(plan.group.org().as_str()), ..Dims::default() };
    let reached: std::collections::BTreeSet<RecordId> = plan
        .tasks
        .iter()
        .filter(|task| task.state == TaskState::Reached)
        .map(|task| task.case)
        .collect();
    let reached = i64::try_from(reached.len()).unwrap_or(i64::MAX);
    for amount in [Amount::WholeOnly(plan.population.into()), Amount::PartOnly(reached)] {
        sink.take(&Sample { figure, record: plan.id, at, dims, amount });
    }
}

/// Gives the samples of a visit.
pub(super) fn visit(visit: &Visit, sink: &mut impl Sink) {
    for result in &visit.results {
        let dims = Dims {
            org: Some(visit.group.org().as_str()),
            person: Some(visit.account.manager),
            segment: Some(visit.account.segment),
            contractor: Some(&visit.account.contractor),
            town: crate::kpi::town(&visit.account.address),
            ..Dims::default()
        };
        let mut take = |figure, amount| {
            let (record, at) = (visit.id, result.at);
            sink.take(&Sample { figure, record, at, dims, amount });
        };
        let on_site = result.given.mode == VisitMode::OnSite;
        take(Figure::OnSiteShare, Amount::Part(on_site));
        if on_site {
            take(Figure::OnSiteVisits, Amount::Count(1));
        }
        scores(result, &mut take);
    }
}

/// Only what was scored counts: a visit without marks says nothing.
fn scores(result: &VisitResult, take: &mut impl FnMut(Figure, Amount)) {
    if let Some(score) = result.score {
        take(Figure::Score, Amount::Value(score.hundredths().into()));
        take(Figure::Satisfied, Amount::Part(result.satisfied));
    }
    let (installation, gas_use) = result.given.answers.group_scores();
    for (figure, score) in [(Figure::InstallScore, installation), (Figure::GasUseScore, gas_use)] {
        if let Some(score) = score {
            take(figure, Amount::Value(score.hundredths().into()));
        }
    }
}
