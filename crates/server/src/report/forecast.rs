//! The forecast of silent tablets (ux 5.10): which clocks breach, and when,
//! unless a tablet that has not been heard of reports.
//!
//! What was done in time and lies on a tablet counts by the instant at which it
//! was done; until the tablet reports, the company sees a clock that runs out.
//!
//! Words: a person is *silent* when none of their devices was in contact for a
//! while; a *threat* is a running clock of a silent person that ran out since
//! the last contact, or will before the end of the outlook. Invariants: only
//! records in the reader's scope are named; nothing names a customer; the part
//! that decides ([`foresee`]) reads no store and no clock.

use std::collections::{BTreeMap, BTreeSet};

use lantian_domain::{
    clock::{ClockState, RuleId},
    ids::{DeviceId, RecordId, UserId},
    kpi,
    record::{Person, Record, RecordKind},
    role::Role,
    time::{DAY_MS, Instant},
};
use serde::Serialize;

use super::{cases::number, figures::record};
use crate::{
    account,
    error::Result,
    feed::scope::Viewer,
    store::{Accounts as _, Ledger as _, Scopes as _, Store, Unit},
};

/// The roles that may read it: who reads the indicators, and the hall.
pub(super) const READERS: &[&[Role]] = &[kpi::READERS, &[Role::HallClerk]];
/// Threats in one answer; more are only counted.
const MOST: usize = 500;
const HOUR_MS: i64 = 3_600_000;

/// How far to look, and who counts as silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// Days to look ahead.
    pub days: u16,
    /// Hours without contact after which a person is silent.
    pub hours: u16,
}

impl Default for Outlook {
    fn default() -> Self {
        Self { days: 7, hours: 24 }
    }
}

/// A device in use, and when it was last in contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The device.
    pub device: DeviceId,
    /// What it calls itself.
    pub name: String,
    /// Whose it is.
    pub user: UserId,
    /// The last contact; nothing while there was none.
    pub at: Option<Instant>,
    /// The records on which it said last that unsent work lies.
    pub on: BTreeSet<RecordId>,
}

/// A running clock with a person in charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// On which record.
    pub record: RecordId,
    /// What it measures.
    pub rule: RuleId,
    /// When it runs out.
    pub due: Instant,
    /// Who is in charge.
    pub person: UserId,
}

/// A clock that breaches unless a device reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threat<'a> {
    /// The device that was in contact last.
    pub contact: &'a Contact,
    /// The clock.
    pub running: &'a Running,
}

/// The threats, the most urgent first.
pub fn foresee<'a>(
    contacts: &'a [Contact],
    clocks: &'a [Running],
    outlook: Outlook,
    now: Instant,
) -> Vec<Threat<'a>> {
    let silent = silent(contacts, now.plus_ms(-i64::from(outlook.hours) * HOUR_MS));
    let end = now.plus_ms(i64::from(outlook.days) * DAY_MS);
    let mut threats: Vec<Threat<'_>> = clocks
        .iter()
        .filter_map(|running| {
            let contact = *silent.get(&running.person)?;
            let unknown = contact.at.is_none_or(|at| running.due > at);
            (unknown && running.due <= end).then_some(Threat { contact, running })
        })
        .collect();
    threats.sort_by_key(|threat| (threat.running.due, threat.running.record));
    threats
}

/// The silent people, each with the device that was in contact last.
fn silent(contacts: &[Contact], since: Instant) -> BTreeMap<UserId, &Contact> {
    let mut last: BTreeMap<UserId, &Contact> = BTreeMap::new();
    for contact in contacts {
        let known = last.entry(contact.user).or_insert(contact);
        if contact.at > known.at {
            *known = contact;
        }
    }
    last.retain(|_, contact| contact.at.is_none_or(|at| at < since));
    last
}

/// A threat, as told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The device that was in contact last.
    pub device: DeviceId,
    /// What it calls itself.
    pub device_name: String,
    /// Whose it is.
    pub user: UserId,
    /// Their name.
    pub user_name: String,
    /// Silent since; nothing when it was never in contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Instant>,
    /// The record.
    pub record: RecordId,
    /// Its kind.
    pub kind: RecordKind,
    /// The number that people say, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no: Option<String>,
    /// What the clock measures.
    pub rule: RuleId,
    /// When it runs out.
    pub due_at: Instant,
    /// Whether the device said that unsent work lies on the record.
    pub said: bool,
}

/// The forecast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Forecast {
    /// As of when.
    pub as_of: Instant,
    /// How many threats there are.
    pub count: usize,
    /// The first 500, the most urgent first.
    pub threats: Vec<Line>,
}

/// What a person may know of the threats.
///
/// # Errors
/// The store's.
pub fn forecast(
    store: &Store,
    reader: &Person,
    outlook: Outlook,
    now: Instant,
) -> Result<Forecast> {
    store.read_now(|unit| {
        let end = now.plus_ms(i64::from(outlook.days) * DAY_MS);
        let (contacts, clocks) = (contacts(unit)?, running(unit, &Viewer::of(reader), end)?);
        let threats = foresee(&contacts, &clocks, outlook, now);
        let lines = threats.iter().take(MOST).map(|threat| line(unit, threat));
        let lines = lines.collect::<Result<_>>()?;
        Ok(Forecast { as_of: now, count: threats.len(), threats: lines })
    })
}

