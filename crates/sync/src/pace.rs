//! How many transfers run side by side, by what the way carries.
//!
//! Words: a *round* is a number of chunks moved while as many transfers ran as
//! are allowed; its *flow* is what all of them carried together in a second. A
//! *trial* is a round at another width, kept only if the flow says so.
//!
//! ```text
//!            chunks are quick              the flow grew
//!  settled ───────────────────► one more ─────────────────► settled, wider
//!     │                             └── it did not ───────► settled, as before
//!     │      chunks are slow              the flow stayed
//!     └───────────────────────► one fewer ────────────────► settled, narrower
//! ```
//!
//! On a slow way many streams only make each of them last until it is cut;
//! twenty photos side by side never arrived (lesson A-33). On a far way one
//! stream leaves it idle. So the fewest that carry as much are used, and on a
//! way that was cut no more than one chunk is at stake until much has gone
//! through.
//!
//! Invariant: the width is from 1 to [`MOST`]; the same measurements give the
//! same widths.

use lantian_protocol::file::CHUNK;
use serde::{Deserialize, Serialize};

/// The most transfers at once.
pub const MOST: usize = 4;
/// How many run before anything was measured.
const START: usize = 2;
/// Chunks of each transfer in a round.
const ROUND: usize = 4;
/// A whole chunk that takes longer, in ms, is slow: fewer streams are tried.
const SLOW_MS: u64 = 1_500;
/// A whole chunk that takes longer, in ms, may never arrive: one stream less,
/// at once.
const ENDLESS_MS: u64 = 8_000;
/// Bytes that go through without a cut before more streams are tried.
const SURE: u64 = 16 << 20;
/// The most rounds between two trials.
const LONGEST_REST: u32 = 32;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Stage {
    Settled,
    /// One more than before, which carried so much.
    More(u64),
    /// One fewer than before, which carried so much.
    Fewer(u64),
}

/// What was measured, and the width that follows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Pace {
    width: usize,
    stage: Stage,
    chunks: usize,
    bytes: u64,
    ms: u64,
    /// Rounds until the next trial, and how many the next failed one costs.
    rest: u32,
    cost: u32,
    /// Bytes moved since the last cut.
    uncut: u64,
}

impl Default for Pace {
    fn default() -> Self {
        let stage = Stage::Settled;
        let uncut = SURE;
        Self { width: START, stage, chunks: 0, bytes: 0, ms: 0, rest: 0, cost: 1, uncut }
    }
}

impl Pace {
    /// How many transfers may run.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// A chunk went over the way, beside others: `flying` in all.
    pub(crate) fn measure(&mut self, bytes: u64, ms: u64, flying: usize) {
        if bytes == 0 {
            return;
        }
        self.uncut = self.uncut.saturating_add(bytes);
        let whole_ms = ms.saturating_mul(CHUNK as u64) / bytes;
        if whole_ms > ENDLESS_MS && self.width > 1 {
            return self.settle(self.width - 1, Outcome::Failed);
        }
        // Fewer than allowed say nothing of how much the way carries.
        if flying < self.width {
            return;
        }
        self.chunks += 1;
        self.bytes = self.bytes.saturating_add(bytes);
        self.ms = self.ms.saturating_add(ms);
        if self.chunks >= ROUND * self.width {
            self.conclude();
        }
    }

    /// A transfer was cut: fewer at once lose less.
    pub(crate) fn lose(&mut self) {
        self.uncut = 0;
        self.settle(self.width.div_ceil(2), Outcome::Failed);
    }

    fn conclude(&mut self) {
        let width = self.width as u64;
        // Each transfer's own time: all together took a width-th of it.
        let flow = self.bytes.saturating_mul(1_000 * width) / self.ms.max(1);
        let slow = self.ms.saturating_mul(CHUNK as u64) / self.bytes.max(1) > SLOW_MS;
        match self.stage {
            Stage::More(before) if flow > before + before / 10 => {
                self.settle(self.width, Outcome::Kept);
            }
            Stage::More(_) => self.settle(self.width - 1, Outcome::Failed),
            Stage::Fewer(before) if flow + flow / 20 >= before => {
                self.settle(self.width, Outcome::Kept);
            }
            Stage::Fewer(_) => self.settle(self.width + 1, Outcome::Failed),
            Stage::Settled if self.rest > 0 => {
                self.rest -= 1;
                self.forget();
            }
            Stage::Settled if slow && self.width > 1 => {
                self.attempt(self.width - 1, Stage::Fewer(flow));
            }
            Stage::Settled if !slow && self.width < MOST && self.uncut >= SURE => {
                self.attempt(self.width + 1, Stage::More(flow));
            }
            Stage::Settled => self.forget(),
        }
    }

    fn attempt(&mut self, width: usize, stage: Stage) {
        self.width = width;
        self.stage = stage;
        self.forget();
    }

