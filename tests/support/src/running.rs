//! A program that runs beside the test: its output read, its death at our
//! hand.
//!
//! Invariant: it never outlives the test, also when the test is killed: the
//! system kills it at the death of the thread that started it (`setpriv
//! --pdeathsig`).

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// How long a program gets to be ready, or to end when asked.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A program beside us.
pub struct Running {
    name: String,
    child: Child,
    log: Arc<Mutex<String>>,
    lines: mpsc::Receiver<String>,
}

impl Running {
    /// Starts `program` with what `prepare` adds.
    pub fn start(program: impl AsRef<OsStr>, prepare: impl FnOnce(&mut Command)) -> Self {
        let name = Path::new(program.as_ref()).file_name().unwrap_or(program.as_ref());
        let name = name.to_string_lossy().into_owned();
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--"]).arg(program);
        prepare(&mut command);
        // A group of its own, so that what it starts in turn ends with it.
        command.process_group(0);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child =
            command.spawn().unwrap_or_else(|error| panic!("{name} cannot be started: {error}"));
        let log = Arc::new(Mutex::new(String::new()));
        let (sender, lines) = mpsc::channel();
        if let Some(stdout) = child.stdout.take() {
            collect(stdout, Arc::clone(&log), Some(sender));
        }
        if let Some(stderr) = child.stderr.take() {
            collect(stderr, Arc::clone(&log), None);
        }
        Self { name, child, log, lines }
    }

    /// Waits until `found` recognises a line of its stdout.
    pub fn wait_for<T>(&mut self, found: impl Fn(&str) -> Option<T>) -> T {
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    if let Some(value) = found(&line) {
                        return value;
                    }
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    panic!("{} was not ready in time:\n{}", self.name, self.log())
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => {
                    panic!("{} ended before it was ready:\n{}", self.name, self.log())
                }
            }
        }
    }

    /// What it has printed so far.
    pub fn log(&self) -> String {
        self.log.lock().map(|log| log.clone()).unwrap_or_default()
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("the system knows the process")
    }

    /// Kills it with signal 9, at once.
    pub fn kill(mut self) {
        self.end_now();
    }

    /// Asks it to end by SIGTERM and returns how it did.
    pub fn stop(mut self) -> ExitStatus {
        let asked = kill_process(Pid::from_child(&self.child), Signal::TERM);
        assert!(asked.is_ok(), "{} cannot be signalled:\n{}", self.name, self.log());
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.ended() {
                return status;
            }
            assert!(Instant::now() < until, "{} does not stop:\n{}", self.name, self.log());
            thread::park_timeout(Duration::from_millis(5));
        }
    }

    fn end_now(&mut self) {
        // It may have ended by itself already.
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end_now();
    }
}

fn collect(
    from: impl Read + Send + 'static,
    log: Arc<Mutex<String>>,
    lines: Option<mpsc::Sender<String>>,
) {
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            if let Ok(mut log) = log.lock() {
                log.push_str(&line);
                log.push('\n');
            }
            if let Some(lines) = &lines {
                // Nobody waits for a line once the program is ready.
                let _ = lines.send(line);
            }
        }
    });
}
