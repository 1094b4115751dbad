//! The one entrance to the rulebook's decisions.

use crate::{
    case,
    command::{Command, CommandName},
    context::{Context, View},
    event::Change,
    flow::Flow,
    ids::RecordId,
    lead, offer,
    record::Record,
    refusal::{Code, Refusal, require},
    role::any_may,
    watch,
};

/// Decides on a command: the changes that it causes, or why not and what is
/// possible instead. `view` holds the target, if it exists, and the records
/// that [`Command::touches`] names.
///
/// # Errors
/// [`Refusal`] with its stable code.
pub fn judge(
    target: RecordId,
    view: &View<'_>,
    command: &Command,
    cx: &Context<'_>,
) -> Result<Vec<Change>, Refusal> {
    decide(target, view, command, cx).map_err(|no| explain(no, target, view, cx))
}

fn decide(
    target: RecordId,
    view: &View<'_>,
    command: &Command,
    cx: &Context<'_>,
) -> Result<Vec<Change>, Refusal> {
    permitted(command.name(), cx)?;
    let flow = match (view.get(target), command) {
        (None, Command::ReceivePush(push)) => {
            let mut flow = Flow::on(target, None, cx);
            flow.emit_all(lead::receive(target, push, cx)?);
            flow
        }
        (None, Command::SubmitDemand(submitted)) => {
            let mut flow = Flow::on(target, None, cx);
            flow.emit_all(case::intake::submit(target, view, submitted, cx)?);
            flow
        }
        (None, Command::OpenFeedDay(opened)) => {
            let mut flow = Flow::on(target, None, cx);
            flow.emit_all(watch::begin(target, opened, cx)?);
            flow
        }
        (None, _) => return Err(Refusal::new(Code::Unknown)),
        (Some(_), Command::SubmitDemand(_)) => return Err(Refusal::new(Code::Duplicate)),
        (Some(record @ Record::Lead(lead)), _) => lead::judge(lead, record, view, command, cx)?,
        (Some(record @ Record::Case(case)), _) => case::judge(case, record, view, command, cx)?,
        (Some(record @ Record::Watch(watch)), _) => {
            let mut flow = Flow::on(target, Some(record), cx);
            flow.emit_all(watch::judge(watch, command, cx)?);
            flow
        }
        (Some(Record::Person(_) | Record::Rules(_)), _) => {
            return Err(Refusal::new(Code::State));
        }
    };
    Ok(flow.into_changes())
}

/// Whether the actor's roles allow the command at all.
pub(crate) fn permitted(command: CommandName, cx: &Context<'_>) -> Result<(), Refusal> {
    require(any_may(&cx.actor.roles, command), || {
        Refusal::new(Code::Role).with("command", command.as_str())
    })
}

/// The refusal with the state that was found and what can be done instead.
fn explain(mut no: Refusal, target: RecordId, view: &View<'_>, cx: &Context<'_>) -> Refusal {
    if let Some(record) = view.get(target) {
        no.state = record.state().map(str::to_owned);
        no.now_possible = offer::possible_now(record, cx);
    }
    no
}
