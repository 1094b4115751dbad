//! Where things are: the workspace root, the build folder, the tools.
//!
//! Invariant: paths come from cargo, never from the folder one stands in, so
//! that every command works from every folder of the tree.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::process;

/// The workspace as cargo describes it.
pub(crate) struct Workspace {
    /// The folder of the root manifest.
    pub(crate) root: PathBuf,
    /// The build folder (`target`, or where `CARGO_TARGET_DIR` points).
    pub(crate) target: PathBuf,
    metadata: Value,
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn find() -> Result<Self> {
        let text = process::capture(Command::new(cargo()).args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
        ]))?;
        let metadata: Value = serde_json::from_str(&text).context("reading `cargo metadata`")?;
        let path = |key: &str| {
            metadata[key]
                .as_str()
                .map(PathBuf::from)
                .with_context(|| format!("cargo names no {key}"))
        };
        Ok(Self { root: path("workspace_root")?, target: path("target_directory")?, metadata })
    }

    /// A path in the work tree.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// The UI's folder; an error says so when it holds no UI.
    pub(crate) fn ui(&self) -> Result<PathBuf> {
        let ui = self.path("ui");
        ensure!(ui.join("package.json").is_file(), "ui/package.json is missing");
        Ok(ui)
    }

    /// A folder of xtask's own notes, made if missing.
    pub(crate) fn notes(&self) -> Result<PathBuf> {
        let folder = self.target.join("xtask");
        std::fs::create_dir_all(&folder).context("making target/xtask")?;
        Ok(folder)
    }

    /// A debug binary of this workspace.
    pub(crate) fn binary(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(name)
    }

    /// Names of the `[[test]]` targets of `package`, or of all packages but
    /// the excluded ones.
    pub(crate) fn test_targets(&self, wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let mut names = Vec::new();
        for package in self.metadata["packages"].as_array().into_iter().flatten() {
            if !package["name"].as_str().is_some_and(&wanted) {
                continue;
            }
            for target in package["targets"].as_array().into_iter().flatten() {
                let is_test = target["kind"][0].as_str() == Some("test");
                if let (true, Some(name)) = (is_test, target["name"].as_str()) {
                    names.push(name.to_owned());
                }
            }
        }
        names
    }
}

/// The cargo that started this program.
pub(crate) fn cargo() -> String {
    env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

/// A cargo command in the workspace root.
pub(crate) fn cargo_in(workspace: &Workspace) -> Command {
    let mut command = Command::new(cargo());
    command.current_dir(&workspace.root);
    // The inner cargo must find the outer one's build folder.
    command.env("CARGO_TARGET_DIR", &workspace.target);
    command
}

/// How a path is shown: relative to the root where it can be.
pub(crate) fn shown<'a>(workspace: &Workspace, path: &'a Path) -> std::path::Display<'a> {
    path.strip_prefix(&workspace.root).unwrap_or(path).display()
}
