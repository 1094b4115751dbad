//! Chance with a seed: the same seed takes the same samples.

/// A stream of numbers (SplitMix64).
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// From `LANTIAN_SEED`, else from the clock; the seed is printed so that
    /// a failing sample can be taken again.
    pub fn from_environment(of_what: &str) -> Self {
        let named = std::env::var("LANTIAN_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = named.unwrap_or_else(|| {
            let now = std::time::SystemTime::UNIX_EPOCH.elapsed();
            now.map_or(0, |now| now.as_secs() ^ u64::from(now.subsec_nanos()) << 20)
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

    /// A number below `end`; 0 for 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.number() % end.max(1) as u64) as usize
    }
}
