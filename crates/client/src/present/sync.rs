//! The state of synchronisation from what the store holds and what the engine
//! reports.

use std::collections::BTreeMap;

use lantian_domain::{
    ids::{CommandId, RecordId},
    time::Instant,
};
use lantian_protocol::{Cursor, PushResponse, Verdict};
use lantian_replica::{Entry, Replica, Tally};
use lantian_sync::engine::{Network, Report};

use super::{
    card::{card, title},
    pending::refusal,
};
use crate::{
    courier::LAST_SUCCESS,
    drive::Progress,
    error::Result,
    network::Uplink,
    view::{
        CardView, FirstSync, HeldFile, NetworkView, Online, PreviewItem, PreviewVerdict,
        RecordProgress, Storage, SyncStatus, Transfer,
    },
};

/// What the store knows of synchronisation.
pub(crate) struct Held {
    tally: Tally,
    records: Vec<RecordProgress>,
    network: NetworkView,
    storage: Storage,
    cursor: Option<Cursor>,
    last_success_at: Option<Instant>,
}

/// Asks the store.
pub(crate) fn held(replica: &Replica, network: &Uplink) -> Result<Held> {
    let room = replica.storage()?;
    Ok(Held {
        tally: replica.tally()?,
        records: waiting(replica)?,
        network: network_view(replica, network)?,
        storage: Storage {
            used_bytes: replica.store_bytes()?,
            free_bytes: room.free_bytes,
            low: room.low,
        },
        cursor: replica.cursor()?,
        last_success_at: last_success(replica)?,
    })
}

/// When a synchronisation last ended well.
pub(crate) fn last_success(replica: &Replica) -> Result<Option<Instant>> {
    Ok(replica.setting(LAST_SUCCESS)?.as_deref().and_then(Instant::parse))
}

/// What waits, record by record: commands first, then files.
fn waiting(replica: &Replica) -> Result<Vec<RecordProgress>> {
    let mut found: BTreeMap<RecordId, (u64, u64)> = BTreeMap::new();
    for entry in replica.outbox(false)? {
        found.entry(entry.record).or_default().0 += 1;
    }
    for upload in replica.uploads()? {
        let left = upload.size - upload.offset.unwrap_or(0).min(upload.size);
        found.entry(upload.record).or_default().1 += left;
    }
    let mut records = Vec::with_capacity(found.len());
    for (id, (commands, bytes_left)) in found {
        let Some(shown) = replica.card(id)? else { continue };
        let card: CardView = card(replica, shown)?;
        records.push(RecordProgress {
            id,
            no: card.no,
            title: card.title,
            sync_state: card.sync_state,
            commands,
            files_done: u64::from(card.files_done.unwrap_or(0)),
            files_total: u64::from(card.files_total.unwrap_or(0)),
            bytes_left,
        });
    }
    Ok(records)
}

/// The network, and what waits for another one.
fn network_view(replica: &Replica, network: &Uplink) -> Result<NetworkView> {
    let (metered, declared) = network.metered();
    let mut held = Vec::new();
    for (record, file, bytes_left) in replica.unsent_files() {
        if network.holds(file.id, file.kind, file.size) {
            held.push(HeldFile {
                id: file.id,
                record_id: record,
                title: title(replica, record)?,
                kind: file.kind,
                name: file.name.clone(),
                bytes_left,
            });
        }
    }
    let held_bytes = held.iter().map(|file| file.bytes_left).sum();
    Ok(NetworkView { rule: network.rule(), metered, declared, held, held_bytes })
}

