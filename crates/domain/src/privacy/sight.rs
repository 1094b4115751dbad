//! Who sees which personal datum of a record in clear, and how one is
//! unmasked: with a reason, for half an hour, on the record's own trail
//! (P-18; domain b.2 "unmask one PII field").

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a kind without rules of its own goes by who is responsible and who began it"
)]

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::CaseState,
    context::{Actor, Context},
    event::Event,
    record::{Record, TrailEntry},
    refusal::{Code, Refusal, require},
    role::Role,
    time::Instant,
};

use super::{
    field::{self, Datum, Field},
    mask::mask,
};

/// How long a field stays unmasked: as long as a session lasts (P-12).
pub const SIGHT_MS: i64 = 30 * 60_000;

/// Unmasks one field for the one who asks; the trail says who and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unmask {
    /// Which field.
    pub field: Field,
    /// What it is needed for, 2 to 200 characters.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
}

impl Unmask {
    /// The line that the trail keeps; [`is_clear`] reads it again.
    pub(crate) fn note(&self) -> String {
        format!("{}：{}", self.field.as_str(), self.reason)
    }
}

/// The record as `actor` may see it at `now`, and the fields that are masked.
///
/// The one responsible sees the customer's name, place and telephone, because
/// the work is to call and to go there. Those who work on the case see whom
/// and where. Everybody else sees masks. Numbers of identity documents are
/// masked for all.
pub fn veil(record: &Record, actor: &Actor, now: Instant) -> (Record, BTreeSet<Field>) {
    let mut seen = record.clone();
    let mut hidden = BTreeSet::new();
    field::visit(&mut seen, &mut |field, text| {
        if !text.is_empty() && !is_clear(record, actor, field, now) {
            *text = mask(field.datum(), text);
            hidden.insert(field);
        }
    });
    (seen, hidden)
}

/// Whether the actor sees this field of the record in clear.
pub fn is_clear(record: &Record, actor: &Actor, field: Field, now: Instant) -> bool {
    unmasked(record.trail(), actor, field, now)
        || match field.datum() {
            Datum::Words => true,
            Datum::IdNo => false,
            Datum::Phone => owns(record, actor),
            Datum::Name | Datum::Address => owns(record, actor) || works(actor),
        }
}

/// Whether the trail says that the actor unmasked the field just now.
fn unmasked(trail: &[TrailEntry], actor: &Actor, field: Field, now: Instant) -> bool {
    let fresh = |entry: &&TrailEntry| now.0.saturating_sub(entry.at.0) < SIGHT_MS;
    trail.iter().rev().take_while(fresh).any(|entry| {
        let what = entry.note.as_deref().and_then(|note| note.split_once('：'));
        entry.did == "field_unmasked"
            && entry.by == actor.user
            && what.is_some_and(|(code, _)| code == field.as_str())
    })
}

/// Whether the actor is the one responsible: the case's manager, whoever took
/// the demand in and still has it on the desk, whoever handles the request.
fn owns(record: &Record, actor: &Actor) -> bool {
    let Some(work) = record.work() else { return true };
    let responsible = work.responsible();
    let began = work.head().trail.first().is_some_and(|first| first.by == actor.user);
    match record {
        Record::Case(case) if case.state != CaseState::Submitted => responsible == Some(actor.user),
        // Nobody has it yet: the hall finds out whom to hand it to.
        Record::Lead(lead) if lead.manager.is_none() => actor.is(Role::HallClerk),
        Record::Lead(_) => responsible == Some(actor.user),
        Record::PiRequest(_) => actor.is(Role::ServiceLead) || began,
        _ => responsible == Some(actor.user) || began,
    }
}

/// Whether the actor's work takes them to the customer's door.
fn works(actor: &Actor) -> bool {
    const AT_THE_DOOR: [Role; 9] = [
        Role::Surveyor,
        Role::Designer,
        Role::EngDispatcher,
        Role::ContractorLead,
        Role::SiteSupervisor,
        Role::AcceptanceInspector,
        Role::IgnitionOperator,
        Role::PermitAgent,
        Role::FinanceClerk,
    ];
    AT_THE_DOOR.iter().any(|role| actor.is(*role))
}

/// Judges an unmasking.
///
/// # Errors
/// `E_ROLE` for an own-only role on another's record, `E_FORMAT` without a
/// reason or for a field that the record does not hold, `E_DUPLICATE` when it
/// is clear already.
pub(crate) fn unmask(
    record: &Record,
    asked: &Unmask,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let length = asked.reason.trim().chars().count();
    require((2..=200).contains(&length), || Refusal::field("reason", "2 to 200 characters"))?;
    require(field::held(record, asked.field).is_some(), || {
        Refusal::field("field", "this record does not hold it")
    })?;
    require(may_reveal(record, cx.actor), || Refusal::new(Code::Assigned))?;
    require(!is_clear(record, cx.actor, asked.field, cx.now), || {
        Refusal::new(Code::Duplicate).with("field", asked.field.as_str())
    })?;
    Ok(vec![Event::FieldUnmasked(asked.clone())])
}

/// The roles that unmask only what they handle themselves (b.2 "C own").
pub(super) fn may_reveal(record: &Record, actor: &Actor) -> bool {
    const OF_ANY: [Role; 7] = [
        Role::CmLead,
        Role::ServiceLead,
        Role::VisitAgent,
        Role::PermitAgent,
        Role::Inspector,
        Role::Assessor,
        Role::Leader,
    ];
    // A month's plan names many: one reason opens one visit, never the plan.
    let one = !matches!(record, Record::VisitMonth(_));
    one && (owns(record, actor) || OF_ANY.iter().any(|role| actor.is(*role)))
}
