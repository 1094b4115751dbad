//! The keys by which the server counter-signs: one of each suite, in a file of
//! its own beside the store, made when it is first needed.
//!
//! A backup holds the store without these files, but with the public parts
//! ([`crate::signing::keys`]): a restored company verifies what it signed, and
//! signs on with a key of its own.

use std::{io::ErrorKind, path::Path};

use ed25519_dalek::Signer as _;
use lantian_protocol::suite::SIGNER;
pub use lantian_protocol::suite::verify;

use super::{Suite, hash};
use crate::{
    error::{Error, Result},
    identity::password::random,
    keyfile,
};

/// A key with its suite.
pub enum SigningKey {
    /// Ed25519.
    Standard(Box<ed25519_dalek::SigningKey>),
    /// SM2 on the recommended curve.
    Guomi(Box<sm2::dsa::SigningKey>),
}

impl SigningKey {
    /// Reads the key of a data folder; makes it when there is none.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Damaged`] when the file is no key.
    pub fn of(data: &Path, suite: Suite) -> Result<Self> {
        let path = data.join(format!("signing-{}.key", suite.as_str()));
        let failed = || Error::io(format!("{} could not be read", path.display()));
        match std::fs::read(&path) {
            Ok(bytes) => Self::read(suite, &bytes)
                .ok_or_else(|| Error::damaged(format!("{} is no key", path.display()))),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let (key, secret) = Self::fresh(suite)?;
                match keyfile::create(&path, &secret) {
                    Ok(()) => Ok(key),
                    // Another program of the company was quicker.
                    Err(error) if error.kind() == ErrorKind::AlreadyExists => Self::of(data, suite),
                    Err(error) => {
                        Err(Error::io(format!("{} could not be written", path.display()))(error))
                    }
                }
            }
            Err(error) => Err(failed()(error)),
        }
    }

    /// Its suite.
    pub fn suite(&self) -> Suite {
        match self {
            Self::Standard(_) => Suite::Standard,
            Self::Guomi(_) => Suite::Guomi,
        }
    }

    /// The public part: 32 bytes, or an uncompressed point of 65.
    pub fn public(&self) -> Vec<u8> {
        match self {
            Self::Standard(key) => key.verifying_key().to_bytes().to_vec(),
            Self::Guomi(key) => key.verifying_key().to_sec1_bytes().to_vec(),
        }
    }

    /// Its name: the hash of the public part, hex.
    pub fn id(&self) -> String {
        hash::hex(self.suite(), &self.public())
    }

    /// Signs; 64 bytes.
    ///
    /// # Errors
    /// [`Error::Damaged`]: never seen, for SM2 a number that happens once in
    /// 2²⁵⁶.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        match self {
            Self::Standard(key) => Ok(key.sign(message).to_bytes().to_vec()),
            Self::Guomi(key) => {
                use sm2::dsa::signature::Signer as _;
                key.try_sign(message)
                    .map(|made| made.to_bytes().to_vec())
                    .map_err(|_| Error::damaged("a message could not be signed"))
            }
        }
    }

    fn read(suite: Suite, bytes: &[u8]) -> Option<Self> {
        let secret: [u8; 32] = bytes.try_into().ok()?;
        match suite {
            Suite::Standard => {
                let key = ed25519_dalek::SigningKey::from_bytes(&secret);
                Some(Self::Standard(Box::new(key)))
            }
            Suite::Guomi => {
                let key = sm2::dsa::SigningKey::from_slice(SIGNER, &secret).ok()?;
                Some(Self::Guomi(Box::new(key)))
            }
        }
    }

    fn fresh(suite: Suite) -> Result<(Self, [u8; 32])> {
        // Of SM2, one number in 2³² is none of the curve's.
        for _ in 0..8 {
            let secret = random::<32>()?;
            if let Some(key) = Self::read(suite, &secret) {
                return Ok((key, secret));
            }
        }
        Err(Error::damaged("the system's randomness is none"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_11_either_suite_signs_and_one_changed_byte_shows() {
        let folder = tempfile::tempdir().unwrap();
        for suite in [Suite::Standard, Suite::Guomi] {
            let key = SigningKey::of(folder.path(), suite).unwrap();
            let signature = key.sign(b"paper").unwrap();
            assert_eq!(signature.len(), 64);
            assert!(verify(suite, &key.public(), b"paper", &signature));
            assert!(!verify(suite, &key.public(), b"Paper", &signature));
            for place in [0, 31, 32, 63] {
                let mut other = signature.clone();
                other[place] ^= 1;
                assert!(!verify(suite, &key.public(), b"paper", &other), "{suite:?} {place}");
            }
            let again = SigningKey::of(folder.path(), suite).unwrap();
            assert_eq!((again.id(), again.suite()), (key.id(), suite), "the key stays");
        }
        let keys = [Suite::Standard, Suite::Guomi]
            .map(|suite| SigningKey::of(folder.path(), suite).unwrap());
        let signature = keys[0].sign(b"paper").unwrap();
        assert!(!verify(Suite::Guomi, &keys[1].public(), b"paper", &signature));
    }

    #[test]
    fn p_11_sm2_verifies_the_published_signature() {
        // GM/T 0003.5-2012, A.2: key, message and signature on the recommended curve.
        let secret =
            hex::decode("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")
                .unwrap();
        let key = SigningKey::read(Suite::Guomi, &secret).unwrap();
        let point = "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
                     ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
        assert_eq!(hex::encode(key.public()), point);
        let signature = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
                         b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";
        let signature = hex::decode(signature).unwrap();
        assert!(verify(Suite::Guomi, &key.public(), b"message digest", &signature));
        assert!(!verify(Suite::Guomi, &key.public(), b"message digesu", &signature));
        assert!(SigningKey::read(Suite::Guomi, &[0; 32]).is_none(), "zero is no secret");
        assert!(SigningKey::read(Suite::Guomi, &[255; 32]).is_none(), "nor what exceeds the order");
    }

    #[test]
    fn a_file_that_is_no_key_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signing-guomi.key");
        std::fs::write(&path, b"short").unwrap();
        assert!(SigningKey::of(folder.path(), Suite::Guomi).is_err());
        assert_eq!(std::fs::read(path).unwrap(), b"short");
    }
}
