//! The product's debug binaries: how they are built, and how the tests are
//! told where they are.
//!
//! Invariant: everything is built with one selection of packages, the whole
//! workspace, so that no dependency is compiled twice with different features.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, ensure};

use crate::process;
use crate::setup;
use crate::workspace::{Workspace, cargo_in};

/// The selection of packages that everything is built with.
pub(crate) const SELECTION: [&str; 1] = ["--workspace"];

/// Builds `lantian`, `lantian-server`, the window with the built UI inside,
/// and the tests' own programs.
pub(crate) fn build_programs(workspace: &Workspace) -> Result<()> {
    build(workspace, "--bins")
}

/// Builds the programs and every test.
pub(crate) fn build_everything(workspace: &Workspace) -> Result<()> {
    build(workspace, "--all-targets")
}

fn build(workspace: &Workspace, targets: &str) -> Result<()> {
    let ui = workspace.path("ui/dist/index.html");
    ensure!(ui.is_file(), "ui/dist is missing: `npm run build` in ui has not run");
    process::run(cargo_in(workspace).arg("build").args(SELECTION).arg(targets))
}

/// Tells `command` where the binaries are.
pub(crate) fn point_at(workspace: &Workspace, command: &mut Command) {
    for (variable, file) in paths(workspace) {
        command.env(variable, file);
    }
}

fn paths(workspace: &Workspace) -> [(&'static str, PathBuf); 4] {
    [
        ("LANTIAN_BIN", workspace.binary("lantian")),
        ("LANTIAN_SERVER_BIN", workspace.binary("lantian-server")),
        ("LANTIAN_DESKTOP_BIN", workspace.binary("lantian-desktop")),
        ("TAURI_DRIVER_BIN", setup::tools::tauri_driver(workspace)),
    ]
}
