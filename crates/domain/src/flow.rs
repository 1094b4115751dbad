//! Collects what one command causes, on a working copy of the record.
//!
//! Each event is applied to the copy at once, so that what follows by rule (a
//! gate that opens, a clock that starts) is judged on what has just happened.

use uuid::Uuid;

use crate::{
    apply::apply,
    clock::Clock,
    context::Context,
    event::{Change, ClockStop, Event, Stop},
    evidence::Grade,
    ids::{CommandId, DeviceId, RecordId, UserId},
    policy::RuleId,
    record::Record,
    stamp::Stamp,
    time::Instant,
};

/// What a command has caused so far.
pub(crate) struct Flow<'a> {
    pub(crate) cx: &'a Context<'a>,
    record: Option<Record>,
    id: RecordId,
    changes: Vec<Change>,
    stamp: Stamp,
}

impl<'a> Flow<'a> {
    pub(crate) fn on(id: RecordId, record: Option<&Record>, cx: &'a Context<'a>) -> Self {
        let stamp = Stamp {
            at: cx.now,
            claimed: cx.now,
            received: None,
            grade: Grade::Online,
            actor: cx.actor.user,
            role: cx.actor.roles.first().copied(),
            device: DeviceId(Uuid::nil()),
            command: CommandId(Uuid::nil()),
        };
        Self { cx, record: record.cloned(), id, changes: Vec::new(), stamp }
    }

    /// The record as it stands after what has happened so far.
    pub(crate) fn record(&self) -> Option<&Record> {
        self.record.as_ref()
    }

    pub(crate) fn emit(&mut self, event: Event) {
        self.record = Some(apply(self.record.take(), self.id, &event, &self.stamp));
        self.changes.push(Change { record: self.id, event });
    }

    pub(crate) fn emit_all(&mut self, events: Vec<Event>) {
        for event in events {
            self.emit(event);
        }
    }

    /// An event on the target or on another record, whichever `record` is.
    pub(crate) fn put(&mut self, record: RecordId, event: Event) {
        if record == self.id {
            self.emit(event);
        } else {
            self.emit_on(record, event);
        }
    }

    /// An event on another record than the target.
    pub(crate) fn emit_on(&mut self, record: RecordId, event: Event) {
        self.changes.push(Change { record, event });
    }

    pub(crate) fn into_changes(self) -> Vec<Change> {
        self.changes
    }
}

/// The event that starts the clock of `rule` with the person in charge.
pub(crate) fn start(cx: &Context<'_>, rule: RuleId, at: Instant, person: Option<UserId>) -> Event {
    Event::ClockStarted(clock(cx, rule, None, at, person))
}

/// A fresh clock of `rule`.
pub(crate) fn clock(
    cx: &Context<'_>,
    rule: RuleId,
    key: Option<String>,
    at: Instant,
    person: Option<UserId>,
) -> Clock {
    Clock::start(rule, key, at, &cx.rules.policy, &cx.rules.calendar, person)
}

/// The events that stop the open clocks of `rule`.
pub(crate) fn stop(clocks: &[Clock], rule: RuleId, at: Instant, how: Stop) -> Vec<Event> {
    clocks
        .iter()
        .filter(|clock| clock.rule == rule && clock.state.is_open())
        .map(|clock| Event::ClockStopped(ClockStop { rule, key: clock.key.clone(), at, how }))
        .collect()
}

/// The event that stops the open clock of `rule` about `key`.
pub(crate) fn stop_key(clocks: &[Clock], rule: RuleId, key: &str, at: Instant) -> Vec<Event> {
    clocks
        .iter()
        .filter(|c| c.rule == rule && c.key.as_deref() == Some(key) && c.state.is_open())
        .map(|clock| {
            let key = clock.key.clone();
            Event::ClockStopped(ClockStop { rule, key, at, how: Stop::Done })
        })
        .collect()
}

/// The events that cancel every open clock (CLK-10).
pub(crate) fn cancel_all(clocks: &[Clock], at: Instant) -> Vec<Event> {
    clocks
        .iter()
        .filter(|clock| clock.state.is_open())
        .map(|clock| {
            let (rule, key) = (clock.rule, clock.key.clone());
            Event::ClockStopped(ClockStop { rule, key, at, how: Stop::Cancelled })
        })
        .collect()
}
