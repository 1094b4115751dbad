//! Fresh identities.
//!
//! Invariant: outside the simulator (feature `simulation`) each is made of this
//! machine's clock and of true chance, and cannot be guessed. In a history they
//! come from its seed, so that whatever depends on their bytes, such as how
//! small a body packs, is the same when it is played again.

use uuid::Uuid;

/// A fresh identity, in the order of its making (UUID version 7).
pub fn uuid() -> Uuid {
    #[cfg(feature = "simulation")]
    if let Some(drawn) = drawn::next() {
        return drawn;
    }
    Uuid::now_v7()
}

#[cfg(feature = "simulation")]
pub use drawn::draw_from;

#[cfg(feature = "simulation")]
mod drawn {
    use std::cell::Cell;

    use sha2::{Digest as _, Sha256};
    use uuid::{Builder, Uuid};

    /// When drawn identities begin, in ms since 1970: none clashes with one
    /// that a clock made.
    const BEGIN_MS: u64 = 1_000_000_000_000;

    thread_local! {
        static SOURCE: Cell<Option<(u64, u64)>> = const { Cell::new(None) };
    }

    /// On this thread identities come from a seed from now on.
    pub fn draw_from(seed: u64) {
        SOURCE.set(Some((seed, 0)));
    }

    pub(super) fn next() -> Option<Uuid> {
        let (seed, drawn) = SOURCE.get()?;
        SOURCE.set(Some((seed, drawn + 1)));
        let mut hash = Sha256::new();
        hash.update(seed.to_be_bytes());
        hash.update(drawn.to_be_bytes());
        let mut chance = [0; 10];
        chance.copy_from_slice(&hash.finalize()[..10]);
        Some(Builder::from_unix_timestamp_millis(BEGIN_MS + drawn, &chance).into_uuid())
    }
}
