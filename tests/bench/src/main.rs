//! The benchmark: what the product needs beside a bare program that does the
//! same work on the same machine in the same rounds.
//!
//! `cargo xtask bench [--quick] [--only W1,W7] [--json FILE]` builds it in
//! release and runs it from the root of the tree. Words: see [`figures`]; the bare program is
//! [`limit`], the product [`product`]. Invariant: a measurement that did not
//! do all of its work is an error, never a figure.

mod documents;
mod figures;
mod limit;
mod plan;
mod product;
mod report;
mod rulebook;
mod wanted;
mod wire;
mod workload;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use figures::{Metric, Row};
use plan::Extent;
use wanted::Wanted;

const USAGE: &str = "Usage: lantian-bench [--quick] [--only W1,W7] [--json FILE]";
const DOCS: &str = "docs/PERFORMANCE.md";

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1).peekable();
    if arguments.next_if(|word| word == product::SERVE).is_some() {
        let folder = arguments.next().context("serve which folder?")?;
        return product::serve(Path::new(&folder)).await;
    }
    let asked = Asked::read(arguments)?;
    let extent = asked.extent;
    // Beside the binary: on a disk, and not in a file system in memory.
    let program = std::env::current_exe().context("where this program is")?;
    let beside = program.parent().context("a program without a folder")?;
    let folder = tempfile::Builder::new().prefix("bench-").tempdir_in(beside)?;
    let mut metrics = Vec::new();
    if asked.wanted.has("R") {
        metrics = rulebook::measure(extent.questions, folder.path())?;
    }
    metrics.extend(plan::measure(extent, &asked.wanted, folder.path()).await?);
    metrics.extend(workload::measure(extent.alone, &asked.wanted, folder.path()).await?);
    metrics.sort_by_key(|metric| (Wanted::place(metric.workload), metric.n));
    let rows: Vec<Row> = metrics.iter().map(Metric::row).collect();
    println!("{}", report::table(&rows));
    // A quick run, or a part of one, is no report.
    let is_whole = asked.wanted.is_all() && extent.sizes == Extent::FULL.sizes;
    let docs = is_whole.then_some(Path::new(DOCS));
    report::write(&rows, &machine(), docs, asked.json.as_deref())
}

/// What the command line asks for.
struct Asked {
    extent: Extent,
    wanted: Wanted,
    json: Option<PathBuf>,
}

impl Asked {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut asked = Self { extent: Extent::FULL, wanted: Wanted::all(), json: None };
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--quick" => asked.extent = Extent::QUICK,
                "--only" => asked.wanted = Wanted::parse(&arguments.next().context(USAGE)?)?,
                "--json" => asked.json = Some(arguments.next().context(USAGE)?.into()),
                other => bail!("{other}? {USAGE}"),
            }
        }
        Ok(asked)
    }
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
