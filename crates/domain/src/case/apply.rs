//! What an event does to a case. Total: it never fails and never decides.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each part answers for its own events and commands; the rest is not its affair"
)]

use crate::{
    case::{
        AcceptanceMode, Case, CaseState as S,
        assignment::Assignment,
        basic,
        closing::CorrectRecord,
        construction::Construction,
        contract::ContractKind,
        engineering::Engineering,
        fee::Negotiation,
        material::{self, MaterialItem, MaterialState, OwedBy},
        pressure::Pressure,
        suspension::Suspension,
    },
    event::Event,
    lead::ContactAttempt,
    stamp::Stamp,
};

/// Applies an event that is about the case itself. Clocks, approvals, files
/// and the trail are applied for every record alike.
pub(crate) fn apply(case: &mut Case, event: &Event, stamp: &Stamp) {
    match event {
        Event::BasicUpdated(update) => case.basic = checked(case, update),
        Event::ContactRecorded(attempt) => {
            let at = attempt.at.or(Some(stamp.at));
            case.contacts.push(ContactAttempt { at, ..attempt.clone() });
        }
        Event::ManagerAssigned(given) => {
            if let Some(open) = case.assignments.last_mut() {
                open.to = Some(stamp.at);
            }
            case.manager = given.manager;
            case.assignments.push(Assignment {
                manager: given.manager,
                from: stamp.at,
                to: None,
                reason: given.reason.clone(),
            });
        }
        Event::RecordCorrected(correction) => correct(case, correction),
        Event::CaseSuspended(asked) => {
            let (reason, expected_end) = (asked.reason, asked.expected_end);
            case.suspended = Some(Suspension { reason, from: stamp.at, expected_end });
        }
        Event::CaseResumed(_) => case.suspended = None,
        _ => {
            intake(case, event, stamp);
            design_and_fee(case, event, stamp);
            build(case, event, stamp);
            gas(case, event, stamp);
            end(case, event);
        }
    }
}

fn checked(case: &Case, update: &basic::UpdateBasic) -> basic::Basic {
    basic::updated(&case.basic, update).unwrap_or_else(|_| basic::merged(&case.basic, update))
}

fn intake(case: &mut Case, event: &Event, stamp: &Stamp) {
    match event {
        Event::CaseAccepted(accepted) => {
            case.state = S::Accepted;
            case.intake.accepted_at = Some(stamp.at);
            case.intake.mode = Some(accepted.mode);
        }
        Event::CaseAcceptedTolerant(accepted) => {
            case.state = S::Accepted;
            case.intake.accepted_at = Some(stamp.at);
            case.intake.mode = Some(AcceptanceMode::Tolerant);
            case.intake.was_tolerant = true;
            case.intake.notice_contact = Some(accepted.contact.clone());
            material::put_owed(case, &accepted.owed);
        }
        Event::CaseNotAccepted(refused) => {
            case.state = S::NotAccepted;
            case.ended_because = Some(refused.text.clone());
        }
        Event::MaterialReceived(came) => material::put(case, came, stamp.at),
        Event::MaterialVerified(verified) => {
            if let Some(item) = item(case, &verified.code) {
                item.state = MaterialState::Verified;
                item.verified_by = Some(stamp.actor);
                item.reject_reason = None;
            }
        }
        Event::MaterialRejected(rejected) => {
            if let Some(item) = item(case, &rejected.code) {
                item.state = match item.owed_by {
                    Some(OwedBy::Customer) => MaterialState::Owed,
                    Some(OwedBy::Manager) => MaterialState::Collecting,
                    None => MaterialState::Rejected,
                };
                item.reject_reason = Some(rejected.reason.clone());
            }
        }
        Event::MaterialsComplete(_) => case.intake.mode = Some(AcceptanceMode::Full),
        _ => {}
    }
}

fn item<'a>(case: &'a mut Case, code: &str) -> Option<&'a mut MaterialItem> {
    case.materials.iter_mut().find(|item| item.code == code)
}

fn design_and_fee(case: &mut Case, event: &Event, stamp: &Stamp) {
    match event {
        Event::TechRequested(asked) => {
            case.state = S::PressureChecking;
            let asked = asked.clone();
            case.pressure =
                Some(Pressure { asked_at: stamp.at, asked, check: None, checked_at: None });
        }
        Event::PressureSatisfied(check) | Event::PressureNotSatisfied(check) => {
            let satisfied = matches!(event, Event::PressureSatisfied(_));
            case.state = if satisfied { S::SurveyDesign } else { S::PressureBlocked };
            if let Some(pressure) = &mut case.pressure {
                pressure.check = Some(check.clone());
                pressure.checked_at = Some(stamp.at);
            }
        }
        Event::SurveyCompleted(survey) => case.survey = Some(survey.clone()),
        Event::DesignIssued(design) => case.designs.push(design.clone()),
        Event::BudgetIssued(budget) => case.budgets.push(budget.clone()),
        Event::DesignBudgetDelivered(delivered) => {
            if case.state == S::SurveyDesign {
                case.state = S::Designed;
            }
            case.negotiation = Some(Negotiation {
                design_version: delivered.design_version,
                budget_version: delivered.budget_version,
                delivered_at: stamp.at,
                talk: case.negotiation.take().and_then(|before| before.talk),
                dispute: None,
            });
        }
        Event::FeeNegotiationStarted(talk) => {
            case.state = S::FeeNegotiating;
            if let Some(negotiation) = &mut case.negotiation {
                negotiation.talk = Some(talk.clone());
            }
        }
        Event::FeeSettled(confirmation) => {
            case.state = S::FeeConfirmed;
            case.confirmations.push((**confirmation).clone());
        }
        Event::FeeConfirmationVoided(voided) => {
            case.state = S::FeeNegotiating;
            case.engineering = None;
            if let Some(last) = case.confirmations.last_mut() {
                last.voided_at = Some(stamp.at);
                last.void_because = Some(voided.because.clone());
            }
        }
        Event::FeeDisputed(dispute) => {
            if let Some(negotiation) = &mut case.negotiation {
                negotiation.dispute = Some(dispute.reason.clone());
            }
        }
        _ => {}
    }
}

