//! What must hold after a cut: the real opening, every promise once, whole
//! databases, and a synchronisation that comes to rest.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use lantian_domain::ids::CommandId;
use lantian_replica::{Fate, Replica};

use crate::day::{Promise, Told, note};
use crate::sides::{Company, open_tablet, rest, submit};
use crate::stage::{Stage, TABLET, is_of_company, morning};
use crate::tape::Watching;

/// Hours after the beginning at which a recovery takes place.
const LATER_MS: i64 = 12 * 3_600_000;

/// Opens the side whose power was cut and proves what it had promised.
pub fn reopen(stage: &Stage, root: &Path, side: &str, told: &[Told], begun: usize) -> Result<()> {
    if side == TABLET {
        let tablet = open_tablet(root).context("the tablet does not open")?;
        return ensure_kept(&tablet, told, begun);
    }
    let company = Company::open(root, &stage.device).context("the company does not open")?;
    ensure_answered(&company, told)?;
    company.ensure_whole()
}

/// Opens what a cut left of both sides, proves it against what was told, and
/// carries on until both are at rest; gives what is told on the way. `begun` commands may have become durable
/// without anybody having been told.
pub fn recover(
    stage: &Stage,
    root: &Path,
    told: &[Told],
    begun: usize,
    watching: Option<&Watching>,
) -> Result<Vec<Told>> {
    let mut tablet = open_tablet(root).context("the tablet does not open")?;
    let company = Company::open(root, &stage.device).context("the company does not open")?;
    ensure_kept(&tablet, told, begun)?;
    ensure_answered(&company, told)?;
    company.verify()?;

    let now = morning().plus_ms(LATER_MS + 60_000 * i64::try_from(begun)?);
    rest(&mut tablet, &company, now).context("the first synchronisation")?;
    let record = stage.leads[0];
    let command = note(1_000_000 + begun as u128);
    let saved = submit(&mut tablet, record, command.clone(), now)?;
    let by = watching.map_or(0, |watching| watching.len());
    let new = Told { by, promise: Promise::Command(saved.command, record, Box::new(command)) };
    rest(&mut tablet, &company, now).context("the second synchronisation")?;

    ensure_rest(&tablet, &company, told.iter().chain([&new]))?;
    company.verify()?;
    Ok(vec![new])
}

/// The tablet has every promise, once.
pub fn ensure_kept(tablet: &Replica, told: &[Told], begun: usize) -> Result<()> {
    let health = tablet.check()?;
    ensure!(health.is_sound(), "the tablet is not whole: {health:?}");
    let entries = tablet.outbox(true)?;
    let ids: BTreeSet<CommandId> = entries.iter().map(|entry| entry.id).collect();
    let numbers: BTreeSet<u64> = entries.iter().map(|entry| entry.n).collect();
    ensure!(ids.len() == entries.len(), "a command is there twice");
    ensure!(numbers.iter().copied().eq(1..=entries.len() as u64), "numbers: {numbers:?}");
    let mut commands = 0;
    for told in told {
        match &told.promise {
            Promise::Command(id, record, command) => {
                commands += 1;
                let entry = entries.iter().find(|entry| entry.id == *id);
                let entry = entry.with_context(|| format!("saved {id} is lost"))?;
                ensure!(entry.command == **command && entry.record == *record, "{id} differs");
            }
            Promise::Draft(name) => {
                let draft = tablet.draft_load(name)?;
                ensure!(draft.is_some_and(|draft| draft.data == *name), "{name} is lost");
            }
            Promise::Setting(name) => {
                ensure!(tablet.setting(name)?.as_ref() == Some(name), "{name} is lost");
            }
            Promise::File(file) => {
                let content = tablet.file_bytes(file)?;
                ensure!(content.len() as u64 == file.size, "{} is lost", file.name);
            }
            Promise::Answer(_) => {}
        }
    }
    ensure!(
        entries.len() <= commands + begun,
        "{} commands, {commands} told, {begun} begun",
        entries.len()
    );
    Ok(())
}

/// The company has every answer that it gave.
pub fn ensure_answered(company: &Company, told: &[Told]) -> Result<()> {
    for told in told {
        if let Promise::Answer(outcome) = &told.promise {
            let stored = company.outcome(outcome.id)?;
            ensure!(stored.as_ref() == Some(outcome), "the answer to {} is {stored:?}", outcome.id);
        }
    }
    Ok(())
}

/// Both sides are the same, and every command has had its effect once.
fn ensure_rest<'a>(
    tablet: &Replica,
    company: &Company,
    told: impl Iterator<Item = &'a Told>,
) -> Result<()> {
    let (here, there) = (tablet.scope_digest()?, company.digest()?);
    ensure!(
        (here.records, &here.digest) == (there.records, &there.digest),
        "at rest both sides differ: {} and {} records",
        here.records,
        there.records
    );
    let (entries, effects) = (tablet.outbox(true)?, company.effects()?);
    for entry in &entries {
        ensure!(entry.fate == Fate::Taken, "{} is {:?}: {:?}", entry.id, entry.fate, entry.verdict);
        ensure!(effects.get(&entry.id) == Some(&1), "effects of {}: {effects:?}", entry.id);
    }
    for told in told {
        if let Promise::Command(id, ..) = &told.promise {
            ensure!(entries.iter().any(|entry| entry.id == *id), "saved {id} is lost");
        }
    }
    let given = effects.keys().filter(|id| !is_of_company(**id)).count();
    ensure!(given == entries.len(), "{given} effects of {} commands", entries.len());
    Ok(())
}
