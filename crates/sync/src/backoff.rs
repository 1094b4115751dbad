//! How long to wait before the next attempt: exponential, with jitter from a
//! seeded sequence, so that a thousand tablets after an outage do not come
//! back in the same second, and a test gets the same waits twice.

use serde::{Deserialize, Serialize};

/// The first wait.
pub const FIRST_MS: u64 = 1_000;
/// The longest wait between two attempts.
pub const LONGEST_MS: u64 = 5 * 60_000;
/// The longest wait that a server's `Retry-After` is believed for.
pub const LONGEST_WISH_MS: u64 = 60 * 60_000;

/// A seeded sequence of numbers (SplitMix64).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Jitter {
    state: u64,
}

impl Jitter {
    /// A sequence; each device passes a seed of its own.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number between half of `ms` and `ms`.
    pub fn around(&mut self, ms: u64) -> u64 {
        let half = ms / 2;
        half + self.next() % (ms - half + 1)
    }

    /// The wait before attempt number `failures + 1`, not shorter than the
    /// server's wish.
    pub fn wait_ms(&mut self, failures: u32, wish_ms: Option<u64>) -> u64 {
        let doubled = FIRST_MS.saturating_mul(1 << failures.saturating_sub(1).min(20));
        let own = self.around(doubled.min(LONGEST_MS));
        match wish_ms {
            // The jitter comes on top: the server gave everybody one number.
            Some(wish) => {
                let wish = wish.min(LONGEST_WISH_MS);
                wish + self.next() % (wish / 4 + 1_000)
            }
            None => own,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_stay_bounded() {
        let mut jitter = Jitter::new(7);
        for failures in 1..200 {
            let wait = jitter.wait_ms(failures, None);
            let full = (FIRST_MS << (failures - 1).min(20)).min(LONGEST_MS);
            assert!((full / 2..=full).contains(&wait), "{failures}: {wait}");
        }
    }

    #[test]
    fn a_wish_of_the_server_is_never_undercut_and_never_believed_for_ever() {
        let mut jitter = Jitter::new(1);
        for wish in [0, 1, 30_000, LONGEST_WISH_MS, u64::MAX] {
            let wait = jitter.wait_ms(3, Some(wish));
            assert!(wait >= wish.min(LONGEST_WISH_MS));
            assert!(wait <= LONGEST_WISH_MS + LONGEST_WISH_MS / 4 + 1_000);
        }
    }

    #[test]
    fn two_seeds_differ_and_one_seed_repeats() {
        let waits = |seed| {
            let mut jitter = Jitter::new(seed);
            (1..20).map(|n| jitter.wait_ms(n, None)).collect::<Vec<_>>()
        };
        assert_eq!(waits(5), waits(5));
        assert_ne!(waits(5), waits(6));
    }
}
