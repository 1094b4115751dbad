//! Sealing of short secrets under a key that lies beside the store.
//!
//! ```text
//! standard   nonce (24) │ XChaCha20-Poly1305
//! guomi      "sm4-gcm\0" │ nonce (12) │ SM4-GCM
//! ```
//!
//! The mark of a sealed secret says by which suite it was sealed; a random
//! nonce is like it once in 2⁶⁴.

use aes_gcm::AesGcm;
use chacha20poly1305::{
    Key, KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload, consts::U12},
};
use hmac::{Hmac, Mac as _};
use sm3::Sm3;
use sm4::Sm4;

use super::Suite;
use crate::{error::Result, identity::password::random};

type Sm4Gcm = AesGcm<Sm4, U12>;

const MARK: &[u8; 8] = b"sm4-gcm\0";
const LONG: usize = 24;
const SHORT: usize = 12;

/// Seals `secret` for the owner named `whose`; nothing when the cipher cannot.
///
/// # Errors
/// When the system has no randomness.
pub fn seal(suite: Suite, key: &[u8; 32], whose: &str, secret: &[u8]) -> Result<Option<Vec<u8>>> {
    let payload = Payload { msg: secret, aad: whose.as_bytes() };
    Ok(match suite {
        Suite::Standard => {
            let nonce = random::<LONG>()?;
            let cipher = XChaCha20Poly1305::new(Key::from_slice(key));
            let sealed = cipher.encrypt(XNonce::from_slice(&nonce), payload).ok();
            sealed.map(|sealed| [nonce.as_slice(), &sealed].concat())
        }
        Suite::Guomi => {
            let nonce = random::<SHORT>()?;
            let sealed = sm4(key).encrypt(nonce.as_slice().into(), payload).ok();
            sealed.map(|sealed| [MARK.as_slice(), &nonce, &sealed].concat())
        }
    })
}

/// Opens what was sealed under this key for this owner, by whichever suite;
/// nothing when it was not.
pub fn open(key: &[u8; 32], whose: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    let aad = whose.as_bytes();
    if let Some(rest) = sealed.strip_prefix(MARK) {
        let (nonce, msg) = rest.split_at_checked(SHORT)?;
        return sm4(key).decrypt(nonce.into(), Payload { msg, aad }).ok();
    }
    let (nonce, msg) = sealed.split_at_checked(LONG)?;
    let cipher = XChaCha20Poly1305::new(Key::from_slice(key));
    cipher.decrypt(XNonce::from_slice(nonce), Payload { msg, aad }).ok()
}

/// By which suite a secret was sealed.
pub fn suite_of(sealed: &[u8]) -> Suite {
    if sealed.starts_with(MARK) { Suite::Guomi } else { Suite::Standard }
}

/// The cipher of 128 bits under a key of 256, which both suites share.
fn sm4(key: &[u8; 32]) -> Sm4Gcm {
    let mut mac =
        <Hmac<Sm3> as hmac::Mac>::new_from_slice(key).expect("an HMAC takes a key of any length");
    mac.update(b"sm4-gcm");
    let derived = mac.finalize().into_bytes();
    Sm4Gcm::new(aes_gcm::Key::<Sm4Gcm>::from_slice(&derived[..16]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_11_what_one_suite_sealed_opens_after_a_change_of_suite() {
        let key = [5; 32];
        for suite in [Suite::Standard, Suite::Guomi] {
            let sealed = seal(suite, &key, "portal1", b"secret-canary").unwrap().unwrap();
            assert_eq!(suite_of(&sealed), suite);
            assert!(!sealed.windows(6).any(|part| part == b"canary"));
            assert_eq!(open(&key, "portal1", &sealed).unwrap(), b"secret-canary");
            assert!(open(&key, "portal2", &sealed).is_none(), "for its owner alone");
            assert!(open(&[6; 32], "portal1", &sealed).is_none());
            let mut other = sealed.clone();
            *other.last_mut().unwrap() ^= 1;
            assert!(open(&key, "portal1", &other).is_none());
        }
    }

    #[test]
    fn p_11_sm4_is_the_published_cipher() {
        use sm4::cipher::{BlockEncrypt as _, KeyInit as _};
        // GB/T 32907-2016, A.1: the key is its own first message.
        let text = hex::decode("0123456789abcdeffedcba9876543210").unwrap();
        let mut block = *sm4::cipher::Block::<Sm4>::from_slice(&text);
        Sm4::new_from_slice(&text).unwrap().encrypt_block(&mut block);
        assert_eq!(hex::encode(block), "681edf34d206965e86b3e94f536e4246");
    }
}
