//! The developer's commands: `cargo xtask …`.
//!
//! Each command is one file with a `run`; what they share stands in
//! `workspace` (where things are), `process` (running programs), `steps`
//! (progress and summary) and `setup` (what a machine needs). Invariant: this
//! crate depends on no crate of the product, so that it builds in seconds.

mod bench;
mod binaries;
mod check;
mod demo;
mod faults;
mod package;
mod process;
mod screenshots;
mod session;
mod setup;
mod simulation;
mod steps;
mod test;
mod tidy;
mod trace;
mod types;
mod workspace;

use std::process::ExitCode;

use steps::AfterFailure;
use workspace::Workspace;

const USAGE: &str = "\
Usage: cargo xtask COMMAND [OPTIONS]

  demo [--data DIR]              a server with demo data and two tablets' windows, from nothing
  test [--keep-going]            every test: UI, Rust, the story over real binaries, the window;
                                 stops at the first failure unless told to keep going
  check                          format, lints, tidy, licences, generated types (no tests)
  tidy [--bless]                 the house rules only; --bless records new migrations' checksums
  trace [--report]               writes docs/TRACEABILITY.md from the names of the tests; fails when
                                 a clause has none, unless only a report is wanted
  types                          writes ui/src/bridge/generated.ts from the Rust types
  bench [--quick] [--only W1,W7] [--json FILE]  the benchmark, in release
  sim [--seeds N] [--minutes M]  histories of a fleet under faults, in release; --seed N plays one
  faults                         every crash point, failing call, cut and kill; hours
  sim --planted [NAME]           each bug planted on purpose, until the simulator finds it
  package                        .deb of the desktop and of the server, in target/packages
  screenshots DIR                pictures of every screen, from the demo data

Every command installs what it lacks and says so first.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((command, options)) = arguments.split_first() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match dispatch(command, options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage(text)) => {
            eprintln!("{text}\n\n{USAGE}");
            ExitCode::from(2)
        }
        Err(Failure::Failed(error)) => {
            eprintln!("\nxtask {command}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

enum Failure {
    Usage(String),
    Failed(anyhow::Error),
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

fn dispatch(command: &str, options: &[String]) -> Result<(), Failure> {
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let workspace = Workspace::find()?;
    match (command, options.as_slice()) {
        ("help" | "--help" | "-h", _) => println!("{USAGE}"),
        ("demo", []) => demo::run(&workspace, None)?,
        ("demo", ["--data", folder]) => demo::run(&workspace, Some(folder))?,
        ("test", []) => test::run(&workspace, AfterFailure::Stop)?,
        ("test", ["--keep-going"]) => test::run(&workspace, AfterFailure::GoOn)?,
        ("check", []) => check::run(&workspace)?,
        ("tidy", []) => tidy::run(&workspace, tidy::Migrations::Verify)?,
        ("tidy", ["--bless"]) => tidy::run(&workspace, tidy::Migrations::Bless)?,
        ("trace", []) => trace::run(&workspace, trace::Gaps::Fail)?,
        ("trace", ["--report"]) => trace::run(&workspace, trace::Gaps::Report)?,
        ("types", []) => types::run(&workspace)?,
        ("bench", flags) => bench::run(&workspace, flags)?,
        ("sim", flags) => simulation::run(&workspace, flags)?,
        ("faults", []) => faults::run(&workspace)?,
        ("package", []) => package::run(&workspace)?,
        ("screenshots", [folder]) => screenshots::run(&workspace, folder)?,
        (
            known @ ("demo" | "test" | "check" | "tidy" | "trace" | "types" | "faults" | "package"
            | "screenshots"),
            _,
        ) => {
            return Err(Failure::Usage(format!("`{known}` does not take: {}", options.join(" "))));
        }
        (unknown, _) => {
            return Err(Failure::Usage(format!("there is no command `{unknown}`")));
        }
    }
    Ok(())
}
