//! The daily watch over the platforms (R-10, D-14): each day is opened for
//! each platform, so that somebody looks at it, also when nothing came.
//!
//! The days are opened in the name of the company's interface account; a
//! company without one has no platform to watch.

use chrono::{Days, Timelike as _};
use lantian_domain::{
    command::Command,
    ids::{CommandId, DeviceId},
    lead::Source,
    record::{Person, Record},
    role::Role,
    time::{Date, Instant},
    watch::{FEEDS, OpenFeedDay, Watch},
};
use uuid::Uuid;

use crate::{
    error::{Error, Result},
    pipeline::{Act, Desk, find},
    store::{Accounts as _, Store, Unit},
};

/// Days opened afterwards at the most, when the server stood still.
const MOST_DAYS: u64 = 14;
/// From this hour on the next day is opened too, so that it is on the tablets
/// of those who begin the day without network.
const EVENING: u32 = 20;

/// Opens the days that have come since the last one; how many.
///
/// # Errors
/// The store's.
pub fn open_days(store: &Store, now: Instant) -> Result<u64> {
    let waiting = store.read_now(|unit| {
        Ok((
            interface(unit)?,
            days_to_open(unit, FEEDS[0], now)?,
            days_to_open(unit, FEEDS[1], now)?,
        ))
    })?;
    let (Some(person), first, second) = waiting else { return Ok(0) };
    let days: Vec<(Source, Date)> = (first.into_iter().map(|day| (FEEDS[0], day)))
        .chain(second.into_iter().map(|day| (FEEDS[1], day)))
        .collect();
    if days.is_empty() {
        return Ok(0);
    }
    store.write_now(move |unit| {
        let mut desk = Desk::open(unit)?;
        let mut opened = 0;
        for (source, day) in days {
            // A day that was opened meanwhile is refused and stays as it is.
            opened += u64::from(desk.perform(&act(&person, source, day, now))?.is_ok());
        }
        desk.save()?;
        Ok(opened)
    })
}

/// The act that opens a day.
pub(crate) fn act(person: &Person, source: Source, day: Date, at: Instant) -> Act {
    Act {
        id: CommandId(Uuid::now_v7()),
        person: person.clone(),
        device: DeviceId(Uuid::nil()),
        record: Watch::id_of(source),
        at,
        received: at,
        command: Command::OpenFeedDay(OpenFeedDay { source, day }),
    }
}

fn interface(unit: &Unit<'_>) -> Result<Option<Person>> {
    let fits = |person: &Person| person.active && person.roles.contains(&Role::Integration);
    Ok(unit.users()?.into_iter().map(|user| user.person).find(fits))
}

fn days_to_open(unit: &Unit<'_>, source: Source, now: Instant) -> Result<Vec<Date>> {
    let last = match find(unit, Watch::id_of(source))? {
        Some(Record::Watch(watch)) => last_day(&watch),
        _ => None,
    };
    let today = now.date();
    let until = if now.china().hour() >= EVENING { today + Days::new(1) } else { today };
    let earliest = today.checked_sub_days(Days::new(MOST_DAYS)).unwrap_or(today);
    let first = match last {
        None => today,
        Some(last) => last
            .checked_add_days(Days::new(1))
            .ok_or_else(|| Error::damaged("a watched day beyond the calendar"))?
            .max(earliest),
    };
    Ok(first.iter_days().take_while(|day| *day <= until).collect())
}

fn last_day(watch: &Watch) -> Option<Date> {
    watch.clocks.iter().filter_map(|clock| clock.key.as_ref()?.parse().ok()).max()
}
