//! The HTTP interface, one file for each endpoint.
//!
//! Bodies are JSON, or MessagePack between our programs, either compressed by
//! zstd where both sides can; errors are `application/problem+json` with a
//! stable code.
//!
//! Invariant: every endpoint but sign-in, renewal, password, health and what
//! the company publishes asks
//! for a [`session::Session`]; whatever it reads goes through that session's
//! scope. Outside systems sign instead ([`crate::channel`]).

mod account;
mod admin;
mod archives;
pub mod body;
mod commands;
mod departures;
mod digest;
mod feed;
mod health;
pub mod openapi;
mod password;
pub mod problem;
mod public;
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

use lantian_protocol::departure::DepartureAnswer;

use crate::{channel, files, intake, report, serve::App};
use openapi::Doors;

/// What our own programs and scripts ask for.
fn doors() -> Doors {
    administration(Doors::new("v1"))
        .route("/v1/session", "post", "Signs in", post(sign_in::post))
        .route("/v1/session", "get", "Who is asking", get(session::get))
        .route("/v1/session/refresh", "post", "New tokens", post(session::refresh))
        .route("/v1/session/end", "post", "Signs out", post(session::end))
        .route("/v1/session/password", "post", "Replaces a password", post(password::post))
        .route("/v1/commands", "post", "A batch of signed commands", post(commands::post))
        .route("/v1/feed", "post", "The next page of one's scope", post(feed::post))
        .route("/v1/account", "post", "What a tablet accounts for", post(account::post))
        .route("/v1/records", "post", "Records by identity", post(records::post))
        .route("/v1/records/{id}", "get", "A record", get(records::get))
        .post::<DepartureAnswer, _, _>(
            "/v1/records/{id}/departure",
            "May the device leave: a signed receipt, or what is missing",
            departures::post,
        )
        .route("/v1/digest", "post", "The digest of one's scope", post(digest::post))
        .route("/v1/wake", "get", "Tells when there is something new", get(wake::get))
        .route("/v1/archives/{case}", "post", "The archive package", post(archives::post))
        .route("/v1/archives/{case}", "get", "The packages made before", get(archives::get))
        .route(
            "/v1/archives/{case}/files/{sha256}",
            "get",
            "An attachment of the package",
            get(archives::file),
        )
}

/// What administrators ask for.
fn administration(doors: Doors) -> Doors {
    doors
        .route("/v1/admin/users", "get", "All accounts", get(admin::users::get))
        .route("/v1/admin/users", "post", "A new account", post(admin::users::post))
        .route("/v1/admin/users/{id}", "patch", "Changes an account", patch(admin::users::patch))
        .route("/v1/admin/devices", "get", "All devices", get(admin::devices::get))
        .route(
            "/v1/admin/devices/{id}/revoke",
            "post",
            "Revokes a device",
            post(admin::devices::revoke),
        )
        .route("/v1/admin/audit", "get", "Whether the audit holds", get(admin::audit::get))
        .route("/v1/admin/audit/rows", "get", "The audit's rows", get(admin::audit::rows))
        .route(
            "/v1/admin/audit/rows.xlsx",
            "get",
            "The audit's rows as a workbook",
            get(admin::audit::export),
        )
        .route(
            "/v1/admin/retention",
            "get",
            "What is due to be erased, and what was",
            get(admin::retention::get),
        )
        .route("/v1/admin/channels", "get", "All outside systems", get(admin::channels::get))
        .route("/v1/admin/channels", "post", "A new outside system", post(admin::channels::post))
        .route(
            "/v1/admin/channels/{id}",
            "patch",
            "Changes an outside system",
            patch(admin::channels::patch),
        )
        .route(
            "/v1/admin/channels/{id}/secret",
            "post",
            "A fresh secret, shown once",
            post(admin::channels::rotate),
        )
        .route(
            "/v1/admin/deliveries",
            "get",
            "What outside systems are told",
            get(admin::channels::deliveries),
        )
        .route(
            "/v1/admin/deliveries/{id}/resend",
            "post",
            "Sends something again",
            post(admin::channels::resend),
        )
}

/// What the routes are, for the description of the interface.
fn describe() -> Vec<openapi::Door> {
    doors().into_described()
}

/// Every route of the server.
pub fn router(app: Arc<App>) -> Router {
    let served = Router::new()
        .merge(doors().into_router())
        .merge(channel::router())
        .merge(openapi::router())
        .merge(files::router())
        .merge(intake::router())
        .merge(report::router())
        .layer(axum::middleware::from_fn(version::check));
    Router::new()
        .merge(served)
        .route("/public", get(public::page))
        .route("/public.json", get(public::json))
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .fallback(problem::no_such_route)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(axum::middleware::from_fn(trace::trace))
        .with_state(app)
}
