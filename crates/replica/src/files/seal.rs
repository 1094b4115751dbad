//! One sealed chunk: 24 bytes of nonce, the content, 16 bytes of tag.

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use lantian_protocol::file::CHUNK;

use crate::{
    error::{Error, Result},
    keys::DataKey,
};

const NONCE: usize = 24;
const TAG: usize = 16;
/// The bytes that a full chunk takes on the disk.
pub(super) const STRIDE: usize = NONCE + CHUNK + TAG;

/// Seals and opens the chunks of one content.
pub(super) struct Sealer {
    cipher: XChaCha20Poly1305,
    bound: String,
}

impl Sealer {
    pub(super) fn new(key: &DataKey, sha256: &str, size: u64) -> Self {
        let key = key.derive(&format!("file content {sha256}"));
        Self { cipher: XChaCha20Poly1305::new((&*key).into()), bound: format!("{sha256} {size}") }
    }

    pub(super) fn seal(&self, index: u64, plain: &[u8]) -> Result<Vec<u8>> {
        let mut sealed = vec![0; NONCE];
        getrandom::fill(&mut sealed).map_err(|_| Error::Random)?;
        let nonce = *XNonce::from_slice(&sealed);
        let aad = self.aad(index);
        let body = self
            .cipher
            .encrypt(&nonce, Payload { msg: plain, aad: aad.as_bytes() })
            .expect("a chunk is within the cipher's limits");
        sealed.extend_from_slice(&body);
        Ok(sealed)
    }

    pub(super) fn open(&self, index: u64, sealed: &[u8]) -> Result<Vec<u8>> {
        let damaged = || Error::corrupt("file", format!("chunk {index} cannot be opened"));
        if sealed.len() < NONCE + TAG {
            return Err(damaged());
        }
        let (nonce, body) = sealed.split_at(NONCE);
        let aad = self.aad(index);
        self.cipher
            .decrypt(XNonce::from_slice(nonce), Payload { msg: body, aad: aad.as_bytes() })
            .map_err(|_| damaged())
    }

    fn aad(&self, index: u64) -> String {
        format!("{} {index}", self.bound)
    }
}
