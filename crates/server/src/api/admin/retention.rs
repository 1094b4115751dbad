//! `GET /v1/admin/retention`: how long personal information is kept, what is
//! due to go, what is gone (P-05).

use std::sync::Arc;

use axum::extract::State;
use lantian_domain::role::Role;

use super::super::{body::Reads, problem::Answer, session::Session};
use crate::{error::Error, privacy::retention, serve::App};

/// Where retention stands.
pub(in crate::api) async fn get(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
) -> Answer {
    session.administer(&[Role::SecAdmin, Role::AuditAdmin])?;
    let (store, now) = (app.store.clone(), app.clock.now());
    // It reads every record: beside the threads that answer.
    let standing =
        tokio::task::spawn_blocking(move || retention::standing(&store, now))
            .await
            .map_err(|_| Error::damaged("the reading of retention stopped unexpectedly"))??;
    reads.answer(&standing)
}
