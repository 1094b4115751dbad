//! Erasing a person from the log of a record (P-04, P-05).
//!
//! ```text
//! event ─ hash ─► event ─ hash ─► event      the chain goes on by the kept hashes
//!   │               │               │
//!   └─ written anew, its digest beside it; all digests in one audit row
//! ```
//!
//! Invariant: the stored record is what the log as written anew amounts to (a
//! tablet that applied the erasure itself and kept a word more repairs by
//! digest); nobody can write an event anew without an audit row that names it.

use lantian_domain::{
    apply,
    card::card,
    event::Event,
    ids::RecordId,
    privacy::{
        erase::replacements,
        field::{Field, held_in},
    },
    record::Record,
    stamp::Stamp,
    time::Instant,
};
use lantian_protocol::blob;
use serde_json::Value;

use crate::{
    error::{Error, Result},
    store::{AuditEntry, EventRow, Journal, Ledger, RecordRow, Unit},
    suite::{Suite, hash},
};

/// The audit's word for a log that was written anew.
pub const ACT: &str = "log_erased";

/// Writes the log of an erased record anew, without the person, and lets go of
/// the envelopes that brought it; how many events changed.
///
/// # Errors
/// [`Error::Damaged`] when the log cannot be read without the person; then
/// nothing is changed.
pub fn erase_log(unit: &Unit<'_>, id: RecordId, at: Instant) -> Result<u64> {
    let rows = unit.events_after(id, 0)?;
    let person = Person::of(id, &rows)?;
    let mut changed = 0;
    let mut made = None;
    for row in &rows {
        let mut event: Value = serde_json::from_str(&row.event)?;
        person.leave(&mut event);
        let text = serde_json::to_string(&event)?;
        let (event, stamp) = read(id, &text, &row.stamp)?;
        made = Some(apply(made, id, &event, &stamp));
        if text != row.event {
            unit.replace_event(id, row.version, &text, &digest(unit.suite(), &text))?;
            changed += 1;
        }
    }
    settle(unit, id, made)?;
    unit.drop_envelopes(id)?;
    let digest = digests(unit.suite(), &unit.events_after(id, 0)?);
    unit.audit(
        at,
        AuditEntry {
            act: ACT.to_owned(),
            subject: Some(id.0),
            result: "ok".to_owned(),
            detail: Some(serde_json::json!({ "events": changed, "digest": digest })),
            ..AuditEntry::default()
        },
    )?;
    Ok(changed)
}

/// The digest of an event as written anew, by a suite; it says by which.
pub fn digest(suite: Suite, event: &str) -> Vec<u8> {
    hash::tagged(suite, &[event.as_bytes()])
}

/// Whether a digest is the one of this event as written anew.
pub fn fits(digest: &[u8], event: &str) -> bool {
    hash::fits(digest, &[event.as_bytes()])
}

/// What the audit says of the events of a record that were written anew.
pub fn digests(suite: Suite, rows: &[EventRow]) -> String {
    hex::encode(hash::tagged(suite, &[&written_anew(rows)]))
}

/// Whether what the audit said still fits them.
pub fn vouches(said: &str, rows: &[EventRow]) -> bool {
    hex::decode(said).is_ok_and(|said| hash::fits(&said, &[&written_anew(rows)]))
}

fn written_anew(rows: &[EventRow]) -> Vec<u8> {
    let mut all = Vec::new();
    for row in rows {
        if let Some(erased) = &row.erased {
            all.extend(row.version.to_be_bytes());
            all.extend(erased);
        }
    }
    all
}

fn read(id: RecordId, event: &str, stamp: &str) -> Result<(Event, Stamp)> {
    let broken = |_| Error::damaged(format!("an event of {id} cannot be read without the person"));
    Ok((serde_json::from_str(event).map_err(broken)?, serde_json::from_str(stamp)?))
}

/// Makes the stored record what the log as written anew amounts to: a text of
/// the person may have stood where no field of a person is.
fn settle(unit: &Unit<'_>, id: RecordId, made: Option<Record>) -> Result<()> {
    let lost = || Error::damaged(format!("record {id} is not there to be erased"));
    let (row, made) = unit.record(id)?.zip(made).ok_or_else(lost)?;
    let packed = blob::pack(&made)?;
    if packed.digest == row.digest {
        return Ok(());
    }
    let card = rmp_serde::to_vec_named(&card(&made))
        .map_err(|error| Error::damaged(format!("a card cannot be written: {error}")))?;
    unit.put_record(&RecordRow { digest: packed.digest, body: packed.body, card, ..row })
}

/// Everything by which the person was ever known in a record.
struct Person {
    /// Texts to be replaced wherever they stand, longest first.
    anywhere: Vec<(String, &'static str)>,
    /// Texts to be replaced where a field of a person has exactly this value.
    exactly: Vec<(Field, String)>,
}

impl Person {
    fn of(id: RecordId, rows: &[EventRow]) -> Result<Self> {
        let mut exactly = Vec::new();
        let mut made = None;
        for row in rows {
            let (event, stamp) = read(id, &row.event, &row.stamp)?;
            // The erasure itself leaves pseudonyms, which name nobody.
            if matches!(event, Event::PersonErased(_)) {
                break;
            }
            let record = apply(made, id, &event, &stamp);
            for one in held_in(&record) {
                if !exactly.contains(&one) {
                    exactly.push(one);
                }
            }
            made = Some(record);
        }
        Ok(Self { anywhere: replacements([exactly.clone()]), exactly })
    }

    /// Takes the person out of a value.
    fn leave(&self, value: &mut Value) {
        match value {
            Value::Array(all) => all.iter_mut().for_each(|one| self.leave(one)),
            Value::Object(all) => {
                if all.contains_key("phone") || all.contains_key("channel") {
                    all.remove("geo");
                }
                for (key, one) in all.iter_mut() {
                    if let Value::String(text) = one {
                        *text = self.without(key, text);
                    } else {
                        self.leave(one);
                    }
                }
            }
            Value::String(text) => *text = self.without("", text),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn without(&self, key: &str, text: &str) -> String {
        if let Some(field) = Field::parse(key)
            && self.exactly.iter().any(|(one, held)| *one == field && held == text)
        {
            return lantian_domain::privacy::erase::pseudonym(field.datum()).to_owned();
        }
        let mut left = text.to_owned();
        for (held, by) in &self.anywhere {
            if left.contains(held.as_str()) {
                left = left.replace(held.as_str(), by);
            }
        }
        left
    }
}
