//! The PIN, stretched by Argon2id and mixed with the keyring secret.

use argon2::{Algorithm, Argon2, Params, Version};
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{data_key::fill, secret::KeyringSecret};
use crate::error::{Error, Result};

/// How the PIN is stretched; kept in the header, so that it can grow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stretch {
    salt: String,
    m_kib: u32,
    t: u32,
    p: u32,
}

impl Stretch {
    /// 46 MiB, one pass: OWASP's first choice for one lane.
    pub(super) fn fresh() -> Result<Self> {
        let mut salt = [0; 16];
        fill(&mut salt)?;
        Ok(Self { salt: hex::encode(salt), m_kib: 46 * 1024, t: 1, p: 1 })
    }

    /// The key that the keyring secret and the PIN make together.
    pub(super) fn key(&self, secret: &KeyringSecret, pin: &str) -> Result<Zeroizing<[u8; 32]>> {
        let damaged = || Error::corrupt("keys", "the header's stretching cannot be used");
        let salt = hex::decode(&self.salt).map_err(|_| damaged())?;
        let params = Params::new(self.m_kib, self.t, self.p, Some(32)).map_err(|_| damaged())?;
        let mut stretched = Zeroizing::new([0_u8; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(pin.as_bytes(), &salt, &mut *stretched)
            .map_err(|_| damaged())?;
        let mut material = Zeroizing::new([0_u8; 64]);
        material[..32].copy_from_slice(&secret.secret);
        material[32..].copy_from_slice(&*stretched);
        let mut key = Zeroizing::new([0_u8; 32]);
        Hkdf::<Sha256>::new(Some(&salt), &*material)
            .expand(b"lantian key wrap 1", &mut *key)
            .expect("32 bytes are a permitted length of HKDF-SHA256");
        Ok(key)
    }
}

/// Checks the form of a PIN.
pub(super) fn check_form(pin: &str) -> Result<()> {
    let length = pin.chars().count();
    if (6..=64).contains(&length) { Ok(()) } else { Err(Error::PinForm) }
}
