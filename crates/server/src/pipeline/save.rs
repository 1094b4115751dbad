//! Saving a desk: events, snapshot, membership, numbers.

use lantian_domain::{
    card::card, event::Event, ids::RecordId, record::Record, stamp::Stamp, time::Instant,
};
use lantian_protocol::{
    blob,
    planted::{Bug, planted},
    suite::Link,
};

use super::{
    crew::share,
    desk::{Desk, Slot, WORTH_A_THREAD},
};
use crate::{
    channel,
    error::{Error, Result},
    intake,
    privacy::erase::erase_log,
    store::{EventRow, Ledger, Member, RecordRow, Scopes, Unit},
    suite::Suite,
};

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
        for (_, slot) in &changed {
            if let Some(Record::Lead(lead)) = &slot.record
                && slot.events.iter().any(|(_, event, _)| carries_push(event))
            {
                intake::note_lead(self.unit, lead)?;
            }
            if let Some(Record::Case(case)) = &slot.record
                && case.external_serial.is_some()
            {
                let names = slot.events.iter().map(|(_, event, stamp)| (event.name(), stamp));
                channel::webhook::note(self.unit, case, names)?;
            }
        }
        let suite = self.unit.suite();
        let written = share(&changed, WORTH_A_THREAD, |part| {
            part.iter().map(|one| write(suite, one)).collect()
        });
        for one in written {
            let Written { row, events, before } = one?;
            for event in &events {
                self.unit.append_event(row.id, event)?;
            }
            move_between(self.unit, &before, &row)?;
            self.unit.put_record(&row)?;
        }
        for (id, at) in changed.iter().filter_map(|(_, slot)| erased(slot)) {
            erase_log(self.unit, id, at)?;
        }
        for day in &self.used_numbers {
            self.unit.use_number(day, self.last_number(day))?;
        }
        self.unit.set_head(self.head)
    }
}

/// Whether a platform said something: intake has to know the lead by it,
/// whoever brought it.
fn carries_push(event: &Event) -> bool {
    matches!(event, Event::LeadReceived(_) | Event::LeadUpdated(_) | Event::LeadRetracted(_))
}

/// The record from which a person was taken out, and when.
fn erased(slot: &Slot) -> Option<(RecordId, Instant)> {
    let out = |(_, event, _): &&(u64, Event, Stamp)| matches!(event, Event::PersonErased(_));
    let (_, _, stamp) = slot.events.iter().find(out)?;
    Some((slot.record.as_ref()?.id(), stamp.received.unwrap_or(stamp.at)))
}

/// A changed record as it goes into the store.
struct Written {
    row: RecordRow,
    events: Vec<EventRow>,
    /// Its audiences before.
    before: Vec<String>,
}

fn write(suite: Suite, (seq, slot): &(u64, Slot)) -> Result<Written> {
    let record =
        slot.record.as_ref().ok_or_else(|| Error::damaged("a changed record is missing"))?;
    let id = record.id();
    let (mut head, before) = match &slot.row {
        Some(row) => (row.head.clone(), row.audiences.clone()),
        None => (Vec::new(), Vec::new()),
    };
    let mut events = Vec::with_capacity(slot.events.len());
    for (version, event, stamp) in &slot.events {
        let event = serde_json::to_string(event)?;
        let stamp = serde_json::to_string(stamp)?;
        let link = Link {
            prev: if planted(Bug::LinkBroken) { &[] } else { &head },
            record: id,
            version: *version,
            event: &event,
            stamp: &stamp,
        };
        let hash = link.hash(suite);
        head.clone_from(&hash);
        events.push(EventRow { version: *version, seq: *seq, event, stamp, hash, erased: None });
    }
    Ok(Written { row: row_of(record, *seq, head, slot.keys.clone())?, events, before })
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
