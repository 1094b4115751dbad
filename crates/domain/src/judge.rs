//! The one entrance to the rulebook's decisions.

#![expect(clippy::wildcard_enum_match_arm, reason = "what creates nothing has nothing to begin")]

use crate::{
    assessment, case,
    command::{Command, CommandName},
    complaint,
    context::{Context, View},
    event::Change,
    flow::Flow,
    ids::RecordId,
    inspection, lead, ledger, notice, offer, price, privacy, proposal, rating,
    record::Record,
    reference,
    refusal::{Code, Refusal, require},
    role::any_may,
    tend, visit, watch,
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
    reference::has_read(command.name(), cx)?;
    let Some(record) = view.get(target) else {
        let mut flow = Flow::on(target, None, cx);
        begin(target, view, command, &mut flow)?;
        return Ok(flow.into_changes());
    };
    if let (Record::Rules(rules), Command::PublishPrices(publication)) = (record, command) {
        let mut flow = Flow::on(target, Some(record), cx);
        flow.emit_all(price::publish(rules, publication, cx)?);
        return Ok(flow.into_changes());
    }
    let creates = command.name().creates();
    match record.work() {
        Some(_) if tend::is_tending(command.name()) => {
            let mut flow = Flow::on(target, Some(record), cx);
            flow.emit_all(tend::judge(record, command, cx)?);
            Ok(flow.into_changes())
        }
        Some(_) if privacy::is_personal(command.name()) => {
            let mut flow = Flow::on(target, Some(record), cx);
            flow.emit_all(privacy::judge(record, command, cx)?);
            Ok(flow.into_changes())
        }
        Some(work) if work.concerns(command.name()) => {
            Ok(work.judge(record, view, command, cx)?.into_changes())
        }
        // The identity is taken: what it would create is there already.
        Some(_) if creates.is_some() => Err(Refusal::new(Code::Duplicate)),
        Some(_) => Err(Refusal::new(Code::State)),
        None => reference::judge(record, view, command, cx),
    }
}

/// What a command causes on a record that does not exist.
fn begin(
    target: RecordId,
    view: &View<'_>,
    command: &Command,
    flow: &mut Flow<'_>,
) -> Result<(), Refusal> {
    let cx = flow.cx;
    let events = match command {
        Command::ReceivePush(push) => lead::receive(target, push, cx)?,
        Command::SubmitDemand(submitted) => case::intake::submit(target, view, submitted, cx)?,
        Command::OpenFeedDay(opened) => watch::begin(target, opened, cx)?,
        Command::PlanInspection(planned) => inspection::plan(target, planned, cx)?,
        Command::DraftAssessment(drafted) => assessment::draft(target, drafted, cx)?,
        Command::RaiseNotice(raised) => notice::raise(target, raised, cx)?,
        Command::CommitVisitMonth(given) => visit::commit(target, given, cx)?,
        Command::RegisterLedgerItem(given) => return ledger::begin(target, given, view, flow),
        Command::FileComplaint(given) => return complaint::begin(target, given, view, flow),
        Command::ReceiveRating(given) => return rating::begin(target, given, view, flow),
        Command::OfferWork(given) => proposal::begin(target, given, view, cx)?,
        Command::ReceivePiRequest(asked) => privacy::request::receive(target, asked, cx)?,
        _ => return Err(Refusal::new(Code::Unknown)),
    };
    flow.emit_all(events);
    Ok(())
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
    if no.code == Code::PolicyUnread {
        no.now_possible = vec![CommandName::ConfirmPolicy];
    }
    no
}
