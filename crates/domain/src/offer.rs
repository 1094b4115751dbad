//! What a person can do with a record now, and why not: the list that a
//! screen shows before anybody types.

use crate::{
    approval::approver,
    case::{self, Case, CaseState},
    command::CommandName,
    context::{Context, View},
    judge::permitted,
    lead::{self, LeadState},
    record::Record,
    refusal::Refusal,
    role::Role,
};

/// A command that the actor's roles allow on a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The command.
    pub command: CommandName,
    /// Whether it can be given now, as far as is known without its data.
    pub possible: bool,
    /// Why not.
    pub refusal: Option<Refusal>,
    /// Whose word it needs besides.
    pub approval: Option<Role>,
    /// Whether it is the next step of the procedure.
    pub primary: bool,
}

/// The states of leads and cases from which `command` may be given; none for
/// a command that creates its record.
pub fn states(command: CommandName) -> Vec<&'static str> {
    let of_leads = lead::from(command).iter().map(|state| state.as_str());
    of_leads.chain(case::from(command).iter().map(|state| state.as_str())).collect()
}

/// The commands that the actor's roles allow on `record`, the next step first.
pub fn offers(record: &Record, _view: &View<'_>, cx: &Context<'_>) -> Vec<Offer> {
    let started = matches!(record, Record::Case(case) if case.state >= CaseState::Constructing);
    let mut all: Vec<_> = CommandName::ALL
        .iter()
        .copied()
        .filter(|command| concerns(record, *command) && permitted(*command, cx).is_ok())
        .map(|command| {
            let refusal = possible(record, command, cx).err();
            let approval = approver(command, started).filter(|role| !cx.actor.is(*role));
            Offer {
                command,
                possible: refusal.is_none(),
                primary: refusal.is_none() && next_steps(record).contains(&command),
                refusal,
                approval,
            }
        })
        .collect();
    all.sort_by_key(|offer| (!offer.primary, !offer.possible));
    all
}

/// The names of what the actor can do with `record` now.
pub(crate) fn possible_now(record: &Record, cx: &Context<'_>) -> Vec<CommandName> {
    CommandName::ALL
        .iter()
        .copied()
        .filter(|command| {
            concerns(record, *command)
                && permitted(*command, cx).is_ok()
                && possible(record, *command, cx).is_ok()
        })
        .collect()
}

fn possible(record: &Record, command: CommandName, cx: &Context<'_>) -> Result<(), Refusal> {
    match record {
        Record::Lead(lead) => lead::possible(lead, command, cx),
        Record::Case(case) => case::possible(case, command, cx),
        Record::Watch(_) => Ok(()),
        Record::Person(_) | Record::Rules(_) => Err(Refusal::new(crate::refusal::Code::State)),
    }
}

/// Whether the command is about this kind of record at all.
fn concerns(record: &Record, command: CommandName) -> bool {
    use CommandName as C;
    let of_leads = matches!(
        command,
        C::ReceivePush
            | C::HandOverLead
            | C::ReassignLead
            | C::MarkUnreachable
            | C::ConvertLead
            | C::CloseLead
            | C::ReopenLead
    );
    let of_watches = matches!(command, C::OpenFeedDay | C::CheckFeed);
    let of_both =
        matches!(command, C::RecordContactAttempt | C::Decide | C::AttachFile | C::AddNote);
    match record {
        Record::Lead(_) => of_leads || of_both,
        Record::Case(_) => !of_leads && !of_watches && command != C::SubmitDemand,
        Record::Watch(_) => of_watches,
        Record::Person(_) | Record::Rules(_) => false,
    }
}

/// The commands that carry the procedure on.
fn next_steps(record: &Record) -> &'static [CommandName] {
    match record {
        Record::Lead(lead) => of_lead(lead.state),
        Record::Case(case) => of_case(case),
        Record::Watch(watch) if watch.is_waiting() => &[CommandName::CheckFeed],
        Record::Watch(_) | Record::Person(_) | Record::Rules(_) => &[],
    }
}

fn of_lead(state: LeadState) -> &'static [CommandName] {
    use CommandName as C;
    match state {
        LeadState::Received => &[C::HandOverLead],
        LeadState::HandedOver => &[C::RecordContactAttempt],
        LeadState::Contacted => &[C::ConvertLead],
        LeadState::Converted
        | LeadState::NoDemand
        | LeadState::Unreachable
        | LeadState::Merged
        | LeadState::Invalid => &[],
    }
}

fn of_case(case: &Case) -> &'static [CommandName] {
    use CaseState as S;
    use CommandName as C;
    if case.suspended.is_some() {
        return &[C::Resume];
    }
    match case.state {
        S::Submitted => &[C::AcceptCase, C::AcceptTolerant],
        S::Accepted => &[C::PushToTech],
        S::PressureChecking | S::PressureBlocked => &[C::RecordPressureCheck],
        S::SurveyDesign if case.survey.is_none() => &[C::CompleteSurvey],
        S::SurveyDesign => &[C::IssueDesign, C::IssueBudget],
        S::Designed | S::FeeNegotiating => &[C::SettleFee],
        S::FeeConfirmed => &[C::HandToEngineering, C::SignContract],
        S::EngineeringReceived => &[C::ArrangeContractor],
        S::ConstructionPreparing => &[C::ConfirmSite, C::StartConstruction, C::SignContract],
        S::Constructing => &[C::CompleteInstallation],
        S::Installed => &[C::SubmitGasOn],
        S::GasOnApplied | S::Rectifying => &[C::StartAcceptance],
        S::AcceptanceTesting if case.acceptances.last().is_some_and(|last| last.passed) => {
            &[C::TurnGasOn]
        }
        S::AcceptanceTesting => &[C::RecordAcceptance],
        S::GasOn | S::Withdrawn | S::Terminated => &[C::Archive],
        S::Archived | S::NotAccepted | S::Merged => &[],
    }
}
