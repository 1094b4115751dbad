//! What an event does to the filings of a case. Total.

use super::{
    AnswerCode, PermitState as S, PermitStep,
    filing::{Certificate, Grant, PermitFiling},
};
use crate::{case::Case, event::Event, ids::FilingId};

/// Applies an event that is about permits.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "each part answers for its own events and commands; the rest is not its affair"
)]
pub(crate) fn apply(case: &mut Case, event: &Event) {
    match event {
        Event::PermitProposed(filing) if case.filing(filing.id).is_none() => {
            case.permits.push((**filing).clone());
        }
        Event::PermitDrafted(drafted) => draft(case, drafted),
        Event::PermitDismissed(dismissed) => {
            if let Some(filing) = find(case, dismissed.filing) {
                filing.state = S::NotNeeded;
                filing.note = Some(dismissed.reason.clone());
            }
        }
        Event::PermitFiled(filed) => {
            if let Some(filing) = find(case, filed.filing) {
                filing.state = S::Filed;
                filing.procedure = Some(filed.procedure);
                filing.commitment.clone_from(&filed.commitment);
                filing.accepted_at = None;
                filing.promised_on = None;
                filing.filed = Some(filed.clone());
            }
        }
        Event::PermitAnswered(answered) => answer(case, answered),
        Event::PermitStepped(stepped) => {
            if let Some(filing) = find(case, stepped.filing) {
                filing.state = stepped.state;
                if stepped.step == PermitStep::DeemedAccepted {
                    filing.accepted_at = filing.handed_in_at();
                }
                filing.steps.push((**stepped).clone());
            }
        }
        Event::PermitsGrouped(grouped) => super::package::put(case, grouped),
        Event::PermitConditionMet(met) => {
            let place = usize::try_from(met.no).unwrap_or(0).wrapping_sub(1);
            let commitment = find(case, met.filing).and_then(|filing| filing.commitment.as_mut());
            if let Some(condition) = commitment.and_then(|c| c.conditions.get_mut(place)) {
                condition.met = Some(met.clone());
            }
        }
        _ => {}
    }
}

fn find(case: &mut Case, id: FilingId) -> Option<&mut PermitFiling> {
    case.permits.iter_mut().find(|filing| filing.id == id)
}

fn draft(case: &mut Case, drafted: &super::PermitDrafted) {
    let no = u32::try_from(case.permits.len()).unwrap_or(u32::MAX).saturating_add(1);
    let plan = drafted.plan.clone();
    if let Some(filing) = find(case, plan.filing) {
        // 补正 is worked on where it stands; everything else is a draft again.
        if filing.state != S::Correction {
            filing.state = S::Drafting;
        }
        filing.agent = Some(drafted.agent);
        filing.plan = plan;
    } else {
        let mut filing = PermitFiling::new(plan, S::Drafting, no, drafted.at);
        filing.agent = Some(drafted.agent);
        case.permits.push(filing);
    }
}

fn answer(case: &mut Case, answered: &super::PermitAnswered) {
    let Some(filing) = find(case, answered.filing) else { return };
    filing.state = answered.state;
    let accepts = matches!(answered.code, AnswerCode::Accepted | AnswerCode::Reviewing);
    if accepts && filing.accepted_at.is_none() {
        filing.accepted_at = Some(answered.at);
    }
    filing.promised_on = answered.promised_on.or(filing.promised_on);
    if let Some(external_no) = &answered.external_no {
        filing.certificate = Some(Certificate {
            external_no: external_no.clone(),
            at: answered.at,
            file: answered.file,
        });
    }
    filing.answers.push(answered.clone());
    let Some((from, to)) = answered.permitted else { return };
    filing.grant = Some(Grant { at: answered.at, from, to, debts: answered.debts.clone() });
    let Some(before) = filing.plan.changes else { return };
    let used = find(case, before).is_some_and(|before| {
        let used = before.state == S::InUse;
        before.state = S::Changed;
        used
    });
    if let Some(filing) = find(case, answered.filing).filter(|_| used) {
        filing.state = S::InUse;
    }
}
