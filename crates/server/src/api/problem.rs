//! What a caller is told when something does not work: one exhaustive match
//! from inner errors to outer problems, without personal data.

use std::collections::BTreeMap;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use lantian_protocol::Problem;

use crate::error::Error;

const MEDIA_TYPE: &str = "application/problem+json";
/// How long to wait when the server is busy, in seconds.
const BUSY_S: u64 = 2;

/// A problem on its way out.
#[derive(Debug)]
pub struct Failed(Box<Problem>);

/// The result of an endpoint.
pub type Answer<T = Response> = Result<T, Failed>;

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self(Box::new(outward(error)))
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        Failed::from(self).into_response()
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let problem = *self.0;
        let status =
            StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let wait = match status {
            StatusCode::SERVICE_UNAVAILABLE => Some(BUSY_S),
            StatusCode::TOO_MANY_REQUESTS => {
                Some(problem.params.get("wait_s").and_then(|s| s.parse().ok()).unwrap_or(BUSY_S))
            }
            _ => None,
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response =
            (status, [(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE))], body)
                .into_response();
        if let Some(wait) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
        }
        response
    }
}

fn outward(error: Error) -> Problem {
    match error {
        Error::Refused(problem) => return *problem,
        Error::Protocol(lantian_protocol::Error::TooLarge { limit }) => {
            return problem(413, "too_large", &format!("the body has more than {limit} bytes"));
        }
        Error::Protocol(lantian_protocol::Error::Decode(_)) => {
            return problem(400, "malformed", "the body could not be read");
        }
        Error::Stopped => {
            return problem(503, "unavailable", "the server is busy or stopping; try again");
        }
        Error::DiskFull => {
            tracing::error!("the disk is full");
            return problem(503, "disk_full", "the server's disk is full; nothing was changed");
        }
        Error::Store(ref source) => tracing::error!(%source, "the store failed"),
        Error::Damaged { ref what } => tracing::error!(what, "the store is damaged"),
        Error::TooNew { .. }
        | Error::NoStore(_)
        | Error::StoreExists(_)
        | Error::StoreHeld(_)
        | Error::Folder { .. }
        | Error::Config { .. }
        | Error::Io { .. }
        | Error::Unreachable { .. }
        | Error::Protocol(_) => tracing::error!(%error, "a request failed"),
    }
    problem(500, "internal", "the server failed; the request is in its log, nothing was changed")
}

fn problem(status: u16, code: &str, detail: &str) -> Problem {
    Problem { status, code: code.to_owned(), detail: detail.to_owned(), params: BTreeMap::new() }
}

/// A problem as an error: what was begun is undone.
pub fn refused(status: u16, code: &str, detail: &str) -> Error {
    Error::Refused(Box::new(problem(status, code, detail)))
}

/// A problem with parameters.
pub fn refused_with<const N: usize>(
    status: u16,
    code: &str,
    detail: &str,
    params: [(&str, String); N],
) -> Error {
    let params = params.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    Error::Refused(Box::new(Problem { params, ..problem(status, code, detail) }))
}

/// The token is missing, unknown, ended or expired: renew it and try again.
pub fn unauthenticated() -> Error {
    refused(401, "unauthenticated", "the token is not accepted; renew it, then try again")
}

/// The device is served nothing any longer.
pub fn device_revoked() -> Error {
    refused(403, "device_revoked", "an administrator has revoked this device")
}

/// The role does not allow it.
pub fn forbidden() -> Error {
    refused(403, "forbidden", "your roles do not allow this")
}

/// There is no such thing, or it is not in the caller's scope.
pub fn not_found(what: &str) -> Error {
    refused_with(404, "not_found", "there is no such thing", [("what", what.to_owned())])
}

/// The body does not say what it has to.
pub fn malformed(detail: &str) -> Error {
    refused(400, "malformed", detail)
}

/// Too many failures: come back later.
pub fn rate_limited(wait_ms: i64) -> Error {
    let wait_s = (wait_ms.max(0) + 999) / 1_000;
    let detail = "too many attempts; wait, then try again";
    refused_with(429, "rate_limited", detail, [("wait_s", wait_s.to_string())])
}

pub(super) async fn no_such_route() -> Failed {
    refused(404, "not_found", "there is no such address").into()
}

pub(super) async fn no_such_method() -> Failed {
    refused(405, "method_not_allowed", "this address does not take this method").into()
}
