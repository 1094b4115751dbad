//! Secrets of outside systems and of second factors, sealed with a key that
//! lies beside the store and never in it: a copy of the store opens nothing.
//!
//! A backup holds the store without the key. Who restores one elsewhere gives
//! each outside system a fresh secret (`lantian-server channel rotate`), and
//! resets who has a second factor (`lantian-server user reset-password`).

use std::{io::ErrorKind, path::Path};

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::{
    error::{Error, Result},
    identity::password::random,
    keyfile,
    suite::{Suite, cipher},
};

/// The name of the key's file in the data folder.
pub(crate) const FILE: &str = "channels.key";

/// The key beside the store.
pub(crate) struct SealKey([u8; 32]);

impl SealKey {
    /// Reads the key of a data folder; makes it when there is none.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Damaged`] when the file is no key.
    pub(crate) fn of(data: &Path) -> Result<Self> {
        let path = data.join(FILE);
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Self(
                bytes.try_into().map_err(|_| Error::damaged("channels.key is not 32 bytes"))?,
            )),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let key = random::<32>()?;
                match keyfile::create(&path, &key) {
                    Ok(()) => Ok(Self(key)),
                    // Another request of the company was quicker.
                    Err(error) if error.kind() == ErrorKind::AlreadyExists => Self::of(data),
                    Err(error) => Err(Error::io("channels.key could not be written")(error)),
                }
            }
            Err(error) => Err(Error::io("channels.key could not be read")(error)),
        }
    }

    /// Seals the secret of an owner by a suite.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub(crate) fn seal(&self, suite: Suite, owner: &str, secret: &[u8]) -> Result<Vec<u8>> {
        cipher::seal(suite, &self.0, owner, secret)?
            .ok_or_else(|| Error::damaged("a secret could not be sealed"))
    }

    /// Opens the secret of an owner, by whichever suite it was sealed; nothing
    /// when another key sealed it.
    pub(crate) fn open(&self, owner: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        cipher::open(&self.0, owner, sealed)
    }

    /// A keyed hash by which a person's identity number is known again.
    ///
    /// # Panics
    /// Never: an HMAC takes a key of any length.
    pub(crate) fn mark(&self, text: &str) -> Vec<u8> {
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&self.0)
            .expect("an HMAC takes a key of any length");
        mac.update(b"identity number\0");
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_with_its_key_for_its_client_alone() {
        let folder = tempfile::tempdir().unwrap();
        let key = SealKey::of(folder.path()).unwrap();
        let sealed = key.seal(Suite::Standard, "portal1", b"secret-canary").unwrap();
        assert!(!sealed.windows(6).any(|part| part == b"canary"));
        let again = SealKey::of(folder.path()).unwrap();
        assert_eq!(again.open("portal1", &sealed).unwrap(), b"secret-canary");
        assert!(again.open("portal2", &sealed).is_none());
        let other = SealKey::of(tempfile::tempdir().unwrap().path()).unwrap();
        assert!(other.open("portal1", &sealed).is_none());
        assert_ne!(other.mark("x"), again.mark("x"));
    }

    #[test]
    fn a_file_that_is_no_key_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), b"short").unwrap();
        assert!(SealKey::of(folder.path()).is_err());
        assert_eq!(std::fs::read(folder.path().join(FILE)).unwrap(), b"short");
    }
}
