//! Reading one confirmed record.

use std::sync::Arc;

use lantian_domain::{card::Card, ids::RecordId, record::Record};
use lantian_protocol::blob;
use rusqlite::Connection;

use super::{Digest, Known, Mirror, fault, parse_card};
use crate::{
    connection::{self, MIRROR},
    error::{Error, Result},
};

/// Records kept unpacked at the most.
const KEPT: usize = 1_024;

impl Mirror {
    /// The record as the company has confirmed it. One that is damaged is as
    /// good as not here, and is fetched whole; it holds up nothing else. But a
    /// connection that is not usable says nothing of a record.
    pub(crate) fn record(&self, id: RecordId) -> Result<Option<Arc<Record>>> {
        if let Some(record) = self.read.borrow().get(&id) {
            return Ok(Some(Arc::clone(record)));
        }
        let Some(known) = self.known.get(&id) else { return Ok(None) };
        let record = match load(&self.db, known) {
            Ok(record) => Arc::new(record),
            Err(fault @ (Error::Corrupt { .. } | Error::Form(_)))
                if connection::is_usable(&self.db) =>
            {
                tracing::warn!(record = %id, code = fault.code(), "a record is fetched whole");
                self.damaged.borrow_mut().insert(id);
                return Ok(None);
            }
            Err(Error::Form(_)) => return Err(Error::corrupt(MIRROR.what, "it cannot be read")),
            Err(other) => return Err(other),
        };
        let mut read = self.read.borrow_mut();
        if read.len() >= KEPT {
            read.clear();
        }
        read.insert(id, Arc::clone(&record));
        Ok(Some(record))
    }

    /// What lists show of the record as confirmed.
    pub(crate) fn card(&self, id: RecordId) -> Result<Option<Card>> {
        let Some(known) = self.known.get(&id) else { return Ok(None) };
        let text: String = self
            .db
            .prepare_cached("SELECT card FROM cards WHERE n = ?1")
            .and_then(|mut statement| statement.query_row([known.n], |row| row.get(0)))
            .map_err(fault)?;
        parse_card(&text).map(Some)
    }

    /// Ids of the records that no fresh start since `generation` has brought.
    pub(super) fn older_than(&self, generation: i64) -> Vec<RecordId> {
        self.known
            .iter()
            .filter(|(_, known)| known.generation < generation)
            .map(|(id, _)| *id)
            .collect()
    }
}

/// Reads a body and proves it.
pub(super) fn load(db: &Connection, known: &Known) -> Result<Record> {
    let body: Vec<u8> = db
        .prepare_cached("SELECT body FROM bodies WHERE n = ?1")
        .and_then(|mut statement| statement.query_row([known.n], |row| row.get(0)))
        .map_err(fault)?;
    prove(&body, &known.digest)
}

fn prove(body: &[u8], digest: &Digest) -> Result<Record> {
    let json = blob::unpack_json(body)?;
    if blob::digest(&json) != digest {
        return Err(Error::corrupt(MIRROR.what, "a record does not fit its digest"));
    }
    serde_json::from_slice(&json)
        .map_err(|e| Error::Form(lantian_protocol::Error::Decode(e.into())))
}
