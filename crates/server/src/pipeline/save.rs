//! Saving a desk: events, snapshot, membership, numbers.

use lantian_domain::{card::card, event::Event, ids::RecordId, record::Record, stamp::Stamp};
use lantian_protocol::blob;
use sha2::{Digest as _, Sha256};

use super::desk::{Desk, Slot};
use crate::{
    error::{Error, Result},
    store::{EventRow, Ledger, Member, RecordRow, Scopes, Unit},
};

/// The hash of an event after the one before it on the same record.
pub fn event_hash(
    prev: &[u8],
    record: RecordId,
    version: u64,
    event: &str,
    stamp: &str,
) -> Vec<u8> {
    Sha256::new()
        .chain_update(prev)
        .chain_update(record.0.as_bytes())
        .chain_update(version.to_be_bytes())
        .chain_update(event.as_bytes())
        .chain_update([0])
        .chain_update(stamp.as_bytes())
        .finalize()
        .to_vec()
}

impl Desk<'_, '_> {
    /// Writes everything that changed on the desk.
    ///
    /// # Errors
    /// The store's.
    pub fn save(mut self) -> Result<()> {
        let slots = std::mem::take(&mut self.slots);
        let mut changed: Vec<(u64, Slot)> =
            slots.into_values().filter_map(|slot| slot.seq.map(|seq| (seq, slot))).collect();
        changed.sort_by_key(|(seq, _)| *seq);
        if changed.is_empty() {
            return Ok(());
        }
        for (seq, slot) in changed {
            save_slot(self.unit, seq, slot)?;
        }
        for day in &self.used_numbers {
            self.unit.use_number(day, self.last_number(day))?;
        }
        self.unit.set_head(self.head)
    }
}

fn save_slot(unit: &Unit<'_>, seq: u64, slot: Slot) -> Result<()> {
    let Slot { row, record, keys, events, .. } = slot;
    let record = record.ok_or_else(|| Error::damaged("a changed record is missing"))?;
    let id = record.id();
    let mut head = row.as_ref().map(|row| row.head.clone()).unwrap_or_default();
    for (version, event, stamp) in &events {
        head = append(unit, id, (seq, *version), (event, stamp), &head)?;
    }
    let before = row.map(|row| row.audiences).unwrap_or_default();
    let row = row_of(&record, seq, head, keys)?;
    move_between(unit, &before, &row)?;
    unit.put_record(&row)
}

fn append(
    unit: &Unit<'_>,
    id: RecordId,
    (seq, version): (u64, u64),
    (event, stamp): (&Event, &Stamp),
    prev: &[u8],
) -> Result<Vec<u8>> {
    let event = serde_json::to_string(event)?;
    let stamp = serde_json::to_string(stamp)?;
    let hash = event_hash(prev, id, version, &event, &stamp);
    unit.append_event(id, &EventRow { version, seq, event, stamp, hash: hash.clone() })?;
    Ok(hash)
}

fn row_of(record: &Record, seq: u64, head: Vec<u8>, audiences: Vec<String>) -> Result<RecordRow> {
    let packed = blob::pack(record)?;
    let card = card(record);
    let due_ms = card.due_ms();
    let card = rmp_serde::to_vec_named(&card)
        .map_err(|error| Error::damaged(format!("a card cannot be written: {error}")))?;
    Ok(RecordRow {
        id: record.id(),
        kind: record.kind(),
        version: record.version(),
        seq,
        due_ms,
        digest: packed.digest,
        card,
        body: packed.body,
        head,
        audiences,
    })
}

/// Brings membership from the audiences before to those of the row.
fn move_between(unit: &Unit<'_>, before: &[String], row: &RecordRow) -> Result<()> {
    for gone in before.iter().filter(|key| !row.audiences.contains(key)) {
        unit.leave(gone, row.id, row.seq)?;
    }
    for key in &row.audiences {
        // A place already held keeps its first commit.
        let seq_in = if before.contains(key) { 0 } else { row.seq };
        let member = Member { record: row.id, seq_in, seq: row.seq, due_ms: row.due_ms };
        unit.join(key, &member)?;
    }
    Ok(())
}
