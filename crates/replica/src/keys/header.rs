//! The header beside the databases: which key, which wraps, whose keyring.

use std::path::Path;

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use serde::{Deserialize, Serialize};

use super::{data_key::DataKey, pin::Stretch};
use crate::{
    durable,
    error::{Error, Result},
};

/// The header's name in the store's folder.
pub(crate) const NAME: &str = "keys.json";
const VERSION: u32 = 1;

/// What `keys.json` says; nothing of it is secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Form version.
    pub v: u32,
    /// The store's identity, and the name of its keyring entry.
    pub file_id: String,
    /// The data key's identity.
    pub key_id: String,
    /// The keyring that held the secret when it was written.
    pub backend: String,
    /// The identity of the keyring secret.
    pub secret_id: String,
    /// The recovery recipient of the second wrap.
    pub recipient: String,
    pub(super) stretch: Stretch,
    pub(super) wrap_pin: String,
    pub(super) wrap_recovery: String,
    /// Authenticates the rest with the data key.
    pub(super) mac: String,
}

/// What every form of the header says.
#[derive(Deserialize)]
struct Version {
    v: u32,
}

impl Header {
    pub(super) fn fresh_version() -> u32 {
        VERSION
    }

    /// What the wraps are bound to.
    pub(super) fn bound(&self) -> String {
        format!("lantian store {} key {} wrap 1", self.file_id, self.key_id)
    }

    /// The keyring's entry of this store.
    pub(super) fn entry(&self) -> String {
        format!("lantian/{}", self.file_id)
    }

    /// Reads the header; nothing if there is none.
    pub(super) fn read(dir: &Path) -> Result<Option<Self>> {
        let path = dir.join(NAME);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(Error::io(&path, e)),
        };
        let damaged = |e: serde_json::Error| Error::corrupt("keys", e);
        let version: Version = serde_json::from_slice(&bytes).map_err(damaged)?;
        if version.v > VERSION {
            return Err(Error::TooNew { what: "keys", found: version.v, known: VERSION });
        }
        serde_json::from_slice(&bytes).map_err(damaged).map(Some)
    }

    /// Writes the header, authenticated by the key.
    pub(super) fn write(&mut self, dir: &Path, key: &DataKey) -> Result<()> {
        self.mac = self.tag(key);
        let bytes = serde_json::to_vec_pretty(self).map_err(|e| Error::corrupt("keys", e))?;
        durable::replace(&dir.join(NAME), &bytes)
    }

    /// Whether nobody changed the header.
    pub(super) fn verify(&self, key: &DataKey) -> Result<()> {
        if self.key_id != key.id() || self.mac != self.tag(key) {
            return Err(Error::corrupt("keys", "the header was changed"));
        }
        Ok(())
    }

    /// An authentication tag: an empty message sealed under a key of its own
    /// with the whole header as associated data. The key is used with this
    /// one nonce only for tags, which reveal nothing but equality.
    fn tag(&self, key: &DataKey) -> String {
        let mut bare = self.clone();
        bare.mac.clear();
        let aad = serde_json::to_vec(&bare).expect("a header of strings and numbers is JSON");
        let mac_key = key.derive(&format!(
            "header {}",
            hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&aad))
        ));
        let tag = XChaCha20Poly1305::new((&*mac_key).into())
            .encrypt(XNonce::from_slice(&[0; 24]), Payload { msg: &[], aad: &aad })
            .expect("an empty message is within the cipher's limits");
        hex::encode(tag)
    }
}
