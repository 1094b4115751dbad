//! Applies one event to a record. Total: an event that does not fit changes
//! nothing but the version, so that replay never fails.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each part answers for its own events and commands; the rest is not its affair"
)]

use crate::{
    approval::Approval,
    case::{self, Case},
    clock::Clock,
    event::{Event, Stop},
    file::FileRef,
    ids::RecordId,
    lead::{self, Lead},
    record::{Record, TrailEntry},
    stamp::Stamp,
    watch::{self, Watch},
};

/// The record after `event`.
///
/// # Panics
/// When the first event of a record is not one that creates it: the log is
/// broken, and nothing may be built on it.
pub fn apply(record: Option<Record>, id: RecordId, event: &Event, stamp: &Stamp) -> Record {
    match (record, event) {
        (None, Event::LeadReceived(lead)) => {
            let mut lead = lead.clone();
            share(&mut Shared::of_lead(&mut lead), event, stamp);
            lead.version = 1;
            Record::Lead(lead)
        }
        (None, Event::CaseSubmitted(case)) => {
            let mut case = case.clone();
            share(&mut Shared::of_case(&mut case), event, stamp);
            case.version = 1;
            Record::Case(case)
        }
        (None, Event::WatchBegan(watch)) => {
            let mut watch = watch.clone();
            share(&mut Shared::of_watch(&mut watch), event, stamp);
            watch.version = 1;
            Record::Watch(watch)
        }
        (before, Event::PersonSaved(person)) => {
            let version = before.map_or(0, |record| record.version()) + 1;
            Record::Person(Box::new(crate::record::Person { id, version, ..person.clone() }))
        }
        (before, Event::RulesSaved(rules)) => {
            let version = before.map_or(0, |record| record.version()) + 1;
            Record::Rules(Box::new(crate::record::Rules { id, version, ..(**rules).clone() }))
        }
        (Some(Record::Lead(mut lead)), _) => {
            lead::apply(&mut lead, event, stamp);
            share(&mut Shared::of_lead(&mut lead), event, stamp);
            lead.version += 1;
            Record::Lead(lead)
        }
        (Some(Record::Case(mut case)), _) => {
            case::apply(&mut case, event, stamp);
            share(&mut Shared::of_case(&mut case), event, stamp);
            case.version += 1;
            Record::Case(case)
        }
        (Some(Record::Watch(mut watch)), _) => {
            watch::apply(&mut watch, event, stamp);
            share(&mut Shared::of_watch(&mut watch), event, stamp);
            watch.version += 1;
            Record::Watch(watch)
        }
        (Some(other), _) => other,
        (None, _) => panic!("the log of record {id} begins with {}", event.name()),
    }
}

/// What leads, cases and watches have in common.
struct Shared<'a> {
    clocks: &'a mut Vec<Clock>,
    files: Option<&'a mut Vec<FileRef>>,
    approvals: Option<&'a mut Vec<Approval>>,
    trail: &'a mut Vec<TrailEntry>,
    manager: Option<crate::ids::UserId>,
}

impl<'a> Shared<'a> {
    fn of_lead(lead: &'a mut Lead) -> Self {
        Self {
            clocks: &mut lead.clocks,
            files: Some(&mut lead.files),
            approvals: Some(&mut lead.approvals),
            trail: &mut lead.trail,
            manager: lead.manager,
        }
    }

    fn of_case(case: &'a mut Case) -> Self {
        Self {
            clocks: &mut case.clocks,
            files: Some(&mut case.files),
            approvals: Some(&mut case.approvals),
            trail: &mut case.trail,
            manager: Some(case.manager),
        }
    }

    fn of_watch(watch: &'a mut Watch) -> Self {
        Self {
            clocks: &mut watch.clocks,
            files: None,
            approvals: None,
            trail: &mut watch.trail,
            manager: None,
        }
    }
}

