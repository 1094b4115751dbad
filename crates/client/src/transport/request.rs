//! Sending a request: encoding, version, token, one renewal.

use lantian_domain::time::Instant;
use lantian_protocol::{
    TIME_HEADER, VERSION, VERSION_HEADER,
    encoding::{self, COMPRESS_FROM, Encoding},
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
        let body = Body::of(input)?;
        let request = body.clone().attach(self.request(Method::POST, route)?);
        let response = answer::well(send(request).await?).await?;
        Ok(answer::value(response).await?.0)
    }

    /// Sends a value without a token to a route that answers with nothing.
    pub(super) async fn post_silent<I: Serialize>(
        &self,
        route: &str,
        input: &I,
    ) -> Result<(), Failure> {
        let request = Body::of(input)?.attach(self.request(Method::POST, route)?);
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
        let body = Body::of(input)?;
        let bytes_up = body.bytes.len() as u64;
        let response = self
            .with_login(login, || Ok(body.clone().attach(self.request(method.clone(), route)?)))
            .await?;
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
        let body = Body::of(input)?;
        let bytes_up = body.bytes.len() as u64;
        let request = || {
            let request = self.request(method.clone(), route)?.header(PREFER, MINIMAL);
            Ok(body.clone().attach(request))
        };
        let response = self.with_login(login, request).await?;
        if let Some(at) = nothing_said_at(&response) {
            return Ok(Received { value: Err(at), bytes_up, bytes_down: 0 });
        }
        let (value, bytes_down) = answer::value(response).await?;
        Ok(Received { value: Ok(value), bytes_up, bytes_down })
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
            .header(header::ACCEPT_ENCODING, "zstd"))
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
#[derive(Clone)]
struct Body {
    bytes: Vec<u8>,
    packed: bool,
}

impl Body {
    fn of<T: Serialize>(value: &T) -> Result<Self, Failure> {
        let plain = Encoding::Binary.write(value).map_err(|_| Failure::Unreadable)?;
        if plain.len() < COMPRESS_FROM {
            return Ok(Self { bytes: plain, packed: false });
        }
        let bytes = encoding::compress(&plain).map_err(|_| Failure::Unreadable)?;
        Ok(Self { bytes, packed: true })
    }

    fn attach(self, request: RequestBuilder) -> RequestBuilder {
        let request = request.header(header::CONTENT_TYPE, Encoding::Binary.media_type());
        let request =
            if self.packed { request.header(header::CONTENT_ENCODING, "zstd") } else { request };
        request.body(self.bytes)
    }
}
