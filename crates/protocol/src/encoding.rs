//! Bodies on the wire: MessagePack between our programs, JSON for everybody
//! else; either may be packed by zstd.
//!
//! A small body says little that both sides do not know already: the names of
//! fields, of commands and of states. Our programs share a *dictionary* of
//! these, against which a change costs little more than what is new in it.
//! A dictionary once published never changes; another one gets another name.

use std::{borrow::Cow, io::Read as _, sync::LazyLock};

use serde::{Serialize, de::DeserializeOwned};

use crate::error::{Error, Result};

/// Media type of the binary encoding.
pub const BINARY: &str = "application/vnd.lantian+msgpack";
/// Media type of the text encoding.
pub const JSON: &str = "application/json";
/// The largest body accepted after decompression: 64 MiB.
pub const MAX_DECODED: usize = 64 << 20;
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

/// The dictionary shared by our programs, made by
/// `cargo run -p lantian-server --example dictionary`.
const DICTIONARY: &[u8] = include_bytes!("dictionary-1.bin");
/// Bodies above this many bytes say enough to be packed without it.
const SHARED_UP_TO: usize = 16 << 10;
const LEVEL: i32 = 3;
/// Large bodies are packed lightly: most of a page is packed records.
const LARGE_LEVEL: i32 = 1;

static WRITING: LazyLock<zstd::dict::EncoderDictionary<'_>> =
    LazyLock::new(|| zstd::dict::EncoderDictionary::copy(DICTIONARY, LEVEL));
static READING: LazyLock<zstd::dict::DecoderDictionary<'_>> =
    LazyLock::new(|| zstd::dict::DecoderDictionary::copy(DICTIONARY));

/// How a body is packed for the wire: a content coding; the later the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Packing {
    /// Not at all.
    Plain,
    /// By zstd (RFC 8878).
    Zstd,
    /// By zstd against the shared dictionary.
    Shared,
}

impl Packing {
    /// What our programs can read, for `Accept-Encoding`.
    pub const READABLE: &str = "lantian-zstd-1, zstd";

    /// The packing that a `Content-Encoding` names; nothing for one that is
    /// not known here.
    pub fn of(coding: &str) -> Option<Self> {
        let known = [Self::Plain, Self::Zstd, Self::Shared];
        known.into_iter().find(|one| one.name().eq_ignore_ascii_case(coding.trim()))
    }

    /// The name of the content coding.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "identity",
            Self::Zstd => "zstd",
            Self::Shared => "lantian-zstd-1",
        }
    }

    /// The best packing that an `Accept-Encoding` takes.
    pub fn best_of(accepted: &str) -> Self {
        let named = accepted.split(',').map(|one| one.split(';').next().unwrap_or_default());
        named.filter_map(Self::of).max().unwrap_or(Self::Plain)
    }

    /// Packs a body for someone who reads this packing; says which one was
    /// worth while.
    ///
    /// # Errors
    /// [`Error::Encode`].
    pub fn pack(self, body: Vec<u8>) -> Result<(Vec<u8>, Self)> {
        let (packed, way) = match (self, body.len()) {
            (Self::Shared, ..=SHARED_UP_TO) => (by_dictionary(&body), Self::Shared),
            (Self::Plain, _) | (_, ..512) => return Ok((body, Self::Plain)),
            (_, ..=SHARED_UP_TO) => (zstd::bulk::compress(&body, LEVEL), Self::Zstd),
            (_, _) => (zstd::bulk::compress(&body, LARGE_LEVEL), Self::Zstd),
        };
        let packed = packed.map_err(Error::encode)?;
        Ok(if packed.len() < body.len() { (packed, way) } else { (body, Self::Plain) })
    }

    /// Unpacks a body, never beyond [`MAX_DECODED`].
    ///
    /// # Errors
    /// [`Error::Decode`] when it is damaged; [`Error::TooLarge`].
    pub fn unpack(self, body: &[u8]) -> Result<Cow<'_, [u8]>> {
        let mut plain = Vec::new();
        let limit = MAX_DECODED as u64 + 1;
        let read = match self {
            Self::Plain => return Ok(Cow::Borrowed(body)),
            Self::Zstd => zstd::stream::read::Decoder::new(body)
                .and_then(|unpacked| unpacked.take(limit).read_to_end(&mut plain)),
            Self::Shared => zstd::stream::read::Decoder::with_prepared_dictionary(body, &READING)
                .and_then(|unpacked| unpacked.take(limit).read_to_end(&mut plain)),
        };
        read.map_err(Error::decode)?;
        if plain.len() > MAX_DECODED {
            return Err(Error::TooLarge { limit: MAX_DECODED });
        }
        Ok(Cow::Owned(plain))
    }
}

fn by_dictionary(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packer = zstd::bulk::Compressor::with_prepared_dictionary(&WRITING)?;
    // Both sides know which dictionary it is.
    packer.include_dictid(false)?;
    packer.compress(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Packing; 3] = [Packing::Plain, Packing::Zstd, Packing::Shared];

    #[test]
    fn what_is_packed_is_unpacked_whatever_its_size() {
        for wanted in ALL {
            for size in [0, 1, 63, 511, 512, SHARED_UP_TO, SHARED_UP_TO + 1, 1 << 20] {
                let body: Vec<u8> = (0..size).map(|n| u8::try_from(n / 7 % 251).unwrap()).collect();
                let (packed, way) = wanted.pack(body.clone()).unwrap();
                assert!(packed.len() <= body.len() && way <= wanted);
                assert_eq!(way.unpack(&packed).unwrap(), body);
            }
        }
    }

    #[test]
    fn a_small_body_costs_what_is_new_in_it() {
        let cursor = |seq| crate::Cursor { epoch: 1, scope: 3, seq, snapshot: None, witness: None };
        let page = crate::Page {
            from: Some(cursor(4_711)),
            items: Vec::new(),
            cursor: cursor(4_712),
            more: false,
            reset: false,
            total: None,
            server_time: lantian_domain::time::Instant(1_772_672_400_000),
        };
        let body = Encoding::Binary.write(&page).unwrap();
        let (packed, way) = Packing::Shared.pack(body.clone()).unwrap();
        assert_eq!(way, Packing::Shared);
        assert!(packed.len() * 2 < body.len(), "{} of {}", packed.len(), body.len());
    }

    #[test]
    fn f14_a_body_that_grows_without_end_is_not_unpacked() {
        let huge = zstd::bulk::compress(&vec![0; MAX_DECODED + 1], 1).unwrap();
        assert!(matches!(Packing::Zstd.unpack(&huge), Err(Error::TooLarge { .. })));
        assert!(Packing::Shared.unpack(b"no frame").is_err());
    }

    #[test]
    fn the_best_of_what_is_accepted_is_taken() {
        assert_eq!(Packing::best_of(Packing::READABLE), Packing::Shared);
        assert_eq!(Packing::best_of("gzip, zstd;q=0.9"), Packing::Zstd);
        assert_eq!(Packing::best_of("br"), Packing::Plain);
        assert_eq!(Packing::of("lantian-zstd-2"), None);
    }
}
