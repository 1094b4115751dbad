//! `cargo xtask test`: everything that must hold, from nothing.
//!
//! The order is from quick to slow: the house rules and the UI's own checks,
//! the crates, then the real programs, the real window, and the UI in a real
//! browser. Invariants: everything is compiled once, by one command, and the
//! steps after it only run what it made; what failed is named last, and no
//! step after it counts as passed.

use std::process::Command;

use anyhow::{Context, Result};

use crate::binaries::{SELECTION, build_everything, point_at};
use crate::process::run as run_to_end;
use crate::session::Display;
use crate::setup::{self, Need};
use crate::simulation::{self, Build};
use crate::steps::{AfterFailure, Steps};
use crate::workspace::{Workspace, cargo};
use crate::{tidy, trace};

const TESTS: &str = "lantian-tests";
const SETUP: [Need; 4] = [Need::System, Need::UiPackages, Need::UiBuilt, Need::TauriDriver];
const UI: [(&str, &str); 3] =
    [("UI: lint", "lint"), ("UI: types", "typecheck"), ("UI: unit tests", "test")];
/// Steps besides the setup, the UI's own and the tests of the whole.
const OTHERS: usize = 7;
/// How long histories are simulated, in minutes.
const SIMULATED: &str = "2";

/// Runs all of it and prints a summary.
pub(crate) fn run(workspace: &Workspace, after_failure: AfterFailure) -> Result<()> {
    let whole = workspace.test_targets(|package| package == TESTS);
    let total = SETUP.len() + UI.len() + OTHERS + whole.len();
    let mut steps = Steps::with(total, after_failure);
    setup::run(workspace, &mut steps, &SETUP)?;

    steps.attempt("house rules", || tidy::run(workspace, tidy::Migrations::Verify));
    steps.attempt("clauses and tests", || trace::verify(workspace));
    for (name, script) in UI {
        steps.attempt(name, || setup::ui::script(workspace, script, &[]));
    }
    let built = steps.attempt("build everything", || build_everything(workspace));
    steps.attempt_if(built, "tests of the crates", || crates(workspace));
    steps.attempt_if(built, "simulated histories", || {
        let mut sim = Command::new(workspace.binary("sim"));
        run_to_end(sim.args(["--seeds", "100000", "--minutes", SIMULATED]))
    });
    steps.attempt_if(built, "planted bugs are found", || {
        simulation::run_planted(workspace, Build::Test, "some")
    });
    for name in &whole {
        steps.attempt_if(built, &format!("tests of the whole: {name}"), || {
            whole_test(workspace, name)
        });
    }
    steps.attempt("the UI in a browser", || setup::ui::script(workspace, "test:browser", &[]));
    steps.finish()
}

/// Unit and integration tests of every crate; the selection of packages stays
/// that of the build, so that nothing is compiled a second time.
fn crates(workspace: &Workspace) -> Result<()> {
    let mut wanted = vec!["--lib".to_owned(), "--bins".to_owned()];
    for name in workspace.test_targets(|package| package != TESTS) {
        wanted.extend(["--test".to_owned(), name]);
    }
    in_session(workspace, &wanted)
}

/// One test program over the real binaries.
fn whole_test(workspace: &Workspace, name: &str) -> Result<()> {
    in_session(workspace, &["--test".to_owned(), name.to_owned()])
}

/// `cargo test` on a display and a keyring of its own.
fn in_session(workspace: &Workspace, wanted: &[String]) -> Result<()> {
    let display = Display::start().context("starting a display in memory")?;
    let mut command = display.command(cargo());
    command.current_dir(&workspace.root).env("CARGO_TARGET_DIR", &workspace.target);
    command.arg("test").args(SELECTION).arg("--no-fail-fast").args(wanted);
    point_at(workspace, &mut command);
    run_to_end(&mut command)
}
