//! The command line of `lantian-server`: one file for each command.
//!
//! Results are one JSON document on standard output; progress and faults go to
//! standard error. Exit codes: see [`exit`].

mod archive;
mod args;
mod audit;
mod backup;
mod channel;
mod device;
mod exit;
mod import;
mod init;
mod remote;
mod report;
mod rounds;
mod rules;
mod serve;
mod update;
mod user;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser as _;

use crate::{
    config::{Config, Settings},
    error::{Error, Result},
};
use args::{Args, Command};

/// Runs the program.
pub fn main() -> ExitCode {
    let args = Args::parse();
    let logs = tracing_subscriber::EnvFilter::try_from_env("LANTIAN_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(args.command.log_level()));
    // A second subscriber in one process is no failure.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(logs)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .try_init();
    match run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => exit::report(&error),
    }
}

fn run(args: Args) -> Result<()> {
    let place = Place::of(args.data, args.suite, args.config.as_deref())?;
    match args.command {
        Command::Init(what) => init::run(&place.config()?, &what),
        Command::Serve(what) => serve::run(place, what),
        Command::Import(what) => match &what.server {
            Some(server) => remote::run(server, &what),
            None => import::run(&place.config()?, &what),
        },
        Command::User { act } => user::run(&place.config()?, act),
        Command::Device { act } => device::run(&place.config()?, act),
        Command::Policy { act } => rules::run(&place.config()?, rules::Part::Policy, act),
        Command::Calendar { act } => rules::run(&place.config()?, rules::Part::Calendar, act),
        Command::Price { act } => rules::run(&place.config()?, rules::Part::Prices, act),
        Command::Sharing { act } => rules::run(&place.config()?, rules::Part::Sharing, act),
        Command::Channel { act } => channel::run(&place.config()?, act),
        Command::Pilot { act } => rules::run(&place.config()?, rules::Part::Pilots, act),
        Command::Technique { act } => rules::run(&place.config()?, rules::Part::Technique, act),
        Command::Audit { act: args::AuditAct::Verify } => audit::chain(&place.config()?),
        Command::Report { act } => report::run(&place.config()?, &act),
        Command::Backup { out } => backup::save(&place.config()?, &out),
        Command::Restore { file, replace } => backup::bring_back(&place.config()?, &file, replace),
        Command::Recall => backup::call_back(&place.config()?),
        Command::Rounds(what) => rounds::run(&place.config()?, &what),
        Command::Archive { act } => archive::run(|| place.config(), act),
        Command::Retention { act } => archive::retain(&place.config()?, &act),
        Command::Update { act } => update::run(&place, &act),
        Command::Verify => audit::everything(&place.config()?),
    }
}

/// Where the company's data and settings are.
struct Place {
    settings: Settings,
}

impl Place {
    /// Flags and environment come first, then the settings file.
    fn of(data: Option<PathBuf>, suite: Option<String>, file: Option<&Path>) -> Result<Self> {
        let environment = Settings::environment(|name| std::env::var(name).ok())?;
        let given = Settings { data, suite, ..environment };
        let settings = match (file, &given.data) {
            (Some(file), _) => given.or(Settings::read(file)?),
            (None, Some(data)) => {
                let own = Settings::of(data)?;
                given.or(own)
            }
            (None, None) => given,
        };
        Ok(Self { settings })
    }

    fn config(&self) -> Result<Config> {
        let data = self.settings.data.clone().ok_or_else(|| {
            Error::config(
                "say where the data are: --data DIR, LANTIAN_DATA, or data in a settings file",
            )
        })?;
        Config::new(data).with(&self.settings)
    }
}
