//! Applies one event to a record. Total: an event that does not fit changes
//! nothing but the version, so that replay never fails.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each part answers for its own events and commands; the rest is not its affair"
)]

use crate::{
    case::permit::PermitKind,
    clock::Clock,
    event::{Event, Stop},
    ids::{RecordId, UserId},
    policy::RuleId,
    privacy,
    record::{Person, Record, Rules, TrailEntry},
    reference,
    stamp::Stamp,
    work::Work,
};

/// The record after `event`.
///
/// # Panics
/// When the first event of a record is not one that creates it: the log is
/// broken, and nothing may be built on it.
pub fn apply(record: Option<Record>, id: RecordId, event: &Event, stamp: &Stamp) -> Record {
    if let Some(entry) = entry(record.as_ref(), id, event) {
        return entry;
    }
    let fresh = record.is_none();
    let mut record = record
        .or_else(|| born(event))
        .unwrap_or_else(|| panic!("the log of record {id} begins with {}", event.name()));
    if let (true, Record::Case(case)) = (fresh, &mut record) {
        case.user_side.take(event, stamp);
    }
    if let Some(work) = record.work_mut() {
        if !fresh {
            work.apply(event, stamp);
        }
        share(work, event, stamp);
        if matches!(event, Event::PersonErased(_)) {
            privacy::erase::apply(work);
        }
        let version = work.shared().version;
        *version = if fresh { 1 } else { *version + 1 };
    }
    record
}

/// Whether the log of a record may begin with this event.
pub fn begins(event: &Event) -> bool {
    matches!(event, Event::PersonSaved(_) | Event::RulesSaved(_)) || born(event).is_some()
}

/// The record that an event creates.
fn born(event: &Event) -> Option<Record> {
    match event {
        Event::LeadReceived(lead) => Some(Record::Lead(lead.clone())),
        Event::CaseSubmitted(case) => Some(Record::Case(case.clone())),
        Event::WatchBegan(watch) => Some(Record::Watch(watch.clone())),
        Event::InspectionPlanned(one) => Some(Record::Inspection(one.clone())),
        Event::AssessmentDrafted(one) => Some(Record::Assessment(one.clone())),
        Event::NoticeRaised(notice) => Some(Record::Notice(notice.clone())),
        Event::VisitSecretCommitted(month) => Some(Record::VisitMonth(month.clone())),
        Event::VisitPlanned(visit) => Some(Record::Visit(visit.clone())),
        Event::LedgerItemRegistered(item) => Some(Record::LedgerItem(item.clone())),
        Event::ComplaintReceived(complaint) => Some(Record::Complaint(complaint.clone())),
        Event::RatingReceived(rating) => Some(Record::Rating(rating.clone())),
        Event::ProposalOffered(proposal) => Some(Record::Proposal(proposal.clone())),
        Event::PiRequestReceived(request) => Some(Record::PiRequest(request.clone())),
        Event::PiRegisterOpened(register) => Some(Record::PiRegister(register.clone())),
        Event::ApplicantNoted(applicant) => Some(Record::Applicant(applicant.clone())),
        _ => None,
    }
}

/// Reference data: an event that replaces the record whole, or adds to it.
fn entry(before: Option<&Record>, id: RecordId, event: &Event) -> Option<Record> {
    let version = before.map_or(0, Record::version) + 1;
    match event {
        Event::PricesPublished(publication) => {
            let Some(Record::Rules(rules)) = before else { return None };
            let mut rules = Rules { version, ..(**rules).clone() };
            rules.prices.publish(publication);
            Some(Record::Rules(Box::new(rules)))
        }
        Event::PersonSaved(person) => {
            // An account that is changed has read what it had read.
            let known = match before {
                Some(Record::Person(before)) => before.policy_read.clone(),
                _ => None,
            };
            let policy_read = known.or_else(|| person.policy_read.clone());
            Some(Record::Person(Box::new(Person { id, version, policy_read, ..person.clone() })))
        }
        Event::RulesSaved(rules) => {
            Some(Record::Rules(Box::new(Rules { id, version, ..(**rules).clone() })))
        }
        _ => before.and_then(|before| reference::apply(before, event)),
    }
}

