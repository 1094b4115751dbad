//! `/v1/admin/channels`, `/v1/admin/deliveries`: outside systems, and what
//! they are told.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use lantian_domain::role::Role;
use lantian_protocol::channel::{ChannelChange, ChannelSecret, DeliveryState, NewChannel};
use serde::Deserialize;

use super::super::{
    body::{Body, Reads},
    problem::{Answer, not_found},
    session::Session,
};
use crate::{
    channel::{self, NewClient, webhook},
    error::{Error, Result},
    serve::App,
};

const READERS: &[Role] = &[Role::SysAdmin, Role::SecAdmin, Role::AuditAdmin];
const WRITERS: &[Role] = &[Role::SysAdmin];

/// `GET`: all outside systems.
pub(in crate::api) async fn get(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
) -> Answer {
    session.administer(READERS)?;
    reads.answer(&app.store.read(channel::list).await?)
}

/// `POST`: a new outside system, with its secret, shown once.
pub(in crate::api) async fn post(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
    Body(asked): Body<NewChannel>,
) -> Answer {
    let by = session.administer(WRITERS)?;
    let new = NewClient::of(&asked, app.clock.now())?;
    let (client, secret) = blocking(&app, move |app| channel::create(&app.store, new, by)).await?;
    reads.answer(&ChannelSecret { client, secret })
}

/// `PATCH /{id}`: changes an outside system.
pub(in crate::api) async fn patch(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
    Path(id): Path<String>,
    Body(change): Body<ChannelChange>,
) -> Answer {
    let by = session.administer(WRITERS)?;
    let now = app.clock.now();
    let changed = app.store.write(move |unit| channel::alter(unit, &id, &change, by, now)).await?;
    reads.answer(&changed)
}

/// `POST /{id}/secret`: a fresh secret, shown once.
pub(in crate::api) async fn rotate(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
    Path(id): Path<String>,
) -> Answer {
    let by = session.administer(WRITERS)?;
    let now = app.clock.now();
    let (client, secret) =
        blocking(&app, move |app| channel::rotate(&app.store, &id, by, now)).await?;
    reads.answer(&ChannelSecret { client, secret })
}

/// Which deliveries are asked for.
#[derive(Deserialize)]
pub(in crate::api) struct Wanted {
    state: Option<DeliveryState>,
}

/// `GET`: what outside systems are told, newest first.
pub(in crate::api) async fn deliveries(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
    Query(wanted): Query<Wanted>,
) -> Answer {
    session.administer(READERS)?;
    let told = app.store.read(move |unit| webhook::list(unit, wanted.state)).await?;
    reads.answer(&told)
}

/// `POST /{id}/resend`: tries at once, whatever was given up.
pub(in crate::api) async fn resend(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
    Path(id): Path<String>,
) -> Answer {
    let by = session.administer(WRITERS)?;
    let id = id.parse().map_err(|_| not_found("delivery"))?;
    let now = app.clock.now();
    let again = app.store.write(move |unit| webhook::resend(unit, id, by, now)).await?;
    reads.answer(&again)
}

async fn blocking<T: Send + 'static>(
    app: &Arc<App>,
    job: impl FnOnce(&App) -> Result<T> + Send + 'static,
) -> Result<T> {
    let app = Arc::clone(app);
    tokio::task::spawn_blocking(move || job(&app)).await.map_err(|_| Error::Stopped)?
}