fn share(record: &mut Shared<'_>, event: &Event, stamp: &Stamp) {
    match event {
        Event::ClockStarted(clock) => record.clocks.push(clock.clone()),
        Event::ClockStopped(stop) => {
            let open = record.clocks.iter_mut().find(|clock| {
                clock.rule == stop.rule && clock.key == stop.key && clock.state.is_open()
            });
            if let Some(clock) = open {
                match stop.how {
                    Stop::Done => clock.stop(stop.at),
                    Stop::Excused => clock.excuse(stop.at),
                    Stop::Cancelled => clock.cancel(stop.at),
                }
            }
        }
        Event::ClockPaused(pause) => {
            for clock in record.clocks.iter_mut().filter(|clock| clock.rule == pause.rule) {
                // A clock that cannot be paused was refused when it was judged.
                let _refused = clock.pause(pause.at, pause.reason);
            }
        }
        Event::ClockResumed(resumed) => {
            let same = |clock: &&mut Clock| clock.rule == resumed.rule && clock.state.is_open();
            if let Some(clock) = record.clocks.iter_mut().find(same) {
                *clock = resumed.clone();
            }
        }
        Event::LeadReassigned(_) | Event::ManagerAssigned(_) => {
            for clock in
                record.clocks.iter_mut().filter(|c| c.state.is_open() && c.person.is_some())
            {
                let org = clock.org.clone();
                clock.assign(stamp.at, org, record.manager);
            }
        }
        Event::ApprovalRequested(approval) => {
            if let Some(approvals) = &mut record.approvals {
                approvals.push((**approval).clone());
            }
        }
        Event::ApprovalDecided(decided) => {
            let mut approvals = record.approvals.iter_mut().flat_map(|all| all.iter_mut());
            if let Some(open) = approvals.find(|approval| approval.no == decided.no) {
                open.decided = Some(decided.clone());
            }
        }
        Event::FileAttached(attached) => {
            if let Some(files) = &mut record.files {
                files.push(attached.file.clone());
            }
        }
        _ => {}
    }
    if !is_clock(event) {
        record.trail.push(TrailEntry {
            at: stamp.at,
            by: stamp.actor,
            device: stamp.device,
            did: event.name().to_owned(),
            note: note(event),
        });
    }
}

fn is_clock(event: &Event) -> bool {
    matches!(
        event,
        Event::ClockStarted(_)
            | Event::ClockStopped(_)
            | Event::ClockPaused(_)
            | Event::ClockResumed(_)
    )
}

/// The word of explanation that the time line shows.
fn note(event: &Event) -> Option<String> {
    match event {
        Event::NoteAdded(note) => Some(note.text.clone()),
        Event::FileAttached(attached) => Some(attached.file.name.clone()),
        Event::LeadReassigned(given) => Some(given.reason.clone()),
        Event::LeadClosed(closed) => Some(closed.note.clone()),
        Event::LeadReopened(reopened) => Some(reopened.reason.clone()),
        Event::ManagerAssigned(given) => Some(given.reason.clone()),
        Event::CaseNotAccepted(refused) => Some(refused.text.clone()),
        Event::MaterialReceived(m) => Some(m.code.clone()),
        Event::MaterialVerified(m) => Some(m.code.clone()),
        Event::MaterialRejected(m) => Some(format!("{}：{}", m.code, m.reason)),
        Event::FeeDisputed(dispute) => Some(dispute.reason.clone()),
        Event::DesignIssued(design) => Some(format!("v{}", design.version)),
        Event::BudgetIssued(budget) => Some(format!("v{}", budget.version)),
        Event::FeeSettled(fee) => Some(fee.customer_total_fen.to_string()),
        Event::ApprovalRequested(approval) => Some(approval.command.name().as_str().to_owned()),
        Event::ApprovalDecided(decided) => decided.note.clone(),
        Event::LeadContactAttempted(attempt) | Event::ContactRecorded(attempt) => {
            attempt.summary.clone()
        }
        Event::RecordCorrected(corrected) => Some(corrected.reason.clone()),
        Event::NotIgnited(failed) => Some(failed.reason.clone()),
        _ => None,
    }
}
