//! `cargo xtask types`: the UI's types and the fingerprint of the stored
//! forms, from the Rust types.
//!
//! `lantian schema` prints JSON Schemas of commands, records and views; the
//! UI's own script turns them into TypeScript. Invariant: nobody edits the
//! results by hand; `cargo xtask check` makes them again and compares.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::binaries::build_programs;
use crate::check::same;
use crate::process;
use crate::setup::{self, Need};
use crate::steps::Steps;
use crate::workspace::Workspace;

const TYPES: &str = "ui/src/bridge/generated.ts";
const SCHEMAS: &str = "ui/src/bridge/schema.json";
const FINGERPRINT: &str = "docs/protocol.hash";

/// Writes the files.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let mut steps = Steps::new(4);
    setup::run(workspace, &mut steps, &[Need::System, Need::UiPackages, Need::UiBuilt])?;
    steps.must("types", || generate(workspace))?;
    steps.finish()
}

/// Makes the files again and fails if one of them changed, leaving the tree as
/// it was.
pub(crate) fn verify(workspace: &Workspace) -> Result<()> {
    let paths = [TYPES, SCHEMAS, FINGERPRINT].map(|name| (name, workspace.path(name)));
    let before: Vec<Option<String>> =
        paths.iter().map(|(_, path)| fs::read_to_string(path).ok()).collect();
    let mut outcome = generate(workspace);
    for ((name, path), committed) in paths.iter().zip(before) {
        let now = fs::read_to_string(path).unwrap_or_default();
        match &committed {
            Some(text) => fs::write(path, text).with_context(|| format!("restoring {name}"))?,
            None if path.is_file() => {
                fs::remove_file(path).with_context(|| format!("removing {name}"))?;
            }
            None => {}
        }
        outcome = outcome.and_then(|()| same(name, committed.as_deref().unwrap_or_default(), &now));
    }
    outcome
}

fn generate(workspace: &Workspace) -> Result<()> {
    build_programs(workspace)?;
    let schema = process::capture(Command::new(workspace.binary("lantian")).arg("schema"))?;
    let parsed: Value = serde_json::from_str(&schema).context("reading `lantian schema`")?;
    for part in ["commands", "records", "views"] {
        ensure!(!parsed[part].is_null(), "`lantian schema` has no part `{part}`");
    }
    let file = write_schema(workspace, &schema)?;
    setup::ui::script(workspace, "types", &[&file.to_string_lossy()])?;
    let line = format!("{}\n", fingerprint(&parsed));
    fs::write(workspace.path(FINGERPRINT), line).context("writing the fingerprint")
}

fn write_schema(workspace: &Workspace, schema: &str) -> Result<PathBuf> {
    let file = workspace.notes()?.join("schema.json");
    fs::write(&file, schema).context("writing the schema")?;
    Ok(file)
}

/// FNV-1a over the schema with its keys in order: it changes when a stored
/// form changes, and with nothing else.
fn fingerprint(schema: &Value) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in schema.to_string().bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_sees_content_and_not_layout() {
        let a: Value = serde_json::from_str(r#"{"commands": {"x": 1}, "views": 2}"#).unwrap();
        let b: Value = serde_json::from_str(r#"{ "views":2, "commands":{"x":1} }"#).unwrap();
        let c: Value = serde_json::from_str(r#"{"commands": {"x": 2}, "views": 2}"#).unwrap();
        assert_eq!(fingerprint(&a), fingerprint(&b));
        assert_ne!(fingerprint(&a), fingerprint(&c));
    }
}
