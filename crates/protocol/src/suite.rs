//! Hashes that say by which suite they were made.
//!
//! ```text
//! standard   32 bytes of SHA-256
//! guomi      0x03, then 32 bytes of SM3
//! ```
//!
//! A chain hashes the tag along with what it stands before, so nobody can pass
//! a hash of one suite off as one of the other.

use lantian_domain::ids::RecordId;
pub use lantian_domain::suite::Suite;
use sha2::{Digest as _, Sha256};
use sm3::Sm3;

/// Bytes of either hash.
pub const LEN: usize = 32;
const SM3: u8 = 3;
/// The signer's name of GM/T 0009-2012, where no other was agreed.
pub const SIGNER: &str = "1234567812345678";

/// The bare hash of parts, one after the other.
pub fn digest(suite: Suite, parts: &[&[u8]]) -> [u8; LEN] {
    match suite {
        Suite::Standard => {
            let hash = parts.iter().fold(Sha256::new(), sha2::Digest::chain_update);
            hash.finalize().into()
        }
        Suite::Guomi => {
            let hash = parts.iter().fold(Sm3::new(), sha2::Digest::chain_update);
            hash.finalize().into()
        }
    }
}

/// The bare hash of bytes in lower-case hex, for places that name the suite.
pub fn hex(suite: Suite, bytes: &[u8]) -> String {
    hex::encode(digest(suite, &[bytes]))
}

/// The hash of parts, with its suite.
pub fn tagged(suite: Suite, parts: &[&[u8]]) -> Vec<u8> {
    let bare = digest(suite, parts);
    match suite {
        Suite::Standard => bare.to_vec(),
        Suite::Guomi => [&[SM3], bare.as_slice()].concat(),
    }
}

/// By which suite a tagged hash was made; nothing when it is no hash.
pub fn suite_of(hash: &[u8]) -> Option<Suite> {
    match (hash.len(), hash.first()) {
        (LEN, _) => Some(Suite::Standard),
        (33, Some(&SM3)) => Some(Suite::Guomi),
        _ => None,
    }
}

/// Whether `hash` is the tagged hash of parts, by the suite that it names.
pub fn fits(hash: &[u8], parts: &[&[u8]]) -> bool {
    suite_of(hash).is_some_and(|suite| tagged(suite, parts) == hash)
}

/// Whether `signature` is the one of `message` by the key with this public part:
/// 32 bytes of Ed25519, or an uncompressed point of SM2.
pub fn verify(suite: Suite, public: &[u8], message: &[u8], signature: &[u8]) -> bool {
    match suite {
        Suite::Standard => standard(public, message, signature).is_some(),
        Suite::Guomi => guomi(public, message, signature).is_some(),
    }
}

fn standard(public: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    let key = ed25519_dalek::VerifyingKey::from_bytes(public.try_into().ok()?).ok()?;
    let signature = ed25519_dalek::Signature::from_slice(signature).ok()?;
    key.verify_strict(message, &signature).ok()
}

fn guomi(public: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    use sm2::dsa::signature::Verifier as _;
    let key = sm2::dsa::VerifyingKey::from_sec1_bytes(SIGNER, public).ok()?;
    let signature = sm2::dsa::Signature::from_slice(signature).ok()?;
    key.verify(message, &signature).ok()
}

/// An event's place in the log of its record, as its hash binds it.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// Hash of the event before.
    pub prev: &'a [u8],
    /// The record.
    pub record: RecordId,
    /// Which event of it.
    pub version: u64,
    /// The event, as stored.
    pub event: &'a str,
    /// Its stamp, as stored.
    pub stamp: &'a str,
}

impl Link<'_> {
    /// Its hash by a suite; it says by which.
    pub fn hash(&self, suite: Suite) -> Vec<u8> {
        self.with(|parts| tagged(suite, parts))
    }

    /// Whether `hash` is its hash, by the suite that the hash names.
    pub fn fits(&self, hash: &[u8]) -> bool {
        self.with(|parts| fits(hash, parts))
    }

    fn with<T>(&self, make: impl FnOnce(&[&[u8]]) -> T) -> T {
        let version = self.version.to_be_bytes();
        make(&[
            self.prev,
            self.record.0.as_bytes(),
            &version,
            self.event.as_bytes(),
            &[0],
            self.stamp.as_bytes(),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_11_either_suite_gives_its_published_hash_and_names_itself() {
        // FIPS 180-4 and GB/T 32905-2016, the message `abc`.
        let published = [
            (Suite::Standard, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (Suite::Guomi, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        ];
        for (suite, expected) in published {
            assert_eq!(hex(suite, b"abc"), expected);
            let hash = tagged(suite, &[b"a", b"bc"]);
            assert_eq!(suite_of(&hash), Some(suite));
            assert!(fits(&hash, &[b"abc"]));
            assert!(!fits(&hash, &[b"abd"]));
        }
        assert!(suite_of(b"").is_none() && suite_of(&[4; 33]).is_none());
    }
}