/// What an event does to every record of work alike.
fn share(work: &mut dyn Work, event: &Event, stamp: &Stamp) {
    let responsible = work.responsible();
    let mut record = work.shared();
    if let Some(clocks) = &mut record.clocks {
        tick(clocks, event, responsible, stamp);
    }
    match event {
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
            claimed: (stamp.claimed != stamp.at).then_some(stamp.claimed),
            by: stamp.actor,
            device: stamp.device,
            did: event.name().to_owned(),
            note: note(event),
        });
    }
}

/// What an event does to the clocks.
fn tick(clocks: &mut Vec<Clock>, event: &Event, manager: Option<UserId>, stamp: &Stamp) {
    let open = |clocks: &mut Vec<Clock>, rule: RuleId, key: &Option<String>| {
        clocks.iter().position(|c| c.rule == rule && c.key == *key && c.state.is_open())
    };
    match event {
        Event::ClockStarted(clock) => clocks.push(clock.clone()),
        Event::ClockStopped(stop) => {
            if let Some(place) = open(clocks, stop.rule, &stop.key) {
                match stop.how {
                    Stop::Done => clocks[place].stop(stop.at),
                    Stop::Excused => clocks[place].excuse(stop.at),
                    Stop::Cancelled => clocks[place].cancel(stop.at),
                }
            }
        }
        Event::ClockPaused(pause) => {
            let meant = |clock: &&mut Clock| {
                clock.rule == pause.rule && (pause.key.is_none() || clock.key == pause.key)
            };
            for clock in clocks.iter_mut().filter(meant) {
                // A clock that cannot be paused was refused when it was judged.
                let _refused = clock.pause(pause.at, pause.reason);
            }
        }
        Event::ClockResumed(resumed) => {
            if let Some(place) = open(clocks, resumed.rule, &resumed.key) {
                clocks[place] = resumed.clone();
            }
        }
        Event::ClockBreached(breach) => {
            if let Some(place) = open(clocks, breach.rule, &breach.key) {
                clocks[place].breached_at.get_or_insert(breach.due_at);
            }
        }
        Event::MaterialExtended(longer) => {
            if let Some(place) = open(clocks, longer.clock.rule, &longer.clock.key) {
                clocks[place] = longer.clock.clone();
            }
        }
        Event::ClockRecomputed(again) => {
            if let Some(place) = open(clocks, again.clock.rule, &again.clock.key) {
                clocks[place] = again.clock.clone();
            }
        }
        Event::LeadReassigned(_) | Event::ManagerAssigned(_) => {
            // The clock of acceptance waits for its first manager.
            let a_managers = |c: &&mut Clock| c.person.is_some() || c.rule == RuleId::D08;
            for clock in clocks.iter_mut().filter(|c| c.state.is_open() && a_managers(c)) {
                let org = clock.org.clone();
                clock.assign(stamp.at, org, manager);
            }
        }
        _ => {}
    }
}

