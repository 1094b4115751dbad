//! What may be done with an inspection, and what follows.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "an inspection answers for its own events and commands; the rest is not its affair"
)]

use std::collections::BTreeSet;

use super::{
    Answer, ExecuteInspection, Finding, Inspection, InspectionState as S, IssueFindings,
    NewFinding, PlanInspection, Rectified, RectifyFinding, VerifyFinding, sample,
};
use crate::{
    command::{Command, CommandName as C},
    context::Context,
    escalation::lead_role,
    event::Event,
    flow::{Flow, clock, stop_key},
    ids::RecordId,
    policy::RuleId,
    record::Record,
    refusal::{Code, Refusal, require},
    stamp::Stamp,
    work::attach_or_note,
};

/// The most records of a sample, the most findings.
const LARGEST_SAMPLE: u32 = 500;
const MOST_FINDINGS: usize = 50;
const LONGEST_DAYS: u32 = 60;

/// An inspection is planned.
pub(crate) fn plan(
    id: RecordId,
    plan: &PlanInspection,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(plan.from <= plan.to, || Refusal::field("to", "before the first day"))?;
    require(plan.from <= cx.now.date(), || Refusal::field("from", "in the future"))?;
    let fits = plan.theme.lists_all() || (1..=LARGEST_SAMPLE).contains(&plan.size);
    require(fits, || Refusal::field("size", format!("1 to {LARGEST_SAMPLE}")))?;
    Ok(vec![Event::InspectionPlanned(Box::new(Inspection {
        id,
        version: 0,
        state: S::Planned,
        plan: plan.clone(),
        inspector: cx.actor.user,
        planned_at: cx.now,
        checklist: plan.theme.checklist().to_vec(),
        sample: None,
        report: None,
        findings: Vec::new(),
        conclusion: None,
        clocks: Vec::new(),
        files: Vec::new(),
        approvals: Vec::new(),
        trail: Vec::new(),
    }))])
}

/// The states from which `command` may be given.
pub(crate) fn from(command: C) -> &'static [S] {
    match command {
        C::DrawSample | C::ExecuteInspection => &[S::Planned],
        C::IssueFindings => &[S::Executed],
        C::RectifyFinding => &[S::FindingsIssued],
        C::VerifyFinding => &[S::FindingsIssued, S::Rectified],
        C::CloseInspection => &[S::Verified],
        C::AttachFile | C::AddNote => S::ALL.split_at(5).0,
        _ => &[],
    }
}

/// Whether the state and the actor's part allow the command.
pub(super) fn possible(
    inspection: &Inspection,
    command: C,
    cx: &Context<'_>,
) -> Result<(), Refusal> {
    require(from(command).contains(&inspection.state), || Refusal::new(Code::State))?;
    let drawn = inspection.sample.is_some();
    let fits = match command {
        C::DrawSample => !drawn,
        C::ExecuteInspection => drawn,
        C::VerifyFinding => {
            let mut open = inspection.findings.iter();
            open.any(|finding| finding.rectified.is_some() && finding.verified_at.is_none())
        }
        _ => true,
    };
    require(fits, || Refusal::new(Code::State).with("sample", drawn))?;
    if command == C::RectifyFinding {
        let mut findings = inspection.findings.iter().filter(|finding| finding.rectified.is_none());
        require(findings.any(|finding| is_of(finding, cx)), || Refusal::new(Code::Assigned))?;
    }
    Ok(())
}

/// Whether the finding is the actor's to put right.
fn is_of(finding: &Finding, cx: &Context<'_>) -> bool {
    finding.found.person == Some(cx.actor.user) || cx.actor.is(lead_role(finding.found.org))
}

