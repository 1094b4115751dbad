//! What an event does to a lead.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each part answers for its own events and commands; the rest is not its affair"
)]

use crate::{
    case::assignment::Assignment,
    event::Event,
    ids::UserId,
    lead::{CloseReason, ContactAttempt, Lead, LeadState},
    stamp::Stamp,
    time::Instant,
};

/// Applies an event that is about the lead itself. Clocks, approvals, files
/// and the trail are applied for every record alike.
pub(crate) fn apply(lead: &mut Lead, event: &Event, stamp: &Stamp) {
    match event {
        Event::LeadUpdated(push) => lead.push = (**push).clone(),
        Event::LeadRetracted(retracted) => {
            lead.retracted = true;
            if retracted.closed {
                lead.state = LeadState::Invalid;
                lead.outcome = Some("retracted".to_owned());
            }
        }
        Event::LeadHandedOver(given) => {
            lead.state = LeadState::HandedOver;
            assign(lead, given.manager, stamp.at, "");
        }
        Event::LeadReassigned(given) => assign(lead, given.manager, stamp.at, &given.reason),
        Event::LeadContactAttempted(attempt) => {
            let at = attempt.at.or(Some(stamp.at));
            lead.attempts.push(ContactAttempt { at, ..attempt.clone() });
        }
        Event::LeadContacted(_) => lead.state = LeadState::Contacted,
        Event::LeadUnreachable(why) => {
            lead.state = LeadState::Unreachable;
            lead.outcome = Some(why.evidence.clone());
        }
        Event::LeadConverted(converted) => {
            lead.state = LeadState::Converted;
            lead.became = Some(converted.case);
        }
        Event::LeadClosed(closed) => {
            lead.state = match closed.reason {
                CloseReason::NoDemand => LeadState::NoDemand,
                CloseReason::Duplicate => LeadState::Merged,
                CloseReason::Invalid => LeadState::Invalid,
            };
            lead.outcome = Some(closed.note.clone());
            lead.became = closed.merge_into;
            lead.revisit_on = closed.revisit_on;
        }
        Event::LeadReopened(reopened) => {
            lead.state = LeadState::HandedOver;
            lead.outcome = None;
            if let Some(manager) = reopened.manager.filter(|one| Some(*one) != lead.manager) {
                assign(lead, manager, stamp.at, &reopened.reason);
            }
        }
        _ => {}
    }
}

/// One manager answers at any moment: the last period ends where the new one
/// begins.
fn assign(lead: &mut Lead, manager: UserId, from: Instant, reason: &str) {
    if let Some(last) = lead.assignments.last_mut() {
        last.to = Some(from);
    }
    lead.manager = Some(manager);
    lead.assignments.push(Assignment { manager, from, to: None, reason: reason.to_owned() });
}
