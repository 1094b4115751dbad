//! Who may come in: client, address, rate, signature, window, nonce (j.4).
//!
//! Invariant: an unknown client and a wrong signature get the same answer; a
//! number is spent before anything is done.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    body::Bytes,
    extract::{ConnectInfo, FromRequest, FromRequestParts as _, Path, Request},
    http::{HeaderMap, request::Parts},
};
use lantian_domain::time::Instant;

use super::{
    MAX_PAPER, MAX_REQUEST,
    clients::{self, Client},
    nonce,
    reply::Rejected,
    signature::{CLIENT, NONCE, SIGNATURE, Signed, TIMESTAMP, fits},
};
use crate::{
    error::{Error, Result},
    seal::SealKey,
    serve::App,
};

/// How far a timestamp may be off, either way.
const WINDOW_MS: i64 = 5 * 60_000;

/// A request of a client, authentic and not seen before.
pub(super) struct Caller {
    pub(super) client: Client,
    pub(super) body: Bytes,
    pub(super) received: Instant,
}

impl FromRequest<Arc<App>> for Caller {
    type Rejection = Rejected;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Rejected> {
        let (mut parts, body) = request.into_parts();
        let address = ConnectInfo::<SocketAddr>::from_request_parts(&mut parts, app)
            .await
            .map_err(|_| Rejected::not_admitted())?
            .0
            .ip();
        let now = app.clock.now();
        app.rates.admit(address, now).map_err(Rejected::too_many)?;
        let limit = if parts.uri.path().ends_with("/files") {
            // Base64 has four letters for three bytes; the rest is small.
            MAX_PAPER / 3 * 4 + MAX_REQUEST
        } else {
            MAX_REQUEST
        };
        let body = axum::body::to_bytes(body, limit).await.map_err(|error| cut(&error, limit))?;
        let entered = enter(app, &mut parts, body, now, address).await;
        if entered.as_ref().is_err_and(|no| matches!(no.code(), 4011 | 4012 | 4013 | 4031)) {
            app.rates.failed(address, now);
        }
        entered
    }
}

async fn enter(
    app: &Arc<App>,
    parts: &mut Parts,
    body: Bytes,
    now: Instant,
    address: std::net::IpAddr,
) -> Result<Caller, Rejected> {
    let Path(channel) = Path::<String>::from_request_parts(parts, app)
        .await
        .map_err(|_| Rejected::not_admitted())?;
    let marks = Marks::of(&parts.headers).ok_or_else(Rejected::unsigned)?;
    let id = marks.client.clone();
    let found = app.store.read(move |unit| clients::find(unit, &id)).await?;
    let client = found.ok_or_else(Rejected::unsigned)?;
    let secret = client.open_secret(&SealKey::of(&app.data)?)?;
    let signed = Signed {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        timestamp: &marks.timestamp,
        nonce: &marks.nonce,
        body: &body,
    };
    if !fits(client.algorithm, &secret, &signed, &marks.signature) {
        return Err(Rejected::unsigned());
    }
    let stated = instant(&marks.timestamp).ok_or_else(Rejected::stale)?;
    if stated.since(now).saturating_abs() > WINDOW_MS {
        return Err(Rejected::stale());
    }
    let at_home = client.addresses.is_empty() || client.addresses.contains(&address.to_canonical());
    if !client.active || !at_home || client.channel.as_str() != channel {
        return Err(Rejected::not_admitted());
    }
    app.rates.take(&client.id, client.per_minute, now).map_err(Rejected::too_many)?;
    let id = client.id.clone();
    let spent = app.store.write(move |unit| nonce::spend(unit, &id, &marks.nonce, now)).await?;
    if !spent {
        return Err(Rejected::replayed());
    }
    Ok(Caller { client, body, received: now })
}

/// What the headers say.
struct Marks {
    client: String,
    timestamp: String,
    nonce: String,
    signature: String,
}

impl Marks {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let text = |name: &str| Some(headers.get(name)?.to_str().ok()?.trim().to_owned());
        let marks = Self {
            client: text(CLIENT)?.to_lowercase(),
            timestamp: text(TIMESTAMP)?,
            nonce: text(NONCE)?,
            signature: text(SIGNATURE)?.to_lowercase(),
        };
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        let once = (16..=64).contains(&marks.nonce.len()) && marks.nonce.bytes().all(plain);
        (once && marks.client.len() <= 64 && marks.timestamp.len() <= 40).then_some(marks)
    }
}

/// RFC 3339, or milliseconds since 1970.
fn instant(text: &str) -> Option<Instant> {
    Instant::parse(text).or_else(|| text.parse().ok().map(Instant))
}

/// A body could not be read to its end: too large, or the connection was cut.
fn cut(error: &axum::Error, limit: usize) -> Rejected {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(one) = cause {
        if one.to_string().contains("length limit exceeded") {
            return Rejected::too_large(limit);
        }
        cause = one.source();
    }
    Rejected::cut()
}

/// A request's work, on a thread that may block.
///
/// # Errors
/// What stands against the request.
pub(super) async fn work<T, F>(app: &Arc<App>, job: F) -> Result<T, Rejected>
where
    F: FnOnce(&App) -> Result<Result<T, Rejected>> + Send + 'static,
    T: Send + 'static,
{
    let app = Arc::clone(app);
    let done = tokio::task::spawn_blocking(move || job(&app))
        .await
        .map_err(|_| Rejected::from(Error::damaged("a channel's request stopped unexpectedly")))?;
    done?
}