pub(super) fn judge<'a>(
    inspection: &Inspection,
    record: &Record,
    command: &Command,
    cx: &'a Context<'a>,
) -> Result<Flow<'a>, Refusal> {
    possible(inspection, command.name(), cx)?;
    let mut flow = Flow::on(inspection.id, Some(record), cx);
    let events = match command {
        Command::DrawSample(c) => {
            vec![Event::SampleDrawn(Box::new(sample::draw(&inspection.plan, &c.frame)))]
        }
        Command::ExecuteInspection(c) => execute(inspection, c)?,
        Command::IssueFindings(c) => issue(inspection, c, cx)?,
        Command::RectifyFinding(c) => rectify(inspection, c, cx)?,
        Command::VerifyFinding(c) => verify(inspection, c, cx)?,
        Command::CloseInspection(c) => {
            written(&c.conclusion, "conclusion")?;
            vec![Event::InspectionClosed(c.clone())]
        }
        other => {
            attach_or_note(&inspection.files, other)?.ok_or_else(|| Refusal::new(Code::State))?
        }
    };
    flow.emit_all(events);
    Ok(flow)
}

fn written(text: &str, field: &str) -> Result<(), Refusal> {
    let length = text.trim().chars().count();
    require((1..=500).contains(&length), || Refusal::field(field, "1 to 500 characters"))
}

/// Every question of the checklist has one answer, and a no says why.
fn execute(inspection: &Inspection, done: &ExecuteInspection) -> Result<Vec<Event>, Refusal> {
    written(&done.summary, "summary")?;
    let asked = &inspection.checklist;
    let given: BTreeSet<_> = done.answers.iter().map(|answer| answer.question).collect();
    let missing = asked.iter().filter(|question| !given.contains(question));
    let missing: Vec<_> = missing.map(|question| question.as_str()).collect();
    require(missing.is_empty(), || {
        Refusal::field("answers", "every question needs an answer")
            .with("missing", missing.join(","))
    })?;
    let fits = given.len() == done.answers.len() && given.len() == asked.len();
    require(fits, || Refusal::field("answers", "one answer to each question of the list"))?;
    let bare = |answer: &&Answer| {
        !answer.passed && answer.note.as_ref().is_none_or(|note| note.trim().is_empty())
    };
    require(done.answers.iter().find(bare).is_none(), || {
        Refusal::field("answers", "a no says what was seen")
    })?;
    Ok(vec![Event::InspectionExecuted(Box::new(done.clone()))])
}

/// Each finding starts its clock with the department that puts it right.
fn issue(
    inspection: &Inspection,
    issued: &IssueFindings,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let count = issued.findings.len();
    require(count <= MOST_FINDINGS, || Refusal::field("findings", "too many at once"))?;
    let failed = inspection.report.iter().flat_map(|report| &report.answers).any(|a| !a.passed);
    require(!failed || count > 0, || {
        Refusal::field("findings", "a question was answered with no")
    })?;
    let mut events = vec![Event::FindingsIssued(Box::new(issued.clone()))];
    for (place, finding) in issued.findings.iter().enumerate() {
        check(inspection, finding)?;
        let key = Some((place + 1).to_string());
        let mut clock = clock(cx, RuleId::D21, key, cx.now, finding.person);
        if let Some(days) = finding.days {
            clock = clock.with_count(days, &cx.rules.calendar);
        }
        let org = finding.org.as_str().to_owned();
        clock.org.clone_from(&org);
        if let Some(holder) = clock.holders.first_mut() {
            holder.org = org;
        }
        events.push(Event::ClockStarted(clock));
    }
    Ok(events)
}

fn check(inspection: &Inspection, finding: &NewFinding) -> Result<(), Refusal> {
    written(&finding.text, "text")?;
    written(&finding.clause, "clause")?;
    let fits = finding.days.is_none_or(|days| (1..=LONGEST_DAYS).contains(&days));
    require(fits, || Refusal::field("days", format!("1 to {LONGEST_DAYS}")))?;
    let mut sample = inspection.sample.iter().flat_map(|sample| &sample.records);
    let known = finding.record_no.as_ref().is_none_or(|no| sample.any(|s| s.no == *no));
    require(known, || Refusal::field("record_no", "not in the sample"))
}

