//! The daily watch over the platforms (R-10, D-14): each day is opened for
//! each platform, so that somebody looks at it, also when nothing came.

use chrono::{Days, Timelike as _};
use lantian_domain::{
    command::Command,
    lead::Source,
    record::Record,
    time::{Date, Instant},
    watch::{FEEDS, OpenFeedDay, Watch},
};

use super::Deed;
use crate::{
    error::{Error, Result},
    pipeline::find,
    store::Unit,
};

/// Days opened afterwards at the most, when the server stood still.
const MOST_DAYS: u64 = 14;
/// From this hour on the next day is opened too, so that it is on the tablets
/// of those who begin the day without network.
const EVENING: u32 = 20;

/// The days that have come since the last one.
pub(super) fn plan(unit: &Unit<'_>, now: Instant) -> Result<Vec<Deed>> {
    let mut deeds = Vec::new();
    for source in FEEDS {
        let days = days_to_open(unit, source, now)?;
        deeds.extend(days.into_iter().map(|day| open(source, day)));
    }
    Ok(deeds)
}

/// The deed that opens a day.
pub(crate) fn open(source: Source, day: Date) -> Deed {
    Deed {
        record: Watch::id_of(source),
        command: Command::OpenFeedDay(OpenFeedDay { source, day }),
        label: format!("open {day}"),
    }
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
