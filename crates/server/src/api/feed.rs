//! `POST /v1/feed`: the next page of what the caller may see.

use std::sync::Arc;

use axum::extract::State;
use lantian_domain::time::Instant;
use lantian_protocol::PullRequest;

use super::{
    body::{Body, Reads},
    problem::Answer,
    session::Session,
};
use crate::{feed::pull, serve::App, store::Accounts as _};

/// Syncs without anything to send are noted this often at the most.
const NOTED_EVERY_MS: i64 = 5 * 60_000;

/// Reads the page after the caller's cursor.
pub(super) async fn post(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
    Body(request): Body<PullRequest>,
) -> Answer {
    let now = app.clock.now();
    let reader = session.reader();
    let (answer, end) = app
        .store
        .read(move |unit| {
            let page = pull(unit, &reader, &request, now)?;
            let end = (!page.more).then(|| page.cursor.clone());
            if page.says_nothing()
                && let Some(nothing) = reads.nothing(now)
            {
                return Ok((nothing, end));
            }
            Ok((reads.bytes(reads.pack(page.write(reads.encoding)?)?), end))
        })
        .await?;
    if let Some(end) = end {
        app.places.serve(session.device, &end);
    }
    if session.last_sync().is_none_or(|last| now.since(last) >= NOTED_EVERY_MS) {
        note(app, session, now);
    }
    Ok(answer)
}

/// Notes the sync beside the answer, which does not wait for it.
fn note(app: Arc<App>, session: Session, now: Instant) {
    tokio::spawn(async move {
        let device = session.device_row();
        let noted = app.store.write(move |unit| unit.note_sync(&device, now, None)).await;
        if let Err(error) = noted {
            tracing::warn!(%error, "a sync could not be noted");
        }
    });
}
