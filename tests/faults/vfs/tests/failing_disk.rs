//! Errors of the disk while the programs run (F20, F32, F34): a coded error,
//! nothing lost, and work goes on once the disk works again.
//!
//! `cargo xtask test` takes a sample of the calls by a seed, which is printed;
//! `LANTIAN_FAULTS=all` takes all.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use lantian_faults::chance::Chance;
use lantian_faults::day::Step;
use lantian_faults::failing::{build_on_a_failed_sync, go_through};
use lantian_faults::stage::{COMPANY, Stage, TABLET, folder};
use lantian_faults::tape::{Armed, Fault};

/// How long a sample of one kind may take.
const SAMPLE: Duration = Duration::from_secs(20);
/// Days that a sample has at least.
const LEAST: usize = 5;

#[test]
fn f34_a_full_disk_at_any_write_is_said_and_nothing_is_lost() {
    let codes = at_every_call(Fault::Full, "");
    // Without room for the first page there are no rules yet.
    let known = BTreeSet::from(["device_full", "disk_full", "stopped", "no_rules"]);
    assert!(codes.is_subset(&known), "a full disk is told as {codes:?}");
}

#[test]
fn f32_a_write_that_fails_is_said_and_nothing_is_lost() {
    at_every_call(Fault::Write, "");
}

#[test]
fn f32_a_sync_that_fails_is_said_and_nothing_is_lost() {
    at_every_call(Fault::Sync, "");
}

#[test]
fn f32_a_read_that_fails_is_said_and_nothing_is_lost() {
    at_every_call(Fault::Read, "");
}

#[test]
fn f32_a_read_that_ends_too_early_is_said_and_nothing_is_lost() {
    // The company's pages have no seals: SQLite takes what reads as zeros for
    // an empty page. Its verification finds what came of it.
    at_every_call(Fault::ShortRead, TABLET);
}

#[test]
fn f32_what_a_tablet_saves_after_a_failed_sync_survives_a_cut() {
    let folder = folder().unwrap();
    let stage = Stage::set(&folder.path().join("stage")).unwrap();
    build_on_a_failed_sync(&stage, folder.path(), TABLET, Step::Note, Step::TabletAgain).unwrap();
}

#[test]
fn f32_what_the_company_answers_after_a_failed_sync_survives_a_cut() {
    let folder = folder().unwrap();
    let stage = Stage::set(&folder.path().join("stage")).unwrap();
    build_on_a_failed_sync(&stage, folder.path(), COMPANY, Step::Office, Step::CompanyAgain)
        .unwrap();
}

#[test]
fn f32_a_tablet_goes_on_after_a_read_that_failed_once() {
    // The first of these calls lie in the opening, the last in the acts.
    let folder = folder().unwrap();
    let stage = Stage::set(&folder.path().join("stage")).unwrap();
    let mut chance = Chance::of(1);
    let short = (26..34).map(|at| (Fault::ShortRead, at));
    let failed = (26..34).map(|at| (Fault::Read, at));
    for (fault, at) in short.chain(failed) {
        let armed = Armed { fault, at, lasting: false, below: TABLET };
        go_through(&stage, folder.path(), armed, &mut chance)
            .unwrap_or_else(|error| panic!("{armed:?}: {error:#}"));
    }
}

/// Strikes one call after the other, once or from then on; the codes met.
fn at_every_call(fault: Fault, below: &'static str) -> BTreeSet<&'static str> {
    let all = std::env::var("LANTIAN_FAULTS").is_ok_and(|wanted| wanted == "all");
    let mut chance = Chance::from_environment(&format!("{fault:?}"));
    let folder = folder().unwrap();
    let stage = Stage::set(&folder.path().join("stage")).unwrap();
    let never = Armed { fault, at: usize::MAX, lasting: false, below };
    let calls = go_through(&stage, folder.path(), never, &mut chance).unwrap().calls;
    assert!(calls > 20, "{fault:?} can strike {calls} calls only");

    let (began, mut days, mut codes) = (Instant::now(), 0, BTreeSet::new());
    let (mut struck, mut failed) = (0, Vec::new());
    let orders: Vec<usize> = if all {
        (0..2 * calls).collect()
    } else {
        (0..2 * calls).map(|_| chance.below(2 * calls)).collect()
    };
    for order in orders {
        if !all && began.elapsed() > SAMPLE && struck >= LEAST {
            break;
        }
        let armed = Armed { fault, at: order / 2, lasting: order % 2 == 1, below };
        match go_through(&stage, folder.path(), armed, &mut chance) {
            Ok(course) => {
                days += 1;
                struck += usize::from(course.struck > 0);
                codes.extend(course.codes);
            }
            Err(error) => failed.push(format!("{armed:?}: {error:#}")),
        }
    }
    println!("{fault:?}: {calls} calls, {days} days, {struck} struck, told as {codes:?}");
    let first = failed.iter().take(10).cloned().collect::<Vec<_>>().join("\n");
    assert!(failed.is_empty(), "{} of {days} days fail:\n{first}", failed.len());
    assert!(struck >= LEAST, "too few days were struck: {struck}");
    codes
}
