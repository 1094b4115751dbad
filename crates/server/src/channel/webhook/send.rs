//! One attempt to tell an outside system something.

use std::time::Duration;

use lantian_domain::time::Instant;
use reqwest::{Client as Http, Response, Url, header};
use serde_json::Value;

use super::{
    super::{
        clients::Client,
        signature::{CLIENT, NONCE, SIGNATURE, Signed, TIMESTAMP, sign},
    },
    queue::{Attempt, Due},
};
use crate::error::{Error, Result};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer that are read.
const MAX_ANSWER: usize = 64 << 10;

/// The way out: no redirects, no proxy of the environment, bounded in time.
///
/// # Errors
/// When TLS cannot be used on this machine.
pub(super) fn http() -> Result<Http> {
    Http::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(PATIENCE)
        .build()
        .map_err(|_| Error::config("TLS cannot be used on this machine"))
}

/// Tells a client something; whatever goes wrong is an attempt that failed.
pub(super) async fn send(
    http: &Http,
    client: &Client,
    secret: &[u8],
    due: &Due,
    now: Instant,
) -> Attempt {
    let Some(url) = client.webhook.as_deref().and_then(|url| Url::parse(url).ok()) else {
        return Attempt::Failed("no_address".to_owned(), None);
    };
    let timestamp = now.to_string();
    // A number of its own for each attempt; the delivery's own is in the body.
    let nonce = format!("{}-{}", due.id.simple(), due.tries);
    let signed = Signed {
        method: "POST",
        path: url.path(),
        timestamp: &timestamp,
        nonce: &nonce,
        body: due.body.as_bytes(),
    };
    let signature = sign(client.algorithm, secret, &signed);
    let request = http
        .post(url.clone())
        .header(CLIENT, &client.id)
        .header(TIMESTAMP, &timestamp)
        .header(NONCE, &nonce)
        .header(SIGNATURE, signature)
        .header(header::CONTENT_TYPE, "application/json")
        .body(due.body.clone());
    match request.send().await {
        Ok(answer) => judge(answer).await,
        Err(error) if error.is_timeout() => Attempt::Failed("timeout".to_owned(), None),
        Err(_) => Attempt::Failed("unreachable".to_owned(), None),
    }
}

/// What the other side says: `{"errcode":"0"}`, or it has not understood. A
/// page that some gateway puts in the way is not its word.
async fn judge(mut answer: Response) -> Attempt {
    let status = answer.status();
    let retry_after = answer
        .headers()
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse::<i64>().ok())
        .map(|seconds| seconds.saturating_mul(1_000));
    if !status.is_success() {
        return Attempt::Failed(format!("http_{}", status.as_u16()), retry_after);
    }
    let mut body = Vec::new();
    loop {
        match answer.chunk().await {
            Ok(Some(part)) if body.len() + part.len() <= MAX_ANSWER => body.extend(part),
            Ok(None) => break,
            Ok(Some(_)) => return Attempt::Failed("answer_too_large".to_owned(), retry_after),
            Err(_) => return Attempt::Failed("answer_cut".to_owned(), retry_after),
        }
    }
    let errcode = serde_json::from_slice::<Value>(&body).ok().and_then(|value| {
        let code = value.get("errcode")?;
        code.as_str().map(str::to_owned).or_else(|| code.as_i64().map(|code| code.to_string()))
    });
    match errcode.as_deref() {
        Some("0") => Attempt::Arrived,
        Some(code) => {
            let code: String = code.chars().filter(char::is_ascii_alphanumeric).take(16).collect();
            Attempt::Failed(format!("errcode_{code}"), retry_after)
        }
        None => Attempt::Failed("answer_not_understood".to_owned(), retry_after),
    }
}
