//! What a person has to hear once something has happened on a case: messages
//! to an applicant whom no system reaches become a task of the manager (F-6,
//! F-12), and a trip of somebody who was promised none becomes a finding for
//! the leads. Each is a notice with a receipt.

use std::collections::BTreeMap;

use crate::{
    case::{
        Case, four_zero,
        material::notice::{Message, Told},
    },
    event::Event,
    flow::Flow,
    ids::{RecordId, derived},
    notice::{About, Level, Notice, RaiseNotice, Recipient},
    policy::RuleId,
    record::{Record, RecordKind},
    role::Role,
};

/// Raises what has to be heard of what happened since `before`.
pub(crate) fn pass_on(before: &Case, flow: &mut Flow<'_>) {
    let Some(Record::Case(after)) = flow.record() else { return };
    let said = after.tolerance.told.len() > before.tolerance.told.len();
    if !said && after.user_side.trips.len() <= before.user_side.trips.len() {
        // Nearly always: a copy of the case is only for who has to be told.
        return;
    }
    let after = after.clone();
    for (place, told) in after.tolerance.told.iter().enumerate().skip(before.tolerance.told.len()) {
        if after.intake.outside.is_none() && needs_a_messenger(told.message) {
            let to = messenger(&after);
            raise(&after, &format!("told {place}"), to, telling(told, &after), flow);
        }
    }
    let trips = after.user_side.trips.len();
    if four_zero::has_finding(&after) && trips > before.user_side.trips.len() {
        for role in [Role::CmLead, Role::Inspector] {
            let label = format!("zero trip {trips} {}", role.as_str());
            raise(&after, &label, Recipient::Role(role), broken(&after), flow);
        }
    }
}

/// What is said face to face, or handed over, needs nobody else.
fn needs_a_messenger(message: Message) -> bool {
    match message {
        Message::OneTimeNotice | Message::SecondNotice => false,
        Message::Reminder
        | Message::Overdue
        | Message::Received
        | Message::Complete
        | Message::TakenOver
        | Message::Extended => true,
    }
}

/// Who talks to the applicant: the case's manager, else the department's lead.
fn messenger(case: &Case) -> Recipient {
    case.responsible().map_or(Recipient::Role(Role::CmLead), Recipient::User)
}

struct Said {
    text: &'static str,
    level: Level,
    rule: Option<RuleId>,
    key: Option<String>,
    clause: &'static str,
    params: BTreeMap<String, String>,
}

fn telling(told: &Told, case: &Case) -> Said {
    let mut params = BTreeMap::from([
        ("message".to_owned(), told.message.as_str().to_owned()),
        ("channel".to_owned(), case.channel.as_str().to_owned()),
    ]);
    params.extend(told.code.clone().map(|code| ("material".to_owned(), code)));
    params.extend(told.due_on.map(|day| ("due_on".to_owned(), day.to_string())));
    Said {
        text: "applicant_to_tell",
        level: Level::Info,
        rule: Some(RuleId::D09),
        key: told.code.clone(),
        clause: "R-40",
        params,
    }
}

fn broken(case: &Case) -> Said {
    let mut params = BTreeMap::from([("trips".to_owned(), case.user_side.trips.len().to_string())]);
    if let Some(last) = case.user_side.trips.last() {
        params.insert("on".to_owned(), last.on.to_string());
        params.insert("to".to_owned(), last.to.as_str().to_owned());
    }
    Said {
        text: "zero_trip_broken",
        level: Level::DeptLead,
        rule: None,
        key: None,
        clause: "R-34",
        params,
    }
}

fn raise(case: &Case, label: &str, to: Recipient, said: Said, flow: &mut Flow<'_>) {
    let id: RecordId = derived(case.id, label);
    let about = About {
        record: case.id,
        kind: RecordKind::Case,
        no: case.no.clone(),
        rule: said.rule,
        key: said.key,
        clause: Some(said.clause.to_owned()),
    };
    let text = said.text.to_owned();
    let raised = RaiseNotice { to, level: said.level, about, text, params: said.params };
    flow.emit_on(id, Event::NoticeRaised(Box::new(Notice::fresh(id, raised, flow.cx.now))));
}
