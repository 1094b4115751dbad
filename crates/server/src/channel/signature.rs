//! The signature of a request (domain j.4, P-11), the same in both directions.
//!
//! ```text
//! HMAC(secret, METHOD \n PATH \n TIMESTAMP \n NONCE \n hex(HASH(body)))
//! ```
//!
//! METHOD in capitals; PATH without host and query; TIMESTAMP and NONCE as in
//! their headers; the body byte for byte as sent. HASH and HMAC use SHA-256 or
//! SM3, whichever is agreed with the client. The result is written in
//! lower-case hex.

use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};
use sm3::Sm3;

/// The header that names the client.
pub const CLIENT: &str = "x-client-id";
/// The header with the instant of signing: RFC 3339, or milliseconds since 1970.
pub const TIMESTAMP: &str = "x-timestamp";
/// The header with a number used once: 16 to 64 letters, digits, `-` or `_`.
pub const NONCE: &str = "x-nonce";
/// The header with the signature.
pub const SIGNATURE: &str = "x-signature";

/// The algorithms that can be agreed with a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// HMAC over SHA-256.
    Sha256,
    /// HMAC over SM3 (GB/T 32905).
    Sm3,
}

impl Algorithm {
    /// Every algorithm.
    pub const ALL: [Self; 2] = [Self::Sha256, Self::Sm3];

    /// The name as configured.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "hmac-sha256",
            Self::Sm3 => "hmac-sm3",
        }
    }

    /// The algorithm with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

/// What is signed.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// `POST`.
    pub method: &'a str,
    /// The path, without host and query.
    pub path: &'a str,
    /// As in the header.
    pub timestamp: &'a str,
    /// As in the header.
    pub nonce: &'a str,
    /// Byte for byte as sent.
    pub body: &'a [u8],
}

impl Signed<'_> {
    fn text(&self, hash: &str) -> String {
        let Self { method, path, timestamp, nonce, .. } = self;
        format!("{method}\n{path}\n{timestamp}\n{nonce}\n{hash}")
    }
}

/// Signs, in lower-case hex.
///
/// # Panics
/// Never: an HMAC takes a key of any length.
pub fn sign(algorithm: Algorithm, secret: &[u8], what: &Signed<'_>) -> String {
    const ANY: &str = "an HMAC takes a key of any length";
    match algorithm {
        Algorithm::Sha256 => {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect(ANY);
            mac.update(what.text(&hex::encode(Sha256::digest(what.body))).as_bytes());
            hex::encode(mac.finalize().into_bytes())
        }
        Algorithm::Sm3 => {
            let mut mac = Hmac::<Sm3>::new_from_slice(secret).expect(ANY);
            mac.update(what.text(&hex::encode(Sm3::digest(what.body))).as_bytes());
            hex::encode(mac.finalize().into_bytes())
        }
    }
}

/// Whether `signature` fits, in time that does not depend on where it differs.
pub fn fits(algorithm: Algorithm, secret: &[u8], what: &Signed<'_>, signature: &str) -> bool {
    let expected = sign(algorithm, secret, what);
    expected.len() == signature.len()
        && expected.bytes().zip(signature.bytes()).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHAT: Signed<'_> = Signed {
        method: "POST",
        path: "/v1/channels/gov_portal/applications",
        timestamp: "2026-11-23T11:05:09+08:00",
        nonce: "0123456789abcdef",
        body: b"{}",
    };

    #[test]
    fn sm3_is_the_published_hash() {
        // The first example of GB/T 32905-2016, appendix A.
        let expected = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
        assert_eq!(hex::encode(Sm3::digest(b"abc")), expected);
    }

    #[test]
    fn every_part_is_signed_by_either_algorithm() {
        for algorithm in Algorithm::ALL {
            let good = sign(algorithm, b"secret", &WHAT);
            assert_eq!(good.len(), 64);
            assert!(fits(algorithm, b"secret", &WHAT, &good));
            assert!(!fits(algorithm, b"Secret", &WHAT, &good));
            assert!(!fits(algorithm, b"secret", &WHAT, ""));
            for changed in [
                Signed { method: "PUT", ..WHAT },
                Signed { path: "/v1/channels/gov_portal/status", ..WHAT },
                Signed { timestamp: "2026-11-23T11:05:10+08:00", ..WHAT },
                Signed { nonce: "0123456789abcdeg", ..WHAT },
                Signed { body: b"{ }", ..WHAT },
            ] {
                assert!(!fits(algorithm, b"secret", &changed, &good), "{changed:?}");
            }
        }
    }
}
