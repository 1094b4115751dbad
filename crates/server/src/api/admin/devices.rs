//! `/v1/admin/devices`: enrolled devices.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::IntoResponse as _,
};
use lantian_domain::{ids::DeviceId, role::Role};

use super::super::{
    body::Reads,
    problem::{Answer, not_found},
    session::Session,
};
use crate::{identity::devices, serve::App};

/// `GET`: all devices, newest first.
pub(in crate::api) async fn get(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
) -> Answer {
    session.administer(&[Role::SysAdmin, Role::SecAdmin, Role::AuditAdmin])?;
    reads.answer(&app.store.read(devices::list).await?)
}

/// `POST /{id}/revoke`: the device is served nothing from now on.
pub(in crate::api) async fn revoke(
    State(app): State<Arc<App>>,
    session: Session,
    Path(id): Path<String>,
) -> Answer {
    let by = session.administer(&[Role::SysAdmin, Role::SecAdmin])?;
    let id: DeviceId = id.parse().map_err(|_| not_found("device"))?;
    let now = app.clock.now();
    app.store.write(move |unit| devices::revoke(unit, id, by, now)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
