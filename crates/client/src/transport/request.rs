//! Sending a request: encoding, version, token, one renewal.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use lantian_domain::time::Instant;
use lantian_protocol::{
    TIME_HEADER, VERSION, VERSION_HEADER,
    encoding::{Encoding, Packing},
};
use reqwest::{Method, RequestBuilder, Response, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};

use super::{Transport, answer, failure::Failure, login::Login};

/// A status is enough where an answer would say nothing (RFC 7240).
const PREFER: &str = "prefer";
const MINIMAL: &str = "return=minimal";
const APPLIED: &str = "preference-applied";

/// A value from the server, with what it cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received<T> {
    /// The value.
    pub value: T,
    /// Bytes of the body sent.
    pub bytes_up: u64,
    /// Bytes of the body received.
    pub bytes_down: u64,
}

impl Transport {
    /// Sends a value without a token (sign-in, refresh).
    pub(super) async fn post_open<I: Serialize, O: DeserializeOwned>(
        &self,
        route: &str,
        input: &I,
    ) -> Result<O, Failure> {
        let body = Body::of(input, Packing::Zstd)?;
        let request = body.attach(self.request(Method::POST, route)?);
        let response = answer::well(send(request).await?).await?;
        Ok(answer::value(response).await?.0)
    }

    /// Sends a value without a token to a route that answers with nothing.
    pub(super) async fn post_silent<I: Serialize>(
        &self,
        route: &str,
        input: &I,
    ) -> Result<(), Failure> {
        let body = Body::of(input, Packing::Zstd)?;
        let request = body.attach(self.request(Method::POST, route)?);
        answer::well(send(request).await?).await.map(|_| ())
    }

    /// Sends a value and reads the answer.
    pub(super) async fn exchange<I: Serialize, O: DeserializeOwned>(
        &self,
        login: &Login,
        method: Method,
        route: &str,
        input: &I,
    ) -> Result<Received<O>, Failure> {
        let prepare = || self.request(method.clone(), route);
        let (response, bytes_up) = self.exchange_bytes(login, input, prepare).await?;
        let (value, bytes_down) = answer::value(response).await?;
        Ok(Received { value, bytes_up, bytes_down })
    }

    /// Sends a value and reads the answer, if the server has anything to say;
    /// else when it said so.
    pub(super) async fn exchange_if_any<I: Serialize, O: DeserializeOwned>(
        &self,
        login: &Login,
        method: Method,
        route: &str,
        input: &I,
    ) -> Result<Received<Result<O, Instant>>, Failure> {
        let prepare = || Ok(self.request(method.clone(), route)?.header(PREFER, MINIMAL));
        let (response, bytes_up) = self.exchange_bytes(login, input, prepare).await?;
        if let Some(at) = nothing_said_at(&response) {
            return Ok(Received { value: Err(at), bytes_up, bytes_down: 0 });
        }
        let (value, bytes_down) = answer::value(response).await?;
        Ok(Received { value: Ok(value), bytes_up, bytes_down })
    }

    /// Sends a value, packed as this server reads it; the bytes it took.
    async fn exchange_bytes<I: Serialize>(
        &self,
        login: &Login,
        input: &I,
        prepare: impl Fn() -> Result<RequestBuilder, Failure>,
    ) -> Result<(Response, u64), Failure> {
        let mut packing = self.dialect.packing();
        loop {
            let body = Body::of(input, packing)?;
            let bytes_up = body.bytes.len() as u64;
            match self.with_login(login, || Ok(body.attach(prepare()?))).await {
                Ok(response) => {
                    self.dialect.learn(answer::packing(&response));
                    return Ok((response, bytes_up));
                }
                // A server put back to an older release.
                Err(Failure::Denied(problem))
                    if problem.status == 415 && body.packing == Packing::Shared =>
                {
                    self.dialect.forget();
                    packing = Packing::Zstd;
                }
                Err(failure) => return Err(failure),
            }
        }
    }

