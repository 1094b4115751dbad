//! From which states each command of a case may be given, and by whom among
//! those who hold the role (domain c.2). Every pair of state and command has
//! its answer here.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "commands on other kinds of records are not a case's affair"
)]

use crate::{
    case::{Case, CaseState, acceptance, fee, permit, settlement},
    command::CommandName as C,
    context::Context,
    refusal::{Code, Refusal, require},
    role::Role,
};

/// The states from which `command` may be given.
pub(crate) fn from(command: C) -> &'static [CaseState] {
    use CaseState as S;
    match command {
        C::AcceptCase | C::AcceptTolerant | C::NotAccept => &[S::Submitted],
        C::PushToTech => &[S::Accepted],
        C::RecordPressureCheck => &[S::PressureChecking, S::PressureBlocked],
        C::CompleteSurvey => &[S::SurveyDesign],
        C::IssueDesign | C::IssueBudget | C::AllowOutsideCost | C::NoteBlockedFee => DRAWN,
        C::StartFeeNegotiation => &[S::Designed],
        C::SettleFee => TALKED,
        C::FeeDispute => TALKED.split_at(1).1,
        C::SettleQuantities => ACTIVE.split_at(11).1,
        C::ScheduleGas => BUILDING,
        C::SignContract => SIGNING,
        C::RecordPayment => PAYING,
        C::DraftPermit
        | C::DismissPermit
        | C::FilePermit
        | C::RecordPermitAnswer
        | C::RecordPermitStep
        | C::GroupPermits
        | C::MeetPermitCondition => PERMITS,
        C::HandToEngineering => &[S::FeeConfirmed],
        C::ArrangeContractor => &[S::EngineeringReceived],
        C::ConfirmSite | C::StartConstruction => &[S::ConstructionPreparing],
        C::ReportProgress | C::CompleteInstallation => &[S::Constructing],
        C::SubmitGasOn | C::ScheduleProject => APPLYING,
        C::StartAcceptance => &[S::GasOnApplied, S::Rectifying],
        C::RecordAcceptance | C::TurnGasOn => &[S::AcceptanceTesting],
        C::ReportAcceptance => &[S::AcceptanceTesting, S::GasOn],
        C::RecordNotIgnited => &[S::GasOnApplied, S::AcceptanceTesting],
        C::MergeCases => BEFORE_FEE,
        C::Archive => &[S::GasOn, S::Withdrawn, S::Terminated],
        C::ReceiveMaterial
        | C::VerifyMaterial
        | C::RejectMaterial
        | C::AddOwed
        | C::ExtendMaterial
        | C::WaiveMaterial
        | C::RemindMaterial
        | C::ReportFalsePaper
        | C::DecideOverdue
        | C::RecordTrip => COLLECTING,
        C::RecordPreService => SERVING,
        C::UpdateBasic
        | C::AssignManager
        | C::RecordContactAttempt
        | C::Suspend
        | C::Resume
        | C::Withdraw
        | C::Terminate
        | C::AgreeProxy
        | C::EndProxy
        | C::SignPower
        | C::RevokePower => ACTIVE,
        C::CorrectRecord | C::AttachFile | C::AddNote | C::Decide => S::ALL,
        // What is given on other kinds of records.
        _ => &[],
    }
}

/// The states between submission and gas-on.
const ACTIVE: &[CaseState] = CaseState::UP_TO_GAS_ON.split_at(15).0;
/// What is owed is still owed once the gas burns; the archive waits for it.
const COLLECTING: &[CaseState] = &CaseState::UP_TO_GAS_ON;
/// Pre-service is what comes before the application for gas-on.
const SERVING: &[CaseState] = ACTIVE.split_at(12).0;
const BEFORE_FEE: &[CaseState] = ACTIVE.split_at(7).0;
const SIGNING: &[CaseState] = ACTIVE.split_at(7).1;
const PAYING: &[CaseState] = &CaseState::PAYING;
const DRAWN: &[CaseState] = ACTIVE.split_at(4).1;
const TALKED: &[CaseState] = ACTIVE.split_at(5).1;
const BUILDING: &[CaseState] = ACTIVE.split_at(11).0.split_at(8).1;
/// What was dug is restored and inspected, be it after the gas burns.
const PERMITS: &[CaseState] = CaseState::UP_TO_GAS_ON.split_at(4).1;
const APPLYING: &[CaseState] = ACTIVE.split_at(12).0.split_at(1).1;

