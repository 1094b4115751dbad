//! The protocol version of a request, checked before anything is read.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use lantian_protocol::{OLDEST_VERSION, VERSION, VERSION_HEADER};

use super::problem::{Failed, refused_with};

/// Passes requests of a version served here; those of scripts name none.
pub(super) async fn check(request: Request, next: Next) -> Response {
    let named = request.headers().get(VERSION_HEADER).map(|value| {
        value.to_str().ok().and_then(|text| text.trim().parse::<u32>().ok()).unwrap_or(0)
    });
    match named {
        Some(version) if !(OLDEST_VERSION..=VERSION).contains(&version) => {
            let params = [("oldest", OLDEST_VERSION.to_string()), ("newest", VERSION.to_string())];
            let detail = "this server speaks other versions of the protocol; update";
            Failed::from(refused_with(426, "protocol_unsupported", detail, params)).into_response()
        }
        _ => next.run(request).await,
    }
}
