//! `--planted`: each planted bug, until an oracle finds it.
//!
//! A simulator that finds nothing proves nothing, unless it is known what it
//! would find. Invariant: a bug counts as found only when the same histories
//! hold without it.

use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use lantian_protocol::planted::{Bug, plant};

use crate::{Order, Set, Stop};

/// How long one bug is looked for.
const LONGEST: Duration = Duration::from_secs(180);
/// The bugs of `some`, which are found within seconds.
const QUICK: [Bug; 12] = [
    Bug::DedupeSkipped,
    Bug::AckWithoutEffect,
    Bug::CursorFirst,
    Bug::SavedInMemory,
    Bug::ExpiredTokenHalts,
    Bug::BusyIgnored,
    Bug::EpochKept,
    Bug::RetryRenamed,
    Bug::ForgedAccepted,
    Bug::AuditSkipped,
    Bug::LinkBroken,
    Bug::ReceiptEarly,
];

/// One line of the table.
struct Found {
    bug: Bug,
    seed: Option<u64>,
    oracle: String,
    histories: u64,
    took: Duration,
}

/// Looks for one bug, for `all`, or for `some`.
pub(crate) fn run(which: &str) -> Result<bool> {
    let bugs: Vec<Bug> = match which {
        "all" => Bug::ALL.to_vec(),
        "some" => QUICK.to_vec(),
        name => Bug::ALL.iter().copied().filter(|bug| bug.name() == name).collect(),
    };
    if bugs.is_empty() {
        let names: Vec<&str> = Bug::ALL.iter().map(|bug| bug.name()).collect();
        bail!("no bug has the name {which}; there are:\n  {}", names.join("\n  "));
    }
    ensure!(Bug::ALL.len() >= 40, "only {} bugs are there to be planted", Bug::ALL.len());
    let set = Set::build()?;
    println!("| bug | found by | histories | seconds | seed |\n|---|---|---:|---:|---:|");
    let mut all = Vec::new();
    for bug in bugs {
        let found = look_for(&set, bug)?;
        tell(&found);
        all.push(found);
    }
    Ok(sum_up(&all))
}

fn look_for(set: &Set, bug: Bug) -> Result<Found> {
    let order = Order { from: 1, seeds: u64::MAX / 2, until: Some(LONGEST), verbose: false };
    let began = Instant::now();
    plant(Some(bug));
    let played = set.play(order, Stop::AtFirst);
    plant(None);
    let took = began.elapsed();
    let (tally, failed) = played?;
    let first = failed.iter().min_by_key(|(seed, _)| *seed);
    let Some((seed, fault)) = first else {
        let oracle = "NOT FOUND".to_owned();
        return Ok(Found { bug, seed: None, oracle, histories: tally.histories, took });
    };
    let (_, healthy) = set.play(Order { from: *seed, seeds: 1, ..order }, Stop::AtFirst)?;
    ensure!(healthy.is_empty(), "seed {seed} fails without {} too: {healthy:?}", bug.name());
    let histories = tally.histories + failed.len() as u64;
    Ok(Found { bug, seed: Some(*seed), oracle: fault.clone(), histories, took })
}

fn tell(found: &Found) {
    let seed = found.seed.map_or_else(|| "–".to_owned(), |seed| seed.to_string());
    println!(
        "| {} | {} | {} | {:.1} | {seed} |",
        found.bug.name(),
        without_identities(&found.oracle),
        found.histories,
        found.took.as_secs_f64(),
    );
}

/// The words of an oracle, without what is fresh in every run.
fn without_identities(words: &str) -> String {
    let word = |word: &str| if word.len() >= 32 { "…".to_owned() } else { word.to_owned() };
    words.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

fn sum_up(all: &[Found]) -> bool {
    let found = all.iter().filter(|one| one.seed.is_some()).count();
    let mut times: Vec<Duration> = all.iter().map(|one| one.took).collect();
    times.sort_unstable();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    println!("\n{found} of {} found, median {:.1} s", all.len(), median.as_secs_f64());
    found == all.len()
}
