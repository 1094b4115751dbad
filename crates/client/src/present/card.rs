//! Lines of lists, with names instead of ids.

use lantian_domain::{
    card::Card,
    escalation::lead_of,
    ids::{RecordId, UserId},
    record::Record,
};
use lantian_replica::{Replica, ShownCard};

use crate::{
    error::Result,
    view::{CardView, PersonRef, SyncState},
};

/// The line of a record.
pub(crate) fn card(replica: &Replica, shown: ShownCard) -> Result<CardView> {
    let manager = shown.card.manager.map(|user| person(replica, user)).transpose()?;
    let in_charge = in_charge(replica, &shown.card)?;
    Ok(CardView {
        id: shown.card.id,
        kind: shown.card.kind,
        no: shown.card.no,
        title: shown.card.title,
        subtitle: shown.card.subtitle,
        state: shown.card.state,
        segment: shown.card.segment,
        due_at: shown.card.due_at,
        clock: shown.card.clock,
        org: shown.card.org,
        in_charge,
        manager,
        flags: shown.card.flags,
        sync_state: sync_state(shown.sync),
        left_at: replica.left_at(shown.card.id),
        files_done: (shown.files_total > 0).then_some(shown.files_done),
        files_total: (shown.files_total > 0).then_some(shown.files_total),
    })
}

/// Who answers for the most urgent clock.
fn in_charge(replica: &Replica, card: &Card) -> Result<Option<PersonRef>> {
    let Some(org) = card.org else { return Ok(None) };
    let user = match card.holder {
        Some(user) => Some(user),
        // Before the rules have arrived nobody knows who leads.
        None => match replica.rules() {
            Ok(rules) => lead_of(org, &rules, &replica.people()?),
            Err(_) => None,
        },
    };
    user.map(|user| person(replica, user)).transpose()
}

/// Who did what nobody did: the company's server, when it began.
const NOBODY: &str = "系统";

/// The name of a person; the id's text when the directory does not know it.
pub(crate) fn person(replica: &Replica, user: UserId) -> Result<PersonRef> {
    let name = match replica.shown(RecordId(user.0))?.as_deref() {
        Some(Record::Person(person)) => person.name.clone(),
        _ if user.0.is_nil() => NOBODY.to_owned(),
        _ => user.to_string(),
    };
    Ok(PersonRef { id: user, name })
}

/// What a record is called.
pub(crate) fn title(replica: &Replica, id: RecordId) -> Result<String> {
    Ok(replica.card(id)?.map(|shown| shown.card.title).unwrap_or_default())
}

/// Where a record's work stands, in the words of the window.
pub(crate) fn sync_state(state: lantian_replica::SyncState) -> SyncState {
    use lantian_replica::SyncState as S;
    match state {
        S::Pending => SyncState::Pending,
        S::Delivered => SyncState::Delivered,
        S::FilesMissing => SyncState::FilesMissing,
        S::Conflict => SyncState::Conflict,
        S::Refused => SyncState::Refused,
        S::Quarantined => SyncState::Quarantined,
        S::Held => SyncState::Held,
    }
}
