//! Tools that cargo builds into the build folder.
//!
//! Invariant: a tool that is in `PATH` already is used as it is.

use std::path::PathBuf;

use anyhow::Result;

use crate::process::{run, which};
use crate::workspace::{Workspace, cargo_in};

/// A program that `cargo install` makes.
pub(crate) struct Tool {
    package: &'static str,
    version: &'static str,
    program: &'static str,
}

/// Steers the desktop's window.
pub(crate) const TAURI_DRIVER: Tool =
    Tool { package: "tauri-driver", version: "^2", program: "tauri-driver" };

/// Reads licences, sources and bans.
pub(crate) const CARGO_DENY: Tool =
    Tool { package: "cargo-deny", version: ">=0.18", program: "cargo-deny" };

/// Builds `tool` unless it is there.
pub(crate) fn ensure(workspace: &Workspace, tool: &Tool) -> Result<()> {
    if place(workspace, tool).is_file() {
        println!("    all there");
        return Ok(());
    }
    println!("    will be built into the build folder: {} {}", tool.package, tool.version);
    let mut command = cargo_in(workspace);
    command.args(["install", tool.package, "--version", tool.version, "--locked", "--root"]);
    command.arg(workspace.target.join("tools"));
    command.env("CARGO_TARGET_DIR", workspace.target.join("tools-build"));
    run(&mut command)
}

/// Where tauri-driver is.
pub(crate) fn tauri_driver(workspace: &Workspace) -> PathBuf {
    place(workspace, &TAURI_DRIVER)
}

/// Where cargo-deny is.
pub(crate) fn cargo_deny(workspace: &Workspace) -> PathBuf {
    place(workspace, &CARGO_DENY)
}

fn place(workspace: &Workspace, tool: &Tool) -> PathBuf {
    which(tool.program).unwrap_or_else(|| workspace.target.join("tools/bin").join(tool.program))
}
