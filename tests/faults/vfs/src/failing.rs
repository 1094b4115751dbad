//! A day on a disk that fails while the programs run: they say so by a code,
//! lose nothing, and go on once the disk works again; also after a cut.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Error, Result, bail, ensure};

use crate::chance::Chance;
use crate::day::{Day, Step, steps};
use crate::disk::{Disk, Leaves};
use crate::recovery::recover;
use crate::stage::{Stage, databases, lay_out};
use crate::tape::{Armed, Fault, Watching};

/// After so many acts that failed, somebody has mended the disk.
const PATIENCE: usize = 4;

/// What happened on such a day.
#[derive(Clone, Debug, Default)]
pub struct Course {
    /// Calls that the fault could have struck.
    pub calls: usize,
    /// Calls that it has struck.
    pub struck: usize,
    /// Acts that failed.
    pub failed: usize,
    /// The codes by which they failed.
    pub codes: BTreeSet<&'static str>,
}

/// Goes through a day with a fault, and through a cut at its end.
pub fn go_through(
    stage: &Stage,
    place: &Path,
    armed: Armed,
    chance: &mut Chance,
) -> Result<Course> {
    let root = place.join("day");
    let before = stage.databases()?;
    lay_out(&stage.root, &before, &root)?;
    let watching = Watching::over(&root);
    let mut day = Day::begin(stage, &root, &watching)?;
    let mut course = Course::default();
    watching.arm(Some(armed));
    for step in steps(1) {
        let Err(error) = day.step(step) else { continue };
        let code = code_of(&error).with_context(|| format!("{step:?}: {error:#}"))?;
        course.failed += 1;
        course.codes.insert(code);
        if course.failed == PATIENCE {
            (course.calls, course.struck) = (watching.calls(), watching.struck());
            watching.arm(None);
        }
    }
    if course.failed < PATIENCE {
        (course.calls, course.struck) = (watching.calls(), watching.struck());
        watching.arm(None);
    }
    // A mirror that was made anew fetches the rules first.
    for step in [[Step::Fetch; 6].as_slice(), &[Step::Note, Step::Send]].concat() {
        day.step(step).with_context(|| format!("once it is mended: {step:?}"))?;
    }
    let told = std::mem::take(&mut day.told);

    let mut disk = Disk::with(before);
    watching.take().iter().for_each(|entry| disk.play(entry));
    let leaves = Leaves::ALL[chance.below(Leaves::ALL.len())];
    let left = disk.cut(None, |_| true, leaves, chance);
    let cut = place.join("cut");
    lay_out(&root, &left, &cut)?;
    recover(stage, &cut, &told, 1 + course.failed, None)
        .with_context(|| format!("after a cut that leaves {leaves:?}"))?;

    day.close();
    let closed = place.join("closed");
    lay_out(&root, &databases(&root)?, &closed)?;
    recover(stage, &closed, &told, 1 + course.failed, None).context("closed and opened")?;
    ensure!(course.struck == 0 || course.calls > 0, "a fault struck nothing");
    Ok(course)
}

/// What a side says to be safe after one of its syncs has failed, and it was
/// opened again, survives every cut. `below` is the side, `failing` an act that
/// it cannot carry out, `again` its closing and opening.
pub fn build_on_a_failed_sync(
    stage: &Stage,
    place: &Path,
    below: &'static str,
    failing: Step,
    again: Step,
) -> Result<()> {
    let root = place.join("day");
    let before = stage.databases()?;
    lay_out(&stage.root, &before, &root)?;
    let watching = Watching::over(&root);
    let mut day = Day::begin(stage, &root, &watching)?;
    for step in [[Step::Fetch; 4].as_slice(), &[Step::Note, Step::Send, Step::Note]].concat() {
        day.step(step)?;
    }
    watching.arm(Some(Armed { fault: Fault::Sync, at: 0, lasting: true, below }));
    ensure!(day.step(failing).is_err(), "{failing:?} does not notice that a sync failed");
    day.step(again)?;
    watching.arm(None);
    for step in [Step::Note, Step::Send, Step::Note] {
        day.step(step).with_context(|| format!("after the failure: {step:?}"))?;
    }
    let mut disk = Disk::with(before);
    watching.take().iter().for_each(|entry| disk.play(entry));
    for leaves in Leaves::ALL {
        let left = disk.cut(None, |_| true, leaves, &mut Chance::of(1));
        let cut = place.join("cut");
        lay_out(&root, &left, &cut)?;
        recover(stage, &cut, &day.told, 2, None)
            .with_context(|| format!("after a cut that leaves {leaves:?}"))?;
    }
    Ok(())
}

/// The code by which an act failed; an act that fails without one is a bug.
pub fn code_of(error: &Error) -> Result<&'static str> {
    if let Some(fault) = error.downcast_ref::<lantian_replica::Error>() {
        return Ok(fault.code());
    }
    match error.downcast_ref::<lantian_server::Error>() {
        Some(lantian_server::Error::DiskFull) => Ok("disk_full"),
        Some(lantian_server::Error::Stopped) => Ok("stopped"),
        Some(lantian_server::Error::Damaged { .. }) => Ok("store_damaged"),
        Some(lantian_server::Error::Store(_)) => Ok("store_failed"),
        _ => bail!("it fails without a code"),
    }
}
