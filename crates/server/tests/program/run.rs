//! Runs the program.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;

/// How the program ended.
pub(crate) struct Ended {
    pub(crate) code: i32,
    /// Its one document, if it printed one.
    pub(crate) json: Value,
    pub(crate) errors: String,
}

/// Runs `lantian-server ARGS --data DATA` to its end.
pub(crate) fn run(data: &Path, args: &[&str]) -> Ended {
    run_as(data, args, "")
}

/// The same with a password in the environment.
pub(crate) fn run_as(data: &Path, args: &[&str], password: &str) -> Ended {
    let output: Output = program(data, args).env("LANTIAN_PASSWORD", password).output().unwrap();
    Ended {
        code: output.status.code().unwrap(),
        json: serde_json::from_slice(&output.stdout).unwrap_or(Value::Null),
        errors: String::from_utf8(output.stderr).unwrap(),
    }
}

fn program(data: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lantian-server"));
    command.args(args).arg("--data").arg(data);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("LANTIAN_")) {
        command.env_remove(name);
    }
    command.env("LANTIAN_PASSWORD_MEMORY_KIB", "8");
    command
}

/// A server that runs.
pub(crate) struct Served {
    child: Child,
    pub(crate) url: String,
}

impl Served {
    /// Starts it on a free port and waits until it is ready.
    pub(crate) fn start(data: &Path) -> Self {
        let mut child = program(data, &["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").unwrap().to_owned();
        Self { child, url }
    }

    /// Asks it to stop and waits for its end.
    pub(crate) fn stop(mut self) -> i32 {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        self.child.wait().unwrap().code().unwrap()
    }

    /// Takes the power away.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
