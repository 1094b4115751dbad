//! Bodies in and out: encoding, compression, limits.

use std::time::Duration;

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use lantian_domain::time::Instant;
use lantian_protocol::{
    TIME_HEADER,
    encoding::{Encoding, Packing},
};
use serde::{Serialize, de::DeserializeOwned};

use super::problem::{Failed, malformed, refused, refused_with};
use crate::error::{Error, Result};

/// The largest body taken, before decompression.
const MAX_BODY: usize = 16 << 20;
/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_mins(5);

/// A body that was read and understood.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Failed;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failed> {
        let (parts, body) = request.into_parts();
        let reading = axum::body::to_bytes(body, MAX_BODY);
        let bytes = tokio::time::timeout(PATIENCE, reading)
            .await
            .map_err(|_| refused(408, "timeout", "the body took too long to arrive"))?
            .map_err(|error| cut(&error))?;
        Ok(Self(read(&parts.headers, &bytes)?))
    }
}

/// A body could not be read to its end: too large, or the connection was cut.
fn cut(error: &axum::Error) -> Error {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(one) = cause {
        if one.to_string().contains("length limit exceeded") {
            let limit = [("limit", MAX_BODY.to_string())];
            return refused_with(413, "too_large", "the body is too large; send less", limit);
        }
        cause = one.source();
    }
    malformed("the body was cut off")
}

fn read<T: DeserializeOwned>(headers: &HeaderMap, bytes: &[u8]) -> Result<T> {
    let text = |name| headers.get(name).and_then(|v: &HeaderValue| v.to_str().ok());
    let coding = text(header::CONTENT_ENCODING).unwrap_or_else(|| Packing::Plain.name());
    let Some(packing) = Packing::of(coding) else {
        let readable = [("readable", Packing::READABLE.to_owned())];
        let detail = "send the body plain or in an encoding that this server reads";
        return Err(refused_with(415, "encoding_unsupported", detail, readable));
    };
    let bytes = packing.unpack(bytes)?;
    Ok(Encoding::of(text(header::CONTENT_TYPE).unwrap_or_default()).read(&bytes)?)
}

/// What the caller can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reads {
    /// The encoding.
    pub encoding: Encoding,
    /// The packing.
    pub packing: Packing,
    /// Whether a status is enough where an answer would say nothing (RFC 7240).
    minimal: bool,
    /// Whether something on the way might keep the answer.
    keepable: bool,
}

/// What the caller asks for to get a status alone, and what confirms it.
const MINIMAL: &str = "return=minimal";
const APPLIED: HeaderName = HeaderName::from_static("preference-applied");
const TIME: HeaderName = HeaderName::from_static(TIME_HEADER);

impl<S: Send + Sync> FromRequestParts<S> for Reads {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let text = |name: HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
        Ok(Self {
            encoding: Encoding::of(text(header::ACCEPT).unwrap_or_default()),
            minimal: text(HeaderName::from_static("prefer")).is_some_and(|told| told == MINIMAL),
            keepable: parts.method == Method::GET,
            packing: Packing::best_of(text(header::ACCEPT_ENCODING).unwrap_or_default()),
        })
    }
}

impl Reads {
    /// A value as the caller reads it.
    ///
    /// # Errors
    /// [`Failed`] when the value cannot be written.
    pub fn answer<T: Serialize>(self, value: &T) -> Result<Response, Failed> {
        let bytes = self.encoding.write(value).map_err(Error::from)?;
        Ok(self.bytes(self.pack(bytes)?))
    }

    /// The answer that says nothing but the time, to a caller who takes a
    /// status for it.
    pub(super) fn nothing(self, now: Instant) -> Option<Response> {
        let told = [(APPLIED, HeaderValue::from_static(MINIMAL)), (TIME, HeaderValue::from(now.0))];
        self.minimal.then(|| (StatusCode::NO_CONTENT, told).into_response())
    }

    /// Packs an answer if that is worth while.
    pub(super) fn pack(self, bytes: Vec<u8>) -> Result<Packed> {
        let (bytes, packing) = self.packing.pack(bytes).map_err(Error::from)?;
        Ok(Packed { bytes, packing })
    }

    pub(super) fn bytes(self, packed: Packed) -> Response {
        let mut response = packed.bytes.into_response();
        let headers = response.headers_mut();
        let media_type = HeaderValue::from_static(self.encoding.media_type());
        headers.insert(header::CONTENT_TYPE, media_type);
        if self.keepable {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        if packed.packing != Packing::Plain {
            let coding = HeaderValue::from_static(packed.packing.name());
            headers.insert(header::CONTENT_ENCODING, coding);
        }
        response
    }
}

/// An answer ready to be sent.
pub(super) struct Packed {
    bytes: Vec<u8>,
    packing: Packing,
}
