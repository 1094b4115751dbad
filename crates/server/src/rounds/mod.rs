//! Rounds: what the company does because time has passed, not because
//! somebody asked — a day of watching begins, a deadline is breached.
//!
//! ```text
//! instant ─► plan (what the store lacks at that instant) ─► deeds ─► pipeline
//! ```
//!
//! Words: a *round* is one such duty, a file of its own; a *deed* is a command
//! that it wants given. Invariant: a plan is a function of the store and the
//! instant alone, and a deed has a name of its own on its record, so a round
//! that is made twice, or by two servers, does nothing the second time. Deeds
//! are given in the name of the company's interface account; a company
//! without one makes no rounds.

mod clocks;
mod escalation;
pub(crate) mod inspection;
mod permits;
mod tolerance;
pub(crate) mod visits;
pub(crate) mod watch;

use lantian_domain::{
    command::Command,
    ids::{CommandId, DeviceId, RecordId, derived},
    record::Person,
    role::Role,
    time::Instant,
};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    error::Result,
    pipeline::{Act, Desk},
    store::{Accounts as _, Store, Unit},
};

/// Deeds in one commit.
const PORTION: usize = 200;

/// What a round wants done.
#[derive(Clone, Debug)]
pub struct Deed {
    /// On which record.
    pub record: RecordId,
    /// What.
    pub command: Command,
    /// Its name on the record: the same deed is done once.
    pub label: String,
}

/// What the store lacks at an instant.
type Plan = fn(&Unit<'_>, Instant) -> Result<Vec<Deed>>;

/// Every round, in the order in which they are made.
const ROUNDS: &[(&str, Plan)] = &[
    ("watch", watch::plan),
    // Before the clocks: the silence of an authority is nobody's breach.
    ("permits", permits::plan),
    ("clocks", clocks::plan),
    ("escalation", escalation::plan),
    ("inspection", inspection::plan),
    ("tolerance", tolerance::plan),
    ("visits", visits::plan),
];

/// What one round came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Made {
    /// Which round.
    pub round: &'static str,
    /// Deeds that were done.
    pub done: u64,
    /// Deeds that the rulebook refused, because somebody was quicker.
    pub refused: u64,
}

/// The names of the rounds.
pub fn names() -> Vec<&'static str> {
    ROUNDS.iter().map(|(name, _)| *name).collect()
}

/// Makes every round, or the one that is named, as of `now`.
///
/// # Errors
/// The store's.
pub fn make(store: &Store, now: Instant, only: Option<&str>) -> Result<Vec<Made>> {
    let wanted = ROUNDS.iter().filter(|(name, _)| only.is_none_or(|only| only == *name));
    wanted.map(|(name, plan)| make_one(store, now, name, *plan)).collect()
}

fn make_one(store: &Store, now: Instant, round: &'static str, plan: Plan) -> Result<Made> {
    let mut made = Made { round, done: 0, refused: 0 };
    let planned = store.read_now(|unit| {
        let Some(person) = interface(unit)? else { return Ok(None) };
        Ok(Some((person, plan(unit, now)?)))
    })?;
    let Some((person, deeds)) = planned else { return Ok(made) };
    for portion in deeds.chunks(PORTION) {
        let acts: Vec<Act> = portion.iter().map(|deed| act(&person, deed, now)).collect();
        let (done, refused) = store.write_now(move |unit| {
            let mut desk = Desk::open(unit)?;
            let mut count = (0, 0);
            for act in &acts {
                match desk.perform(act)? {
                    Ok(_) => count.0 += 1,
                    Err(_) => count.1 += 1,
                }
            }
            desk.save()?;
            Ok(count)
        })?;
        made.done += done;
        made.refused += refused;
    }
    Ok(made)
}

/// The act of a deed; its number follows from the deed's name.
pub(crate) fn act(person: &Person, deed: &Deed, at: Instant) -> Act {
    Act {
        id: CommandId(derived(deed.record, &deed.label).0),
        person: person.clone(),
        device: DeviceId(Uuid::nil()),
        record: deed.record,
        at,
        received: at,
        command: deed.command.clone(),
    }
}

/// The company's interface account.
///
/// # Errors
/// The store's.
pub(crate) fn interface(unit: &Unit<'_>) -> Result<Option<Person>> {
    let fits = |person: &Person| person.active && person.roles.contains(&Role::Integration);
    Ok(unit.users()?.into_iter().map(|user| user.person).find(fits))
}
