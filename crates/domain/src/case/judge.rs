//! Judges a command on a case: may it be given, does it need a second word,
//! what happens, what follows by rule.

use crate::{
    approval::{Approval, Decided, alone, approver},
    case::{
        Case, CaseState, acceptance, assignment, basic, budget, closing, construction, contract,
        design, engineering, fee, gas_on, intake, material, permit, possible, pressure, survey,
        suspension,
    },
    command::Command,
    context::{Context, View},
    event::Event,
    flow::Flow,
    lead::ContactAttempt,
    record::Record,
    refusal::{Code, Refusal, require},
};

pub(crate) fn judge<'a>(
    case: &Case,
    record: &Record,
    view: &View<'_>,
    command: &Command,
    cx: &'a Context<'a>,
) -> Result<Flow<'a>, Refusal> {
    possible(case, command.name(), cx)?;
    let mut flow = Flow::on(case.id, Some(record), cx);
    if let Command::Decide(decide) = command {
        let approval = decide.open(&case.approvals, cx.actor)?.clone();
        flow.emit(Event::ApprovalDecided(Decided {
            no: decide.no,
            approve: decide.approve,
            by: cx.actor.user,
            at: cx.now,
            note: decide.note.clone(),
        }));
        if decide.approve {
            let decided = working_copy(&flow)?;
            still_possible(&decided, &approval, cx)?;
            effect(&decided, view, &approval.command, Some(&approval), &mut flow)?;
        }
    } else {
        let started = case.state >= CaseState::Constructing;
        match approver(command.name(), started) {
            Some(needs) if !(cx.actor.is(needs) && alone(command.name())) => {
                // The proposal is judged as if it were granted, so that
                // nothing impossible waits on a lead's desk.
                let mut trial = Flow::on(case.id, Some(record), cx);
                effect(case, view, command, None, &mut trial)?;
                flow.emit(Event::ApprovalRequested(Box::new(Approval {
                    no: u32::try_from(case.approvals.len()).unwrap_or(u32::MAX).saturating_add(1),
                    command: command.clone(),
                    by: cx.actor.user,
                    at: cx.now,
                    needs,
                    decided: None,
                })));
            }
            _ => effect(case, view, command, None, &mut flow)?,
        }
    }
    follow(&mut flow)?;
    Ok(flow)
}

/// Whether what was proposed fits the state that the case has by now; whose
/// case it is was judged when it was proposed.
fn still_possible(case: &Case, approval: &Approval, cx: &Context<'_>) -> Result<(), Refusal> {
    match possible(case, approval.command.name(), cx) {
        Err(no) if no.code != Code::Assigned => Err(no),
        _ => Ok(()),
    }
}

fn working_copy(flow: &Flow<'_>) -> Result<Case, Refusal> {
    match flow.record() {
        Some(Record::Case(case)) => Ok((**case).clone()),
        _ => Err(Refusal::new(Code::Unknown)),
    }
}

/// What happens by rule once something has happened, until nothing more does.
fn follow(flow: &mut Flow<'_>) -> Result<(), Refusal> {
    loop {
        let case = working_copy(flow)?;
        let cx = flow.cx;
        let next = [
            material::completed(&case, cx),
            fee::deliver(&case, cx),
            engineering::received(&case, cx),
            engineering::ready(&case, cx),
            construction::apply_queued(&case, cx),
        ]
        .into_iter()
        .find(|events| !events.is_empty());
        match next {
            Some(events) => flow.emit_all(events),
            None => return Ok(()),
        }
    }
}

