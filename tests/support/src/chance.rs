//! Chance with a seed: the same seed gives the same course.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A stream of numbers (SplitMix64).
pub struct Chance(u64);

impl Chance {
    /// From `LANTIAN_SEED`, else from the clock; the seed is printed so that a
    /// failing course can be walked again.
    pub fn from_environment(of_what: &str) -> Self {
        let named = std::env::var("LANTIAN_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = named.unwrap_or_else(|| {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock runs");
            now.as_secs() ^ u64::from(now.subsec_nanos()) << 20
        });
        println!("{of_what}: LANTIAN_SEED={seed}");
        Self(seed)
    }

    /// From a number.
    pub fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.number() % end.max(1)
    }

    /// One of `choices`.
    pub fn one_of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len() as u64) as usize]
    }

    /// A duration between two.
    pub fn between(&mut self, from: Duration, to: Duration) -> Duration {
        let span = to.saturating_sub(from).as_micros() as u64;
        from + Duration::from_micros(self.below(span + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn the_same_seed_walks_the_same_course() {
        let course = |seed| {
            let mut chance = Chance::of(seed);
            (0..50).map(|_| chance.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(course(7), course(7));
        assert_ne!(course(7), course(8));
        assert!(course(7).iter().all(|number| *number < 1000));
    }
}
