//! What is to be told, in the store.

use lantian_domain::{
    case::{
        Case,
        material::{material, notice::Told},
        outside::is_told,
    },
    ids::RecordId,
    stamp::Stamp,
    time::Instant,
};
use lantian_protocol::{
    channel::{Deliveries, Delivery, DeliveryState},
    fresh,
};
use rusqlite::{OptionalExtension as _, params};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    super::{clients, serial, words},
    PATIENCE_MS, wait_ms,
};
use crate::{
    api::problem,
    error::{Error, Result},
    identity::accounts::By,
    store::{AuditEntry, Journal as _, Unit},
};

/// A message about papers, to the applicant by his own channel (F-6, F-12).
const TOLD: &str = "applicant_told";

/// The most deliveries of a list.
const MOST: i64 = 200;

/// A delivery whose turn it is.
#[derive(Clone, Debug)]
pub(crate) struct Due {
    pub(crate) n: i64,
    pub(crate) id: Uuid,
    pub(crate) client: String,
    pub(crate) record: RecordId,
    pub(crate) body: String,
    pub(crate) made: Instant,
    pub(crate) tries: u32,
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// The other side has it.
    Arrived,
    /// It may not have it: why, and how long it asks to wait.
    Failed(String, Option<i64>),
}

/// Writes down what the clients of a case are to be told of what happened to
/// it, in the commit that brings it about.
///
/// # Errors
/// The store's.
pub fn note<'e>(
    unit: &Unit<'_>,
    case: &Case,
    happened: impl Iterator<Item = (&'e str, &'e Stamp)>,
) -> Result<()> {
    let mut senders = None;
    let happened: Vec<_> = happened.collect();
    // The last messages of the case are those of this commit.
    let messages = happened.iter().filter(|(event, _)| *event == TOLD).count();
    let told = &case.tolerance.told;
    let mut fresh = told[told.len().saturating_sub(messages)..].iter();
    for (event, stamp) in happened {
        let said = if event == TOLD { fresh.next() } else { None };
        if event == "case_submitted" {
            serial::note_case(unit, case, stamp.actor)?;
        } else if is_told(event) || said.is_some() {
            let to = match &mut senders {
                Some(known) => known,
                none => none.insert(serial::senders(unit, case.id)?),
            };
            for (client, serial) in to.iter() {
                tell(unit, case, (event, stamp.at), said, (client, serial))?;
            }
        }
    }
    Ok(())
}

fn tell(
    unit: &Unit<'_>,
    case: &Case,
    (event, at): (&str, Instant),
    said: Option<&Told>,
    (client, serial): (&str, &str),
) -> Result<()> {
    const ADD: &str = "INSERT INTO deliveries
           (org, n, id, client, record, event, body, made, next, tries, state)
         VALUES (?1, (SELECT COALESCE(MAX(n), 0) + 1 FROM deliveries WHERE org = ?1),
           ?2, ?3, ?4, ?5, ?6, ?7, ?7, 0, 'waiting')";
    let Some(client) = clients::find(unit, client)? else { return Ok(()) };
    if client.webhook.is_none() || !client.active {
        return Ok(());
    }
    let id = fresh::uuid();
    let rating = client.rating_url.as_ref().filter(|_| event == "gas_turned_on");
    let body = json!({
        "delivery_id": id,
        "event": event,
        "at": at,
        "case_no": case.no,
        "serial_id": serial,
        "state": case.state.as_str(),
        "state_name": words::state(case.state),
        "next_step": words::next(case.state),
        "due_at": case.clocks.iter().filter(|c| c.state.is_open()).map(|c| c.due_at).min(),
        "message": said.map(|told| told.message.as_str()),
        "message_name": said.map(|told| words::message(told.message)),
        "material": said.and_then(|told| material(told.code.as_deref()?)).map(|kind| kind.name_zh),
        "material_due_on": said.and_then(|told| told.due_on).map(|day| day.to_string()),
        "rating_url": rating.map(|page| page.replace("{case_no}", &case.no)),
    });
    unit.connection().prepare_cached(ADD)?.execute(params![
        unit.org(),
        id.as_bytes().as_slice(),
        client.id,
        case.id.0.as_bytes().as_slice(),
        event,
        without_nothing(body).to_string(),
        at.0,
    ])?;
    Ok(())
}

/// Absent fields are left out.
fn without_nothing(mut body: Value) -> Value {
    if let Some(fields) = body.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    body
}

/// The deliveries whose turn it is: of each client and case the oldest alone.
pub(crate) fn due(unit: &Unit<'_>, now: Instant, most: usize) -> Result<Vec<Due>> {
    const SQL: &str = "SELECT n, id, client, record, body, made, tries FROM deliveries d
         WHERE org = ?1 AND state = 'waiting' AND next <= ?2 AND NOT EXISTS (
           SELECT 1 FROM deliveries b WHERE b.org = d.org AND b.client = d.client
             AND b.record = d.record AND b.state = 'waiting' AND b.n < d.n)
         ORDER BY next, n LIMIT ?3";
    let mut find = unit.connection().prepare_cached(SQL)?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut rows = find.query(params![unit.org(), now.0, most])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, record): (Vec<u8>, Vec<u8>) = (row.get(1)?, row.get(3)?);
        all.push(Due {
            n: row.get(0)?,
            id: uuid(&id)?,
            client: row.get(2)?,
            record: RecordId(uuid(&record)?),
            body: row.get(4)?,
            made: Instant(row.get(5)?),
            tries: row.get(6)?,
        });
    }
    Ok(all)
}

