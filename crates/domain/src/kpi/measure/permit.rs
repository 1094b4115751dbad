//! What permits count for: K-15, K-16. The rate of K-15 is that of the clock
//! P-3, which counts like every other clock.

use crate::{
    case::{
        Case,
        permit::{PermitClock, PermitStep},
    },
    clock::ClockState,
    kpi::{
        figure::Figure,
        sample::{Amount, Dims, Sample, Sink},
    },
};

/// Gives the samples of a case's permits, each under its kind.
pub(super) fn measure(case: &Case, dims: &Dims<'_>, sink: &mut impl Sink) {
    for filing in &case.permits {
        let dims = Dims { kind: Some(filing.kind.as_str()), ..*dims };
        let mut take = |figure, at, amount| {
            sink.take(&Sample { figure, record: case.id, at, dims, amount });
        };
        if let (Some(filed), Some(grant)) = (&filing.filed, &filing.grant) {
            let days = (grant.at.date() - filed.at.date()).num_days();
            take(Figure::PermitDays, grant.at, Amount::Value(days));
        }
        let restored = filing.steps.iter().rfind(|step| step.step == PermitStep::Restored);
        if let Some(restored) = restored {
            let by_clock = case
                .permit_clocks(filing.id)
                .find(|(part, _)| *part == PermitClock::P6)
                .map(|(_, clock)| clock.state == ClockState::StoppedOnTime);
            let in_time = restored.in_time.or(by_clock).unwrap_or(true);
            take(Figure::Restored, restored.at, Amount::Part(in_time));
        }
    }
}
