//! `cargo xtask test`: everything that must hold, from nothing.
//!
//! The order is from quick to slow: the UI's own checks, the crates, then the
//! real programs, the real window, and the UI in a real browser. Invariant: a
//! failed step does not hide the ones after it, and fails the whole.

use anyhow::{Context, Result};

use crate::binaries::{SELECTION, build_programs, build_window, point_at};
use crate::process::run as run_to_end;
use crate::session::Display;
use crate::setup::{self, Need};
use crate::steps::Steps;
use crate::workspace::{Workspace, cargo, cargo_in};

const TESTS: &str = "lantian-tests";
const DESKTOP: &str = "lantian-desktop";
const SETUP: [Need; 4] = [Need::System, Need::UiPackages, Need::UiBuilt, Need::TauriDriver];

/// Runs all of it and prints a summary.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let whole = workspace.test_targets(|package| package == TESTS);
    let mut steps = Steps::new(SETUP.len() + 8 + whole.len());
    setup::run(workspace, &mut steps, &SETUP)?;

    ui(workspace, &mut steps);
    let programs = steps.attempt("build lantian and lantian-server", || build_programs(workspace));
    steps.attempt_if(programs, "tests of the crates", || crates(workspace));
    let window = steps.attempt("build the window", || build_window(workspace));
    for name in &whole {
        steps.attempt_if(programs && window, &format!("tests of the whole: {name}"), || {
            whole_test(workspace, name)
        });
    }
    steps.attempt("the UI in a browser", || setup::ui::script(workspace, "test:browser", &[]));
    steps.finish()
}

fn ui(workspace: &Workspace, steps: &mut Steps) {
    for (name, script) in
        [("UI: lint", "lint"), ("UI: types", "typecheck"), ("UI: unit tests", "test")]
    {
        steps.attempt(name, || setup::ui::script(workspace, script, &[]));
    }
}

/// Unit and integration tests of every crate but the window and the tests of
/// the whole; the selection of packages stays that of the build.
fn crates(workspace: &Workspace) -> Result<()> {
    let mut command = cargo_in(workspace);
    command.arg("test").args(SELECTION).args(["--no-fail-fast", "--lib", "--bins"]);
    for name in workspace.test_targets(|package| package != TESTS && package != DESKTOP) {
        command.args(["--test", &name]);
    }
    point_at(workspace, &mut command);
    run_to_end(&mut command)
}

/// One test program over the real binaries, on a display and a keyring of
/// its own.
fn whole_test(workspace: &Workspace, name: &str) -> Result<()> {
    let display = Display::start().context("starting a display in memory")?;
    let mut command = display.command(cargo());
    command.current_dir(&workspace.root).env("CARGO_TARGET_DIR", &workspace.target);
    command.arg("test").args(SELECTION).args(["--test", name]);
    point_at(workspace, &mut command);
    run_to_end(&mut command)
}
