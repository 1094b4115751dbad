//! What can go wrong in reading and writing messages, and the outward form of
//! a server's error.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// A message could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Writing failed.
    #[error("the message could not be written")]
    Encode(#[source] Source),
    /// Reading failed: damaged, or of an unknown form.
    #[error("the message could not be read")]
    Decode(#[source] Source),
    /// More bytes than allowed.
    #[error("the message is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The signature does not fit the envelope.
    #[error("the signature does not fit")]
    Signature,
}

impl Error {
    pub(crate) fn encode(source: impl Into<Source>) -> Self {
        Self::Encode(source.into())
    }

    pub(crate) fn decode(source: impl Into<Source>) -> Self {
        Self::Decode(source.into())
    }
}

/// A server error as `application/problem+json` (RFC 9457 with a `code`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// Stable code, as `unauthenticated`, `E_ROLE`, `rate_limited`.
    pub code: String,
    /// What happened and what to do, without personal data.
    pub detail: String,
    /// Parameters of the code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
}
