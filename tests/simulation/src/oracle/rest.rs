//! The oracles once every fault has ended and nothing moves any more.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use lantian_domain::evidence::MAX_JITTER_MS;
use lantian_domain::ids::{CommandId, DeviceId, FileId, RecordId};
use lantian_domain::record::Record;
use lantian_domain::time::Instant;
use lantian_replica::{Entry, Fate, Filter, simulation};

use super::Ledger;
use super::ledger::stand_in;
use crate::company::{Company, Effect};
use crate::tablet::Tablet;

type Effects = BTreeMap<CommandId, Effect>;

/// The whole, once everything is at rest.
pub(crate) fn settle(
    ledger: &Ledger,
    company: &Company,
    tablets: &mut [Tablet],
    now: Instant,
) -> Result<()> {
    let effects = company.effects()?;
    let devices: BTreeSet<DeviceId> = tablets.iter().map(|tablet| tablet.device.id).collect();
    effects_are_of(ledger, company, &effects, &devices)?;
    audited(company, &effects, &devices)?;
    let work = company.work()?;
    for tablet in tablets.iter_mut() {
        let entries = ledger.holds(tablet)?;
        for entry in &entries {
            has_its_fate(ledger, company, &effects, entry)?;
            is_justly_parked(entry, &entries)?;
        }
        converged(company, tablet)?;
        sees_its_scope(company, tablet, &work)?;
        files_are_delivered(tablet)?;
    }
    files_are_there(company, tablets, &work, now)?;
    let report = company.verify()?;
    ensure!(report.holds, "I11: {:?}", report.found);
    Ok(())
}

/// Each effect once (I2), as it was signed (T6), after what it builds on (I5),
/// at an instant that had come (T28).
fn effects_are_of(
    ledger: &Ledger,
    company: &Company,
    effects: &Effects,
    devices: &BTreeSet<DeviceId>,
) -> Result<()> {
    for (command, effect) in effects {
        ensure!(effect.times == 1, "I2: {command} has {} effects on a record", effect.times);
        if !devices.contains(&effect.stamp.device) {
            continue;
        }
        let Some(saved) = ledger.saved.get(command) else {
            anyhow::bail!("I2: {command} has an effect and nobody gave it");
        };
        ensure!(company.judged(*command)? == saved.hash, "T6: {command} is not what was signed");
        let late = effect
            .stamp
            .received
            .is_some_and(|received| effect.stamp.at.since(received) > MAX_JITTER_MS);
        ensure!(!late, "T28: {command} counts from an instant that had not come");
    }
    Ok(())
}

/// Each change has one audit record (I11).
fn audited(company: &Company, effects: &Effects, devices: &BTreeSet<DeviceId>) -> Result<()> {
    let audited = company.audited(devices)?;
    for command in effects.iter().filter(|(_, effect)| devices.contains(&effect.stamp.device)) {
        let times = audited.get(command.0).copied().unwrap_or(0);
        ensure!(times == 1, "I11: {} is audited {times} times", command.0);
    }
    Ok(())
}

/// What a tablet says of a command is what the company did with it.
fn has_its_fate(
    ledger: &Ledger,
    company: &Company,
    effects: &Effects,
    entry: &Entry,
) -> Result<()> {
    let (command, record) = (entry.id, entry.record);
    let has_effect = effects.contains_key(&command);
    match entry.fate {
        Fate::Taken => ensure!(has_effect, "I1: {command} was taken and has no effect"),
        Fate::Pending => {
            ensure!(entry.parked, "I9: {command} on {record} still waits");
            ensure!(!has_effect, "I5: parked {command} has an effect");
        }
        Fate::Refused => {
            ensure!(!has_effect, "I5: refused {command} has an effect");
            // What a store that was put back forgot of a refusal is a person's
            // matter on the tablet.
            let answered = company.was_put_back() || company.has_answered(command)?;
            ensure!(answered, "I2: no answer to {command}");
        }
        Fate::Quarantined => {
            let altered = ledger.saved.get(&command).is_some_and(|saved| saved.altered);
            ensure!(!has_effect || altered, "I5: quarantined {command} has an effect");
        }
        // Given up by a person after the server's refusal.
        Fate::Discarded | Fate::Handed => {
            let altered = ledger.saved.get(&command).is_some_and(|saved| saved.altered);
            ensure!(!has_effect || altered, "I5: {command} was given up and has an effect");
        }
    }
    let after = ledger.saved.get(&command).and_then(|saved| saved.after);
    if let Some(after) = after.filter(|_| has_effect && !company.was_put_back()) {
        let has_effect = effects.contains_key(&after)
            || ledger.saved.get(&after).is_some_and(|saved| saved.altered || saved.put_back);
        ensure!(has_effect, "I5: {command} has an effect, what it builds on has none");
    }
    Ok(())
}