/// When the next delivery that waits has its turn.
pub(super) fn next(unit: &Unit<'_>) -> Result<Option<Instant>> {
    const SQL: &str = "SELECT MIN(next) FROM deliveries WHERE org = ?1 AND state = 'waiting'";
    let mut find = unit.connection().prepare_cached(SQL)?;
    let next: Option<i64> = find.query_row([unit.org()], |row| row.get(0))?;
    Ok(next.map(Instant))
}

/// Writes down what came of an attempt.
pub(crate) fn settle(unit: &Unit<'_>, due: &Due, attempt: &Attempt, at: Instant) -> Result<()> {
    const SQL: &str = "UPDATE deliveries SET state = ?3, tries = ?4, next = ?5, last = ?6,
           result = ?7 WHERE org = ?1 AND n = ?2 AND state = 'waiting'";
    let tries = due.tries.saturating_add(1);
    let (state, next, result) = match attempt {
        Attempt::Arrived => ("delivered", at, "ok"),
        Attempt::Failed(why, retry_after) => {
            let next = at.plus_ms(wait_ms(tries, *retry_after));
            let over = next.since(due.made) > PATIENCE_MS;
            (if over { "dead" } else { "waiting" }, next, why.as_str())
        }
    };
    let row = params![unit.org(), due.n, state, tries, next.0, at.0, result];
    unit.connection().prepare_cached(SQL)?.execute(row)?;
    Ok(())
}

/// What outside systems are told, newest first.
///
/// # Errors
/// The store's.
pub fn list(unit: &Unit<'_>, state: Option<DeliveryState>) -> Result<Deliveries> {
    const SQL: &str = "SELECT id, client, record, event, state, tries, made, next, last, result
         FROM deliveries WHERE org = ?1 AND (?2 IS NULL OR state = ?2) ORDER BY n DESC LIMIT ?3";
    let mut find = unit.connection().prepare_cached(SQL)?;
    let mut rows = find.query(params![unit.org(), state.map(word), MOST])?;
    let (waiting, dead) = (count(unit, "waiting")?, count(unit, "dead")?);
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        items.push(delivery(row)?);
    }
    Ok(Deliveries { waiting, dead, items })
}

/// Tries a delivery at once, whatever was given up; its days begin anew.
///
/// # Errors
/// A problem when there is none; the store's.
pub fn resend(unit: &Unit<'_>, id: Uuid, by: By, at: Instant) -> Result<Delivery> {
    const AGAIN: &str = "UPDATE deliveries SET state = 'waiting', next = ?3, made = ?3, tries = 0
         WHERE org = ?1 AND id = ?2 AND state <> 'delivered'";
    const SHOW: &str = "SELECT id, client, record, event, state, tries, made, next, last, result
         FROM deliveries WHERE org = ?1 AND id = ?2";
    let key = id.as_bytes().as_slice();
    let connection = unit.connection();
    connection.prepare_cached(AGAIN)?.execute(params![unit.org(), key, at.0])?;
    let found = connection
        .prepare_cached(SHOW)?
        .query_row(params![unit.org(), key], |row| Ok(delivery(row)))
        .optional()?;
    let found = found.ok_or_else(|| problem::not_found("delivery"))??;
    let entry = AuditEntry {
        act: "delivery_resent".to_owned(),
        actor: by.user,
        device: by.device,
        subject: Some(found.record.0),
        result: "ok".to_owned(),
        detail: Some(json!({ "delivery": id, "client": found.client })),
        ..AuditEntry::default()
    };
    unit.audit(at, entry)?;
    Ok(found)
}

fn count(unit: &Unit<'_>, state: &str) -> Result<u64> {
    const SQL: &str = "SELECT COUNT(*) FROM deliveries WHERE org = ?1 AND state = ?2";
    let mut find = unit.connection().prepare_cached(SQL)?;
    let n: i64 = find.query_row(params![unit.org(), state], |row| row.get(0))?;
    Ok(u64::try_from(n).unwrap_or(0))
}

fn word(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Waiting => "waiting",
        DeliveryState::Delivered => "delivered",
        DeliveryState::Dead => "dead",
    }
}

fn delivery(row: &rusqlite::Row<'_>) -> Result<Delivery> {
    let (id, record): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(2)?);
    let state = match row.get::<_, String>(4)?.as_str() {
        "waiting" => DeliveryState::Waiting,
        "delivered" => DeliveryState::Delivered,
        "dead" => DeliveryState::Dead,
        _ => return Err(Error::damaged("a delivery's state is unknown")),
    };
    Ok(Delivery {
        id: uuid(&id)?,
        client: row.get(1)?,
        record: RecordId(uuid(&record)?),
        event: row.get(3)?,
        state,
        tries: row.get(5)?,
        made: Instant(row.get(6)?),
        next: Some(Instant(row.get(7)?)).filter(|_| state == DeliveryState::Waiting),
        last: row.get::<_, Option<i64>>(8)?.map(Instant),
        result: row.get(9)?,
    })
}

fn uuid(bytes: &[u8]) -> Result<Uuid> {
    Uuid::from_slice(bytes).map_err(|_| Error::damaged("a delivery's number is unreadable"))
}