    /// Asks for a value.
    pub(super) async fn fetch<O: DeserializeOwned>(
        &self,
        login: &Login,
        route: &str,
    ) -> Result<O, Failure> {
        let response = self.with_login(login, || self.request(Method::GET, route)).await?;
        Ok(answer::value(response).await?.0)
    }

    /// Sends a request with the token; when it has ended, renews it and sends
    /// the request once more.
    pub(super) async fn with_login(
        &self,
        login: &Login,
        request: impl Fn() -> Result<RequestBuilder, Failure>,
    ) -> Result<Response, Failure> {
        let token = login.access(self).await?;
        let response = send(request()?.bearer_auth(&token)).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return answer::well(response).await;
        }
        if !answer::media_type(&response).starts_with("application/problem+json") {
            return Err(Failure::NotOurServer);
        }
        let token = login.renew(self, &token).await?;
        let response = send(request()?.bearer_auth(&token)).await?;
        if response.status() == StatusCode::UNAUTHORIZED {
            return match answer::well(response).await {
                Err(Failure::Revoked) => Err(Failure::Revoked),
                _ => Err(Failure::SignInNeeded),
            };
        }
        answer::well(response).await
    }

    pub(super) fn request(&self, method: Method, route: &str) -> Result<RequestBuilder, Failure> {
        self.request_by(&self.http, method, route)
    }

    pub(super) fn waking_request(&self, route: &str) -> Result<RequestBuilder, Failure> {
        self.request_by(&self.waking, Method::GET, route)
    }

    fn request_by(
        &self,
        client: &reqwest::Client,
        method: Method,
        route: &str,
    ) -> Result<RequestBuilder, Failure> {
        let url = self.server.join(route).map_err(|_| Failure::Offline)?;
        Ok(client
            .request(method, url)
            .header(VERSION_HEADER, VERSION)
            .header(header::ACCEPT, Encoding::Binary.media_type())
            .header(header::ACCEPT_ENCODING, Packing::READABLE))
    }
}

/// When our server said that it has nothing to say. Others answer with this
/// status too: ours names the wish that it followed, and its time.
fn nothing_said_at(response: &Response) -> Option<Instant> {
    let told = |name: &str| response.headers().get(name)?.to_str().ok();
    let minimal = response.status() == StatusCode::NO_CONTENT && told(APPLIED) == Some(MINIMAL);
    if minimal { told(TIME_HEADER)?.parse().ok().map(Instant) } else { None }
}

async fn send(request: RequestBuilder) -> Result<Response, Failure> {
    request.send().await.map_err(|error| Failure::of(&error))
}

/// A body, encoded once however often it is sent.
struct Body {
    bytes: Vec<u8>,
    packing: Packing,
}

impl Body {
    fn of<T: Serialize>(value: &T, packing: Packing) -> Result<Self, Failure> {
        let plain = Encoding::Binary.write(value).map_err(|_| Failure::Unreadable)?;
        let (bytes, packing) = packing.pack(plain).map_err(|_| Failure::Unreadable)?;
        Ok(Self { bytes, packing })
    }

    fn attach(&self, request: RequestBuilder) -> RequestBuilder {
        let request = request.header(header::CONTENT_TYPE, Encoding::Binary.media_type());
        let request = match self.packing {
            Packing::Plain => request,
            Packing::Zstd | Packing::Shared => {
                request.header(header::CONTENT_ENCODING, self.packing.name())
            }
        };
        request.body(self.bytes.clone())
    }
}

/// Whether the server shares our dictionary: known once it has answered by it.
#[derive(Clone, Debug, Default)]
pub(super) struct Dialect(Arc<AtomicBool>);

impl Dialect {
    fn packing(&self) -> Packing {
        if self.0.load(Ordering::Relaxed) { Packing::Shared } else { Packing::Zstd }
    }

    fn learn(&self, answered: Option<Packing>) {
        if answered == Some(Packing::Shared) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    fn forget(&self) {
        self.0.store(false, Ordering::Relaxed);
    }
}
