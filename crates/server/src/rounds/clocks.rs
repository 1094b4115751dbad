//! Clocks: a due instant that has passed is noted (`breached_at`), and a clock
//! counted with an older calendar is counted anew (CLK-9).

use lantian_domain::{
    clock::{Clock, ClockState},
    command::Command,
    record::Record,
    tend::{NoteBreaches, RecountClocks},
    time::Instant,
};

use super::Deed;
use crate::{
    error::Result,
    pipeline::{find, rules_of},
    store::{Scopes as _, Unit},
};

/// What is to be noted on records with running clocks.
pub(super) fn plan(unit: &Unit<'_>, now: Instant) -> Result<Vec<Deed>> {
    let calendar = rules_of(unit)?.calendar.version;
    let mut deeds = Vec::new();
    for id in unit.urgent()? {
        let Some(record) = find(unit, id)? else { continue };
        if let Some(fresh) = record.clocks().iter().find(|clock| passed(clock, now)) {
            let label = format!("breach {} {:?} {}", fresh.rule, fresh.key, fresh.due_at.0);
            let command = Command::NoteBreaches(NoteBreaches {});
            deeds.push(Deed { record: id, command, label });
        }
        if outdated(&record, calendar) {
            let cause = format!("calendar {calendar}");
            let label = format!("recount {calendar} {}", record.version());
            let command = Command::RecountClocks(RecountClocks { cause });
            deeds.push(Deed { record: id, command, label });
        }
    }
    Ok(deeds)
}

fn passed(clock: &Clock, now: Instant) -> bool {
    clock.state == ClockState::Running && clock.breached_at.is_none() && clock.is_late(now)
}

fn outdated(record: &Record, calendar: u32) -> bool {
    let mut clocks = record.clocks().iter();
    clocks.any(|clock| clock.state.is_open() && clock.calendar_version < calendar)
}
