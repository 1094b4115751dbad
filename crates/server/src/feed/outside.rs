//! What an outside reader is served instead of a stored record (P-06).
//!
//! Invariant: the projection is a pure function of the stored record, and its
//! digest is the digest of what is served; so repair and proof of convergence
//! need nothing else. An outside reader never gets events: they are older
//! than the projection and hold what it leaves out.

use lantian_domain::{
    card::card,
    privacy::{Clearance, clearance, outside::outside},
    record::{Person, Record},
};
use lantian_protocol::blob;

use crate::{
    error::{Error, Result},
    store::RecordRow,
};

/// The row as this person is served it.
///
/// # Errors
/// [`Error::Damaged`] when the stored record cannot be read.
pub(super) fn served(row: RecordRow, person: &Person) -> Result<RecordRow> {
    if is_whole(person) {
        return Ok(row);
    }
    let record = outside(blob::unpack(&row.body)?);
    let packed = blob::pack(&record)?;
    let card = rmp_serde::to_vec_named(&card(&record))
        .map_err(|error| Error::damaged(format!("a card cannot be written: {error}")))?;
    Ok(RecordRow { digest: packed.digest, card, body: packed.body, ..row })
}

/// The record as this person may read it.
pub(crate) fn seen(record: Record, person: &Person) -> Record {
    if is_whole(person) { record } else { outside(record) }
}

/// Whether the person is served records as they are stored.
pub(super) fn is_whole(person: &Person) -> bool {
    clearance(person) == Clearance::Whole
}
