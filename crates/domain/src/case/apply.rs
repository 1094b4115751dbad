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
        closing::{CorrectRecord, Withdraw},
        construction::Construction,
        contract::{ContractKind, PaymentKind},
        engineering::Engineering,
        fee::{CustomerDecision, FeeConfirmation, Negotiation},
        material::{self, MaterialItem, MaterialState, OwedBy},
        permit, pre_service,
        pressure::Pressure,
        proxy, settlement, signing,
        suspension::Suspension,
    },
    event::Event,
    lead::{ContactAttempt, ContactChannel},
    money::Fen,
    service,
    stamp::Stamp,
};

/// Applies an event that is about the case itself. Clocks, approvals, files
/// and the trail are applied for every record alike.
pub(crate) fn apply(case: &mut Case, event: &Event, stamp: &Stamp) {
    case.user_side.take(event, stamp);
    signing::apply(case, event, stamp);
    if let Some(service) = pre_service::of_event(case, event, stamp) {
        case.pre_services.push(service);
    }
    match event {
        Event::BasicUpdated(update) => {
            case.basic = checked(case, update);
            case.segment = update.segment.unwrap_or(case.segment);
        }
        Event::ContactRecorded(attempt) => {
            let at = attempt.at.or(Some(stamp.at));
            visited(case, attempt, stamp);
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
        Event::CaseServed(mark) => service::put(&mut case.service, mark),
        Event::ConsentWithdrawn(_) => case.basic.consent.withdrawn_at = Some(stamp.at),
        _ => {
            intake(case, event, stamp);
            design_and_fee(case, event, stamp);
            permit::apply(case, event);
            proxy::apply(case, event, stamp.at);
            build(case, event, stamp);
            gas(case, event, stamp);
            end(case, event);
        }
    }
}

/// The manager was with the user: what F-7 asks for.
fn visited(case: &mut Case, attempt: &ContactAttempt, stamp: &Stamp) {
    let there = attempt.channel == ContactChannel::Visit;
    if let Some(mark) = case.tolerance.overdue.as_mut().filter(|_| there) {
        mark.visited_at.get_or_insert(stamp.at);
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
            material::debt::put_owed(case, &accepted.owed);
        }
        Event::CaseNotAccepted(refused) => {
            case.state = S::NotAccepted;
            case.ended_because = Some(refused.text.clone());
        }
        Event::MaterialsComplete(_) => case.intake.mode = Some(AcceptanceMode::Full),
        _ => materials(case, event, stamp),
    }
}

fn materials(case: &mut Case, event: &Event, stamp: &Stamp) {
    match event {
        Event::MaterialReceived(came) => material::put(case, came, stamp.at),
        Event::MaterialVerified(verified) => {
            if let Some(item) = item(case, &verified.code) {
                item.state = MaterialState::Verified;
                item.verified_by = Some(stamp.actor);
                item.verified_at = Some(stamp.at);
                item.reject_reason = None;
            }
        }
        Event::MaterialRejected(rejected) => material::false_paper::reject(case, rejected),
        Event::MaterialWaived(waived) => material::waiver::put(case, waived),
        Event::FalsePaperFound(reported) => material::false_paper::put(case, reported),
        Event::OwedAdded(added) => material::debt::put_owed(case, &added.owed),
        Event::MaterialExtended(extended) => {
            if let Some(item) = item(case, &extended.code) {
                item.due_on = Some(extended.due_on);
            }
        }
        Event::MaterialsTakenOver(taken) => {
            for code in &taken.codes {
                if let Some(item) = item(case, code) {
                    item.owed_by = Some(OwedBy::Manager);
                    item.state = MaterialState::Collecting;
                }
            }
        }
        Event::OneTimeNoticeGiven(told) => case.tolerance.notices.push((**told).clone()),
        Event::ApplicantTold(told) => case.tolerance.told.push(told.clone()),
        Event::MaterialReminded(reminded) => material::overdue::put(case, reminded, stamp.at),
        Event::OverdueDecided(_) => case.tolerance.overdue = None,
        _ => return,
    }
    material::overdue::settle(case);
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
        Event::FeeSettled(confirmation) => settled(case, confirmation, stamp),
        Event::FeeConfirmationVoided(voided) => {
            if case.state <= S::FeeConfirmed {
                case.state = S::FeeNegotiating;
                case.engineering = None;
            }
            void(case, &voided.because, stamp);
        }
        Event::OutsideCostAllowed(exception) => case.cost_exceptions.push(exception.clone()),
        Event::FeeBlocked(blocked) => case.blocked_fees.push(blocked.clone()),
        Event::FeeDisputed(dispute) => {
            if let Some(negotiation) = &mut case.negotiation {
                negotiation.dispute = Some(dispute.reason.clone());
            }
        }
        _ => {}
    }
}

/// The customer decided. Who agrees replaces what was agreed before; once the
/// case is with engineering, its state is no longer a matter of fees.
fn settled(case: &mut Case, confirmation: &FeeConfirmation, stamp: &Stamp) {
    let agreed = confirmation.customer_decision == CustomerDecision::Agree;
    if agreed {
        void(case, &format!("confirmation {}", confirmation.no), stamp);
    }
    if case.state <= S::FeeConfirmed {
        case.state = if agreed { S::FeeConfirmed } else { S::FeeNegotiating };
    }
    case.confirmations.push(confirmation.clone());
}

fn void(case: &mut Case, because: &str, stamp: &Stamp) {
    for standing in case.confirmations.iter_mut().filter(|fee| fee.stands()) {
        standing.voided_at = Some(stamp.at);
        standing.void_because = Some(because.to_owned());
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
        Event::QuantitiesSettled(settled) => case.contracts.settlement = Some(settled.clone()),
        Event::ProjectScheduled(dates) => {
            case.schedule.get_or_insert_default().put_project(&dates.stages);
        }
        Event::GasScheduled(dates) => {
            case.schedule.get_or_insert_default().gas.clone_from(&dates.stages);
        }
        Event::GasStageMoved(moved) => case.schedule.get_or_insert_default().put_move(*moved),
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
        Event::HelpWanted(_) => {
            case.gas.get_or_insert_default().help_since = Some(stamp.at);
        }
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
            give_back(case, wish);
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

/// What is due back to a user who withdrew (H-15).
fn give_back(case: &mut Case, wish: &Withdraw) {
    let back = case.contracts.payments.iter().filter(|p| p.kind == Some(PaymentKind::Refund));
    let before = Fen::sum(back.map(|payment| payment.amount_fen)).unwrap_or(Fen::ZERO);
    let due = settlement::refund_due(case, &wish.incurred).unwrap_or(Fen::ZERO);
    if due > Fen::ZERO {
        case.contracts.refund_due_fen = Some(due);
        case.contracts.refunded_before_fen = Some(Fen(-before.0));
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