// tidy: allow-length — a table: one arm per command
fn effect(
    case: &Case,
    view: &View<'_>,
    command: &Command,
    proposal: Option<&Approval>,
    flow: &mut Flow<'_>,
) -> Result<(), Refusal> {
    let cx = flow.cx;
    let events = match command {
        Command::UpdateBasic(c) => {
            basic::updated(&case.basic, c)?;
            vec![Event::BasicUpdated(c.clone())]
        }
        Command::AcceptCase(_) => intake::accept(case, cx)?,
        Command::AcceptTolerant(c) => intake::accept_tolerant(case, c, cx)?,
        Command::NotAccept(c) => intake::not_accept(case, c, cx)?,
        Command::AssignManager(c) => assignment::assign(case, view, c)?,
        Command::RecordContactAttempt(c) => contact(c, cx)?,
        Command::ReceiveMaterial(c) => material::receive(case, c)?,
        Command::VerifyMaterial(c) => material::verify(case, c, cx)?,
        Command::RejectMaterial(c) => material::reject(case, c)?,
        Command::PushToTech(c) => pressure::push(c, cx)?,
        Command::RecordPressureCheck(c) => pressure::check(case, c, cx)?,
        Command::CompleteSurvey(c) => survey::complete(case, c, cx)?,
        Command::IssueDesign(c) => design::issue(case, c, proposal, cx)?,
        Command::IssueBudget(c) => budget::issue(case, c, proposal, cx)?,
        Command::StartFeeNegotiation(c) => fee::begin(c)?,
        Command::SettleFee(c) => fee::settle(case, c, cx)?,
        Command::FeeDispute(c) => fee::dispute(case, c, cx)?,
        Command::SignContract(c) => contract::sign(case, c, cx)?,
        Command::RecordPayment(c) => contract::pay(case, c, cx)?,
        Command::RecordPermit(c) => permit::record(case, c)?,
        Command::HandToEngineering(c) => engineering::hand(case, view, c, cx)?,
        Command::ArrangeContractor(c) => engineering::arrange(view, c, cx)?,
        Command::ConfirmSite(c) => engineering::confirm_site(c),
        Command::StartConstruction(c) => construction::begin(case, c, cx)?,
        Command::ReportProgress(c) => construction::report(case, c, cx)?,
        Command::CompleteInstallation(c) => construction::complete(case, c, proposal, cx)?,
        Command::SubmitGasOn(c) => gas_on::submit(case, c, cx)?,
        Command::StartAcceptance(_) => acceptance::begin(case, cx)?,
        Command::RecordAcceptance(c) => acceptance::record(case, c, cx)?,
        Command::TurnGasOn(c) => gas_on::turn_on(case, c, cx)?,
        Command::RecordNotIgnited(c) => gas_on::fail(case, c, cx)?,
        Command::Suspend(c) => suspension::suspend(case, c, cx)?,
        Command::Resume(c) => suspension::resume(case, c, cx)?,
        Command::Withdraw(c) => closing::withdraw(case, c, cx)?,
        Command::Terminate(c) => closing::terminate(case, c, cx)?,
        Command::MergeCases(c) => return closing::merge(case, view, c, cx, flow),
        Command::Archive(c) => closing::archive(case, c)?,
        Command::CorrectRecord(c) => closing::correct(case, c, cx)?,
        Command::AttachFile(attach) => {
            require(attach.file.is_valid(), || Refusal::field("file", "malformed"))?;
            require(case.file(attach.file.id).is_none(), || {
                Refusal::new(Code::Duplicate).with("field", "file")
            })?;
            vec![Event::FileAttached(attach.clone())]
        }
        Command::AddNote(note) => {
            let length = note.text.trim().chars().count();
            require((1..=500).contains(&length), || Refusal::field("text", "1 to 500 characters"))?;
            vec![Event::NoteAdded(note.clone())]
        }
        Command::ReceivePush(_)
        | Command::HandOverLead(_)
        | Command::ReassignLead(_)
        | Command::MarkUnreachable(_)
        | Command::ConvertLead(_)
        | Command::CloseLead(_)
        | Command::ReopenLead(_)
        | Command::SubmitDemand(_)
        | Command::OpenFeedDay(_)
        | Command::CheckFeed(_)
        | Command::Decide(_) => return Err(Refusal::new(Code::State)),
    };
    flow.emit_all(events);
    Ok(())
}

fn contact(attempt: &ContactAttempt, cx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let long = attempt.summary.as_ref().is_some_and(|text| text.chars().count() > 500);
    require(!long, || Refusal::field("summary", "at most 500 characters"))?;
    Ok(vec![Event::ContactRecorded(ContactAttempt { at: Some(cx.now), ..attempt.clone() })])
}
