//! What one run of a program answered.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Done.
pub const DONE: i32 = 0;
/// Wrong usage.
pub const USAGE: i32 = 2;
/// Refused by a rule.
pub const REFUSED: i32 = 3;
/// Offline, or the server cannot be reached; nothing is lost.
pub const OFFLINE: i32 = 4;
/// Locked, key or sign-in needed.
pub const LOCKED: i32 = 5;

/// Exit code and JSON of one run.
#[derive(Debug)]
pub struct Outcome {
    /// What was run, for messages.
    pub words: String,
    /// The exit code; nothing when it was killed.
    pub code: Option<i32>,
    /// The document on stdout; null when there is none.
    pub value: Value,
    /// Everything on stdout.
    pub stdout: String,
    /// Everything on stderr.
    pub stderr: String,
}

impl Outcome {
    /// Runs `command` with `input` on its standard input.
    pub fn of(command: &mut Command, input: &str) -> Self {
        let words = describe(command);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{words} cannot be started: {error}"));
        if let Some(mut stdin) = child.stdin.take() {
            // A program that reads no input may be gone already.
            let _ = stdin.write_all(input.as_bytes());
        }
        let output = child.wait_with_output().expect("its output can be read");
        Self::read(words, &output)
    }

    /// Reads what a finished program left.
    pub fn read(words: String, output: &Output) -> Self {
        let stdout = String::from_utf8(output.stdout.clone()).expect("stdout is UTF-8");
        let value = serde_json::from_str(stdout.trim()).unwrap_or(Value::Null);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        Self { words, code: output.status.code(), value, stdout, stderr }
    }

    /// Its document; the run must have ended with `code`.
    #[track_caller]
    pub fn ended(self, code: i32) -> Value {
        assert_eq!(
            self.code,
            Some(code),
            "{}\nstdout: {}\nstderr: {}",
            self.words,
            self.stdout.trim(),
            self.stderr.trim()
        );
        assert!(!self.value.is_null(), "{}: no JSON on stdout: {}", self.words, self.stdout);
        self.value
    }

    /// Its document; the run must be done.
    #[track_caller]
    pub fn done(self) -> Value {
        self.ended(DONE)
    }

    /// Its document; a rule must have refused it with `code`, in words that a
    /// person can read.
    #[track_caller]
    pub fn refused(self, code: &str) -> Value {
        let words = self.words.clone();
        let value = self.ended(REFUSED);
        assert_eq!(value["code"], code, "{words}: {value}");
        assert!(value["message"].as_str().is_some_and(|text| !text.is_empty()), "{words}: {value}");
        assert!(value["now_possible"].is_array(), "{words}: {value}");
        value
    }
}

/// Shows a command in messages.
pub fn describe(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program()).to_string_lossy();
    let words = command.get_args().map(|word| word.to_string_lossy());
    let words: Vec<_> = std::iter::once(name).chain(words).collect();
    words.join(" ")
}
