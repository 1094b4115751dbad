//! The workloads that are measured alone, one file each.
//!
//! Words: an *extent* says how large; a *limit* is the bare program's figure
//! in the same rounds, where it does the work at all.

mod attachments;
mod commands;
mod fleet;
mod idle;
mod large;
mod latest;
mod lock;
mod quiet;
mod rebase;
mod slow;

use std::path::Path;

use anyhow::Result;

use crate::figures::Metric;
use crate::wanted::Wanted;

/// How large the workloads are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    /// Passes over each.
    pub(crate) rounds: usize,
    /// W4: tablets that come at once, and records of each.
    pub(crate) fresh: (usize, usize),
    /// W7: records behind a tablet that is up to date.
    pub(crate) quiet: &'static [usize],
    /// W8: records on the tablet.
    pub(crate) large: usize,
    /// W9: records of the first synchronisation.
    pub(crate) lock: usize,
    /// W10: commands pending, and records that change.
    pub(crate) rebase: (usize, usize),
    /// W11: devices, and commands of each.
    pub(crate) commands: (usize, usize),
    /// W12: tablets that are connected and idle.
    pub(crate) idle: usize,
    /// W13: changes to one record.
    pub(crate) latest: usize,
    /// W14: bytes of attachments.
    pub(crate) attachments: usize,
    /// W15: records behind the slow line.
    pub(crate) slow: usize,
    /// W16: tablets that return, and commands of each.
    pub(crate) returning: (usize, usize),
}

impl Sizes {
    /// What is reported.
    pub(crate) const FULL: Self = Self {
        rounds: 3,
        fresh: (50, 1_000),
        quiet: &[1_000, 10_000, 100_000],
        large: 500_000,
        lock: 50_000,
        rebase: (1_000, 10_000),
        commands: (64, 200),
        idle: 8_000,
        latest: 50_000,
        attachments: 64 << 20,
        slow: 10_000,
        returning: (1_000, 20),
    };
    /// Whether everything still works, and roughly how fast.
    pub(crate) const QUICK: Self = Self {
        rounds: 1,
        fresh: (5, 200),
        quiet: &[1_000],
        large: 20_000,
        lock: 5_000,
        rebase: (100, 1_000),
        commands: (16, 50),
        idle: 200,
        latest: 1_000,
        attachments: 8 << 20,
        slow: 1_000,
        returning: (10, 20),
    };
}

/// Measures those that are wanted.
pub(crate) async fn measure(sizes: Sizes, wanted: &Wanted, folder: &Path) -> Result<Vec<Metric>> {
    let mut metrics = Vec::new();
    macro_rules! each {
        ($($name:literal => $measure:path),* $(,)?) => {$(
            if wanted.has($name) {
                eprintln!("{}", $name);
                let place = folder.join($name);
                std::fs::create_dir_all(&place)?;
                metrics.extend($measure(sizes, &place).await?);
                std::fs::remove_dir_all(&place)?;
            }
        )*};
    }
    each! {
        "W4" => fleet::fresh,
        "W7" => quiet::measure,
        "W8" => large::measure,
        "W9" => lock::measure,
        "W10" => rebase::measure,
        "W11" => commands::measure,
        "W12" => idle::measure,
        "W13" => latest::measure,
        "W14" => attachments::measure,
        "W15" => slow::measure,
        "W16" => fleet::returning,
    }
    Ok(metrics)
}
