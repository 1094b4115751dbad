//! The frame of an inspection and the reproducible draw of its sample.

#![expect(clippy::wildcard_enum_match_arm, reason = "a theme looks at its own kinds")]

use uuid::Uuid;

use super::{PlanInspection, Sample, Sampled, Theme};
use crate::{
    case::Case,
    clock::ClockState,
    ids::{RecordId, derived},
    policy::RuleId,
    record::{Record, RecordKind},
    time::Instant,
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
            named(&[("disputed", disputed), ("not_ignited", closed_door)])
        }
    };
    Some(Sampled { record: case.id, kind: RecordKind::Case, no: case.no.clone(), marks })
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
