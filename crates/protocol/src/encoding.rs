//! Bodies on the wire: MessagePack between our programs, JSON for everybody
//! else; either may be compressed by zstd.

use serde::{Serialize, de::DeserializeOwned};

use crate::error::{Error, Result};

/// Media type of the binary encoding.
pub const BINARY: &str = "application/vnd.lantian+msgpack";
/// Media type of the text encoding.
pub const JSON: &str = "application/json";
/// The largest body accepted after decompression: 64 MiB.
pub const MAX_DECODED: usize = 64 << 20;
/// Bodies above this many bytes are worth compressing.
pub const COMPRESS_FROM: usize = 512;

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// MessagePack with field names.
    Binary,
    /// JSON.
    Json,
}

impl Encoding {
    /// The encoding that a `Content-Type` or `Accept` value names; JSON when
    /// it names none of ours.
    pub fn of(media_type: &str) -> Self {
        if media_type.contains(BINARY) { Self::Binary } else { Self::Json }
    }

    /// The media type of this encoding.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Binary => BINARY,
            Self::Json => JSON,
        }
    }

    /// Writes `value`.
    ///
    /// # Errors
    /// [`Error::Encode`].
    pub fn write<T: Serialize>(self, value: &T) -> Result<Vec<u8>> {
        match self {
            Self::Binary => rmp_serde::to_vec_named(value).map_err(Error::encode),
            Self::Json => serde_json::to_vec(value).map_err(Error::encode),
        }
    }

    /// Reads a value.
    ///
    /// # Errors
    /// [`Error::Decode`].
    pub fn read<T: DeserializeOwned>(self, bytes: &[u8]) -> Result<T> {
        match self {
            Self::Binary => rmp_serde::from_slice(bytes).map_err(Error::decode),
            Self::Json => serde_json::from_slice(bytes).map_err(Error::decode),
        }
    }
}

/// Compresses a body for the wire.
///
/// # Errors
/// [`Error::Encode`].
pub fn compress(bytes: &[u8]) -> Result<Vec<u8>> {
    zstd::bulk::compress(bytes, 3).map_err(Error::encode)
}

/// Decompresses a body from the wire, never beyond [`MAX_DECODED`].
///
/// # Errors
/// [`Error::Decode`] when it is damaged or larger.
pub fn decompress(bytes: &[u8]) -> Result<Vec<u8>> {
    use std::io::Read as _;
    let decoder = zstd::stream::read::Decoder::new(bytes).map_err(Error::decode)?;
    let mut plain = Vec::new();
    decoder.take(MAX_DECODED as u64 + 1).read_to_end(&mut plain).map_err(Error::decode)?;
    if plain.len() > MAX_DECODED {
        return Err(Error::TooLarge { limit: MAX_DECODED });
    }
    Ok(plain)
}
