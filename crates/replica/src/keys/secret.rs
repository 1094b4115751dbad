//! The keyring's entry: 32 random bytes, and how many wrong PINs were tried.
//!
//! The counter lies with the secret, not in the folder: who copies the folder
//! away cannot reset it there.

use lantian_domain::time::Instant;
use sha2::{Digest as _, Sha256};
use zeroize::{ZeroizeOnDrop, Zeroizing};

use super::{
    data_key::fill,
    store::{SecretFault, SecretStore},
};
use crate::error::{Error, Result};

const LEN: usize = 32 + 4 + 8;
/// Wrong PINs before a wait is imposed.
const FREE_FAILURES: u32 = 3;
const FIRST_WAIT_MS: i64 = 30_000;
const LONGEST_WAIT_MS: i64 = 60 * 60_000;

/// The keyring's entry.
#[derive(Clone, ZeroizeOnDrop)]
pub(super) struct KeyringSecret {
    pub(super) secret: [u8; 32],
    pub(super) failures: u32,
    #[zeroize(skip)]
    last_failure: Instant,
}

impl KeyringSecret {
    pub(super) fn random() -> Result<Self> {
        let mut secret = [0; 32];
        fill(&mut secret)?;
        Ok(Self { secret, failures: 0, last_failure: Instant(0) })
    }

    /// Names the secret; it is random, so its hash tells nothing.
    pub(super) fn id(&self) -> String {
        hex::encode(&Sha256::digest(self.secret)[..8])
    }

    /// Reads the entry of a store that exists.
    pub(super) fn read(secrets: &dyn SecretStore, entry: &str, backend: &str) -> Result<Self> {
        let bytes = secrets
            .get(entry)
            .map_err(unavailable)?
            .map(Zeroizing::new)
            .ok_or_else(|| Error::KeyringEntryMissing { backend: backend.to_owned() })?;
        Self::decode(&bytes)
            .ok_or_else(|| Error::corrupt("keys", "the keyring's entry has an unknown form"))
    }

    /// Writes the entry and reads it back: some keyrings take a secret and
    /// keep nothing.
    pub(super) fn write(&self, secrets: &dyn SecretStore, entry: &str) -> Result<()> {
        let bytes = self.encode();
        secrets.set(entry, &bytes).map_err(unavailable)?;
        let back = secrets.get(entry).map_err(unavailable)?.map(Zeroizing::new);
        if back.as_deref() == Some(&*bytes) {
            Ok(())
        } else {
            Err(Error::KeyringUnavailable {
                detail: format!("{} does not keep what is written", secrets.name()),
            })
        }
    }

    /// How long the next attempt has to wait. A clock set back makes the wait
    /// start again, it never ends it.
    pub(super) fn wait_ms(&self, now: Instant) -> i64 {
        if self.failures < FREE_FAILURES {
            return 0;
        }
        let doublings = (self.failures - FREE_FAILURES).min(16);
        let wait = (FIRST_WAIT_MS << doublings).min(LONGEST_WAIT_MS);
        let passed = now.since(self.last_failure);
        if passed < 0 { wait } else { (wait - passed).max(0) }
    }

    pub(super) fn count_failure(&mut self, now: Instant) {
        self.failures = self.failures.saturating_add(1);
        self.last_failure = now;
    }

    pub(super) fn forgive(&mut self) {
        self.failures = 0;
        self.last_failure = Instant(0);
    }

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(LEN));
        bytes.extend_from_slice(&self.secret);
        bytes.extend_from_slice(&self.failures.to_le_bytes());
        bytes.extend_from_slice(&self.last_failure.0.to_le_bytes());
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != LEN {
            return None;
        }
        Some(Self {
            secret: bytes[..32].try_into().ok()?,
            failures: u32::from_le_bytes(bytes[32..36].try_into().ok()?),
            last_failure: Instant(i64::from_le_bytes(bytes[36..].try_into().ok()?)),
        })
    }
}

pub(super) fn unavailable(fault: SecretFault) -> Error {
    Error::KeyringUnavailable { detail: fault.0 }
}