impl CaseState {
    /// The states in which money comes or goes.
    const PAYING: [Self; 11] = [
        Self::FeeConfirmed,
        Self::EngineeringReceived,
        Self::ConstructionPreparing,
        Self::Constructing,
        Self::Installed,
        Self::GasOnApplied,
        Self::AcceptanceTesting,
        Self::Rectifying,
        Self::GasOn,
        Self::Withdrawn,
        Self::Terminated,
    ];

    /// The states from submission to gas-on, in order.
    const UP_TO_GAS_ON: [Self; 16] = [
        Self::Submitted,
        Self::Accepted,
        Self::PressureChecking,
        Self::PressureBlocked,
        Self::SurveyDesign,
        Self::Designed,
        Self::FeeNegotiating,
        Self::FeeConfirmed,
        Self::EngineeringReceived,
        Self::ConstructionPreparing,
        Self::Constructing,
        Self::Installed,
        Self::GasOnApplied,
        Self::AcceptanceTesting,
        Self::Rectifying,
        Self::GasOn,
    ];
}

/// What may be done while the case is suspended: resume, contact, material and
/// permit, and what changes nothing of the procedure.
fn goes_on_suspended(command: C) -> bool {
    matches!(
        command,
        C::Resume
            | C::RecordContactAttempt
            | C::ReceiveMaterial
            | C::VerifyMaterial
            | C::RejectMaterial
            | C::DraftPermit
            | C::DismissPermit
            | C::FilePermit
            | C::RecordPermitAnswer
            | C::RecordPermitStep
            | C::GroupPermits
            | C::MeetPermitCondition
            | C::AgreeProxy
            | C::EndProxy
            | C::SignPower
            | C::RevokePower
            | C::AddOwed
            | C::ExtendMaterial
            | C::WaiveMaterial
            | C::RemindMaterial
            | C::DecideOverdue
            | C::ReportFalsePaper
            | C::RecordTrip
            | C::AttachFile
            | C::AddNote
            | C::Decide
            | C::AssignManager
            | C::Withdraw
            | C::Terminate
    )
}

/// Commands that only the responsible manager gives; the lead of the
/// department steps in.
fn is_managers_own(command: C) -> bool {
    matches!(
        command,
        C::RecordContactAttempt
            | C::UpdateBasic
            | C::AcceptCase
            | C::AcceptTolerant
            | C::NotAccept
            | C::PushToTech
            | C::StartFeeNegotiation
            | C::SettleFee
            | C::FeeDispute
            | C::SignContract
            | C::HandToEngineering
            | C::AddOwed
            | C::WaiveMaterial
            | C::ReportFalsePaper
            | C::RecordTrip
            | C::Withdraw
            | C::AgreeProxy
            | C::EndProxy
    )
}

/// Once the fee is settled there must be something new to decide about; what
/// was measured is settled once.
fn consent(case: &Case, command: C, cx: &Context<'_>) -> Result<(), Refusal> {
    match command {
        C::SettleFee | C::FeeDispute if case.state >= CaseState::FeeConfirmed => {
            fee::require_open(case, cx.now)
        }
        C::SettleQuantities => require(settlement::is_open(case), || {
            Refusal::new(Code::State).with("waiting", "nothing")
        }),
        _ => Ok(()),
    }
}

/// Whether the case's state and the actor's part in it allow the command,
/// whatever its data.
pub(crate) fn possible(case: &Case, command: C, cx: &Context<'_>) -> Result<(), Refusal> {
    require(from(command).contains(&case.state), || Refusal::new(Code::State))?;
    let suspended = case.suspended.is_some();
    let fits = if suspended { goes_on_suspended(command) } else { command != C::Resume };
    require(fits, || Refusal::new(Code::State).with("suspended", suspended))?;
    consent(case, command, cx)?;
    let open = case.approvals.iter().any(|approval| approval.decided.is_none());
    require(command != C::Decide || open, || Refusal::new(Code::State).with("open", 0))?;
    permit::possible(case, command)?;
    if is_managers_own(command) && !cx.actor.is(Role::CmLead) {
        require(case.manager == cx.actor.user, || Refusal::new(Code::Assigned))?;
    }
    let reports = command != C::ReportAcceptance || acceptance::owes_report(case);
    require(reports, || Refusal::new(Code::State))?;
    let to_decide = case.tolerance.overdue.is_some_and(|mark| mark.to_decide_since.is_some());
    require(command != C::DecideOverdue || to_decide, || {
        Refusal::new(Code::State).with("overdue", "not yet to be decided")
    })?;
    let waiting = case
        .approvals
        .iter()
        .any(|approval| approval.decided.is_none() && approval.command.name() == command);
    require(!waiting, || Refusal::new(Code::Duplicate).with("waiting", command.as_str()))
}
