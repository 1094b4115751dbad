//! `cargo xtask tidy`: the house rules that a program can check.
//!
//! Words: a *source* is one tracked text file; a *finding* is one broken rule
//! at one line, with how to mend it. Every rule is a pure function of a
//! source, so that its test is a few lines of text. Invariant: a rule that
//! cannot read something says so; it never passes in silence.

mod arrows;
mod dependencies;
mod functions;
mod migrations;
pub(crate) mod scan;
mod sizes;
mod words;

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::workspace::Workspace;

/// What to do with migrations that have no checksum yet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Migrations {
    /// They are findings.
    Verify,
    /// Their checksums are recorded; recorded ones never change.
    Bless,
}

/// One tracked text file.
pub(crate) struct Source {
    /// Its path from the root, with `/`.
    pub(crate) path: String,
    /// Its content.
    pub(crate) text: String,
}

impl Source {
    /// The part after the last dot.
    pub(crate) fn extension(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// Whether it is a test by its place.
    pub(crate) fn is_test(&self) -> bool {
        self.path.starts_with("tests/")
            || self.path.contains("/tests/")
            || self.path.ends_with("tests.rs")
            || self.path.contains(".spec.")
            || self.path.contains(".test.")
    }
}

/// One broken rule at one place.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    path: String,
    line: usize,
    rule: &'static str,
    mend: String,
}

impl Finding {
    /// A finding at `line` (counted from 1) of `source`.
    pub(crate) fn new(source: &Source, line: usize, rule: &'static str, mend: String) -> Self {
        Self { path: source.path.clone(), line, rule, mend }
    }
}

/// Checks every tracked file; an error when there are findings.
pub(crate) fn run(workspace: &Workspace, migrations: Migrations) -> Result<()> {
    if migrations == Migrations::Bless {
        migrations::bless(workspace, &read_sources(workspace)?)?;
    }
    let sources = read_sources(workspace)?;
    let mut findings: Vec<Finding> =
        sources.iter().flat_map(|source| check(source, workspace)).collect();
    findings.extend(dependencies::check(&sources));
    findings.extend(migrations::check(&sources, &|source| digest(workspace, source))?);
    findings.sort();
    for Finding { path, line, rule, mend } in &findings {
        println!("{path}:{line}: {rule}: {mend}");
    }
    println!("tidy: {} files, {} findings", sources.len(), findings.len());
    if !findings.is_empty() {
        bail!("{} house rules are broken", findings.len());
    }
    Ok(())
}

fn check(source: &Source, workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    let parent = workspace.root.parent().map(|folder| folder.to_string_lossy().into_owned());
    arrows::check(source, &mut findings);
    sizes::check(source, &mut findings);
    functions::check(source, &mut findings);
    words::check(source, parent.as_deref().unwrap_or_default(), &mut findings);
    findings
}

/// Reads every text file that git tracks or would track.
pub(crate) fn read_sources(workspace: &Workspace) -> Result<Vec<Source>> {
    let mut list = Command::new("git");
    list.current_dir(&workspace.root);
    list.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let mut sources = Vec::new();
    for path in process::capture(&mut list)?.split('\0').filter(|path| !path.is_empty()) {
        let file = workspace.path(path);
        if !file.is_file() {
            // Removed from the tree and not yet from the index.
            continue;
        }
        let bytes = fs::read(&file).with_context(|| format!("reading {path}"))?;
        if let Ok(text) = String::from_utf8(bytes) {
            sources.push(Source { path: path.to_owned(), text });
        }
    }
    Ok(sources)
}

fn digest(workspace: &Workspace, source: &Source) -> Result<String> {
    let line = process::capture(Command::new("sha256sum").arg(workspace.path(&source.path)))?;
    let digest = line.split_whitespace().next().context("sha256sum printed nothing")?;
    Ok(digest.to_owned())
}

/// Runs `rule` over a small text; for the rules' tests.
#[cfg(test)]
fn findings_of(
    rule: impl Fn(&Source, &mut Vec<Finding>),
    path: &str,
    text: &str,
) -> Vec<(usize, &'static str)> {
    let mut findings = Vec::new();
    rule(&Source { path: path.to_owned(), text: text.to_owned() }, &mut findings);
    findings.iter().map(|finding| (finding.line, finding.rule)).collect()
}
