//! Chance by a seed: the same seed, the same history.

use lantian_protocol::fresh;

/// A stream of numbers.
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    /// The stream of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1a47_1a47)
    }

    /// The next number (splitmix64).
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`; 0 for 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { (self.next() % n as u64) as usize }
    }

    /// A number of `from..=to`.
    pub(crate) fn between(&mut self, from: i64, to: i64) -> i64 {
        from + (self.next() % (to - from + 1).unsigned_abs()).cast_signed()
    }

    /// Whether something of so many per mille happens.
    pub(crate) fn hits(&mut self, per_mille: usize) -> bool {
        self.below(1_000) < per_mille
    }

    /// One of them.
    pub(crate) fn of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }
}

/// Where the fresh identities of a thread come from; no two of these ever give
/// the same one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source {
    /// What the stage founds.
    Stage,
    /// The accounts of the stage's people.
    Staff,
    /// The tablets of a history.
    History { seed: u64 },
    /// The company of a history, since it was last started.
    Company { start: u64 },
}

impl Source {
    /// Draws the identities of this thread from here on.
    pub(crate) fn draw(self) {
        let (kind, number) = match self {
            Self::Stage => (0, 0),
            Self::Staff => (1, 0),
            Self::History { seed } => (2, seed),
            Self::Company { start } => (3, start),
        };
        fresh::draw_from(kind << 62 | number);
    }
}
