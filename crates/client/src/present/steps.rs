//! The step bar: where a record stands between the first word and the gas.

use lantian_domain::{
    case::{Case, CaseState},
    lead::LeadState,
    record::Record,
};

use crate::view::{StepStatus, StepView};

const CASE: [&str; 7] =
    ["intake", "pressure", "survey", "fee", "engineering", "construction", "gas_on"];
const LEAD: [&str; 4] = ["received", "handed_over", "contacted", "converted"];

/// The steps of a record; none for one that has no bar.
#[expect(clippy::wildcard_enum_match_arm, reason = "the other kinds have no bar")]
pub(crate) fn steps(record: &Record) -> Vec<StepView> {
    match record {
        Record::Lead(lead) => bar(&LEAD, lead_step(lead.state)),
        Record::Case(case) => bar(&CASE, case_step(case)),
        _ => Vec::new(),
    }
}

/// Where a bar stands: at a step, or ended with so many behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    At(usize),
    Ended(usize),
}

fn lead_step(state: LeadState) -> Place {
    match state {
        LeadState::Received => Place::At(0),
        LeadState::HandedOver => Place::At(1),
        LeadState::Contacted => Place::At(2),
        LeadState::Converted => Place::Ended(4),
        LeadState::NoDemand | LeadState::Unreachable => Place::Ended(2),
        LeadState::Merged | LeadState::Invalid => Place::Ended(1),
    }
}

fn case_step(case: &Case) -> Place {
    match case.state {
        CaseState::Submitted | CaseState::Accepted => Place::At(0),
        CaseState::PressureChecking | CaseState::PressureBlocked => Place::At(1),
        CaseState::SurveyDesign => Place::At(2),
        CaseState::Designed | CaseState::FeeNegotiating => Place::At(3),
        CaseState::FeeConfirmed | CaseState::EngineeringReceived => Place::At(4),
        CaseState::ConstructionPreparing | CaseState::Constructing => Place::At(5),
        CaseState::Installed
        | CaseState::GasOnApplied
        | CaseState::AcceptanceTesting
        | CaseState::Rectifying => Place::At(6),
        CaseState::GasOn | CaseState::Archived => Place::Ended(7),
        CaseState::NotAccepted
        | CaseState::Withdrawn
        | CaseState::Terminated
        | CaseState::Merged => Place::Ended(reached(case)),
    }
}

/// How many steps a case that ended early has behind it.
fn reached(case: &Case) -> usize {
    let marks = [
        case.pressure.is_some(),
        case.survey.is_some(),
        !case.budgets.is_empty(),
        case.engineering.is_some(),
        case.construction.is_some(),
        case.gas.is_some(),
    ];
    marks.iter().rposition(|mark| *mark).map_or(0, |last| last + 1)
}

fn bar(keys: &[&str], place: Place) -> Vec<StepView> {
    let status = |index: usize| match place {
        Place::At(now) if index == now => StepStatus::Now,
        Place::At(now) if index < now => StepStatus::Done,
        Place::Ended(behind) if index < behind => StepStatus::Done,
        Place::At(_) | Place::Ended(_) => StepStatus::Todo,
    };
    keys.iter()
        .enumerate()
        .map(|(index, key)| StepView {
            key: (*key).to_owned(),
            label_key: format!("step.{key}"),
            status: status(index),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_has_at_most_one_present_step() {
        for place in (0..7).map(Place::At).chain((0..8).map(Place::Ended)) {
            let statuses: Vec<_> = bar(&CASE, place).iter().map(|step| step.status).collect();
            let now = statuses.iter().filter(|status| **status == StepStatus::Now).count();
            assert_eq!(now, usize::from(matches!(place, Place::At(_))), "{place:?}");
            let done = statuses.iter().filter(|status| **status == StepStatus::Done).count();
            assert!(statuses[..done].iter().all(|status| *status == StepStatus::Done));
        }
    }

    #[test]
    fn a_converted_lead_has_everything_behind_it() {
        assert_eq!(lead_step(LeadState::Converted), Place::Ended(LEAD.len()));
        assert_eq!(lead_step(LeadState::Contacted), Place::At(2));
    }
}
