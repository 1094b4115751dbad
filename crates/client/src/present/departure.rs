//! How a record stands for leaving, as shown.

use lantian_domain::ids::RecordId;
use lantian_replica::{Fate, Replica};

use crate::{
    error::Result,
    view::{DepartureState, DepartureView},
};

/// How a record stands; nothing where nobody worked on it here.
pub(crate) fn departure(replica: &Replica, id: RecordId) -> Result<Option<DepartureView>> {
    let standing = replica.departure(id);
    if !standing.worked && standing.receipt.is_none() {
        return Ok(None);
    }
    let waiting = replica.pending_on(id)?;
    let stopped = waiting
        .iter()
        .filter(|entry| entry.parked || entry.foreseen.is_some() || entry.fate != Fate::Pending);
    let refused = stopped.map(|entry| entry.command.name()).collect();
    let state = match &standing.receipt {
        Some(_) => DepartureState::Ready,
        None if !standing.is_complete() => DepartureState::Incomplete,
        None if standing.lacking > 0 => DepartureState::Lacking,
        None => DepartureState::Unasked,
    };
    Ok(Some(DepartureView {
        state,
        at: standing.receipt.as_ref().map(|receipt| receipt.at),
        void_at: standing.void,
        version: standing.receipt.as_ref().map(|receipt| receipt.version),
        files: standing.receipt.as_ref().map(|receipt| receipt.files),
        pending: standing.pending,
        refused,
        files_done: standing.files_done,
        files_total: standing.files_total,
        lacking: standing.lacking,
    }))
}
