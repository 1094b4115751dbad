//! `cargo xtask sim`: histories of a fleet under faults, in release.

use anyhow::Result;

use crate::process;
use crate::workspace::{Workspace, cargo_in};

/// Builds tests/simulation and runs it; `flags` are passed on.
pub(crate) fn run(workspace: &Workspace, flags: &[&str]) -> Result<()> {
    let mut command = cargo_in(workspace);
    command.args(["run", "--release", "--package", "lantian-simulation", "--"]).args(flags);
    process::run(&mut command)
}