fn is_clock(event: &Event) -> bool {
    matches!(
        event,
        Event::ClockStarted(_)
            | Event::ClockStopped(_)
            | Event::ClockPaused(_)
            | Event::ClockResumed(_)
            | Event::ClockBreached(_)
            | Event::ClockRecomputed(_)
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
        Event::MaterialWaived(m) => Some(format!("{}：{}", m.code, m.reason)),
        Event::MaterialExtended(m) => Some(format!("{}：{}", m.code, m.reason)),
        Event::MaterialReminded(m) => Some(m.code.clone()),
        Event::FalsePaperFound(m) => Some(format!("{}：{}", m.code, m.finding)),
        Event::OwedAdded(added) => Some(added.reason.clone()),
        Event::OverdueDecided(decided) => Some(decided.reason.clone()),
        Event::PreServiceRecorded(service) => Some(service.summary.clone()),
        Event::TripRecorded(trip) => Some(trip.purpose.clone()),
        Event::MaterialVerified(m) => Some(m.code.clone()),
        Event::MaterialRejected(m) => Some(format!("{}：{}", m.code, m.reason)),
        Event::FeeDisputed(dispute) => Some(dispute.reason.clone()),
        Event::DesignIssued(design) => Some(format!("v{}", design.version)),
        Event::BudgetIssued(budget) => Some(format!("v{}", budget.version)),
        Event::OutsideCostAllowed(exception) => Some(exception.legal_basis.clone()),
        Event::FeeBlocked(blocked) => Some(blocked.name.clone()),
        Event::GasStageMoved(moved) => Some(moved.words()),
        Event::QuantitiesSettled(settled) => Some(settled.customer_fen.to_string()),
        Event::FeeConfirmationVoided(voided) => Some(voided.because.clone()),
        Event::FeeSettled(fee) => Some(fee.customer_total_fen.to_string()),
        Event::ApprovalRequested(approval) => Some(approval.command.name().as_str().to_owned()),
        Event::ApprovalDecided(decided) => decided.note.clone(),
        Event::LeadContactAttempted(attempt) | Event::ContactRecorded(attempt) => {
            attempt.summary.clone()
        }
        Event::RecordCorrected(corrected) => Some(corrected.reason.clone()),
        Event::NotIgnited(failed) => Some(failed.reason.clone()),
        Event::FieldUnmasked(asked) => Some(asked.note()),
        Event::PiRequestAnswered(answer) => Some(answer.text.clone()),
        Event::AssessmentFiled(filed) => Some(filed.subject.clone()),
        Event::BreachClosed(closed) => Some(closed.how.note.clone()),
        Event::CaseServed(mark) => Some(mark.no.clone()),
        _ => permit_note(event).or_else(|| aftercare(event)),
    }
}

/// Of which permit, and what became of it.
fn permit_note(event: &Event) -> Option<String> {
    let of = |kind: PermitKind, what: &str| {
        Some(format!("{}：{what}", kind.zh()).trim_end_matches('：').to_owned())
    };
    match event {
        Event::PermitProposed(filing) => of(filing.kind, ""),
        Event::PermitDrafted(drafted) => of(drafted.plan.kind, ""),
        Event::PermitDismissed(dismissed) => Some(dismissed.reason.clone()),
        Event::PermitFiled(filed) => of(filed.kind, ""),
        Event::PermitAnswered(answered) => of(answered.kind, answered.code.zh()),
        Event::PermitStepped(stepped) => of(stepped.kind, stepped.step.zh()),
        Event::PermitsGrouped(grouped) => Some(grouped.name.clone()),
        Event::ProxyEnded(ended) => Some(ended.note.clone()),
        Event::PowerSigned(power) => Some(power.principal.clone()),
        Event::PowerRevoked(revoked) => Some(revoked.reason.clone()),
        _ => None,
    }
}

/// The words on visits, ledger items, complaints and ratings.
fn aftercare(event: &Event) -> Option<String> {
    match event {
        Event::VisitAttempted(attempt) => attempt.note.clone(),
        Event::VisitUnreached(why) | Event::VisitEscalated(why) => Some(why.reason.clone()),
        Event::VisitDone(result) => result.score.map(|score| score.to_string()),
        Event::VisitCancelled(why) => Some(why.reason.clone()),
        Event::SelfVisitAllowed(allowed) => Some(allowed.reason.clone()),
        Event::VisitTaskReplaced(replaced) => Some(replaced.reason.clone()),
        Event::VisitTaskUnreached(missed) => Some(missed.reason.clone()),
        Event::LedgerItemAssigned(given) => Some(given.reason.clone()),
        Event::LedgerItemStarted(begun) => Some(begun.measures.clone()),
        Event::LedgerItemSolved(solved) => Some(solved.result.clone()),
        Event::LedgerItemClosed(closed) => closed.explanation.clone(),
        Event::LedgerItemPlanned(planned) => Some(planned.until.to_string()),
        Event::LedgerItemReopened(why) => Some(why.reason.clone()),
        Event::ComplainantContacted(answer) => Some(answer.text.clone()),
        Event::ComplaintHandled(handled) => Some(handled.measures.clone()),
        Event::ComplaintDecided(decision) | Event::ComplaintReExamined(decision) => {
            Some(decision.reason.clone())
        }
        Event::ComplaintAppealed(appeal) => Some(appeal.reason.clone()),
        Event::RatingContacted(contact) => Some(contact.text.clone()),
        Event::ProposalSettled(settled) => settled.reason.clone(),
        _ => None,
    }
}
