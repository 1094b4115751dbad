//! Judges a command on a case: may it be given, does it need a second word,
//! what happens, what follows by rule.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "commands on other kinds of records are not a case's affair"
)]

use crate::{
    approval::{Approval, Decided, alone, approver},
    case::{
        Case, CaseState, acceptance, assignment, basic, budget, closing, construction, contract,
        design, engineering, fee, four_zero, gas_on, intake, material, permit, possible,
        pre_service, pressure, proxy, schedule, settlement, survey, suspension, telling, user_side,
    },
    command::Command,
    context::{Context, View},
    event::Event,
    flow::Flow,
    ids::UserId,
    lead::ContactAttempt,
    record::Record,
    refusal::{Code, Refusal, require},
    role::Role,
    work::attach_or_note,
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
            let decided = standing(&flow)?.clone();
            still_possible(&decided, &approval, cx)?;
            match further_word(&approval) {
                Some(needs) => propose(&mut flow, &decided, &approval.command, approval.by, needs),
                None => effect(&decided, view, &approval.command, Some(&approval), &mut flow)?,
            }
        }
    } else {
        match word(case, command, cx) {
            Some(needs) if !(cx.actor.is(needs) && alone(command.name())) => {
                // The proposal is judged as if it were granted, so that
                // nothing impossible waits on a lead's desk.
                let mut trial = Flow::on(case.id, Some(record), cx);
                effect(case, view, command, None, &mut trial)?;
                propose(&mut flow, case, command, cx.actor.user, needs);
            }
            _ => effect(case, view, command, None, &mut flow)?,
        }
    }
    follow(&mut flow)?;
    telling::pass_on(case, &mut flow);
    Ok(flow)
}

/// Whose word the command needs before it happens.
fn word(case: &Case, command: &Command, cx: &Context<'_>) -> Option<Role> {
    match command {
        Command::WaiveMaterial(waived) => material::waiver::word(waived, cx.actor),
        Command::DecideOverdue(decided) => material::overdue::word(case, decided),
        Command::IssueBudget(issue) => Some(budget::reviewer(issue, case, cx)),
        _ => approver(command.name(), case.state >= CaseState::Constructing),
    }
}

/// Whose word it needs besides the one that was just given.
fn further_word(approval: &Approval) -> Option<Role> {
    match &approval.command {
        Command::WaiveMaterial(waived) => material::waiver::further_word(waived, approval.needs),
        _ => None,
    }
}

fn propose(flow: &mut Flow<'_>, case: &Case, command: &Command, by: UserId, needs: Role) {
    let at = flow.cx.now;
    flow.emit(Event::ApprovalRequested(Box::new(Approval {
        no: u32::try_from(case.approvals.len()).unwrap_or(u32::MAX).saturating_add(1),
        command: command.clone(),
        by,
        at,
        needs,
        decided: None,
    })));
}

/// Whether what was proposed fits the state that the case has by now; whose
/// case it is was judged when it was proposed.
fn still_possible(case: &Case, approval: &Approval, cx: &Context<'_>) -> Result<(), Refusal> {
    match possible(case, approval.command.name(), cx) {
        Err(no) if no.code != Code::Assigned => Err(no),
        _ => Ok(()),
    }
}

/// The case as it stands after what has happened so far.
fn standing<'f>(flow: &'f Flow<'_>) -> Result<&'f Case, Refusal> {
    match flow.record() {
        Some(Record::Case(case)) => Ok(case),
        _ => Err(Refusal::new(Code::Unknown)),
    }
}

