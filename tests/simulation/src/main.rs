//! `cargo xtask sim`: a fleet, a company and a bad network, by seeds.
//!
//! Words: a *history* is one seed's sequence of acts, faults and answers; a
//! *probe* is a situation that a run has to meet. Invariant: a seed that fails
//! is printed with the command that plays it again.

mod chance;
mod company;
#[cfg(feature = "planted")]
mod hunt;
mod oracle;
mod people;
mod replay;
mod stage;
mod tablet;
mod tally;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

use stage::Stage;
use tally::Tally;
use world::World;

const USAGE: &str = "usage: sim [--seeds N] [--from SEED] [--minutes M] | sim --seed SEED | \
                     sim --replay FILE | \
                     sim --planted NAME|all|some (built with the feature `planted`)";
/// One history in so many is played twice, and must be the same.
const AGAIN: u64 = 100;
/// Runs at least this long are expected to meet every probe.
const ENOUGH: u64 = 500;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let played = match arguments.as_slice() {
        [flag, which] if flag == "--planted" => planted(which),
        [flag, file] if flag == "--replay" => replay::run(Path::new(file)),
        _ => run(arguments.into_iter()),
    };
    match played {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("sim: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// What is to be played.
#[derive(Clone, Copy, Debug)]
struct Order {
    from: u64,
    seeds: u64,
    until: Option<Duration>,
    verbose: bool,
}

fn read(mut arguments: impl Iterator<Item = String>) -> Result<Order> {
    let mut order = Order { from: 1, seeds: 1_000, until: None, verbose: false };
    while let Some(argument) = arguments.next() {
        let number = arguments.next().context(USAGE)?.parse::<u64>().context(USAGE)?;
        match argument.as_str() {
            "--seeds" => order.seeds = number,
            "--from" => order.from = number,
            "--minutes" => order.until = Some(Duration::from_secs(number * 60)),
            "--seed" => (order.from, order.seeds, order.verbose) = (number, 1, true),
            other => bail!("{other}? {USAGE}"),
        }
    }
    Ok(order)
}

fn run(arguments: impl Iterator<Item = String>) -> Result<bool> {
    let order = read(arguments)?;
    let set = Set::build()?;
    let began = Instant::now();
    let (tally, failed) = set.play(order, Stop::Never)?;
    Ok(tell(&tally, &failed, began.elapsed()))
}

#[cfg(feature = "planted")]
fn planted(which: &str) -> Result<bool> {
    hunt::run(which)
}

#[cfg(not(feature = "planted"))]
fn planted(_which: &str) -> Result<bool> {
    bail!("bugs are planted in a build with the feature `planted`: cargo xtask sim --planted");
}

/// Whether a campaign goes on after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    Never,
    #[cfg(feature = "planted")]
    AtFirst,
}

/// The stage and a place in memory for histories.
struct Set {
    folder: tempfile::TempDir,
    stage: Stage,
}

/// What a campaign saw.
type Seen = (Tally, Vec<(u64, String)>);

impl Set {
    fn build() -> Result<Self> {
        let memory = Path::new("/dev/shm");
        let base = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let folder = tempfile::Builder::new().prefix("lantian-sim-").tempdir_in(base)?;
        let stage = Stage::set(&folder.path().join("stage"))?;
        std::panic::set_hook(Box::new(|_| {}));
        Ok(Self { folder, stage })
    }

    /// Plays histories on every core.
    fn play(&self, order: Order, stop: Stop) -> Result<Seen> {
        let campaign = Campaign {
            stage: &self.stage,
            order,
            stop,
            began: Instant::now(),
            next: AtomicU64::new(order.from),
            seen: Mutex::new((Tally::default(), Vec::new())),
        };
        std::thread::scope(|scope| {
            let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
            for worker in 0..workers {
                let place = self.folder.path().join(format!("worker-{worker}"));
                let campaign = &campaign;
                scope.spawn(move || campaign.work(&place));
            }
        });
        campaign.seen.into_inner().map_err(|_| anyhow!("a worker died"))
    }
}

/// Histories under way on several cores.
struct Campaign<'s> {
    stage: &'s Stage,
    order: Order,
    stop: Stop,
    began: Instant,
    next: AtomicU64,
    seen: Mutex<Seen>,
}

impl Campaign<'_> {
    fn work(&self, place: &Path) {
        loop {
            let seed = self.next.fetch_add(1, Ordering::Relaxed);
            let late = self.order.until.is_some_and(|until| self.began.elapsed() >= until);
            if seed >= self.order.from + self.order.seeds || late || self.is_over() {
                return;
            }
            let (tally, fault) = history(self.stage, place, seed, self.order.verbose);
            let Ok(mut seen) = self.seen.lock() else { return };
            seen.0.add(&tally);
            seen.1.extend(fault.map(|fault| (seed, fault)));
        }
    }

    fn is_over(&self) -> bool {
        self.stop != Stop::Never && self.seen.lock().map_or(true, |seen| !seen.1.is_empty())
    }
}

/// One history, one in a hundred twice.
fn history(stage: &Stage, place: &Path, seed: u64, verbose: bool) -> (Tally, Option<String>) {
    let (mut tally, first) = play(stage, &place.to_owned(), seed, verbose);
    let trace = match first {
        Ok(trace) => trace,
        Err(fault) => return (tally, Some(fault)),
    };
    if !seed.is_multiple_of(AGAIN) {
        return (tally, None);
    }
    tally.again += 1;
    let fault = match play(stage, &place.to_owned(), seed, false).1 {
        Ok(again) if again == trace => None,
        Ok(_) => Some("the same seed made another history".to_owned()),
        Err(fault) => Some(fault),
    };
    (tally, fault)
}

fn play(stage: &Stage, place: &PathBuf, seed: u64, verbose: bool) -> (Tally, Result<u64, String>) {
    // What an earlier history left is of no use.
    let _ = std::fs::remove_dir_all(place);
    let mut tally = Tally::default();
    let played = catch_unwind(AssertUnwindSafe(|| {
        let mut world = World::new(stage, place, seed, verbose)?;
        let played = world.play();
        tally = world.tally.clone();
        played
    }));
    let outcome = match played {
        Ok(Ok(trace)) => Ok(trace),
        Ok(Err(error)) => Err(format!("{error:#}")),
        Err(panic) => Err(words_of(panic.as_ref())),
    };
    (tally, outcome)
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "a panic without words".to_owned())
}

/// Prints what happened; whether all of it held.
fn tell(tally: &Tally, failed: &[(u64, String)], took: Duration) -> bool {
    let days = tally.simulated_ms as f64 / 86_400_000.0;
    println!(
        "{} histories, {} steps, {} commands, {days:.1} days of virtual time, {:.0} s",
        tally.histories,
        tally.steps,
        tally.commands,
        took.as_secs_f64()
    );
    println!("{} played twice and the same", tally.again);
    for (kind, count) in &tally.faults {
        println!("  fault  {count:>9}  {kind}");
    }
    for (met, count) in &tally.probes {
        println!("  probe  {count:>9}  {met}");
    }
    for (seed, fault) in failed {
        println!("FAILED seed {seed}: {fault}\n    cargo xtask sim --seed {seed}");
    }
    let unmet = if tally.histories >= ENOUGH { tally.unmet() } else { Vec::new() };
    for probe in &unmet {
        println!("NEVER MET: {probe}");
    }
    failed.is_empty() && unmet.is_empty()
}
