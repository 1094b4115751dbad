//! What a person can do with a record now, and why not: the list that a
//! screen shows before anybody types.

use crate::{
    approval::approver,
    assessment::{self, AssessmentState},
    case::{self, CaseState},
    command::CommandName,
    complaint::{self, ComplaintState},
    context::{Context, View},
    inspection::{self, InspectionState},
    judge::permitted,
    lead::{self, LeadState},
    ledger::{self, ItemState},
    notice,
    privacy::{self, is_personal, request::PiState},
    proposal::{self, ProposalState},
    rating::{self, RatingState},
    record::Record,
    reference,
    refusal::Refusal,
    role::Role,
    tend::{self, is_tending},
    visit::{self, MonthState, VisitState},
    work::Work,
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

/// The states from which `command` may be given, of every kind that has it;
/// none for a command that creates its record.
pub fn states(command: CommandName) -> Vec<&'static str> {
    fn codes<S: Copy>(states: &[S], code: impl Fn(S) -> &'static str) -> Vec<&'static str> {
        states.iter().map(|state| code(*state)).collect()
    }
    let all = [
        codes(lead::from(command), LeadState::as_str),
        codes(case::from(command), CaseState::as_str),
        codes(visit::month_from(command), MonthState::as_str),
        codes(visit::visit_from(command), VisitState::as_str),
        codes(ledger::from(command), ItemState::as_str),
        codes(complaint::from(command), ComplaintState::as_str),
        codes(rating::from(command), RatingState::as_str),
        codes(proposal::from(command), ProposalState::as_str),
        codes(inspection::from(command), InspectionState::as_str),
        codes(assessment::from(command), AssessmentState::as_str),
        codes(privacy::request::from(command), PiState::as_str),
        privacy::register::from(command).to_vec(),
        notice::from(command).to_vec(),
    ];
    let mut states: Vec<&'static str> = Vec::new();
    for code in all.concat() {
        if !states.contains(&code) {
            states.push(code);
        }
    }
    states
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
    if is_tending(command) {
        return tend::possible(record, command, cx);
    }
    reference::has_read(command, cx)?;
    if is_personal(command) {
        return privacy::possible(record, command, cx);
    }
    match record.work() {
        Some(work) => work.possible(command, cx),
        None => reference::possible(record, command, cx),
    }
}

/// Whether the command is about this kind of record at all.
fn concerns(record: &Record, command: CommandName) -> bool {
    if is_tending(command) {
        return !record.clocks().is_empty();
    }
    if is_personal(command) {
        return privacy::holds_a_person(record);
    }
    match record.work() {
        Some(work) => work.concerns(command),
        None => reference::concerns(record, command),
    }
}

/// The commands that carry the procedure on.
fn next_steps(record: &Record) -> &'static [CommandName] {
    record.work().map_or(&[], Work::next_steps)
}
