//! Running other programs: to the end, for their output, or beside us.
//!
//! Invariant: a program that runs beside us ends with us, also when we are
//! killed: the kernel sends it SIGTERM at our death (`setpriv --pdeathsig`).

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, sync::mpsc, thread};

use anyhow::{Context, Result, bail, ensure};

/// Runs `command` to its end with its output on ours; an error names it.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("starting {}", describe(command)))?;
    ensure!(status.success(), "{} ended with {status}", describe(command));
    Ok(())
}

/// Runs `command` and returns what it prints.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("starting {}", describe(command)))?;
    ensure!(output.status.success(), "{} ended with {}", describe(command), output.status);
    String::from_utf8(output.stdout).with_context(|| format!("output of {}", describe(command)))
}

/// Runs `command` with `input` on its standard input and returns its exit
/// code and what it prints; only a program that cannot be run is an error.
pub(crate) fn converse(command: &mut Command, input: &str) -> Result<(Option<i32>, String)> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting {}", describe(command)))?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes()).context("writing its input")?;
    }
    let output = child.wait_with_output().context("waiting for it")?;
    Ok((output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned()))
}

/// Whether `command` can be run and succeeds; its output is not shown.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// The program `name` in `PATH`.
pub(crate) fn which(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// A program that runs beside us and ends with us.
pub(crate) struct Beside {
    name: String,
    child: Child,
}

impl Beside {
    /// Starts `program` with what `prepare` adds.
    pub(crate) fn start(
        program: impl AsRef<OsStr>,
        prepare: impl FnOnce(&mut Command),
    ) -> Result<Self> {
        let name = Path::new(program.as_ref()).file_name().unwrap_or(program.as_ref());
        let name = name.to_string_lossy().into_owned();
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "TERM", "--"]).arg(program);
        prepare(&mut command);
        let child = command.spawn().with_context(|| format!("starting {name}"))?;
        Ok(Self { name, child })
    }

    /// Waits until a line of its output satisfies `found`, then keeps reading
    /// the rest so that it never blocks. Needs a piped standard output.
    pub(crate) fn wait_for_line<T: Send + 'static>(
        &mut self,
        patience: Duration,
        found: impl Fn(&str) -> Option<T> + Send + 'static,
    ) -> Result<T> {
        let stdout = self.child.stdout.take().context("its output is not piped")?;
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || relay(stdout, &sender, found));
        match receiver.recv_timeout(patience) {
            Ok(value) => Ok(value),
            Err(mpsc::RecvTimeoutError::Timeout) => {
                bail!("{} said nothing useful for {} s", self.name, patience.as_secs())
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                bail!("{} ended before it was ready", self.name)
            }
        }
    }

    /// Waits until it ends by itself.
    pub(crate) fn wait(&mut self) -> Result<()> {
        let status = self.child.wait().with_context(|| format!("waiting for {}", self.name))?;
        ensure!(status.success(), "{} ended with {status}", self.name);
        Ok(())
    }

    /// Asks it to end (SIGTERM), then kills it when it has not within 10 s.
    pub(crate) fn stop(&mut self) {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        // The shell's own `kill`: a bare machine has no program of that name.
        let asked = succeeds(
            Command::new("sh")
                .args(["-c", "kill -s TERM \"$1\"", "sh"])
                .arg(self.child.id().to_string()),
        );
        let until = Instant::now() + Duration::from_secs(10);
        while asked && Instant::now() < until {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::park_timeout(Duration::from_millis(20));
        }
        // It has ended already when this fails.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.stop();
    }
}

fn relay<T>(stdout: ChildStdout, sender: &mpsc::Sender<T>, found: impl Fn(&str) -> Option<T>) {
    for line in BufReader::new(stdout).lines().map_while(Result::ok) {
        if let Some(value) = found(&line) {
            // Nobody listens once the first match is taken.
            let _ = sender.send(value);
        }
    }
}

fn describe(command: &Command) -> String {
    let arguments = command.get_args().map(OsStr::to_string_lossy);
    let program = command.get_program().to_string_lossy();
    let program = Path::new(program.as_ref())
        .file_name()
        .map_or_else(|| program.clone().into_owned(), |name| name.to_string_lossy().into_owned());
    let words: Vec<_> = std::iter::once(program.into()).chain(arguments).collect();
    format!("`{}`", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_an_error_that_names_it() {
        let error = run(&mut Command::new("false")).unwrap_err();
        assert!(error.to_string().starts_with("`false` ended with"), "{error}");
    }

    #[test]
    fn converse_passes_input_and_returns_the_code() {
        let mut command = Command::new("sh");
        command.args(["-c", "read line; echo got $line; exit 3"]);
        let (code, output) = converse(&mut command, "hello\n").unwrap();
        assert_eq!((code, output.as_str()), (Some(3), "got hello\n"));
    }

    #[test]
    fn a_program_beside_us_is_waited_for_and_ended() {
        let mut beside = Beside::start("sh", |command| {
            command.args(["-c", "echo starting; echo ready 7; exec cat"]);
            command.stdin(Stdio::piped()).stdout(Stdio::piped());
        })
        .unwrap();
        let number = beside.wait_for_line(Duration::from_secs(20), |line| {
            line.strip_prefix("ready ").map(str::to_owned)
        });
        assert_eq!(number.unwrap(), "7");
        beside.stop();
        assert!(beside.child.try_wait().unwrap().is_some());
    }

    #[test]
    fn a_program_that_ends_early_is_told_apart() {
        let mut beside = Beside::start("sh", |command| {
            command.args(["-c", "echo something else"]).stdout(Stdio::piped());
        })
        .unwrap();
        let error = beside
            .wait_for_line(Duration::from_secs(20), |line| {
                line.strip_prefix("ready").map(str::to_owned)
            })
            .unwrap_err();
        assert_eq!(error.to_string(), "sh ended before it was ready");
    }
}
