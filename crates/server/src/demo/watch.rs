//! The daily watch over the platforms in the days before: looked at each
//! morning by the hall, one day forgotten, today half done.

use chrono::Days;
use lantian_domain::{
    command::Command,
    ids::{CommandId, DeviceId},
    lead::Source,
    time::Instant,
    watch::{CheckFeed, FEEDS, Watch},
};
use uuid::Uuid;

use super::people::Staff;
use crate::{
    error::{Error, Result},
    pipeline::{Act, Desk},
    rounds::{self, watch::open},
    store::Unit,
};

/// Days before today.
const DAYS: u64 = 6;
const MINUTE_MS: i64 = 60_000;

/// When the hall looks at a platform, minutes of the day.
fn look_minute(source: Source) -> i64 {
    if source == Source::Gonggai { 9 * 60 + 10 } else { 9 * 60 + 14 }
}

/// Plays the days; how many commands that took.
///
/// # Errors
/// The store's; [`Error::Damaged`] when the rulebook refuses one.
pub(super) fn play(unit: &Unit<'_>, staff: &Staff, now: Instant) -> Result<u64> {
    let mut desk = Desk::open(unit)?;
    let mut given = 0;
    for ago in (0..=DAYS).rev() {
        let day = now.date().checked_sub_days(Days::new(ago)).unwrap_or(now.date());
        let midnight = Instant::start_of(day);
        for source in FEEDS {
            let opened = rounds::act(staff.person("gonggai1")?, &open(source, day), midnight);
            given += give(&mut desk, &opened)?;
            let at = midnight.plus_ms(look_minute(source) * MINUTE_MS);
            let forgotten = source == Source::Duogui && ago <= 1;
            if at <= now && !forgotten {
                let new_count = u32::try_from(ago % 3).unwrap_or(0);
                let look = CheckFeed { new_count, day: Some(day), note: None };
                let act = Act {
                    id: CommandId(Uuid::now_v7()),
                    person: staff.person("hall1")?.clone(),
                    device: DeviceId(Uuid::nil()),
                    record: Watch::id_of(source),
                    at,
                    received: at,
                    command: Command::CheckFeed(look),
                };
                given += give(&mut desk, &act)?;
            }
        }
    }
    desk.save()?;
    Ok(given)
}

fn give(desk: &mut Desk<'_, '_>, act: &Act) -> Result<u64> {
    match desk.perform(act)? {
        Ok(_) => Ok(1),
        Err(refusal) => Err(Error::damaged(format!(
            "the demo's watch is refused: {} {:?}",
            refusal.code.as_str(),
            refusal.params
        ))),
    }
}
