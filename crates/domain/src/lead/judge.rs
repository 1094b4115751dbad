//! What may be done with a lead, and what follows (domain c.1).

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each part answers for its own events and commands; the rest is not its affair"
)]

use std::collections::BTreeSet;

use crate::{
    approval::{Approval, alone, approver},
    audience::OUR_REGION,
    case::{assignment, intake},
    command::{Command, CommandName},
    context::{Context, View},
    event::{Empty, Event, Stop},
    flow::{Flow, cancel_all, start, stop},
    ids::{RecordId, UserId},
    lead::{
        CloseReason, ContactAttempt, ContactResult, Converted, Lead, LeadState, ReceivePush,
        Retracted, Source,
    },
    policy::RuleId,
    record::Record,
    refusal::{Code, Refusal, require},
    role::Role,
    time::Instant,
    validate,
    work::attach_or_note,
};

/// A push of a project that the company does not know yet (L1).
pub(crate) fn receive(
    id: RecordId,
    push: &ReceivePush,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    check_push(push)?;
    let region = push.site_region.as_ref().or(push.region_code.as_ref());
    let ours = region.is_none_or(|code| code.starts_with(OUR_REGION));
    let alive = ours && push.valid;
    let outcome = if !ours {
        Some("out_of_area")
    } else if push.valid {
        None
    } else {
        Some("retracted")
    };
    let lead = Lead {
        id,
        version: 0,
        state: if alive { LeadState::Received } else { LeadState::Invalid },
        push: push.clone(),
        received_at: cx.now,
        manager: None,
        assignments: Vec::new(),
        attempts: Vec::new(),
        outcome: outcome.map(str::to_owned),
        became: None,
        revisit_on: None,
        retracted: !push.valid,
        clocks: Vec::new(),
        files: Vec::new(),
        approvals: Vec::new(),
        trail: Vec::new(),
    };
    let mut events = vec![Event::LeadReceived(Box::new(lead))];
    if alive {
        events.push(start(cx, RuleId::D01, push.pushed_at.min(cx.now), None));
    }
    Ok(events)
}

fn check_push(push: &ReceivePush) -> Result<(), Refusal> {
    require(!push.project_name.trim().is_empty(), || Refusal::field("project_name", "missing"))?;
    require(!push.source_key.trim().is_empty(), || Refusal::field("source_key", "missing"))?;
    if let Some(code) = &push.project_code {
        validate::project_code(code).map_err(Refusal::from)?;
    }
    Ok(())
}

/// Judges a command on an existing lead.
pub(crate) fn judge<'a>(
    lead: &Lead,
    record: &Record,
    view: &View<'_>,
    command: &Command,
    cx: &'a Context<'a>,
) -> Result<Flow<'a>, Refusal> {
    possible(lead, command.name(), cx)?;
    let mut flow = Flow::on(lead.id, Some(record), cx);
    if let Command::Decide(decide) = command {
        let approval = decide.open(&lead.approvals, cx.actor)?.clone();
        flow.emit(Event::ApprovalDecided(crate::approval::Decided {
            no: decide.no,
            approve: decide.approve,
            by: cx.actor.user,
            at: cx.now,
            note: decide.note.clone(),
        }));
        if decide.approve {
            effect(lead, view, &approval.command, cx, &mut flow)?;
        }
        return Ok(flow);
    }
    match approver(command.name(), false) {
        Some(needs) if !(cx.actor.is(needs) && alone(command.name())) => {
            // The proposal is judged as if it were granted, so that nothing
            // impossible waits on a lead's desk.
            effect(lead, view, command, cx, &mut Flow::on(lead.id, Some(record), cx))?;
            flow.emit(Event::ApprovalRequested(Box::new(Approval {
                no: u32::try_from(lead.approvals.len()).unwrap_or(u32::MAX).saturating_add(1),
                command: command.clone(),
                by: cx.actor.user,
                at: cx.now,
                needs,
                decided: None,
            })));
        }
        _ => effect(lead, view, command, cx, &mut flow)?,
    }
    Ok(flow)
}

/// The states of a lead from which `name` may be given.
pub(crate) fn from(name: CommandName) -> &'static [LeadState] {
    use LeadState::{Contacted, HandedOver, Invalid, NoDemand, Received, Unreachable};
    match name {
        CommandName::ReceivePush
        | CommandName::AttachFile
        | CommandName::AddNote
        | CommandName::Decide => &LeadState::ALL,
        CommandName::HandOverLead => &[Received],
        CommandName::ReassignLead | CommandName::RecordContactAttempt => &[HandedOver, Contacted],
        CommandName::MarkUnreachable => &[HandedOver],
        CommandName::ConvertLead => &[Contacted],
        CommandName::CloseLead => &[Received, Contacted],
        CommandName::ReopenLead => &[NoDemand, Unreachable, Invalid],
        _ => &[],
    }
}