/// One bad command holds back only what builds on it (I9).
fn is_justly_parked(entry: &Entry, entries: &[Entry]) -> Result<()> {
    if entry.fate != Fate::Pending || !entry.parked {
        return Ok(());
    }
    let by_rule = entry.foreseen.is_some()
        && entries.iter().any(|other| {
            other.record == entry.record && matches!(other.fate, Fate::Refused | Fate::Quarantined)
        });
    let by_name = entry.after.and_then(|after| stand_in(after, entries)).is_some_and(|before| {
        before.fate != Fate::Taken && (before.fate != Fate::Pending || before.parked)
    });
    ensure!(by_name || by_rule, "I9: {} is parked and builds on nothing that failed", entry.id);
    Ok(())
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
    let waiting: BTreeSet<RecordId> = replica
        .outbox(false)?
        .into_iter()
        .flat_map(|one| one.command.touches().into_iter().chain([one.record]))
        .collect();
    for line in replica.list(&Filter::default(), 500, None)?.items {
        let id = line.card.id;
        if !waiting.contains(&id) {
            let confirmed = replica.confirmed(id)?;
            ensure!(confirmed.is_some(), "I4: {id} is listed and not here");
            ensure!(replica.shown(id)? == confirmed, "I3: {id} is shown otherwise");
        }
    }
    Ok(())
}

/// What a tablet holds is what the rulebook lets its person see (I4), to the
/// last row.
fn sees_its_scope(company: &Company, tablet: &mut Tablet, work: &[Record]) -> Result<()> {
    let (number, device) = (tablet.number, tablet.device.clone());
    let replica = &mut tablet.running()?.replica;
    for record in work {
        let (id, may) = (record.id(), company.may_see(&device, record)?);
        let has = replica.confirmed(id)?.is_some();
        ensure!(may || !has, "I4: tablet {number} holds {id}, which is not its");
        ensure!(has || !may, "I3: tablet {number} lacks {id}");
    }
    let left = simulation::leftovers(replica)?;
    ensure!(left == 0, "I4: {left} bodies of records that left tablet {number}");
    Ok(())
}

/// Nothing waits to be brought (I8).
fn files_are_delivered(tablet: &mut Tablet) -> Result<()> {
    let number = tablet.number;
    let replica = &tablet.running()?.replica;
    if let Some(upload) = replica.uploads()?.first() {
        anyhow::bail!("I8: file {} still waits on tablet {number}", upload.file);
    }
    let doubted = replica.doubted()?.len();
    ensure!(doubted == 0, "I8: {doubted} receipts of tablet {number} are doubted still");
    Ok(())
}

/// Each file that a record names is at the company, or nobody holds it any
/// more and the company says that it is missing (I8).
fn files_are_there(
    company: &Company,
    tablets: &mut [Tablet],
    work: &[Record],
    now: Instant,
) -> Result<()> {
    let inventory = company.inventory(now)?;
    let listed: BTreeSet<FileId> = inventory.missing.iter().map(|one| one.file).collect();
    for file in work.iter().flat_map(Record::files) {
        if company.holds_content(&file.sha256)? {
            ensure!(!listed.contains(&file.id), "I8: file {} is here and missing", file.id);
            continue;
        }
        ensure!(listed.contains(&file.id), "I8: file {} is lost and on no list", file.id);
        for tablet in tablets.iter_mut() {
            let number = tablet.number;
            let held = tablet.running()?.replica.file_bytes(file).is_ok();
            ensure!(!held, "I8: the company lacks file {}, tablet {number} holds it", file.id);
        }
    }
    Ok(())
}
