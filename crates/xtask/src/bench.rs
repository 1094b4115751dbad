//! `cargo xtask bench`: the benchmark in release, with the same flags.

use anyhow::Result;

use crate::process;
use crate::workspace::{Workspace, cargo_in};

/// Builds and runs tests/bench; `flags` are passed on.
pub(crate) fn run(workspace: &Workspace, flags: &[&str]) -> Result<()> {
    let mut command = cargo_in(workspace);
    command.args(["run", "--release", "--package", "lantian-bench", "--"]).args(flags);
    process::run(&mut command)
}
