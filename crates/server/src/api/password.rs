//! `POST /v1/session/password`: replaces a password, also a one-time one.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, State},
    http::StatusCode,
    response::IntoResponse as _,
};
use lantian_protocol::identity::PasswordChange;

use super::{body::Body, problem::Answer};
use crate::serve::App;

/// Replaces the password; every token of the account ends.
pub(super) async fn post(
    State(app): State<Arc<App>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Body(request): Body<PasswordChange>,
) -> Answer {
    app.sign_in_desk(from.ip()).change_password(request).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
