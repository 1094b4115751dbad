//! From which states each command of a case may be given, and by whom among
//! those who hold the role (domain c.2). Every pair of state and command has
//! its answer here.

use crate::{
    case::{Case, CaseState},
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
        C::IssueDesign | C::IssueBudget => {
            &[S::SurveyDesign, S::Designed, S::FeeNegotiating, S::FeeConfirmed]
        }
        C::StartFeeNegotiation => &[S::Designed],
        C::SettleFee => &[S::Designed, S::FeeNegotiating],
        C::FeeDispute => &[S::FeeNegotiating],
        C::SignContract => SIGNING,
        C::RecordPayment => PAYING,
        C::RecordPermit => PERMITS,
        C::HandToEngineering => &[S::FeeConfirmed],
        C::ArrangeContractor => &[S::EngineeringReceived],
        C::ConfirmSite | C::StartConstruction => &[S::ConstructionPreparing],
        C::ReportProgress | C::CompleteInstallation => &[S::Constructing],
        C::SubmitGasOn => APPLYING,
        C::StartAcceptance => &[S::GasOnApplied, S::Rectifying],
        C::RecordAcceptance | C::TurnGasOn => &[S::AcceptanceTesting],
        C::RecordNotIgnited => &[S::GasOnApplied, S::AcceptanceTesting],
        C::MergeCases => BEFORE_FEE,
        C::Archive => &[S::GasOn, S::Withdrawn, S::Terminated],
        C::ReceiveMaterial | C::VerifyMaterial | C::RejectMaterial => COLLECTING,
        C::UpdateBasic
        | C::AssignManager
        | C::RecordContactAttempt
        | C::Suspend
        | C::Resume
        | C::Withdraw
        | C::Terminate => ACTIVE,
        C::CorrectRecord | C::AttachFile | C::AddNote | C::Decide => S::ALL,
        C::ReceivePush
        | C::HandOverLead
        | C::ReassignLead
        | C::MarkUnreachable
        | C::ConvertLead
        | C::CloseLead
        | C::ReopenLead
        | C::OpenFeedDay
        | C::CheckFeed
        | C::SubmitDemand => &[],
    }
}

/// The states between submission and gas-on.
const ACTIVE: &[CaseState] = CaseState::UP_TO_GAS_ON.split_at(15).0;
/// What is owed is still owed once the gas burns; the archive waits for it.
const COLLECTING: &[CaseState] = &CaseState::UP_TO_GAS_ON;
const BEFORE_FEE: &[CaseState] = ACTIVE.split_at(7).0;
const SIGNING: &[CaseState] = ACTIVE.split_at(7).1;
const PAYING: &[CaseState] = SIGNING;
const PERMITS: &[CaseState] = ACTIVE.split_at(4).1;
const APPLYING: &[CaseState] = ACTIVE.split_at(12).0.split_at(1).1;

impl CaseState {
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
            | C::RecordPermit
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
            | C::Withdraw
    )
}

/// Whether the case's state and the actor's part in it allow the command,
/// whatever its data.
pub(crate) fn possible(case: &Case, command: C, cx: &Context<'_>) -> Result<(), Refusal> {
    require(from(command).contains(&case.state), || Refusal::new(Code::State))?;
    let suspended = case.suspended.is_some();
    let fits = if suspended { goes_on_suspended(command) } else { command != C::Resume };
    require(fits, || Refusal::new(Code::State).with("suspended", suspended))?;
    let open = case.approvals.iter().any(|approval| approval.decided.is_none());
    require(command != C::Decide || open, || Refusal::new(Code::State).with("open", 0))?;
    if is_managers_own(command) && !cx.actor.is(Role::CmLead) {
        require(case.manager == cx.actor.user, || Refusal::new(Code::Assigned))?;
    }
    let waiting = case
        .approvals
        .iter()
        .any(|approval| approval.decided.is_none() && approval.command.name() == command);
    require(!waiting, || Refusal::new(Code::Duplicate).with("waiting", command.as_str()))
}
