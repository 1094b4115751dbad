//! `POST /v1/digest`: the proof that a mirror has converged.

use std::sync::Arc;

use axum::extract::State;

use super::{body::Reads, problem::Answer, session::Session};
use crate::{feed::scope_digest, serve::App};

/// Takes the digest of everything that the caller may see.
pub(super) async fn post(State(app): State<Arc<App>>, session: Session, reads: Reads) -> Answer {
    let reader = session.reader();
    let digest = app.store.read(move |unit| scope_digest(unit, &reader)).await?;
    reads.answer(&digest)
}
