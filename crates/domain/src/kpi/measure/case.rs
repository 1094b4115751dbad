//! What a case counts for: K-04, K-10, K-11, K-18 to K-20, K-30.

use crate::{
    case::{Case, CaseKind, Channel},
    kpi::{
        figure::Figure,
        sample::{Amount, Dims, Sample, Sink},
    },
    time::Instant,
};

/// How the trail names a verdict that the pressure does not suffice.
const BLOCKED: &str = "pressure_not_satisfied";

/// Gives the samples of a case.
pub(super) fn measure(case: &Case, dims: &Dims<'_>, sink: &mut impl Sink) {
    let mut take = |figure, at, amount| {
        sink.take(&Sample { figure, record: case.id, at, dims: *dims, amount });
    };
    if let Some(blocked) = case.trail.iter().find(|entry| entry.did == BLOCKED) {
        take(Figure::Blocked, blocked.at, Amount::Count(1));
    }
    if let Some(accepted_at) = case.intake.accepted_at {
        take(Figure::Tolerant, accepted_at, Amount::Part(case.intake.was_tolerant));
    }
    if let Some((at, channel)) = application(case) {
        let dims = Dims { channel: Some(channel), ..*dims };
        let mut take = |figure, amount| {
            sink.take(&Sample { figure, record: case.id, at, dims, amount });
        };
        take(Figure::Applications, Amount::Count(1));
        take(Figure::Online, Amount::Part(channel.is_online()));
    }
    finished(case, dims, sink);
}

/// What counts once gas is on.
fn finished(case: &Case, dims: &Dims<'_>, sink: &mut impl Sink) {
    let Some(on_at) = case.gas.as_ref().and_then(|gas| gas.on_at) else { return };
    let mut take = |figure, amount| {
        sink.take(&Sample { figure, record: case.id, at: on_at, dims: *dims, amount });
    };
    if let Some((applied_at, _)) = application(case) {
        let days = (on_at.date() - applied_at.date()).num_days();
        take(Figure::DaysFromApplication, Amount::Value(days));
    }
    let decided = case.approvals.iter().filter(|approval| approval.decided.is_some()).count();
    take(Figure::Approvals, Amount::Value(number(decided)));
    take(Figure::ComplaintsPerGasOn, Amount::WholeOnly(1));
    let steps = i64::from(case.user_side.steps);
    let trips = number(case.user_side.trip_count());
    take(Figure::UserSteps, Amount::Value(steps));
    take(Figure::OneTrip, Amount::Part(trips <= 1));
    take(Figure::Trips, Amount::Value(trips));
    if case.four_zero() {
        take(Figure::TripsFourZero, Amount::Value(trips));
    }
    if let Some(lead) = case.lead {
        sink.born(lead, case.id, on_at, dims);
    }
}

/// The user's application and its channel: the submission of a demand or an
/// application; for a case that began before any, the application for gas.
fn application(case: &Case) -> Option<(Instant, Channel)> {
    if case.kind != CaseKind::PreService {
        return Some((case.intake.submitted_at, case.channel));
    }
    let gas = case.gas.as_ref()?;
    Some((gas.applied_at?, gas.application.as_ref()?.channel))
}

pub(super) fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