/// Whether the lead's state and the actor's part in it allow the command.
pub(crate) fn possible(lead: &Lead, name: CommandName, cx: &Context<'_>) -> Result<(), Refusal> {
    let given = matches!(lead.state, LeadState::HandedOver | LeadState::Contacted);
    require(name != CommandName::HandOverLead || !given, || Refusal::new(Code::Assigned))?;
    let open = name != CommandName::Decide || lead.approvals.iter().any(|a| a.decided.is_none());
    require(open && from(name).contains(&lead.state), || Refusal::new(Code::State))?;
    let own = matches!(
        name,
        CommandName::RecordContactAttempt
            | CommandName::MarkUnreachable
            | CommandName::ConvertLead
            | CommandName::CloseLead
    ) && !cx.actor.is(Role::CmLead);
    if own {
        require(lead.manager == Some(cx.actor.user), || Refusal::new(Code::Assigned))?;
    }
    let waiting = lead
        .approvals
        .iter()
        .any(|approval| approval.decided.is_none() && approval.command.name() == name);
    require(!waiting, || Refusal::new(Code::Duplicate).with("waiting", name.as_str()))
}

// tidy: allow-length — a table: one arm per command
fn effect(
    lead: &Lead,
    view: &View<'_>,
    command: &Command,
    cx: &Context<'_>,
    flow: &mut Flow<'_>,
) -> Result<(), Refusal> {
    match command {
        Command::ReceivePush(push) => flow.emit_all(update(lead, push, cx)?),
        Command::HandOverLead(given) => {
            active_manager(view, given.manager)?;
            let push = &lead.push;
            require(
                push.contact_name.is_some()
                    || push.contact_phone.is_some()
                    || push.builder_name.is_some(),
                || Refusal::field("contact_name", "a contact or builder is needed"),
            )?;
            flow.emit(Event::LeadHandedOver(given.clone()));
            flow.emit_all(stop(&lead.clocks, RuleId::D01, cx.now, Stop::Done));
            flow.emit(start(cx, RuleId::D02, cx.now, Some(given.manager)));
        }
        Command::ReassignLead(given) => {
            active_manager(view, given.manager)?;
            require(lead.manager != Some(given.manager), || Refusal::new(Code::Assigned))?;
            require(!given.reason.trim().is_empty(), || Refusal::field("reason", "missing"))?;
            flow.emit(Event::LeadReassigned(given.clone()));
        }
        Command::RecordContactAttempt(attempt) => {
            flow.emit_all(contact(lead, attempt, cx.now)?);
        }
        Command::MarkUnreachable(why) => {
            tried_enough(&lead.attempts)?;
            flow.emit(Event::LeadUnreachable(why.clone()));
            flow.emit_all(stop(&lead.clocks, RuleId::D02, cx.now, Stop::Excused));
        }
        Command::ConvertLead(convert) => {
            require(view.get(convert.case).is_none(), || Refusal::new(Code::Duplicate))?;
            let case = intake::from_lead(lead, convert, cx)?;
            flow.emit(Event::LeadConverted(Converted { case: convert.case }));
            flow.emit_on(convert.case, Event::CaseSubmitted(Box::new(case)));
        }
        Command::CloseLead(close) => {
            require(!close.note.trim().is_empty(), || Refusal::field("note", "missing"))?;
            let target = close.merge_into.and_then(|id| view.get(id));
            let merges = close.reason == CloseReason::Duplicate;
            require(!merges || target.is_some_and(|r| r.id() != lead.id), || {
                Refusal::field("merge_into", "the lead that remains is needed")
            })?;
            flow.emit(Event::LeadClosed(close.clone()));
            flow.emit_all(cancel_all(&lead.clocks, cx.now));
        }
        Command::ReopenLead(reopen) => {
            let manager = reopen.manager.or(lead.manager);
            let manager = manager.ok_or_else(|| Refusal::field("manager", "missing"))?;
            if reopen.manager.is_some() {
                active_manager(view, manager)?;
            }
            require(!reopen.reason.trim().is_empty(), || Refusal::field("reason", "missing"))?;
            flow.emit(Event::LeadReopened(reopen.clone()));
            flow.emit(start(cx, RuleId::D02, cx.now, Some(manager)));
        }
        Command::AttachFile(_) | Command::AddNote(_) => {
            flow.emit_all(attach_or_note(&lead.files, command)?.unwrap_or_default());
        }
        _ => return Err(Refusal::new(Code::State)),
    }
    Ok(())
}

