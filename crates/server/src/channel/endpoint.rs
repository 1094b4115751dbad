//! `POST /v1/channels/{channel}/…`: what outside systems call, signed.

use std::sync::Arc;

use axum::{Router, extract::State};
use lantian_domain::time::Instant;
use lantian_protocol::fresh;
use rusqlite::params;
use serde_json::{Map, Value};

use super::{
    account::{self, Registered},
    apply::{self, Taken},
    clients::Client,
    file::{self, Kept},
    gate::{Caller, work},
    provision::{self, Told},
    rating::{self, Rated},
    reply::{FieldFault, Rejected, Reply},
    status::{self, Status},
    telling::Fields,
};
use crate::{
    api::openapi::{Door, Doors},
    error::{Error, Result},
    intake::archive_copy,
    seal::SealKey,
    serve::App,
    store::{Ledger as _, Store, Unit},
};

type Answer<T> = Result<Reply<T>, Rejected>;

/// The routes.
pub fn router() -> Router<Arc<App>> {
    doors().into_router()
}

/// What the routes are, for the description of the interface.
pub fn describe() -> Vec<Door> {
    doors().into_described()
}

fn doors() -> Doors {
    Doors::new("channels")
        .post::<Reply<Taken>, _, _>(
            "/v1/channels/{channel}/applications",
            "A user's application, or an application for gas-on (application.v1)",
            take,
        )
        .post::<Reply<Kept>, _, _>(
            "/v1/channels/{channel}/files",
            "A paper in base64, before the application that names it",
            upload,
        )
        .post::<Reply<Registered>, _, _>(
            "/v1/channels/{channel}/accounts",
            "An applicant's account, by identity number",
            register,
        )
        .post::<Reply<Status>, _, _>("/v1/channels/{channel}/status", "How a case stands", tell)
        .post::<Reply<Vec<Status>>, _, _>(
            "/v1/channels/{channel}/list",
            "The cases of an account",
            list,
        )
        .post::<Reply<Rated>, _, _>("/v1/channels/{channel}/ratings", "A user's rating", rate)
}

async fn take(State(app): State<Arc<App>>, caller: Caller) -> Answer<Taken> {
    let object = object(&caller.body)?;
    work(&app, move |app| {
        let sha256 = keep(app, &caller)?;
        let Caller { client, received, .. } = caller;
        app.store.write_now(move |unit| {
            let done = apply::take(unit, &client, &object, received)?;
            note(unit, &client, &sha256, received, done.as_ref().err())?;
            let Ok((reply, record)) = done else { return Ok(done.map(|(reply, _)| reply)) };
            told(unit, &client, "application", &reply, Some(record), received)?;
            Ok(Ok(reply))
        })
    })
    .await
}

async fn upload(State(app): State<Arc<App>>, caller: Caller) -> Answer<Kept> {
    let sent = file::read(&object(&caller.body)?)?;
    let kept = work(&app, move |app| {
        Ok(Ok(file::keep(&app.store, &caller.client.id, sent, caller.received)?))
    });
    Ok(Reply::done(kept.await?))
}

async fn register(State(app): State<Arc<App>>, caller: Caller) -> Answer<Registered> {
    let object = object(&caller.body)?;
    let asked = account::read(&object, &SealKey::of(&app.data)?, caller.received)?;
    work(&app, move |app| {
        let Caller { client, received, .. } = caller;
        app.store.write_now(move |unit| account::register(unit, &client.id, &asked, received))
    })
    .await
}

async fn tell(State(app): State<Arc<App>>, caller: Caller) -> Answer<Status> {
    let object = object(&caller.body)?;
    let mut fields = Fields::of(&object);
    let named = fields.text("case_no").or_else(|| fields.text("serial_id"));
    let Some(named) = named else {
        return Err(Rejected::fields(vec![FieldFault::missing("case_no")]));
    };
    work(&app, move |app| {
        let Caller { client, received, .. } = caller;
        app.store.write_now(move |unit| {
            let Some(case) = status::own(unit, &client.id, &named)? else {
                return Ok(Err(Rejected::unknown("没有这个工单,请核对编号")));
            };
            let reply = Reply::done(Status::of(&case));
            told(unit, &client, "status", &reply, Some(case.id), received)?;
            Ok(Ok(reply))
        })
    })
    .await
}

async fn list(State(app): State<Arc<App>>, caller: Caller) -> Answer<Vec<Status>> {
    let object = object(&caller.body)?;
    let mut fields = Fields::of(&object);
    let account = fields.need("account_id", 64);
    let faults = fields.faults();
    if !faults.is_empty() {
        return Err(Rejected::fields(faults));
    }
    work(&app, move |app| {
        let Caller { client, received, .. } = caller;
        app.store.write_now(move |unit| {
            let reply = Reply::done(status::of_account(unit, &client.id, &account)?);
            told(unit, &client, "list", &reply, None, received)?;
            Ok(Ok(reply))
        })
    })
    .await
}

async fn rate(State(app): State<Arc<App>>, caller: Caller) -> Answer<Rated> {
    let rating = rating::read(&object(&caller.body)?, caller.client.channel, caller.received)?;
    work(&app, move |app| {
        let sha256 = keep(app, &caller)?;
        let Caller { client, received, .. } = caller;
        app.store.write_now(move |unit| {
            let done = rating::keep(unit, &client, &rating, (&sha256, received))?;
            note(unit, &client, &sha256, received, done.as_ref().err())?;
            Ok(done)
        })
    })
    .await
}

/// The body as an object.
fn object(body: &[u8]) -> Result<Map<String, Value>, Rejected> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(Rejected::unreadable()),
    }
}

/// Keeps a request as it came, encrypted, before anything is done with it.
fn keep(app: &App, caller: &Caller) -> Result<String> {
    let recipient = app.store.read_now(|unit| Ok(unit.org_row()?.recipient))?;
    keep_bytes(&app.store, &recipient, &caller.body)
}

/// Keeps bytes of an outside system; their hash.
///
/// # Errors
/// [`Error::DiskFull`], [`Error::Io`].
pub(super) fn keep_bytes(store: &Store, recipient: &str, bytes: &[u8]) -> Result<String> {
    let sha256 = archive_copy::hash(bytes);
    archive_copy::keep(store.folder(), recipient, &sha256, bytes)?;
    Ok(sha256)
}

/// Files what became of a request beside the copy of it.
fn note(
    unit: &Unit<'_>,
    client: &Client,
    sha256: &str,
    received: Instant,
    no: Option<&Rejected>,
) -> Result<()> {
    const ADD: &str =
        "INSERT INTO intake_files (org, id, sha256, source, batch, importer, received, report)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let report = serde_json::json!({ "errcode": no.map_or(0, Rejected::code) });
    let packed = zstd::bulk::compress(report.to_string().as_bytes(), 1)
        .map_err(|_| Error::damaged("a channel's report could not be packed"))?;
    unit.connection().prepare_cached(ADD)?.execute(params![
        unit.org(),
        fresh::uuid().as_bytes().as_slice(),
        sha256,
        client.channel.as_str(),
        client.id,
        client.account.0.as_bytes().as_slice(),
        received.0,
        packed,
    ])?;
    Ok(())
}

fn told<T: serde::Serialize>(
    unit: &Unit<'_>,
    client: &Client,
    call: &str,
    reply: &Reply<T>,
    record: Option<lantian_domain::ids::RecordId>,
    at: Instant,
) -> Result<()> {
    let body = provision::value(&reply.data)?;
    provision::log(unit, client, &Told { call, result: "ok", record, body: &body }, at)
}
