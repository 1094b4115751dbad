//! What must hold: the ledger of everything that was shown as saved, against
//! the company's log and the tablets' stores once all faults have ended.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use lantian_domain::ids::CommandId;
use lantian_replica::{Fate, Filter};

use crate::company::Company;
use crate::tablet::Tablet;

/// Every command that a person saw as 已保存, and the tablet that showed it.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    saved: BTreeMap<CommandId, usize>,
}

impl Ledger {
    /// A command was shown as saved.
    pub(crate) fn note(&mut self, command: CommandId, tablet: usize) {
        self.saved.insert(command, tablet);
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.saved.len()
    }

    /// A tablet that has just come back holds everything it ever showed (I1).
    pub(crate) fn holds(&self, tablet: &mut Tablet) -> Result<()> {
        let number = tablet.number;
        let fates: BTreeMap<_, _> =
            tablet.fates()?.into_iter().map(|(id, _, fate, _)| (id, fate)).collect();
        for (command, _) in self.saved.iter().filter(|(_, shown)| **shown == number) {
            ensure!(fates.contains_key(command), "I1: tablet {number} lost saved {command}");
        }
        Ok(())
    }

    /// The whole, once everything is at rest.
    pub(crate) fn settle(&self, company: &Company, tablets: &mut [Tablet]) -> Result<()> {
        let effects = company.effects()?;
        for (command, times) in &effects {
            ensure!(*times == 1, "I2: {command} has {times} effects on one record");
        }
        for tablet in tablets.iter_mut() {
            self.holds(tablet)?;
            let number = tablet.number;
            for (command, record, fate, parked) in tablet.fates()? {
                let has_effect = effects.contains_key(&command);
                match fate {
                    Fate::Taken => {
                        ensure!(has_effect, "I1: {command} was taken and has no effect");
                    }
                    Fate::Pending => {
                        ensure!(parked, "I9: {command} on {record} still waits on tablet {number}");
                        ensure!(!has_effect, "I5: parked {command} has an effect");
                    }
                    Fate::Refused | Fate::Quarantined => {
                        ensure!(!has_effect, "I5: refused {command} has an effect");
                        // What a store that was put back forgot of a refusal
                        // is a person's matter on the tablet.
                        ensure!(
                            company.was_put_back() || company.has_answered(command)?,
                            "I2: no answer to {command}"
                        );
                    }
                    // Given up by a person after the server's refusal.
                    Fate::Discarded | Fate::Handed => {
                        ensure!(!has_effect, "I5: {command} was given up and has an effect");
                    }
                }
            }
            converged(company, tablet)?;
        }
        let report = company.verify()?;
        ensure!(report.holds, "I11: {:?}", report.found);
        Ok(())
    }
}

/// The mirror is the server's scope (I3), and what is shown is the mirror
/// wherever nothing waits.
fn converged(company: &Company, tablet: &mut Tablet) -> Result<()> {
    let (number, wanted) = (tablet.number, company.digest(&tablet.device)?);
    let replica = &tablet.running()?.replica;
    let have = replica.scope_digest()?;
    ensure!(
        have.records == wanted.records && have.digest == wanted.digest,
        "I3: tablet {number} has {} records, its scope {}",
        have.records,
        wanted.records
    );
    let waiting: std::collections::BTreeSet<_> = replica
        .outbox(false)?
        .into_iter()
        .flat_map(|one| one.command.touches().into_iter().chain([one.record]))
        .collect();
    for line in replica.list(&Filter::default(), 500, None)?.items {
        let id = line.card.id;
        if !waiting.contains(&id) {
            ensure!(replica.shown(id)? == replica.confirmed(id)?, "I3: {id} is shown otherwise");
        }
    }
    Ok(())
}
