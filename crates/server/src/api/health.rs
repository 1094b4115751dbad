//! `/healthz` and `/readyz`: for whoever watches the process.

use std::sync::Arc;

use axum::extract::State;

use super::problem::{Answer, refused};
use crate::{serve::App, store::Ledger as _};

/// The process answers.
pub(super) async fn live() -> &'static str {
    "ok\n"
}

/// The store can be read and written, and the server is not stopping.
pub(super) async fn ready(State(app): State<Arc<App>>) -> Answer<&'static str> {
    if app.is_stopping() {
        return Err(refused(503, "unavailable", "the server is stopping").into());
    }
    app.store.ensure_sound()?;
    app.store.read(|unit| unit.head()).await?;
    Ok("ready\n")
}
