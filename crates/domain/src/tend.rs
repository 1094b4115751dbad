//! What time itself does to the clocks of a record: a due instant passes, a
//! calendar is published. The server's rounds give these commands; they fit
//! every kind of record that has clocks (CLK-1, CLK-9).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    clock::{Clock, ClockState},
    command::{Command, CommandName},
    context::Context,
    event::Event,
    ids::UserId,
    policy::RuleId,
    record::Record,
    refusal::{Code, Refusal, require},
    time::Instant,
};

/// Notes every due instant that has passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoteBreaches {}

/// Computes the open clocks anew with the calendar in force (CLK-9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecountClocks {
    /// Why, as `calendar 4`.
    pub cause: String,
}

/// A due instant passed while the clock ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClockBreach {
    /// The rule of the clock.
    pub rule: RuleId,
    /// What it is about, where a rule runs several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The due instant that passed.
    pub due_at: Instant,
    /// The org in charge at that instant (CLK-1).
    pub org: String,
    /// The person in charge at that instant, if one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<UserId>,
}

/// A due instant was computed anew (CLK-9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClockRecomputed {
    /// The due instant before.
    pub old: Instant,
    /// The due instant after.
    pub new: Instant,
    /// Why.
    pub cause: String,
    /// The clock as it is now.
    pub clock: Clock,
}

/// What the rounds give to every record that has clocks.
pub(crate) fn is_tending(command: CommandName) -> bool {
    matches!(command, CommandName::NoteBreaches | CommandName::RecountClocks)
}

/// Whether time has done something to this record that is not noted yet.
pub(crate) fn possible(
    record: &Record,
    command: CommandName,
    cx: &Context<'_>,
) -> Result<(), Refusal> {
    let clocks = record.clocks();
    let due = if command == CommandName::NoteBreaches {
        clocks.iter().any(|clock| is_fresh_breach(clock, cx.now))
    } else {
        clocks.iter().any(|clock| is_outdated(clock, cx))
    };
    require(due, || Refusal::new(Code::State))
}

/// The events of what time has done.
pub(crate) fn judge(
    record: &Record,
    command: &Command,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    possible(record, command.name(), cx)?;
    let clocks = record.clocks().iter();
    if let Command::RecountClocks(given) = command {
        return Ok(clocks.filter_map(|clock| recounted(clock, given, cx)).collect());
    }
    Ok(clocks
        .filter(|clock| is_fresh_breach(clock, cx.now))
        .map(|clock| Event::ClockBreached(breach(clock)))
        .collect())
}

/// The breach of a clock with whoever was in charge when it happened.
pub fn breach(clock: &Clock) -> ClockBreach {
    let due_at = clock.breached_at.unwrap_or(clock.due_at);
    let holder = clock.in_charge_at(due_at);
    ClockBreach {
        rule: clock.rule,
        key: clock.key.clone(),
        due_at,
        org: holder.map_or_else(|| clock.org.clone(), |holder| holder.org.clone()),
        person: holder.and_then(|holder| holder.person),
    }
}

fn is_fresh_breach(clock: &Clock, now: Instant) -> bool {
    clock.state == ClockState::Running && clock.breached_at.is_none() && clock.is_late(now)
}

fn is_outdated(clock: &Clock, cx: &Context<'_>) -> bool {
    clock.state.is_open() && clock.calendar_version < cx.rules.calendar.version
}

/// A clock with a younger calendar; one whose due instant stays is taken over
/// as well, so that it is not asked again.
fn recounted(clock: &Clock, given: &RecountClocks, cx: &Context<'_>) -> Option<Event> {
    if !is_outdated(clock, cx) {
        return None;
    }
    let mut again = clock.clone();
    let old = clock.due_at;
    let _moved = again.recompute(&cx.rules.calendar);
    let new = again.due_at;
    let cause = given.cause.clone();
    Some(Event::ClockRecomputed(Box::new(ClockRecomputed { old, new, cause, clock: again })))
}
