//! `lantian`: the tablet without a window, for support, scripts and tests.
//!
//! Words: an *answer* is the one JSON document on stdout; progress and logs go
//! to stderr. Exit codes are a contract, see [`exit`].
//!
//! Invariant: the program decides nothing; every rule is asked of the client.

mod answer;
mod args;
mod commands;
mod exit;
mod secret;

use std::process::ExitCode;

use clap::Parser as _;

use args::Args;

fn main() -> ExitCode {
    let args = Args::parse();
    log_to_stderr();
    let mut threads = tokio::runtime::Builder::new_multi_thread();
    let Ok(runtime) = threads.worker_threads(2).enable_all().build() else {
        return ExitCode::from(exit::OTHER);
    };
    let json = args.given.json || !answer::is_terminal();
    let outcome = runtime.block_on(commands::run(args));
    let code = answer::print(outcome, json);
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    ExitCode::from(code)
}

fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("LANTIAN_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("off"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
