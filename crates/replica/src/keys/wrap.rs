//! The two wraps of the data key.

use std::str::FromStr as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use zeroize::Zeroizing;

use super::data_key::{DataKey, fill};
use crate::error::{Error, Result};

const NONCE: usize = 24;

/// Wraps the data key with a key; `bound` is authenticated along.
pub(super) fn seal(key: &[u8; 32], data_key: &DataKey, bound: &str) -> Result<String> {
    let mut nonce = [0; NONCE];
    fill(&mut nonce)?;
    let cipher = XChaCha20Poly1305::new(key.into());
    let payload = Payload { msg: data_key.bytes(), aad: bound.as_bytes() };
    let sealed = cipher
        .encrypt(XNonce::from_slice(&nonce), payload)
        .expect("32 bytes are within the cipher's limits");
    Ok(STANDARD.encode([&nonce[..], &sealed].concat()))
}

/// Opens a wrap; nothing if the key does not fit.
pub(super) fn open(key: &[u8; 32], wrap: &str, bound: &str) -> Result<Option<DataKey>> {
    let damaged = || Error::corrupt("keys", "a wrap has an unknown form");
    let bytes = STANDARD.decode(wrap).map_err(|_| damaged())?;
    if bytes.len() <= NONCE {
        return Err(damaged());
    }
    let (nonce, sealed) = bytes.split_at(NONCE);
    let payload = Payload { msg: sealed, aad: bound.as_bytes() };
    let plain = XChaCha20Poly1305::new(key.into())
        .decrypt(XNonce::from_slice(nonce), payload)
        .map(Zeroizing::new);
    Ok(plain.ok().and_then(|bytes| DataKey::from_slice(&bytes)))
}

/// Wraps the data key for the company's recovery recipient (age, X25519).
pub(super) fn seal_for(recipient: &str, data_key: &DataKey) -> Result<String> {
    let recipient = age::x25519::Recipient::from_str(recipient)
        .map_err(|e| Error::corrupt("keys", format!("the recovery recipient: {e}")))?;
    let sealed = age::encrypt(&recipient, data_key.bytes())
        .map_err(|e| Error::corrupt("keys", format!("the recovery wrap: {e}")))?;
    Ok(STANDARD.encode(sealed))
}

/// Opens the recovery wrap with the company's identity.
pub(super) fn open_with(identity: &str, wrap: &str) -> Result<DataKey> {
    let identity =
        age::x25519::Identity::from_str(identity.trim()).map_err(|_| Error::WrongRecoveryKey)?;
    let sealed = STANDARD
        .decode(wrap)
        .map_err(|_| Error::corrupt("keys", "the recovery wrap has an unknown form"))?;
    let plain = age::decrypt(&identity, &sealed)
        .map(Zeroizing::new)
        .map_err(|_| Error::WrongRecoveryKey)?;
    DataKey::from_slice(&plain).ok_or(Error::WrongRecoveryKey)
}
