//! Reading an answer: whose it is, whether it is well, what it says.
//!
//! Invariant: memory is bounded, whatever the sender claims.

use futures_util::StreamExt as _;
use lantian_protocol::{
    Problem,
    encoding::{BINARY, Encoding, JSON, MAX_DECODED, Packing},
};
use reqwest::{Response, StatusCode, header};
use serde::de::DeserializeOwned;

use super::failure::Failure;

/// The largest answer accepted before decompression.
const MAX_BODY: usize = MAX_DECODED;
/// The largest problem document accepted.
const MAX_PROBLEM: usize = 64 << 10;
const PROBLEM: &str = "application/problem+json";
const MAX_RETRY_AFTER_S: u64 = 24 * 3_600;

/// Passes an answer of our server with a status of success; names the
/// failure of any other.
pub(super) async fn well(response: Response) -> Result<Response, Failure> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    if status.is_redirection() {
        return Err(Failure::NotOurServer);
    }
    let ours = media_type(&response).starts_with(PROBLEM);
    let retry_after_ms = retry_after(&response);
    match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            return Err(Failure::Busy { retry_after_ms });
        }
        // Proxies and sign-in pages answer with these in their own format.
        _ if !ours && status.is_server_error() => {
            return Err(Failure::Server { status: status.as_u16() });
        }
        _ if !ours => return Err(Failure::NotOurServer),
        _ => {}
    }
    let bytes = bytes(response, MAX_PROBLEM).await?;
    let problem: Problem = serde_json::from_slice(&bytes).map_err(|_| Failure::Unreadable)?;
    Err(named(status, problem))
}

fn named(status: StatusCode, problem: Problem) -> Failure {
    match (status, problem.code.as_str()) {
        (StatusCode::UPGRADE_REQUIRED, _) => {
            let version = |key| problem.params.get(key).and_then(|text: &String| text.parse().ok());
            Failure::Outdated {
                oldest: version("oldest").unwrap_or_default(),
                newest: version("newest").unwrap_or_default(),
            }
        }
        (_, "device_revoked") => Failure::Revoked,
        _ if status.is_server_error() => Failure::Server { status: status.as_u16() },
        _ => Failure::Denied(problem),
    }
}

/// Reads the value of an answer.
pub(super) async fn value<T: DeserializeOwned>(response: Response) -> Result<(T, u64), Failure> {
    let media_type = media_type(&response);
    if !(media_type.starts_with(BINARY) || media_type.starts_with(JSON)) {
        return Err(Failure::NotOurServer);
    }
    let packing = packing(&response).ok_or(Failure::Unreadable)?;
    let body = bytes(response, MAX_BODY).await?;
    let received = body.len() as u64;
    let plain = packing.unpack(&body).map_err(|_| Failure::Unreadable)?;
    let value = Encoding::of(&media_type).read(&plain).map_err(|_| Failure::Unreadable)?;
    Ok((value, received))
}

/// How an answer is packed; nothing if no program of ours packs like that.
pub(super) fn packing(response: &Response) -> Option<Packing> {
    match response.headers().get(header::CONTENT_ENCODING) {
        None => Some(Packing::Plain),
        Some(coding) => Packing::of(coding.to_str().ok()?),
    }
}

/// Reads the bytes of an answer, `limit` at the most.
pub(super) async fn bytes(response: Response, limit: usize) -> Result<Vec<u8>, Failure> {
    let claimed = response.content_length();
    if claimed.is_some_and(|claimed| claimed > limit as u64) {
        return Err(Failure::Unreadable);
    }
    let mut body = Vec::new();
    let mut stream = response.bytes_stream();
    while let Some(part) = stream.next().await {
        let part = part.map_err(|error| Failure::of(&error))?;
        if body.len() + part.len() > limit {
            return Err(Failure::Unreadable);
        }
        body.extend_from_slice(&part);
    }
    // A cut answer must never pass for a short one.
    if claimed.is_some_and(|claimed| claimed != body.len() as u64) {
        return Err(Failure::Offline);
    }
    Ok(body)
}

pub(super) fn media_type(response: &Response) -> String {
    let value = response.headers().get(header::CONTENT_TYPE);
    value.and_then(|value| value.to_str().ok()).unwrap_or_default().to_ascii_lowercase()
}

/// `Retry-After` in seconds; the form with a date is not used by our server.
fn retry_after(response: &Response) -> Option<u64> {
    let value = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?;
    let seconds: u64 = value.trim().parse().ok()?;
    Some(seconds.min(MAX_RETRY_AFTER_S) * 1_000)
}