fn finding(inspection: &Inspection, no: u32) -> Result<&Finding, Refusal> {
    let found = inspection.findings.iter().find(|finding| finding.no == no);
    found.ok_or_else(|| Refusal::field("no", "no such finding"))
}

fn rectify(
    inspection: &Inspection,
    done: &RectifyFinding,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    written(&done.measures, "measures")?;
    let found = finding(inspection, done.no)?;
    require(is_of(found, cx), || Refusal::new(Code::Assigned))?;
    require(found.rectified.is_none(), || Refusal::new(Code::Duplicate).with("no", done.no))?;
    let known = |file| inspection.files.iter().any(|known| known.id == file);
    require(done.files.iter().all(|file| known(*file)), || {
        Refusal::field("files", "not attached")
    })?;
    Ok(vec![Event::FindingRectified(Box::new(Rectified {
        done: done.clone(),
        by: cx.actor.user,
        at: cx.now,
    }))])
}

/// The finding's clock stops when it was found right (D-21).
fn verify(
    inspection: &Inspection,
    seen: &VerifyFinding,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let found = finding(inspection, seen.no)?;
    let waiting = found.rectified.as_ref().filter(|_| found.verified_at.is_none());
    let rectified = waiting.ok_or_else(|| Refusal::field("no", "not put right yet"))?;
    require(rectified.by != cx.actor.user, || {
        Refusal::new(Code::Sod).with("rule", "rectifier≠verifier")
    })?;
    let mut events = vec![Event::FindingVerified(seen.clone())];
    if seen.passed {
        let key = seen.no.to_string();
        events.extend(stop_key(&inspection.clocks, RuleId::D21, &key, cx.now));
    } else {
        written(seen.note.as_deref().unwrap_or_default(), "note")?;
    }
    Ok(events)
}

/// Applies an event that is about the inspection itself.
pub(super) fn apply(inspection: &mut Inspection, event: &Event, stamp: &Stamp) {
    match event {
        Event::SampleDrawn(sample) => inspection.sample = Some((**sample).clone()),
        Event::InspectionExecuted(done) => {
            inspection.report = Some((**done).clone());
            inspection.state = S::Executed;
        }
        Event::FindingsIssued(issued) => {
            inspection.findings = (1..)
                .zip(&issued.findings)
                .map(|(no, found)| Finding {
                    no,
                    found: found.clone(),
                    rectified: None,
                    verified_at: None,
                    sent_back: 0,
                })
                .collect();
        }
        Event::FindingRectified(rectified) => {
            let no = rectified.done.no;
            if let Some(found) = inspection.findings.iter_mut().find(|found| found.no == no) {
                found.rectified = Some((**rectified).clone());
            }
        }
        Event::FindingVerified(seen) => {
            if let Some(found) = inspection.findings.iter_mut().find(|found| found.no == seen.no) {
                if seen.passed {
                    found.verified_at = Some(stamp.at);
                } else {
                    found.rectified = None;
                    found.sent_back += 1;
                }
            }
        }
        Event::InspectionClosed(closed) => {
            inspection.conclusion = Some(closed.conclusion.clone());
            inspection.state = S::Closed;
        }
        _ => {}
    }
    if matches!(
        event,
        Event::FindingsIssued(_) | Event::FindingRectified(_) | Event::FindingVerified(_)
    ) {
        inspection.state = standing(inspection);
    }
}

/// Where the findings stand together; without any, all is well.
fn standing(inspection: &Inspection) -> S {
    let all = |done: fn(&Finding) -> bool| inspection.findings.iter().all(done);
    if all(|finding| finding.verified_at.is_some()) {
        S::Verified
    } else if all(|finding| finding.rectified.is_some()) {
        S::Rectified
    } else {
        S::FindingsIssued
    }
}
