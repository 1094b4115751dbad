//! The benchmark: what the product needs beside a bare program that does the
//! same work on the same machine in the same rounds.
//!
//! `cargo xtask bench [--quick] [--json FILE]` builds it in release and runs
//! it from the root of the tree. Words: see [`figures`]; the bare program is
//! [`limit`], the product [`product`]. Invariant: a measurement that did not
//! do all of its work is an error, never a figure.

mod documents;
mod figures;
mod limit;
mod plan;
mod product;
mod report;
mod rulebook;
mod wire;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use figures::{Metric, Row};
use plan::Extent;

const USAGE: &str = "Usage: lantian-bench [--quick] [--json FILE]";
const DOCS: &str = "docs/BENCHMARK.md";

#[tokio::main]
async fn main() -> Result<()> {
    let (extent, json) = read(std::env::args().skip(1))?;
    let is_full = extent.sizes == Extent::FULL.sizes;
    // Beside the binary: on a disk, and not in a file system in memory.
    let program = std::env::current_exe().context("where this program is")?;
    let beside = program.parent().context("a program without a folder")?;
    let folder = tempfile::Builder::new().prefix("bench-").tempdir_in(beside)?;
    let mut metrics = rulebook::measure(extent.questions, folder.path())?;
    metrics.extend(plan::measure(extent, folder.path()).await?);
    let rows: Vec<Row> = metrics.iter().map(Metric::row).collect();
    println!("{}", report::table(&rows));
    // A quick run is no report.
    let docs = is_full.then_some(Path::new(DOCS));
    report::write(&rows, &machine(), docs, json.as_deref())
}

fn read(arguments: impl Iterator<Item = String>) -> Result<(Extent, Option<PathBuf>)> {
    let (mut extent, mut json) = (Extent::FULL, None);
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--quick" => extent = Extent::QUICK,
            "--json" => json = Some(arguments.next().context(USAGE)?.into()),
            other => bail!("{other}? {USAGE}"),
        }
    }
    Ok((extent, json))
}

/// The machine in a line, without its name.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let model = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = model
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'))
        .map_or("a processor that does not say what it is", |(_, name)| name.trim());
    format!("Measured on {cores} cores of {model}.")
}
