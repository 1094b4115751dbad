//! `POST /v1/commands`: a batch of a tablet's commands, judged and answered.

use std::{collections::BTreeSet, sync::Arc};

use axum::extract::State;
use lantian_domain::ids::RecordId;
use lantian_protocol::{PushRequest, PushResponse, command::MAX_BATCH};

use super::{
    body::{Body, Reads},
    problem::{Answer, refused_with},
    session::Session,
};
use crate::{
    error::Error,
    feed::{check_witness, witness},
    pipeline::{Keep, Parsed, authenticate, push},
    serve::App,
    signing,
    store::Unit,
};

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
    let batch = tokio::task::spawn_blocking(move || authenticate(&commands, &key))
        .await
        .map_err(|_| Error::Stopped)?;
    let signed = signed(&batch);
    let (outcomes, witness) = if request.preview {
        let outcomes = app.store.read(move |unit| push(unit, &who, &batch, Keep::Nothing)).await?;
        (outcomes, None)
    } else {
        let take = move |unit: &Unit<'_>| {
            check_witness(unit, told.as_ref())?;
            Ok((push(unit, &who, &batch, Keep::Everything)?, witness(unit)?))
        };
        app.store.write(take).await?
    };
    if !request.preview && !signed.is_empty() {
        let store = app.store.clone();
        let work = move || signing::received(&store, &signed, now);
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::Stopped)?;
    }
    reads.answer(&PushResponse { outcomes, server_time: app.clock.now(), witness })
}

/// The records on which the batch brings signatures.
fn signed(batch: &[Parsed]) -> BTreeSet<RecordId> {
    let readable = batch.iter().filter_map(|parsed| parsed.content.as_ref().ok());
    let signs = readable.filter(|envelope| signing::signs(envelope.command.name()));
    signs.map(|envelope| envelope.record).collect()
}
