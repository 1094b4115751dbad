//! `cargo xtask sim`: histories of a fleet under faults, in release.

use anyhow::Result;

use crate::process;
use crate::workspace::{Workspace, cargo_in};

const PACKAGE: [&str; 3] = ["run", "--package", "lantian-simulation"];

/// How the simulator is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Build {
    /// For speed.
    Release,
    /// As the tests are.
    Test,
}

/// Builds tests/simulation and runs it; `flags` are passed on.
pub(crate) fn run(workspace: &Workspace, flags: &[&str]) -> Result<()> {
    match flags {
        ["--planted"] => run_planted(workspace, Build::Release, "all"),
        ["--planted", which] => run_planted(workspace, Build::Release, which),
        _ => {
            let mut command = cargo_in(workspace);
            process::run(command.args(PACKAGE).args(["--release", "--"]).args(flags))
        }
    }
}

/// Builds the simulator with bugs in it, and looks for `which` of them: one by
/// its name, `some`, or `all`.
pub(crate) fn run_planted(workspace: &Workspace, build: Build, which: &str) -> Result<()> {
    let mut command = cargo_in(workspace);
    command.args(PACKAGE).args(["--features", "planted"]);
    if build == Build::Release {
        command.arg("--release");
    }
    process::run(command.args(["--", "--planted", which]))
}
