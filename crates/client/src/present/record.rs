//! A record's page.

use lantian_domain::{
    case::{Case, CaseState, gate, progress::progress, schedule::Schedule},
    clock::RuleId,
    command::CommandName,
    ids::{DeviceId, RecordId},
    offer::Offer,
    record::{Record, Rules, TrailEntry},
    technique::of_case,
    time::Instant,
};
use lantian_replica::Replica;
use serde_json::Value;

use super::{
    card::{card, person},
    clock::clocks,
    departure::departure,
    file::files,
    pending::pending,
    permit::{packages, permits},
    steps::steps,
    sync::last_success,
};
use crate::{
    error::{Error, Result},
    view::{AdviceView, GateView, MaskedView, OfferView, RecordView, TrailView, WaitingClock},
};

#[expect(clippy::wildcard_enum_match_arm, reason = "the rest names nobody in its line")]
/// The page of a record, pending work on top of what is confirmed.
pub(crate) fn record(replica: &Replica, id: RecordId, now: Instant) -> Result<RecordView> {
    let shown = replica.shown(id)?.ok_or(Error::NotFound { what: "record" })?;
    let confirmed = replica.confirmed(id)?;
    let line = replica.card(id)?.ok_or(Error::NotFound { what: "record" })?;
    let rules = replica.rules()?;
    let known = confirmed.as_ref().map_or(0, |record| record.trail().len());
    let (seen, hidden) = replica.veiled(&shown, now);
    let offers = replica.offers(id, now)?;
    let reveal = offers.iter().any(|one| one.command == CommandName::Unmask && one.possible);
    let mut card = card(replica, line)?;
    // Lists mask everybody; this page shows what its reader may see.
    match &seen {
        Record::Case(case) => {
            card.title.clone_from(&case.basic.name);
            card.subtitle.clone_from(&case.basic.address);
        }
        Record::Visit(visit) => {
            card.title.clone_from(&visit.account.name);
            card.subtitle.clone_from(&visit.account.address);
        }
        Record::LedgerItem(item) => card.subtitle.clone_from(&item.customer),
        _ => {}
    }
    Ok(RecordView {
        card,
        body: body(&seen)?,
        masked: hidden.into_iter().map(|field| MaskedView { field, reveal }).collect(),
        steps: steps(&shown),
        clocks: clocks(replica, shown.clocks(), &rules, now)?,
        gates: gates(&shown, now, &rules),
        trail: trail(replica, seen.trail(), known)?,
        files: files(replica, &shown)?,
        permits: permits(replica, &shown, &offers, &rules, now)?,
        packages: packages(&shown),
        offers: of_people(offers).map(offer).collect(),
        pending: replica.pending_on(id)?.iter().map(pending).collect(),
        progress: case(&shown).map(progress),
        waiting: case(&shown).map(waiting).unwrap_or_default(),
        synced_at: confirmed.map(|_| last_success(replica)).transpose()?.flatten(),
        departure: departure(replica, id)?,
        schedule: case(&shown)
            .and_then(|case| case.schedule.as_ref())
            .map(Schedule::side_by_side)
            .unwrap_or_default(),
        advice: case(&shown).and_then(|case| advice(case, &rules)),
    })
}

/// What there is to warn of; nothing where all is well.
fn advice(case: &Case, rules: &Rules) -> Option<AdviceView> {
    let items = of_case(case, &rules.technique);
    (!items.is_empty()).then_some(AdviceView { confirmed: rules.technique.confirmed, items })
}

/// The record itself, without the name of its kind around it.
pub(crate) fn body(record: &Record) -> Result<Value> {
    let whole = serde_json::to_value(record).map_err(|_| Error::Closing)?;
    let Value::Object(kind) = whole else { return Ok(whole) };
    Ok(kind.into_iter().next().map_or(Value::Null, |(_, body)| body))
}

fn case(record: &Record) -> Option<&Case> {
    if let Record::Case(case) = record { Some(case) } else { None }
}

/// The deadlines of a case that are there, but do not run yet.
fn waiting(case: &Case) -> Vec<WaitingClock> {
    let waits_for = CaseState::Installed.as_str().to_owned();
    case.is_gas_on_pending()
        .then_some(WaitingClock { rule: RuleId::D07, waits_for })
        .into_iter()
        .collect()
}

fn gates(record: &Record, now: Instant, rules: &Rules) -> Vec<GateView> {
    let Record::Case(case) = record else { return Vec::new() };
    gate::Gate::ALL
        .iter()
        .map(|gate| {
            let missing = gate::missing(case, *gate, now, rules);
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

/// What a person can do; what the program notes by itself is no offer.
fn of_people(all: Vec<Offer>) -> impl Iterator<Item = Offer> {
    all.into_iter().filter(|offer| offer.command != CommandName::NoteBlockedFee)
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
