//! `POST /v1/commands`: a batch of a tablet's commands, judged and answered.

use std::{collections::BTreeSet, sync::Arc};

use axum::extract::State;
use lantian_domain::ids::RecordId;
use lantian_protocol::{Cursor, Page, PushRequest, PushResponse, command::MAX_BATCH};

use super::{
    body::{Body, Reads},
    problem::{Answer, refused_with},
    session::Session,
};
use crate::{
    error::Error,
    feed::{Reader, check_witness, rider, witness},
    pipeline::{Keep, Parsed, authenticate, push},
    serve::App,
    signing,
    store::Unit,
};

/// The effects of so many commands may be little.
const FEW: usize = 32;

/// Judges the batch; with `preview` nothing is written.
pub(super) async fn post(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
    Body(request): Body<PushRequest>,
) -> Answer {
    if request.commands.len() > MAX_BATCH {
        let params = [("limit", MAX_BATCH.to_string())];
        let detail = "a batch has too many commands; send them in several";
        return Err(refused_with(413, "too_large", detail, params).into());
    }
    let now = app.clock.now();
    let who = session.pusher(now, request.offset_ms);
    let key = session.public_key();
    let (commands, told) = (request.commands, request.witness);
    let since = request.since.filter(|_| !request.preview && commands.len() <= FEW);
    let reader = session.reader();
    let batch = tokio::task::spawn_blocking(move || authenticate(&commands, &key))
        .await
        .map_err(|_| Error::Stopped)?;
    let signed = signed(&batch);
    let (outcomes, witness) = if request.preview {
        let outcomes = app.store.read(move |unit| push(unit, &who, &batch, Keep::Nothing)).await?;
        (outcomes, None)
    } else {
        let known = since.as_ref().and_then(|since| since.witness.clone());
        let take = move |unit: &Unit<'_>| {
            check_witness(unit, told.as_ref())?;
            check_witness(unit, known.as_ref())?;
            Ok((push(unit, &who, &batch, Keep::Everything)?, witness(unit)?))
        };
        app.store.write(take).await?
    };
    if !request.preview && !signed.is_empty() {
        let store = app.store.clone();
        let work = move || signing::received(&store, &signed, now);
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::Stopped)?;
    }
    let page = match since {
        Some(since) => news(&app, reader, since).await.map(Box::new),
        None => None,
    };
    if let Some(page) = &page {
        app.places.serve(session.device, &page.cursor);
    }
    let witness = witness.filter(|_| page.is_none());
    reads.answer(&PushResponse { outcomes, server_time: app.clock.now(), witness, page })
}

/// What the tablet would pull next. The commands are taken: without it the
/// answer is as good.
async fn news(app: &App, reader: Reader, since: Cursor) -> Option<Page> {
    let now = app.clock.now();
    let read = app.store.read(move |unit| rider(unit, &reader, &since, now)).await;
    read.unwrap_or_else(|error| {
        tracing::warn!(%error, "what is new could not be read");
        None
    })
}

/// The records on which the batch brings signatures.
fn signed(batch: &[Parsed]) -> BTreeSet<RecordId> {
    let readable = batch.iter().filter_map(|parsed| parsed.content.as_ref().ok());
    let signs = readable.filter(|envelope| signing::signs(envelope.command.name()));
    signs.map(|envelope| envelope.record).collect()
}