/// What happens by rule once something has happened, until nothing more does.
fn follow(flow: &mut Flow<'_>) -> Result<(), Refusal> {
    loop {
        let (case, cx) = (standing(flow)?, flow.cx);
        let next = [
            material::debt::taken_over(case, cx),
            material::completed(case, cx),
            permit::proposed(case, cx),
            permit::due_to_file(case, cx),
            fee::uncover(case, cx),
            fee::deliver(case, cx),
            engineering::received(case, cx),
            engineering::ready(case, cx),
            construction::apply_queued(case, cx),
            gas_on::help(case),
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
    four_zero::spare_the_way(case, command)?;
    let events = match command {
        Command::UpdateBasic(c) => basic::update(case, c)?,
        Command::AcceptCase(_) => intake::accept(case, cx)?,
        Command::AcceptTolerant(c) => intake::accept_tolerant(case, view, c, cx)?,
        Command::NotAccept(c) => intake::not_accept(case, c, cx)?,
        Command::AssignManager(c) => assignment::assign(case, view, c, cx)?,
        Command::RecordContactAttempt(c) => contact(c, cx)?,
        Command::ReceiveMaterial(c) => material::receive(case, c, cx)?,
        Command::VerifyMaterial(c) => material::verify(case, c, cx)?,
        Command::RejectMaterial(c) => material::reject(case, c)?,
        Command::AddOwed(c) => material::debt::add(case, view, c, cx)?,
        Command::ExtendMaterial(c) => material::debt::extend(case, c, cx)?,
        Command::WaiveMaterial(c) => material::waiver::waive(case, c, proposal.is_some(), cx)?,
        Command::RemindMaterial(c) => material::overdue::remind(case, c, cx)?,
        Command::DecideOverdue(c) => material::overdue::decide(case, c, cx)?,
        Command::ReportFalsePaper(c) => {
            return material::false_paper::found(case, view, c, cx, flow);
        }
        Command::RecordPreService(c) => pre_service::record(case, c, cx)?,
        Command::RecordTrip(c) => user_side::record(c, cx)?,
        Command::PushToTech(c) => pressure::push(c, cx)?,
        Command::RecordPressureCheck(c) => pressure::check(case, c, cx)?,
        Command::CompleteSurvey(c) => survey::complete(case, c, cx)?,
        Command::IssueDesign(c) => design::issue(case, c, proposal, cx)?,
        Command::IssueBudget(c) => budget::issue(case, view, c, proposal, cx)?,
        Command::AllowOutsideCost(c) => budget::allow(case, c, proposal, cx)?,
        Command::NoteBlockedFee(c) => fee::blocked(c, cx)?,
        Command::SettleQuantities(c) => settlement::settle(case, c, proposal, cx)?,
        Command::ScheduleProject(c) => return schedule::project(case, c, flow),
        Command::ScheduleGas(c) => schedule::gas(case, c)?,
        Command::StartFeeNegotiation(c) => fee::begin(c)?,
        Command::SettleFee(c) => fee::settle(case, c, cx)?,
        Command::FeeDispute(c) => fee::dispute(case, c, cx)?,
        Command::SignContract(c) => contract::sign(case, c, cx)?,
        Command::RecordPayment(c) => contract::pay(case, c, cx)?,
        Command::DraftPermit(c) => permit::draft(case, c, cx)?,
        Command::DismissPermit(c) => permit::dismiss(case, c, cx)?,
        Command::FilePermit(c) => permit::file(case, c, cx)?,
        Command::RecordPermitAnswer(c) => permit::answer(case, c, cx)?,
        Command::RecordPermitStep(c) => permit::step(case, c, cx)?,
        Command::GroupPermits(c) => permit::group(case, c)?,
        Command::MeetPermitCondition(c) => permit::meet(case, c, cx)?,
        Command::AgreeProxy(c) => proxy::agree(c)?,
        Command::EndProxy(c) => proxy::end(c, cx)?,
        Command::SignPower(c) => proxy::sign(case, c, cx)?,
        Command::RevokePower(c) => proxy::revoke(case, c, cx)?,
        Command::HandToEngineering(c) => engineering::hand(case, view, c, cx)?,
        Command::ArrangeContractor(c) => engineering::arrange(view, c, cx)?,
        Command::ConfirmSite(c) => engineering::confirm_site(c),
        Command::StartConstruction(c) => construction::begin(case, c, cx)?,
        Command::ReportProgress(c) => construction::report(case, c, cx)?,
        Command::CompleteInstallation(c) => construction::complete(case, c, proposal, cx)?,
        Command::SubmitGasOn(c) => gas_on::submit(case, c, cx)?,
        Command::StartAcceptance(_) => acceptance::begin(case, cx)?,
        Command::RecordAcceptance(c) => acceptance::record(case, c, cx)?,
        Command::ReportAcceptance(c) => acceptance::report(case, c, cx)?,
        Command::TurnGasOn(c) => gas_on::turn_on(case, c, cx)?,
        Command::RecordNotIgnited(c) => gas_on::fail(case, c, cx)?,
        Command::Suspend(c) => suspension::suspend(case, c, cx)?,
        Command::Resume(c) => suspension::resume(case, c, cx)?,
        Command::Withdraw(c) => closing::withdraw(case, c, cx)?,
        Command::Terminate(c) => closing::terminate(case, c, cx)?,
        Command::MergeCases(c) => return closing::merge(case, view, c, cx, flow),
        Command::Archive(c) => closing::archive(case, c)?,
        Command::CorrectRecord(c) => closing::correct(case, c, cx)?,
        Command::AttachFile(_) | Command::AddNote(_) => {
            attach_or_note(&case.files, command)?.unwrap_or_default()
        }
        _ => return Err(Refusal::new(Code::State)),
    };
    flow.emit_all(events);
    Ok(())
}

fn contact(attempt: &ContactAttempt, cx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let long = attempt.summary.as_ref().is_some_and(|text| text.chars().count() > 500);
    require(!long, || Refusal::field("summary", "at most 500 characters"))?;
    Ok(vec![Event::ContactRecorded(ContactAttempt { at: Some(cx.now), ..attempt.clone() })])
}
