//! Clocks of the law at the moment of asking.

use lantian_domain::{
    case::permit::ClockKey,
    clock::{Clock, ClockState},
    record::Rules,
    time::Instant,
};
use lantian_replica::Replica;
use serde_json::Value;

use super::card::person;
use crate::{
    error::Result,
    view::{ClockView, Warn},
};

/// The clocks of a record, the open ones first, the most urgent on top.
pub(crate) fn clocks(
    replica: &Replica,
    clocks: &[Clock],
    rules: &Rules,
    now: Instant,
) -> Result<Vec<ClockView>> {
    let mut sorted: Vec<&Clock> = clocks.iter().collect();
    sorted.sort_by_key(|clock| (!clock.state.is_open(), clock.due_at));
    sorted.into_iter().map(|clock| view(replica, clock, rules, now)).collect()
}

/// A clock at `now`.
pub(crate) fn view(
    replica: &Replica,
    clock: &Clock,
    rules: &Rules,
    now: Instant,
) -> Result<ClockView> {
    let rule = rules.policy.rule(clock.rule);
    let late = clock.is_late(now);
    let name_zh = match clock.key.as_deref().map(about) {
        Some(key) => format!("{}（{key}）", rule.name_zh),
        None => rule.name_zh.clone(),
    };
    Ok(ClockView {
        rule: clock.rule,
        name_zh,
        clause: rule.clause.clone(),
        started_at: clock.started_at,
        due_at: clock.due_at,
        exclusive: clock.exclusive,
        state: code(clock.state),
        remaining_ms: if clock.state.is_open() { clock.remaining_ms(now) } else { 0 },
        late,
        warn: warn(late, !clock.warnings(now).is_empty()),
        person: clock.person.map(|user| person(replica, user)).transpose()?,
        provisional: clock.provisional,
        paused: clock.state == ClockState::Paused,
    })
}

/// What a clock is about, for people: the permit and what is measured.
fn about(key: &str) -> String {
    match key.parse::<ClockKey>() {
        Ok(key) => format!("{} {} · {}", key.part.as_str(), key.part.zh(), key.kind.zh()),
        Err(()) => key.to_owned(),
    }
}

fn warn(late: bool, warned: bool) -> Warn {
    match (late, warned) {
        (true, _) => Warn::Late,
        (false, true) => Warn::Soon,
        (false, false) => Warn::Calm,
    }
}

fn code(state: ClockState) -> String {
    match serde_json::to_value(state) {
        Ok(Value::String(code)) => code,
        _ => String::new(),
    }
}
