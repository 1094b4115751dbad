//! What a machine needs, found and installed.
//!
//! Words: a *need* is one kind of thing (system packages, Node, the UI's
//! packages, a tool). Invariants: what will be installed is printed before it
//! is; a second run with nothing changed installs nothing and takes a moment.

pub(crate) mod node;
pub(crate) mod system;
pub(crate) mod tools;
pub(crate) mod ui;

use anyhow::Result;

use crate::steps::Steps;
use crate::workspace::Workspace;

/// One kind of thing that a command needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Packages of the operating system.
    System,
    /// Node with npm, and the UI's own packages.
    UiPackages,
    /// The UI, built.
    UiBuilt,
    /// tauri-driver, which steers the window.
    TauriDriver,
    /// cargo-deny, which reads licences and sources.
    CargoDeny,
}

/// Fulfils `needs` in order, one step each.
pub(crate) fn run(workspace: &Workspace, steps: &mut Steps, needs: &[Need]) -> Result<()> {
    for need in needs {
        match need {
            Need::System => steps.must("system packages", system::ensure)?,
            Need::UiPackages => steps.must("Node and the UI's packages", || {
                node::ensure(workspace)?;
                ui::ensure_packages(workspace)
            })?,
            Need::UiBuilt => steps.must("the UI, built", || ui::ensure_built(workspace))?,
            Need::TauriDriver => {
                steps.must("tauri-driver", || tools::ensure(workspace, &tools::TAURI_DRIVER))?;
            }
            Need::CargoDeny => {
                steps.must("cargo-deny", || tools::ensure(workspace, &tools::CARGO_DENY))?;
            }
        }
    }
    Ok(())
}
