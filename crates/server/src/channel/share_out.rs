//! A demand that came without a manager gets one by the company's rule; one
//! that no rule fits stays in the list of the department's lead.

use lantian_domain::{
    audience::Audience,
    case::{
        Case,
        assignment::AssignManager,
        sharing::{Candidate, choose},
    },
    command::Command,
    ids::{CommandId, DeviceId, RecordId, UserId},
    record::{Person, Record},
    role::Role,
    time::Instant,
};
use lantian_protocol::fresh;
use uuid::Uuid;

use crate::{
    error::Result,
    pipeline::{Act, Desk},
    store::{Accounts as _, Scopes as _, Unit},
};

/// Gives a case on the desk its first manager, in the name of an interface
/// account; whom, if the rule fits anybody.
///
/// # Errors
/// The store's.
pub(crate) fn share_out(
    desk: &mut Desk<'_, '_>,
    record: RecordId,
    at: Instant,
) -> Result<Option<UserId>> {
    let Some(Record::Case(case)) = desk.record(record) else { return Ok(None) };
    if case.responsible().is_some() {
        return Ok(None);
    }
    let Some(interface) = interface(desk.unit())? else { return Ok(None) };
    let Some(given) = by_rule(desk, case)? else { return Ok(None) };
    let manager = given.manager;
    let act = Act {
        id: CommandId(fresh::uuid()),
        person: interface,
        device: DeviceId(Uuid::nil()),
        record,
        at,
        received: at,
        command: Command::AssignManager(given),
    };
    Ok(desk.perform(&act)?.is_ok().then_some(manager))
}

fn by_rule(desk: &Desk<'_, '_>, case: &Case) -> Result<Option<AssignManager>> {
    let candidates = candidates(desk.unit())?;
    let sharing = &desk.rules().sharing;
    let choice = choose(sharing, case.segment, &case.basic.address, &candidates);
    Ok(choice
        .map(|choice| AssignManager { manager: choice.manager, reason: choice.reason.to_owned() }))
}

fn candidates(unit: &Unit<'_>) -> Result<Vec<Candidate>> {
    let people = unit.users()?.into_iter().map(|user| user.person);
    people
        .filter(|person| person.active && person.roles.contains(&Role::CustomerManager))
        .map(|person| {
            let user = person.user();
            let at_hand = unit.count(&Audience::User(user).key())?;
            Ok(Candidate { user, login: person.login, at_hand })
        })
        .collect()
}

fn interface(unit: &Unit<'_>) -> Result<Option<Person>> {
    let fits = |person: &Person| person.active && person.roles.contains(&Role::Integration);
    Ok(unit.users()?.into_iter().map(|user| user.person).find(fits))
}
