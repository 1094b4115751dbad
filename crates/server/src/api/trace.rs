//! One line of log for each request, by number; never a body, a token, a
//! query or an address inside one of our paths.

use std::{
    panic::AssertUnwindSafe,
    sync::atomic::{AtomicU64, Ordering},
    time::Instant,
};

use axum::{
    extract::{MatchedPath, Request},
    http::HeaderValue,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use futures_util::FutureExt as _;

use super::problem::{Failed, refused};

const REQUEST_ID: &str = "x-request-id";
static NUMBER: AtomicU64 = AtomicU64::new(1);

/// Numbers the request, logs how it ended, and answers for it if it panics.
pub(super) async fn trace(request: Request, next: Next) -> Response {
    let id = format!("{:08x}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unknown".to_owned(), |path| path.as_str().to_owned());
    let began = Instant::now();
    let done = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let mut response = done.unwrap_or_else(|_| {
        let detail = "the server failed; nothing was changed";
        Failed::from(refused(500, "internal", detail)).into_response()
    });
    let ms = began.elapsed().as_millis();
    let status = response.status().as_u16();
    if status >= 500 {
        tracing::error!(id, %method, route, status, ms, "request");
    } else {
        tracing::info!(id, %method, route, status, ms, "request");
    }
    // Those who have something to ask about need the number; the others save
    // its bytes.
    if !response.status().is_success()
        && let Ok(value) = HeaderValue::from_str(&id)
    {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}
