//! The HTTP interface, one file for each endpoint.
//!
//! Bodies are JSON, or MessagePack between our programs, either compressed by
//! zstd where both sides can; errors are `application/problem+json` with a
//! stable code.
//!
//! Invariant: every endpoint but sign-in, renewal, password and health asks
//! for a [`session::Session`]; whatever it reads goes through that session's
//! scope.

mod admin;
pub mod body;
mod commands;
mod digest;
mod feed;
mod health;
mod password;
pub mod problem;
mod records;
pub mod session;
mod sign_in;
mod trace;
mod version;
mod wake;

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, patch, post},
};

use crate::{files, intake, serve::App};

/// Every route of the server.
pub fn router(app: Arc<App>) -> Router {
    let v1 = Router::new()
        .route("/session", post(sign_in::post).get(session::get))
        .route("/session/refresh", post(session::refresh))
        .route("/session/end", post(session::end))
        .route("/session/password", post(password::post))
        .route("/commands", post(commands::post))
        .route("/feed", post(feed::post))
        .route("/records", post(records::post))
        .route("/records/{id}", get(records::get))
        .route("/digest", post(digest::post))
        .route("/wake", get(wake::get))
        .route("/admin/users", get(admin::users::get).post(admin::users::post))
        .route("/admin/users/{id}", patch(admin::users::patch))
        .route("/admin/devices", get(admin::devices::get))
        .route("/admin/devices/{id}/revoke", post(admin::devices::revoke))
        .route("/admin/audit", get(admin::audit::get));
    let served = Router::new()
        .nest("/v1", v1)
        .merge(files::router())
        .merge(intake::router())
        .layer(axum::middleware::from_fn(version::check));
    Router::new()
        .merge(served)
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .fallback(problem::no_such_route)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(axum::middleware::from_fn(trace::trace))
        .with_state(app)
}