fn contacts(unit: &Unit<'_>) -> Result<Vec<Contact>> {
    let mut all = Vec::new();
    for device in unit.devices()?.into_iter().filter(|device| device.active) {
        let word = account::word(unit, device.id)?;
        let (on, told) = word.map_or((BTreeSet::new(), None), |(account, at)| {
            (account.on.into_iter().collect(), Some(at))
        });
        let at = device.last_sync.max(told);
        all.push(Contact { device: device.id, name: device.name, user: device.user, at, on });
    }
    Ok(all)
}

/// The clocks that run out before `end`, of records that the viewer sees.
fn running(unit: &Unit<'_>, viewer: &Viewer, end: Instant) -> Result<Vec<Running>> {
    let mut all = Vec::new();
    for id in unit.urgent()? {
        let Some(row) = unit.record(id)? else { continue };
        if row.due_ms > end.0 {
            // They come in order of what is due first.
            break;
        }
        if !viewer.sees_any(&row.audiences) {
            continue;
        }
        let Some(found) = record(unit, id)? else { continue };
        for clock in found.clocks().iter().filter(|clock| clock.state == ClockState::Running) {
            if let Some(person) = clock.person {
                all.push(Running { record: id, rule: clock.rule, due: clock.due_at, person });
            }
        }
    }
    Ok(all)
}

fn line(unit: &Unit<'_>, threat: &Threat<'_>) -> Result<Line> {
    let Threat { contact, running } = threat;
    let found = record(unit, running.record)?;
    let user_name = unit.user(contact.user)?.map(|row| row.person.name).unwrap_or_default();
    Ok(Line {
        device: contact.device,
        device_name: contact.name.clone(),
        user: contact.user,
        user_name,
        since: contact.at,
        record: running.record,
        kind: found.as_ref().map_or(RecordKind::Case, Record::kind),
        no: found.as_ref().and_then(number),
        rule: running.rule,
        due_at: running.due,
        said: contact.on.contains(&running.record),
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const NOW: Instant = Instant(1_000 * DAY_MS);

    fn contact(n: u128, user: u128, hours_ago: Option<i64>) -> Contact {
        Contact {
            device: DeviceId(Uuid::from_u128(n)),
            name: format!("平板{n}"),
            user: UserId(Uuid::from_u128(user)),
            at: hours_ago.map(|hours| NOW.plus_ms(-hours * HOUR_MS)),
            on: BTreeSet::new(),
        }
    }

    fn clock(n: u128, user: u128, hours: i64) -> Running {
        Running {
            record: RecordId(Uuid::from_u128(n)),
            rule: RuleId::ALL[0],
            due: NOW.plus_ms(hours * HOUR_MS),
            person: UserId(Uuid::from_u128(user)),
        }
    }

    fn check(contacts: &[Contact], clocks: &[Running], expected: &[(u128, u128)]) {
        let found: Vec<(u128, u128)> = foresee(contacts, clocks, Outlook::default(), NOW)
            .iter()
            .map(|one| (one.contact.device.0.as_u128(), one.running.record.0.as_u128()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn who_reported_lately_threatens_nothing() {
        let clocks = [clock(1, 1, 5)];
        check(&[contact(1, 1, Some(23))], &clocks, &[]);
        check(&[contact(1, 1, Some(25))], &clocks, &[(1, 1)]);
        check(&[contact(1, 1, None)], &clocks, &[(1, 1)]);
        check(&[contact(1, 2, Some(25))], &clocks, &[]);
    }

    #[test]
    fn one_device_in_contact_speaks_for_its_person() {
        let both = [contact(1, 1, Some(90)), contact(2, 1, Some(2))];
        check(&both, &[clock(1, 1, 5)], &[]);
        // Of several silent ones the last to be heard of is named.
        let both = [contact(1, 1, Some(90)), contact(2, 1, Some(30)), contact(3, 1, None)];
        check(&both, &[clock(1, 1, 5)], &[(2, 1)]);
    }

    #[test]
    fn what_ran_out_before_the_last_contact_is_known_and_what_is_far_off_waits() {
        let silent = [contact(1, 1, Some(30))];
        let clocks = [clock(1, 1, -31), clock(2, 1, -29), clock(3, 1, 168), clock(4, 1, 169)];
        check(&silent, &clocks, &[(1, 2), (1, 3)]);
    }

    #[test]
    fn the_most_urgent_comes_first() {
        let silent = [contact(1, 1, Some(30)), contact(2, 2, Some(40))];
        let clocks = [clock(1, 1, 50), clock(2, 2, 3), clock(3, 1, -1)];
        check(&silent, &clocks, &[(1, 3), (2, 2), (1, 1)]);
    }
}
