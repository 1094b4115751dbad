//! `POST /v1/session`: signs in with a password and enrols the device.

use std::{net::SocketAddr, sync::Arc};

use axum::extract::{ConnectInfo, State};
use lantian_protocol::identity::SignIn;

use super::{
    body::{Body, Reads},
    problem::Answer,
};
use crate::serve::App;

/// Signs in.
pub(super) async fn post(
    State(app): State<Arc<App>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    reads: Reads,
    Body(request): Body<SignIn>,
) -> Answer {
    reads.answer(&app.sign_in_desk(from.ip()).sign_in(request).await?)
}