/// The status page, without what only the application knows.
pub(crate) fn sync_status(held: Held, progress: Option<&Progress>) -> SyncStatus {
    let report = progress.map(|progress| &progress.report);
    let online = report.map_or(Online::Offline, online);
    SyncStatus {
        online,
        paused: report.is_some_and(|report| report.paused),
        reason: report.and_then(reason),
        last_success_at: held.last_success_at,
        pending_commands: held.tally.pending as u64,
        pending_cases: held.tally.pending_records as u64,
        pending_files: held.tally.files_pending as u64,
        pending_bytes: held.tally.bytes_pending,
        refused: held.tally.refused as u64,
        conflicts: held.tally.conflicts as u64,
        // Nothing moves without a network, whatever is not finished.
        transfer: progress
            .filter(|_| online == Online::Online)
            .and_then(|progress| transfer(progress, held.tally.files_pending)),
        first_sync: report
            .and_then(|report| report.first_sync)
            .map(|(done, total)| FirstSync { done, total }),
        records: held.records,
        network: held.network,
        storage: held.storage,
        clock_offset_ms: 0,
        lease_until: None,
        epoch: held.cursor.as_ref().map(|cursor| cursor.epoch),
        cursor: held.cursor.as_ref().map(|cursor| cursor.seq),
        server: String::new(),
        log: Vec::new(),
    }
}

/// A network that was never reached is one to which the way is still sought; a
/// failed attempt means offline, whatever the cause.
fn online(report: &Report) -> Online {
    match (report.network, &report.last_failure) {
        (Network::Online, _) => Online::Online,
        (Network::Connecting, None) => Online::Connecting,
        (Network::Offline, _) | (Network::Connecting, Some(_)) => Online::Offline,
    }
}

fn reason(report: &Report) -> Option<String> {
    let halt = report.halt.as_ref().map(lantian_sync::Halt::code);
    halt.or(report.last_failure.as_deref()).map(|code| outward(code).to_owned())
}

/// The engine's word for what is wrong, as every front end knows it.
pub(crate) fn outward(code: &str) -> &str {
    match code {
        "certificate" => "tls",
        "device_revoked" => "revoked",
        "damaged_answer" => "unreadable_answer",
        "protocol_version" => "outdated",
        other => other,
    }
}

fn transfer(progress: &Progress, to_send: usize) -> Option<Transfer> {
    let (files, bytes_done, bytes_total) = progress.transfers;
    (files > 0).then(|| Transfer {
        label: if to_send > 0 { "up" } else { "down" }.to_owned(),
        done: progress.moved,
        total: progress.moved + files as u64,
        bytes_done,
        bytes_total,
    })
}

/// What the server answered to a pending command, or what is judged here.
pub(crate) fn preview(
    replica: &Replica,
    entry: &Entry,
    answers: Option<&PushResponse>,
) -> Result<PreviewItem> {
    let (verdict, why) = match answers.and_then(|answers| verdict_of(answers, entry.id)) {
        Some(Verdict::Accepted { .. }) => (PreviewVerdict::Accepted, None),
        Some(Verdict::Refused { refusal }) => (PreviewVerdict::Refused, Some(refusal.into())),
        Some(Verdict::Deferred) => (PreviewVerdict::Deferred, None),
        Some(Verdict::Quarantined { .. }) => (PreviewVerdict::Quarantined, None),
        None => match refusal(entry) {
            Some(refusal) => (PreviewVerdict::Refused, Some(refusal.into())),
            None => (PreviewVerdict::Unknown, None),
        },
    };
    Ok(PreviewItem {
        command_id: entry.id,
        record_id: entry.record,
        title: title(replica, entry.record)?,
        command: entry.command.name(),
        verdict,
        refusal: why,
    })
}

fn verdict_of(answers: &PushResponse, id: CommandId) -> Option<Verdict> {
    answers.outcomes.iter().find(|outcome| outcome.id == id).map(|outcome| outcome.verdict.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_12_offline_is_what_a_failed_attempt_shows() {
        let report = Report { network: Network::Connecting, ..Report::default() };
        assert_eq!(online(&report), Online::Connecting);
        let failed = Report { last_failure: Some("tls".to_owned()), ..report };
        assert_eq!(online(&failed), Online::Offline);
        assert_eq!(reason(&failed).as_deref(), Some("tls"));
        let fine = Report { network: Network::Online, ..Report::default() };
        assert_eq!((online(&fine), reason(&fine)), (Online::Online, None));
    }
}
