//! Node and npm, at least of the version that the UI's tools ask for.
//!
//! Words: a *private* Node lives in the build folder and is used by this
//! program alone. Invariant: a Node that is recent enough is left as it is.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::system;
use crate::process::{capture, run, which};
use crate::workspace::Workspace;

const OLDEST: (u32, u32) = (20, 19);
const PRIVATE: &str = "node@22";

/// Sees to it that [`npm`] works.
pub(crate) fn ensure(workspace: &Workspace) -> Result<()> {
    if version_of("node").is_some_and(|version| version >= OLDEST) && which("npm").is_some() {
        return Ok(());
    }
    if private_bin(workspace).join("node").is_file() {
        return Ok(());
    }
    println!("    will be installed: nodejs npm");
    system::install(&["nodejs", "npm"])?;
    if version_of("node").is_some_and(|version| version >= OLDEST) {
        return Ok(());
    }
    println!(
        "    the distribution's Node is too old; will be installed into the build folder: {PRIVATE}"
    );
    let folder = workspace.target.join("tools/node");
    std::fs::create_dir_all(&folder).context("making the folder for Node")?;
    let mut install = Command::new("npm");
    install.args(["install", "--no-save", "--no-fund", "--no-audit", "--prefix"]);
    run(install.arg(&folder).arg(PRIVATE))?;
    let node = private_bin(workspace).join("node");
    ensure!(
        node.is_file(),
        "Node {}.{} or newer could not be installed; install it by hand and run this again",
        OLDEST.0,
        OLDEST.1
    );
    Ok(())
}

/// npm in `folder`, with a Node that is recent enough.
pub(crate) fn npm(workspace: &Workspace, folder: &std::path::Path) -> Result<Command> {
    let mut command = Command::new("npm");
    command.current_dir(folder).env("PATH", path_with_node(workspace)?);
    command.env("NO_UPDATE_NOTIFIER", "1");
    Ok(command)
}

/// `PATH` with the private Node first when there is one.
fn path_with_node(workspace: &Workspace) -> Result<std::ffi::OsString> {
    let usual = std::env::var_os("PATH").unwrap_or_default();
    let private = private_bin(workspace);
    if !private.join("node").is_file() {
        return Ok(usual);
    }
    let folders = std::iter::once(private).chain(std::env::split_paths(&usual));
    std::env::join_paths(folders).context("putting Node into PATH")
}

fn private_bin(workspace: &Workspace) -> PathBuf {
    workspace.target.join("tools/node/node_modules/.bin")
}

fn version_of(program: &str) -> Option<(u32, u32)> {
    which(program)?;
    version(&capture(Command::new(program).arg("--version")).ok()?)
}

fn version(printed: &str) -> Option<(u32, u32)> {
    let mut parts = printed.trim().trim_start_matches('v').split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_are_read_as_node_prints_them() {
        assert_eq!(version("v20.20.2\n"), Some((20, 20)));
        assert_eq!(version("not a version"), None);
    }
}
