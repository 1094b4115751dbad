//! A record's stored form: JSON, compressed once by the server, carried and
//! kept unchanged by everybody else.

use std::cell::RefCell;

use lantian_domain::record::Record;
use sha2::{Digest as _, Sha256};

use crate::error::{Error, Result};

/// Bytes of a body digest.
pub const DIGEST_LEN: usize = 16;
/// The largest record body accepted, before compression.
pub const MAX_BODY: usize = 32 << 20;
/// A record this large takes no more commands. It is well below
/// [`MAX_BODY`], so that what was accepted can always be read.
pub const BUDGET: usize = 12 << 20;
const LEVEL: i32 = 3;

thread_local! {
    // A compressor's tables are larger than a record: they are made once.
    static PACKER: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
    static UNPACKER: RefCell<Option<zstd::bulk::Decompressor<'static>>> =
        const { RefCell::new(None) };
}

/// A record ready for storage and the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// Compressed JSON.
    pub body: Vec<u8>,
    /// Digest of the JSON.
    pub digest: Vec<u8>,
}

/// Packs a record.
///
/// # Errors
/// [`Error::Encode`] when the record cannot be written as JSON.
pub fn pack(record: &Record) -> Result<Packed> {
    let json = serde_json::to_vec(record).map_err(Error::encode)?;
    let body = PACKER.with_borrow_mut(|packer| -> std::io::Result<Vec<u8>> {
        let packer = match packer {
            Some(packer) => packer,
            None => packer.insert(zstd::bulk::Compressor::new(LEVEL)?),
        };
        packer.compress(&json)
    });
    Ok(Packed { body: body.map_err(Error::encode)?, digest: digest(&json) })
}

/// Unpacks a record.
///
/// # Errors
/// [`Error::Decode`] when the bytes are damaged, too large, or of a form that
/// this build does not know.
pub fn unpack(body: &[u8]) -> Result<Record> {
    serde_json::from_slice(&unpack_json(body)?).map_err(Error::decode)
}

/// Bytes of a packed record before compression, as its frame tells.
pub fn size(body: &[u8]) -> usize {
    match zstd::zstd_safe::get_frame_content_size(body) {
        Ok(Some(size)) => usize::try_from(size).unwrap_or(usize::MAX),
        _ => MAX_BODY,
    }
}

/// Unpacks a record's JSON, without reading it.
///
/// # Errors
/// [`Error::Decode`] when the bytes are damaged or too large.
pub fn unpack_json(body: &[u8]) -> Result<Vec<u8>> {
    let size = size(body);
    if size > MAX_BODY {
        return Err(Error::TooLarge { limit: MAX_BODY });
    }
    let json = UNPACKER.with_borrow_mut(|unpacker| -> std::io::Result<Vec<u8>> {
        let unpacker = match unpacker {
            Some(unpacker) => unpacker,
            None => unpacker.insert(zstd::bulk::Decompressor::new()?),
        };
        unpacker.decompress(body, size)
    });
    json.map_err(Error::decode)
}

/// The digest by which two stores compare a record: the first 16 bytes of
/// SHA-256 over its JSON.
pub fn digest(json: &[u8]) -> Vec<u8> {
    Sha256::digest(json)[..DIGEST_LEN].to_vec()
}

/// Byte strings as base64 text in JSON and as bytes in binary encodings.
pub mod text {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    /// Writes the bytes.
    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&STANDARD.encode(bytes))
        } else {
            serializer.serialize_bytes(bytes)
        }
    }

    /// Reads the bytes.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            STANDARD.decode(text).map_err(D::Error::custom)
        } else {
            serde_bytes::ByteBuf::deserialize(deserializer).map(serde_bytes::ByteBuf::into_vec)
        }
    }
}
