//! The frame of an inspection and the reproducible draw of its sample.

#![expect(clippy::wildcard_enum_match_arm, reason = "a theme looks at its own kinds")]

use uuid::Uuid;

use super::{PlanInspection, Sample, Sampled, Theme};
use crate::{
    case::{Case, four_zero},
    clock::ClockState,
    complaint::{Complaint, ComplaintKind},
    ids::{RecordId, derived},
    policy::RuleId,
    rating::Rating,
    record::{Record, RecordKind},
    time::Instant,
    visit::Visit,
};

/// Everything among `records` that the plan is about.
pub fn frame<'a>(
    plan: &PlanInspection,
    records: impl Iterator<Item = &'a Record>,
    now: Instant,
) -> Vec<Sampled> {
    records
        .filter_map(|record| match record {
            Record::Case(case) => of_case(plan, case, now),
            _ if plan.theme != Theme::Attitude => None,
            Record::Complaint(complaint) => of_complaint(plan, complaint),
            Record::Visit(visit) => of_visit(plan, visit),
            Record::Rating(rating) => of_rating(plan, rating),
            _ => None,
        })
        .collect()
}

fn of_case(plan: &PlanInspection, case: &Case, now: Instant) -> Option<Sampled> {
    let intake = &case.intake;
    let marks = match plan.theme {
        Theme::Tolerance => {
            within(plan, intake.accepted_at?)?;
            intake.was_tolerant.then(|| of_tolerance(case, now))?
        }
        Theme::Connection => {
            within(plan, intake.submitted_at)?;
            let late = case.clocks.iter().any(|c| c.is_late(now) || c.breached_at.is_some());
            named(&[("late", late), ("ended", case.state.is_ended())])
        }
        Theme::Attitude => {
            let contact = case.contacts.last().and_then(|contact| contact.at);
            within(plan, contact.unwrap_or(intake.submitted_at))?;
            let disputed = case.trail.iter().any(|entry| entry.did == "fee_disputed");
            let closed_door = case.trail.iter().any(|entry| entry.did == "not_ignited");
            let trips = four_zero::has_finding(case);
            named(&[("disputed", disputed), ("not_ignited", closed_door), ("trips", trips)])
        }
    };
    Some(Sampled { record: case.id, kind: RecordKind::Case, no: case.no.clone(), marks })
}

/// 投诉: of whatever kind, since how it was answered is a matter of attitude.
fn of_complaint(plan: &PlanInspection, complaint: &Complaint) -> Option<Sampled> {
    within(plan, complaint.at)?;
    let substantiated =
        complaint.decision().is_some_and(|decision| decision.finding.has_consequence());
    let marks = named(&[
        ("attitude", complaint.filed.kind == ComplaintKind::Attitude),
        ("substantiated", substantiated),
        ("unanswered", complaint.answered_at.is_none()),
    ]);
    let (record, no) = (complaint.id, complaint.no.clone());
    Some(Sampled { record, kind: RecordKind::Complaint, no, marks })
}

/// 回访 that was made: what the users said themselves.
fn of_visit(plan: &PlanInspection, visit: &Visit) -> Option<Sampled> {
    let last = visit.results.last()?;
    within(plan, last.at)?;
    let unsatisfied = visit.results.iter().any(|result| !result.satisfied);
    let self_visit = visit.results.iter().any(|result| result.self_visit);
    let marks = named(&[("unsatisfied", unsatisfied), ("self_visit", self_visit)]);
    let (record, no) = (visit.id, visit.account.no.clone());
    Some(Sampled { record, kind: RecordKind::Visit, no, marks })
}

/// 好差评
fn of_rating(plan: &PlanInspection, rating: &Rating) -> Option<Sampled> {
    within(plan, rating.received_at)?;
    let marks = named(&[("bad_rating", rating.is_bad())]);
    let (record, no) = (rating.id, rating.received.proj_no.clone());
    Some(Sampled { record, kind: RecordKind::Rating, no, marks })
}

/// Owed materials and overdue ones, also those that came in late.
fn of_tolerance(case: &Case, now: Instant) -> Vec<String> {
    let mut owed = case.clocks.iter().filter(|clock| clock.rule == RuleId::D09);
    let overdue =
        owed.clone().any(|clock| clock.is_late(now) || clock.state == ClockState::StoppedLate);
    named(&[("overdue", overdue), ("owed", owed.any(|clock| clock.state.is_open()))])
}

fn named(marks: &[(&str, bool)]) -> Vec<String> {
    marks.iter().filter(|(_, set)| *set).map(|(mark, _)| (*mark).to_owned()).collect()
}

fn within(plan: &PlanInspection, at: Instant) -> Option<()> {
    (plan.from <= at.date() && at.date() <= plan.to).then_some(())
}

/// Sorts the frame and draws: the records are ordered by a number that each
/// has by the plan and the frame, and the first ones are taken.
pub(super) fn draw(plan: &PlanInspection, frame: &[Sampled]) -> Sample {
    let mut frame = frame.to_vec();
    frame.sort();
    frame.dedup_by_key(|sampled| sampled.record);
    let frame_hash = frame_hash(frame.iter().map(|sampled| sampled.record));
    let population = u32::try_from(frame.len()).unwrap_or(u32::MAX);
    if !plan.theme.lists_all() {
        let seed = format!("{} {} {} {frame_hash}", plan.theme.as_str(), plan.from, plan.to);
        frame.sort_by_key(|sampled| derived(sampled.record, &seed));
        frame.truncate(plan.size as usize);
    }
    Sample { population, frame_hash, records: frame }
}

/// The hash of the identities of a frame, in order of the identities.
pub fn frame_hash(ids: impl Iterator<Item = RecordId>) -> String {
    let mut ids: Vec<RecordId> = ids.collect();
    ids.sort();
    let bytes: Vec<u8> = ids.iter().flat_map(|id| *id.0.as_bytes()).collect();
    Uuid::new_v5(&Uuid::nil(), &bytes).simple().to_string()
}