/// A push of a project that is known: newer information, a retraction, or
/// nothing new.
fn update(lead: &Lead, push: &ReceivePush, cx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    check_push(push)?;
    if let Some(whole) = joined(&lead.push, push) {
        require(whole != lead.push, || Refusal::new(Code::Duplicate).with("id", lead.id))?;
        return Ok(vec![Event::LeadUpdated(Box::new(whole))]);
    }
    let same = lead.push.source == push.source && lead.push.source_key == push.source_key;
    let newer = push.updated_at > lead.push.updated_at;
    require(same && (newer || (!push.valid && !lead.retracted)), || {
        Refusal::new(Code::Duplicate).with("id", lead.id)
    })?;
    if push.valid {
        return Ok(vec![Event::LeadUpdated(Box::new(renewed(&lead.push, push)))]);
    }
    let closed = matches!(lead.state, LeadState::Received | LeadState::HandedOver);
    let mut events = vec![Event::LeadRetracted(Retracted { closed })];
    if closed {
        events.extend(cancel_all(&lead.clocks, cx.now));
    }
    Ok(events)
}

/// A newer push of the lead's own project; what planning had added stays.
fn renewed(have: &ReceivePush, push: &ReceivePush) -> ReceivePush {
    let mut whole = push.clone();
    if whole.opinion.is_none() {
        whole.opinion.clone_from(&have.opinion);
    }
    if whole.boundary.is_empty() {
        whole.boundary.clone_from(&have.boundary);
    }
    for (field, text) in &have.raw {
        whole.raw.entry(field.clone()).or_insert_with(|| text.clone());
    }
    whole
}

/// What is known of a project once another push of the same project is added:
/// the planning platform's word is added to any lead of the project, and 工改
/// gives its own word to a lead that only planning knew (domain j.2). Nothing
/// when the push is the lead's own, or of another project.
fn joined(have: &ReceivePush, push: &ReceivePush) -> Option<ReceivePush> {
    let own = have.source == push.source && have.source_key == push.source_key;
    if own || push.project_code.is_none() || push.project_code != have.project_code {
        return None;
    }
    let (base, planning) = match (have.source, push.source) {
        (_, Source::Duogui) => (have, push),
        (Source::Duogui, Source::Gonggai) => (push, have),
        _ => return None,
    };
    let mut whole = base.clone();
    if let Some(opinion) = &planning.opinion {
        if let Some(before) = whole.opinion.as_ref().filter(|before| before.no != opinion.no) {
            let text = before.text.clone().unwrap_or_default();
            whole.raw.insert(format!("前期意见 {}", before.no), text);
        }
        whole.opinion = Some(opinion.clone());
    }
    if !planning.boundary.is_empty() {
        whole.boundary.clone_from(&planning.boundary);
    }
    for (field, text) in &planning.raw {
        whole.raw.entry(field.clone()).or_insert_with(|| text.clone());
    }
    Some(whole)
}

fn contact(lead: &Lead, attempt: &ContactAttempt, now: Instant) -> Result<Vec<Event>, Refusal> {
    let long = attempt.summary.as_ref().is_some_and(|text| text.chars().count() > 500);
    require(!long, || Refusal::field("summary", "at most 500 characters"))?;
    let attempt = ContactAttempt { at: Some(now), ..attempt.clone() };
    let reached = attempt.result == ContactResult::Reached;
    let mut events = vec![Event::LeadContactAttempted(attempt)];
    if reached && lead.state == LeadState::HandedOver {
        events.push(Event::LeadContacted(Empty {}));
        events.extend(stop(&lead.clocks, RuleId::D02, now, Stop::Done));
    }
    Ok(events)
}

/// Three attempts, two half-days, two channels (L5).
fn tried_enough(attempts: &[ContactAttempt]) -> Result<(), Refusal> {
    let halves: BTreeSet<_> = attempts
        .iter()
        .filter_map(|attempt| attempt.at)
        .map(|at| (at.date(), at.is_morning()))
        .collect();
    let channels: BTreeSet<_> = attempts.iter().map(|attempt| attempt.channel).collect();
    require(attempts.len() >= 3 && halves.len() >= 2 && channels.len() >= 2, || {
        Refusal::new(Code::Evidence)
            .with("attempts", attempts.len())
            .with("half_days", halves.len())
            .with("channels", channels.len())
            .with("want", "3 attempts, 2 half-days, 2 channels")
    })
}

fn active_manager(view: &View<'_>, user: UserId) -> Result<(), Refusal> {
    assignment::active(view, user, &[Role::CustomerManager, Role::CounterClerk], "manager")
}
