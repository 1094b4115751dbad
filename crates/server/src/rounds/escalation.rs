//! Warnings and escalations of running clocks become notices, once for each
//! threshold and step (CLK-6, CLK-11, R-51).

use lantian_domain::{command::Command, escalation, record::Person, time::Instant};

use super::Deed;
use crate::{
    error::Result,
    pipeline::{find, rules_of},
    store::{Accounts as _, Ledger as _, Scopes as _, Unit},
};

/// The notices that are due and not raised yet.
pub(super) fn plan(unit: &Unit<'_>, now: Instant) -> Result<Vec<Deed>> {
    let rules = rules_of(unit)?;
    let people: Vec<Person> = unit.users()?.into_iter().map(|user| user.person).collect();
    let mut deeds = Vec::new();
    for id in unit.urgent()? {
        let Some(record) = find(unit, id)? else { continue };
        for (notice, raise) in escalation::notices(&record, &rules, &people, now) {
            if unit.record(notice)?.is_none() {
                let command = Command::RaiseNotice(Box::new(raise));
                deeds.push(Deed { record: notice, command, label: "raise".to_owned() });
            }
        }
    }
    Ok(deeds)
}
