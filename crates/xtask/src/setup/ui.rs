//! The UI's packages and its built form, made again only when they changed.
//!
//! Words: a *stamp* is a note in the build folder of what the last run was
//! made from. Invariant: a stamp is written after the work succeeded, never
//! before.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::node::npm;
use crate::process::run;
use crate::workspace::Workspace;

const MADE_BY_TOOLS: [&str; 5] = ["node_modules", "dist", "coverage", "test-results", ".vite"];

/// Installs the UI's packages when the lock file changed.
pub(crate) fn ensure_packages(workspace: &Workspace) -> Result<()> {
    let ui = workspace.ui()?;
    let lock = ui.join("package-lock.json");
    ensure!(
        lock.is_file(),
        "ui/package-lock.json is missing: run `npm install` in ui and commit it"
    );
    let stamp = Stamp::new(workspace, "ui-packages", &[lock, ui.join("package.json")])?;
    if stamp.is_fresh() && ui.join("node_modules").is_dir() {
        println!("    all there");
        return Ok(());
    }
    println!("    will be installed: the packages of ui/package-lock.json");
    run(npm(workspace, &ui)?.args(["ci", "--no-fund", "--no-audit"]))?;
    stamp.write()
}

/// Builds the UI when one of its files changed.
pub(crate) fn ensure_built(workspace: &Workspace) -> Result<()> {
    let ui = workspace.ui()?;
    let mut sources = Vec::new();
    collect(&ui, &mut sources)?;
    let stamp = Stamp::new(workspace, "ui-built", &sources)?;
    if stamp.is_fresh() && ui.join("dist/index.html").is_file() {
        println!("    unchanged");
        return Ok(());
    }
    script(workspace, "build", &[])?;
    stamp.write()
}

/// Runs a script of ui/package.json; one that is not there is an error.
pub(crate) fn script(workspace: &Workspace, name: &str, arguments: &[&str]) -> Result<()> {
    let ui = workspace.ui()?;
    let manifest =
        fs::read_to_string(ui.join("package.json")).context("reading ui/package.json")?;
    let manifest: serde_json::Value =
        serde_json::from_str(&manifest).context("reading ui/package.json")?;
    ensure!(manifest["scripts"][name].is_string(), "ui/package.json has no script `{name}`");
    let mut command = npm(workspace, &ui)?;
    command.args(["run", "--silent", name]);
    if !arguments.is_empty() {
        command.arg("--").args(arguments);
    }
    run(&mut command)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if MADE_BY_TOOLS.contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// A note of what something was made from.
struct Stamp {
    file: PathBuf,
    content: String,
}

impl Stamp {
    fn new(workspace: &Workspace, name: &str, sources: &[PathBuf]) -> Result<Self> {
        let file = workspace.notes()?.join(format!("{name}.stamp"));
        Ok(Self { file, content: fingerprint(sources)? })
    }

    fn is_fresh(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|noted| noted == self.content)
    }

    fn write(&self) -> Result<()> {
        fs::write(&self.file, &self.content).context("writing a stamp")
    }
}

fn fingerprint(sources: &[PathBuf]) -> Result<String> {
    let mut sources = sources.to_vec();
    sources.sort();
    let mut hasher = DefaultHasher::new();
    for source in &sources {
        source.hash(&mut hasher);
        fs::read(source)
            .with_context(|| format!("reading {}", source.display()))?
            .hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_byte_changes_the_fingerprint_and_tool_output_does_not_count() {
        let folder = std::env::temp_dir().join(format!("xtask-ui-{}", std::process::id()));
        fs::create_dir_all(folder.join("dist")).unwrap();
        fs::write(folder.join("main.ts"), "a").unwrap();
        fs::write(folder.join("dist/main.js"), "a").unwrap();
        let mut files = Vec::new();
        collect(&folder, &mut files).unwrap();
        let before = fingerprint(&files).unwrap();
        fs::write(folder.join("main.ts"), "b").unwrap();
        let after = fingerprint(&files).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(files, [folder.join("main.ts")]);
        assert_ne!(before, after);
    }
}