    fn settle(&mut self, width: usize, outcome: Outcome) {
        self.width = width.clamp(1, MOST);
        self.stage = Stage::Settled;
        match outcome {
            Outcome::Kept => (self.rest, self.cost) = (0, 1),
            Outcome::Failed => {
                self.rest = self.cost;
                self.cost = (self.cost * 2).min(LONGEST_REST);
            }
        }
        self.forget();
    }

    fn forget(&mut self) {
        (self.chunks, self.bytes, self.ms) = (0, 0, 0);
    }
}

/// What became of a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Kept,
    Failed,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A way that carries so many bytes a second for all together, each chunk
    /// after a wait.
    struct Way {
        bytes_per_s: u64,
        wait_ms: u64,
    }

    impl Way {
        /// Moves so many chunks over it; the widths that were used.
        fn carry(&self, pace: &mut Pace, chunks: usize) -> Vec<usize> {
            let mut widths = Vec::new();
            for _ in 0..chunks {
                let width = pace.width();
                let ms = self.wait_ms + CHUNK as u64 * width as u64 * 1_000 / self.bytes_per_s;
                pace.measure(CHUNK as u64, ms, width);
                widths.push(width);
            }
            widths
        }
    }

    fn mostly(widths: &[usize]) -> usize {
        let count = |width: &usize| widths.iter().filter(|one| *one == width).count();
        (1..=MOST).max_by_key(count).unwrap()
    }

    #[test]
    fn a_33_a_slow_way_gets_one_stream_and_stays_with_it() {
        let way = Way { bytes_per_s: 20_000, wait_ms: 400 };
        let mut pace = Pace::default();
        let widths = way.carry(&mut pace, 40);
        assert_eq!(widths[0], 2);
        assert!(widths[1..].iter().all(|width| *width == 1), "{widths:?}");
    }

    #[test]
    fn a_33_a_way_that_is_full_with_one_gets_no_second() {
        let way = Way { bytes_per_s: 200_000, wait_ms: 30 };
        let widths = way.carry(&mut Pace::default(), 400);
        assert_eq!(mostly(&widths), 1, "{widths:?}");
    }

    #[test]
    fn a_33_a_far_fast_way_is_filled() {
        let way = Way { bytes_per_s: 100_000_000, wait_ms: 300 };
        let widths = way.carry(&mut Pace::default(), 100);
        assert!(widths[40..].iter().all(|width| *width == MOST), "{widths:?}");
    }

    #[test]
    fn a_33_a_near_way_that_is_full_stays_as_it_is_but_for_rare_trials() {
        let way = Way { bytes_per_s: 10_000_000, wait_ms: 0 };
        let mut pace = Pace::default();
        let early = way.carry(&mut pace, 100);
        let late = way.carry(&mut pace, 1_000);
        let trials = late.iter().filter(|width| **width > 2).count();
        assert_eq!(mostly(&early), 2);
        assert!((1..=100).contains(&trials), "{trials}");
    }

    #[test]
    fn a_33_a_way_that_cuts_gets_fewer_and_recovers() {
        let way = Way { bytes_per_s: 100_000_000, wait_ms: 300 };
        let mut pace = Pace::default();
        way.carry(&mut pace, 100);
        for _ in 0..6 {
            pace.lose();
            way.carry(&mut pace, 2);
        }
        assert_eq!(pace.width(), 1);
        let widths = way.carry(&mut pace, 600);
        assert_eq!(widths.last(), Some(&MOST), "it comes back");
    }

    #[test]
    fn a_33_on_a_way_that_is_cut_again_and_again_one_chunk_is_at_stake() {
        let way = Way { bytes_per_s: 6 << 20, wait_ms: 30 };
        let mut pace = Pace::default();
        way.carry(&mut pace, 40);
        for _ in 0..5 {
            let at_stake = pace.width();
            (0..at_stake).for_each(|_| pace.lose());
            let widths = way.carry(&mut pace, 44);
            assert_eq!(mostly(&widths), 1, "{widths:?}");
        }
        assert_eq!(pace.width(), 1);
    }

    #[test]
    fn i14_the_same_measurements_give_the_same_widths() {
        let walk = || {
            let mut pace = Pace::default();
            let mut widths = Vec::new();
            for n in 0..2_000_u64 {
                let (ms, flying) = (n * 7_919 % 9_000, usize::try_from(n % 5).unwrap());
                pace.measure(CHUNK as u64 - n % 3, ms, flying);
                if n % 101 == 0 {
                    pace.lose();
                }
                assert!((1..=MOST).contains(&pace.width()));
                widths.push(pace.width());
            }
            widths
        };
        assert_eq!(walk(), walk());
        let mut empty = Pace::default();
        empty.measure(0, 5, 2);
        assert_eq!(empty.width(), 2, "a chunk without bytes says nothing");
    }

    #[test]
    fn few_files_say_nothing_of_the_way() {
        let mut pace = Pace::default();
        for _ in 0..100 {
            pace.measure(CHUNK as u64, 10, 1);
        }
        assert_eq!(pace.width(), 2);
    }
}
