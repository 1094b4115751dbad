//! `cargo xtask check`: format, lints, house rules, licences, generated types.
//!
//! Invariant: it changes no file of the tree; what it would change is an
//! error that names the command that changes it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::process::{run as run_to_end, succeeds};
use crate::setup::{self, Need};
use crate::steps::Steps;
use crate::workspace::{Workspace, cargo_in};
use crate::{tidy, trace, types};

const SETUP: [Need; 4] = [Need::System, Need::UiPackages, Need::UiBuilt, Need::CargoDeny];

/// Runs all of it and prints a summary.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let mut steps = Steps::new(SETUP.len() + 9);
    setup::run(workspace, &mut steps, &SETUP)?;

    steps.attempt("format", || run_to_end(cargo_in(workspace).args(["fmt", "--all", "--check"])));
    steps.attempt("house rules", || tidy::run(workspace, tidy::Migrations::Verify));
    steps.attempt("clauses and tests", || trace::verify(workspace));
    steps.attempt("clippy", || {
        let mut clippy = cargo_in(workspace);
        clippy.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
        run_to_end(&mut clippy)
    });
    steps.attempt("licences, sources, bans", || deny(workspace));
    for (name, script) in
        [("UI: lint", "lint"), ("UI: types", "typecheck"), ("UI: format", "format:check")]
    {
        steps.attempt(name, || setup::ui::script(workspace, script, &[]));
    }
    steps.attempt("generated types", || types::verify(workspace));
    steps.finish()
}

fn deny(workspace: &Workspace) -> Result<()> {
    let tool = setup::tools::cargo_deny(workspace);
    let command = |arguments: &[&str]| cargo_deny(workspace, &tool, arguments);
    run_to_end(&mut command(&["check", "bans", "licenses", "sources"]))?;
    if !succeeds(&mut command(&["fetch", "db"])) {
        println!("    advisories were not checked: their database cannot be reached from here");
        return Ok(());
    }
    run_to_end(&mut command(&["check", "advisories"])).context("an advisory concerns us")
}

fn cargo_deny(workspace: &Workspace, tool: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(tool);
    command.current_dir(&workspace.root).args(["--workspace", "--log-level", "error"]);
    command.args(arguments);
    command
}

/// Whether two texts are the same; an error says which command makes them so.
pub(crate) fn same(name: &str, committed: &str, made: &str) -> Result<()> {
    ensure!(committed == made, "{name} is not up to date: run `cargo xtask types` and commit it");
    Ok(())
}
