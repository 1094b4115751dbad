//! A record's page.

use lantian_domain::{
    case::gate,
    ids::{DeviceId, RecordId},
    offer::Offer,
    record::{Record, TrailEntry},
    time::Instant,
};
use lantian_replica::Replica;
use serde_json::Value;

use super::{
    card::{card, person},
    clock::clocks,
    file::files,
    pending::pending,
    steps::steps,
};
use crate::{
    error::{Error, Result},
    view::{GateView, OfferView, RecordView, TrailView},
};

/// The page of a record, pending work on top of what is confirmed.
pub(crate) fn record(replica: &Replica, id: RecordId, now: Instant) -> Result<RecordView> {
    let shown = replica.shown(id)?.ok_or(Error::NotFound { what: "record" })?;
    let confirmed = replica.confirmed(id)?;
    let line = replica.card(id)?.ok_or(Error::NotFound { what: "record" })?;
    let rules = replica.rules()?;
    let known = confirmed.as_ref().map_or(0, |record| record.trail().len());
    Ok(RecordView {
        card: card(replica, line)?,
        body: body(&shown)?,
        steps: steps(&shown),
        clocks: clocks(replica, shown.clocks(), &rules, now)?,
        gates: gates(&shown, now),
        trail: trail(replica, shown.trail(), known)?,
        files: files(replica, &shown)?,
        offers: replica.offers(id, now)?.into_iter().map(offer).collect(),
        pending: replica.pending_on(id)?.iter().map(pending).collect(),
    })
}

/// The record itself, without the name of its kind around it.
pub(crate) fn body(record: &Record) -> Result<Value> {
    let whole = serde_json::to_value(record).map_err(|_| Error::Closing)?;
    let Value::Object(kind) = whole else { return Ok(whole) };
    Ok(kind.into_iter().next().map_or(Value::Null, |(_, body)| body))
}

fn gates(record: &Record, now: Instant) -> Vec<GateView> {
    let Record::Case(case) = record else { return Vec::new() };
    gate::Gate::ALL
        .iter()
        .map(|gate| {
            let missing = gate::missing(case, *gate, now);
            GateView { gate: gate.as_str().to_owned(), open: missing.is_empty(), missing }
        })
        .collect()
}

fn trail(replica: &Replica, entries: &[TrailEntry], known: usize) -> Result<Vec<TrailView>> {
    entries
        .iter()
        .enumerate()
        .map(|(index, entry)| {
            Ok(TrailView {
                at: entry.at,
                by: person(replica, entry.by)?,
                role: None,
                device: device(replica, entry.device),
                did: entry.did.clone(),
                note: entry.note.clone(),
                grade: None,
                // Pending work is judged on top, so its lines are the last.
                pending: index >= known,
            })
        })
        .collect()
}

fn device(replica: &Replica, id: DeviceId) -> Option<String> {
    let own = replica.device();
    if id.0.is_nil() {
        None
    } else if id == own.device {
        Some(own.device_name.clone())
    } else {
        // The first digits of an id are its time, and so alike.
        let text = id.0.simple().to_string().to_uppercase();
        Some(format!("#{}", &text[text.len() - 4..]))
    }
}

fn offer(offer: Offer) -> OfferView {
    OfferView {
        command: offer.command,
        possible: offer.possible,
        primary: offer.primary,
        refusal: offer.refusal.map(Into::into),
        approval: offer.approval,
    }
}