fn build(case: &mut Case, event: &Event, stamp: &Stamp) {
    let nothing = Engineering { notified: None, uploaded: None, received_at: None };
    match event {
        Event::ContractSigned(contract) => {
            let place = match contract.kind {
                ContractKind::Install => &mut case.contracts.install,
                ContractKind::Supply => &mut case.contracts.supply,
            };
            *place = Some((**contract).clone());
        }
        Event::PaymentRecorded(payment) => case.contracts.payments.push(payment.clone()),
        Event::PermitRecorded(permit) => {
            case.permits.retain(|known| known.kind != permit.kind);
            case.permits.push(permit.clone());
        }
        Event::EngineeringNotified(told) => {
            case.engineering.get_or_insert(nothing).notified = Some(told.clone());
        }
        Event::DrawingUploaded(drawing) => {
            case.engineering.get_or_insert(nothing).uploaded = Some(drawing.clone());
        }
        Event::EngineeringReceived(_) => {
            case.state = S::EngineeringReceived;
            case.engineering.get_or_insert(nothing).received_at = Some(stamp.at);
        }
        Event::ContractorArranged(order) => {
            case.state = S::ConstructionPreparing;
            case.construction = Some(Construction {
                order: order.clone(),
                site: None,
                ready_at: None,
                started: None,
                progress: Vec::new(),
                completed: None,
                completed_at: None,
            });
        }
        _ => construct(case, event, stamp),
    }
}

fn construct(case: &mut Case, event: &Event, stamp: &Stamp) {
    let Some(construction) = &mut case.construction else { return };
    match event {
        Event::SiteConfirmed(site) => construction.site = Some(site.clone()),
        Event::ConstructionReady(_) => construction.ready_at = Some(stamp.at),
        Event::ConstructionStarted(started) => {
            case.state = S::Constructing;
            construction.started = Some(started.clone());
        }
        Event::ProgressReported(stage) => construction.progress.push(stage.clone()),
        Event::InstallationCompleted(done) => {
            case.state = S::Installed;
            construction.completed = Some(done.clone());
            construction.completed_at = Some(stamp.at);
        }
        _ => {}
    }
}

fn gas(case: &mut Case, event: &Event, stamp: &Stamp) {
    match event {
        Event::GasOnQueued(application) => {
            case.gas.get_or_insert_default().queued = Some(application.clone());
        }
        Event::GasOnApplied(application) => {
            case.state = S::GasOnApplied;
            let gas = case.gas.get_or_insert_default();
            gas.queued = None;
            gas.application = Some(application.clone());
            gas.applied_at = Some(stamp.at);
        }
        Event::AcceptanceStarted(_) => case.state = S::AcceptanceTesting,
        Event::AcceptancePassed(result) => case.acceptances.push(result.clone()),
        Event::AcceptanceFailed(result) => {
            case.state = S::Rectifying;
            case.acceptances.push(result.clone());
        }
        Event::GasTurnedOn(ticket) => {
            case.state = S::GasOn;
            let gas = case.gas.get_or_insert_default();
            gas.ticket = Some(ticket.clone());
            gas.on_at = Some(stamp.at);
            gas.operator = Some(stamp.actor);
        }
        Event::NotIgnited(failed) => {
            case.gas.get_or_insert_default().failures.push(failed.clone());
        }
        _ => {}
    }
}

fn end(case: &mut Case, event: &Event) {
    match event {
        Event::CaseWithdrawn(wish) => {
            case.state = S::Withdrawn;
            case.ended_because = Some(wish.reason.clone());
        }
        Event::CaseTerminated(terminated) => {
            case.state = S::Terminated;
            case.ended_because = Some(terminated.reason.clone());
        }
        Event::CaseMerged(merged) => {
            case.state = S::Merged;
            case.merged_into = Some(merged.into);
        }
        Event::CaseArchived(_) => case.state = S::Archived,
        _ => {}
    }
}

fn correct(case: &mut Case, correction: &CorrectRecord) {
    if let Some(update) = &correction.basic {
        case.basic = checked(case, update);
    }
    if let Some(survey) = &correction.survey {
        case.survey = Some(survey.clone());
    }
}
