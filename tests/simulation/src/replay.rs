//! `--replay`: what a tablet's engine heard, as its diagnostic bundle tells it,
//! heard by the engine of this build.
//!
//! Invariant: it is the product's engine that decides; what it decides is
//! compared with the tape, word by word.

use std::path::Path;

use anyhow::{Context, Result};
use lantian_sync::Tape;
use serde::Deserialize;

/// The parts of a bundle that are looked at here.
#[derive(Deserialize)]
struct Bundle {
    versions: serde_json::Value,
    counts: serde_json::Value,
    tape: Option<Tape>,
}

/// Prints what the engine heard and decided; whether it decides the same again.
pub(crate) fn run(file: &Path) -> Result<bool> {
    let bytes = std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    let bundle: Bundle = serde_json::from_slice(&bytes).context("this is no diagnostic bundle")?;
    println!("versions {}\ncounts {}", bundle.versions, bundle.counts);
    let tape = bundle.tape.context("the bundle has no tape: synchronisation did not run")?;
    for entry in tape.entries() {
        println!("{} {:?}", entry.at, entry.heard);
        for did in &entry.did {
            println!("    {did}");
        }
    }
    match tape.replay() {
        Ok(entries) => println!("{entries} entries, each decided as on the tape"),
        Err(divergence) => {
            println!("FAILED {divergence}");
            return Ok(false);
        }
    }
    Ok(true)
}
