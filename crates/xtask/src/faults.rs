//! `cargo xtask faults`: every crash point, every failing call, every cut of
//! a connection, and thousands of kills; `cargo xtask test` takes samples of
//! the same.

use std::process::Command;

use anyhow::Result;

use crate::binaries::{SELECTION, build_programs, point_at};
use crate::process;
use crate::setup::{self, Need};
use crate::steps::{AfterFailure, Steps};
use crate::workspace::{Workspace, cargo};

/// The tests that take everything instead of a sample when told so.
const TESTS: [(&str, &str); 6] = [
    ("crash points of the stores", "crash_points"),
    ("a failing disk", "failing_disk"),
    ("damaged stores", "damage"),
    ("stores of earlier releases", "releases"),
    ("cut connections", "round_trip"),
    ("kills", "kills"),
];
const SETUP: [Need; 3] = [Need::System, Need::UiPackages, Need::UiBuilt];

/// Runs all of them, whatever fails, and prints a summary.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let mut steps = Steps::with(SETUP.len() + 1 + TESTS.len(), AfterFailure::GoOn);
    setup::run(workspace, &mut steps, &SETUP)?;
    let built = steps.attempt("build the programs", || build_programs(workspace));
    for (name, test) in TESTS {
        steps.attempt_if(built, name, || {
            let mut command = Command::new(cargo());
            command.current_dir(&workspace.root).env("CARGO_TARGET_DIR", &workspace.target);
            command.arg("test").args(SELECTION).args(["--test", test, "--", "--nocapture"]);
            point_at(workspace, &mut command);
            process::run(command.env("LANTIAN_FAULTS", "all"))
        });
    }
    steps.finish()
}
