//! The data key, and the keys drawn from it for each purpose.

use hkdf::Hkdf;
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize as _, ZeroizeOnDrop, Zeroizing};

use crate::error::{Error, Result};

/// The key that opens everything of one store; wiped when dropped.
#[derive(Clone, ZeroizeOnDrop)]
pub(crate) struct DataKey([u8; 32]);

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey(***)")
    }
}

impl DataKey {
    pub(crate) fn random() -> Result<Self> {
        let mut bytes = [0; 32];
        fill(&mut bytes)?;
        let key = Self(bytes);
        bytes.zeroize();
        Ok(key)
    }

    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Names the key without telling anything of it.
    pub(crate) fn id(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(b"lantian data key id\0");
        hash.update(self.0);
        hex::encode(&hash.finalize()[..8])
    }

    /// The key for one purpose.
    pub(crate) fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(None, &self.0)
            .expand(purpose.as_bytes(), &mut *key)
            .expect("32 bytes are a permitted length of HKDF-SHA256");
        key
    }
}

/// Fills `bytes` with the system's randomness.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(|_| Error::Random)
}
