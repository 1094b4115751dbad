//! Cuts of the power at the operations of a recorded day (F17, F18, F30, F31,
//! F33): nothing that was said to be safe is lost, nothing happens twice.
//!
//! `cargo xtask test` takes a sample of them by a seed, which is printed;
//! `LANTIAN_FAULTS=all` takes all.

use std::time::Duration;

use lantian_faults::chance::Chance;
use lantian_faults::cuts::{Measure, cut_everywhere};
use lantian_faults::day;
use lantian_faults::stage::{Stage, folder};

/// How long cuts are made in a sample.
const SAMPLE: Duration = Duration::from_secs(120);
/// Cuts that a sample has at least.
const LEAST: usize = 300;

#[test]
fn f31_power_cut_at_any_operation_loses_nothing_and_repeats_nothing() {
    let all = std::env::var("LANTIAN_FAULTS").is_ok_and(|wanted| wanted == "all");
    let mut chance = Chance::from_environment("crash points");
    let folder = folder().unwrap();
    let stage = Stage::set(&folder.path().join("stage")).unwrap();
    let day = day::record(&stage, &folder.path().join("day"), if all { 9 } else { 4 }).unwrap();
    let until = if all { Duration::from_secs(12 * 3_600) } else { SAMPLE };
    let measure = Measure { one_in: 1, until, least: LEAST, seed: chance.number() };
    let report = cut_everywhere(&stage, &day, folder.path(), measure).unwrap();
    println!(
        "{} operations, {} recoveries, {} from a second cut within one, {} carried on to rest",
        report.operations,
        report.first + report.second,
        report.second,
        report.rested
    );
    let first = report.failed.iter().take(10).cloned().collect::<Vec<_>>().join("\n");
    assert!(report.failed.is_empty(), "{} of them fail:\n{first}", report.failed.len());
    assert!(report.first >= LEAST, "too few recoveries: {}", report.first);
}
