//! Commands of the outbox as shown.

use lantian_domain::refusal::Refusal;
use lantian_protocol::Verdict;
use lantian_replica::{Entry, Fate};

use crate::view::{PendingView, SyncState};

/// One command of the outbox.
pub(crate) fn pending(entry: &Entry) -> PendingView {
    PendingView {
        command_id: entry.id,
        record_id: entry.record,
        command: entry.command.name(),
        at: entry.at,
        fate: entry.fate.as_str().to_owned(),
        parked: entry.parked,
        sync_state: state(entry),
        refusal: refusal(entry).map(Into::into),
    }
}

/// Why it was refused, or would be on what is confirmed now.
pub(crate) fn refusal(entry: &Entry) -> Option<Refusal> {
    match &entry.verdict {
        Some(Verdict::Refused { refusal }) => Some(refusal.clone()),
        _ => entry.foreseen.clone(),
    }
}

fn state(entry: &Entry) -> SyncState {
    match entry.fate {
        Fate::Pending => SyncState::Pending,
        Fate::Taken => SyncState::Delivered,
        Fate::Quarantined => SyncState::Quarantined,
        Fate::Refused | Fate::Discarded | Fate::Handed => SyncState::Refused,
    }
}
