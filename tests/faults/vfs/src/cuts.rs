//! Every cut of a recorded day: what it leaves is opened, proved, carried on,
//! and, for a part of them, cut again within the recovery.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::chance::Chance;
use crate::day::{Recording, Told};
use crate::disk::{Disk, Files, Leaves};
use crate::recovery::{recover, reopen};
use crate::stage::{Stage, lay_out};
use crate::tape::{Entry, Watching};

/// One recovery in so many carries both sides on until they are at rest, and
/// is cut itself.
const ON: usize = 24;
/// How often such a recovery is cut; one in so many of these cuts is carried
/// on to rest in its turn.
const CUTS_AGAIN: usize = 5;

/// How many of the cuts are made.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// One operation in so many; 1 is all.
    pub one_in: usize,
    /// No new cut is begun after this long,
    pub until: Duration,
    /// but for the first so many.
    pub least: usize,
    /// By which the sample is drawn.
    pub seed: u64,
}

/// What was done.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Operations on the tape.
    pub operations: usize,
    /// Cuts of the day that were recovered from.
    pub first: usize,
    /// Recoveries of the day that were carried on until both sides were at rest.
    pub rested: usize,
    /// Cuts of a recovery that were recovered from.
    pub second: usize,
    /// What did not hold, with the cut.
    pub failed: Vec<String>,
}

/// One cut to make.
struct Cut {
    at: usize,
    leaves: Leaves,
    seed: u64,
}

/// Cuts a day as often as `measure` says, on as many threads as the machine
/// has processors.
pub fn cut_everywhere(
    stage: &Stage,
    day: &Recording,
    place: &Path,
    measure: Measure,
) -> Result<Report> {
    let cuts = chosen(day.tape.len(), measure);
    let disks = Disks::along(day);
    let (next, began) = (AtomicUsize::new(0), Instant::now());
    let report = Mutex::new(Report { operations: day.tape.len(), ..Report::default() });
    std::thread::scope(|scope| {
        let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        for worker in 0..workers {
            let (cuts, disks, next, report) = (&cuts, &disks, &next, &report);
            let place = place.join(format!("worker-{worker}"));
            scope.spawn(move || {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let late = began.elapsed() >= measure.until && number >= measure.least;
                    let Some(cut) = cuts.get(number).filter(|_| !late) else { return };
                    let done = disks.make(stage, day, &place, cut);
                    let mut report = report.lock().unwrap_or_else(PoisonError::into_inner);
                    report.first += 1;
                    match done {
                        Ok(second) => {
                            report.second += second;
                            report.rested += usize::from(second > 0);
                        }
                        Err(error) => report.failed.push(format!(
                            "cut before operation {} of {} leaves {:?} (seed {}): {error:#}",
                            cut.at,
                            day.tape.len(),
                            cut.leaves,
                            measure.seed,
                        )),
                    }
                }
            });
        }
    });
    Ok(report.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// The cuts of a sample, in an order that any part of it covers the day.
fn chosen(operations: usize, measure: Measure) -> Vec<Cut> {
    let mut chance = Chance::of(measure.seed);
    let mut cuts = Vec::new();
    for at in 0..=operations {
        if chance.below(measure.one_in) == 0 {
            for leaves in Leaves::ALL {
                cuts.push(Cut { at, leaves, seed: chance.number() });
            }
        }
    }
    for at in (1..cuts.len()).rev() {
        cuts.swap(at, chance.below(at + 1));
    }
    cuts
}

/// The disk at every so many operations, so that no cut begins from the start.
struct Disks(Vec<Disk>);

impl Disks {
    const EVERY: usize = 50;

    fn along(day: &Recording) -> Self {
        let mut disk = Disk::with(day.before.clone());
        let mut disks = vec![disk.clone()];
        for part in day.tape.chunks_exact(Self::EVERY) {
            part.iter().for_each(|entry| disk.play(entry));
            disks.push(disk.clone());
        }
        Self(disks)
    }

    fn at(&self, tape: &[Entry], at: usize) -> Disk {
        let mark = at / Self::EVERY;
        let mut disk = self.0[mark].clone();
        tape[mark * Self::EVERY..at].iter().for_each(|entry| disk.play(entry));
        disk
    }

    /// Makes a cut; how many further cuts within its recovery were made.
    fn make(&self, stage: &Stage, day: &Recording, place: &Path, cut: &Cut) -> Result<usize> {
        let mut chance = Chance::of(cut.seed);
        let next = day.tape.get(cut.at);
        let side = side_of(next);
        let disk = self.at(&day.tape, cut.at);
        let files = disk.cut(next, |name| name.starts_with(side), cut.leaves, &mut chance);
        let told: Vec<Told> = day.told.iter().filter(|told| told.by <= cut.at).cloned().collect();
        let root = place.join("first");
        lay_out(&day.root, &files, &root)?;
        if chance.below(ON) > 0 {
            reopen(stage, &root, side, &told, 1)?;
            return Ok(0);
        }
        let watching = Watching::over(&root);
        let new = recover(stage, &root, &told, 1, Some(&watching))?;
        let tape = watching.take();
        let again = Again { stage, template: &root, files: &files, tape: &tape, told: &told };
        for _ in 0..CUTS_AGAIN {
            again.cut(&new, &place.join("second"), &mut chance)?;
        }
        Ok(CUTS_AGAIN)
    }
}

/// A recovery that is itself cut.
struct Again<'a> {
    stage: &'a Stage,
    template: &'a PathBuf,
    files: &'a Files,
    tape: &'a [Entry],
    told: &'a [Told],
}

impl Again<'_> {
    fn cut(&self, new: &[Told], root: &Path, chance: &mut Chance) -> Result<()> {
        let at = chance.below(self.tape.len() + 1);
        let leaves = Leaves::ALL[chance.below(Leaves::ALL.len())];
        let mut disk = Disk::with(self.files.clone());
        self.tape[..at].iter().for_each(|entry| disk.play(entry));
        let next = self.tape.get(at);
        let side = side_of(next);
        let files = disk.cut(next, |name| name.starts_with(side), leaves, chance);
        let mut told = self.told.to_vec();
        told.extend(new.iter().filter(|told| told.by <= at).cloned());
        lay_out(self.template, &files, root)?;
        let recovered = if chance.below(CUTS_AGAIN) > 0 {
            reopen(self.stage, root, side, &told, 2)
        } else {
            recover(self.stage, root, &told, 2, None).map(drop)
        };
        recovered.with_context(|| format!("and before operation {at} of its recovery: {leaves:?}"))
    }
}

/// Whose power is cut: who was about to write.
fn side_of(next: Option<&Entry>) -> &'static str {
    let is_company = next.is_some_and(|entry| entry.file.starts_with(crate::stage::COMPANY));
    if is_company { crate::stage::COMPANY } else { crate::stage::TABLET }
}
