//! A tablet in a demo: a home folder and a key file, used through `lantian`.
//!
//! Invariant: the demo goes through the same commands as a person would; it
//! writes no database itself.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process;
use crate::workspace::Workspace;

/// The password of every demo user.
pub(crate) const PASSWORD: &str = "demo-蓝天-2026";
/// The PIN of the demo's tablets.
pub(crate) const PIN: &str = "246810";

const DONE: i32 = 0;
const REFUSED: i32 = 3;

/// One person's tablet.
pub(crate) struct Tablet {
    name: String,
    program: PathBuf,
    home: PathBuf,
    key_store: String,
}

impl Tablet {
    /// Signs `name` in at `url`, enrols a device and fetches its records.
    pub(crate) fn enrol(
        workspace: &Workspace,
        folder: &Path,
        name: &str,
        url: &str,
    ) -> Result<Self> {
        let tablet = Self {
            name: name.to_owned(),
            program: workspace.binary("lantian"),
            home: folder.join(format!("tablet-{name}")),
            key_store: format!("file:{}", folder.join(format!("tablet-{name}.key")).display()),
        };
        let mut enrol = tablet.command();
        enrol.args(["enrol", "--server", url, "--user", name, "--password-stdin", "--pin-stdin"]);
        enrol.args(["--key-store", &tablet.key_store]);
        tablet.expect_done(&mut enrol, &format!("{PASSWORD}\n{PIN}\n"))?;
        tablet.sync()?;
        println!("    {name}: enrolled and synchronised");
        Ok(tablet)
    }

    /// Whose tablet it is.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Tells a window which tablet it is.
    pub(crate) fn open_in(&self, command: &mut Command) {
        command.env("LANTIAN_HOME", &self.home);
        command.env("LANTIAN_KEY_STORE", &self.key_store);
        command.env("LANTIAN_PIN", PIN);
    }

    /// One full synchronisation.
    pub(crate) fn sync(&self) -> Result<Value> {
        self.ask(&["sync"])
    }

    /// What is waiting, refused, in conflict.
    pub(crate) fn status(&self) -> Result<Value> {
        self.ask(&["status"])
    }

    /// The records of one kind in one state, most urgent first.
    pub(crate) fn list(&self, kind: &str, state: &str) -> Result<Vec<Value>> {
        let answer = self.ask(&["list", kind, "--state", state, "--limit", "50"])?;
        answer["items"].as_array().cloned().context("`lantian list` has no items")
    }

    /// Carries out a command; a refusal is an error here, since the play is
    /// made of acts that the tablet itself allows.
    pub(crate) fn act(&self, name: &str, record: &str, data: &Value) -> Result<Value> {
        self.ask(&["do", name, "--on", record, "--data", &data.to_string()])
    }

    fn ask(&self, arguments: &[&str]) -> Result<Value> {
        let mut command = self.command();
        command.args(arguments);
        let text = self.expect_done(&mut command, &format!("{PIN}\n"))?;
        serde_json::from_str(&text).with_context(|| format!("answer of {}", arguments.join(" ")))
    }

    fn expect_done(&self, command: &mut Command, input: &str) -> Result<String> {
        let (code, text) = process::converse(command, input)?;
        let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
        match code {
            Some(DONE) => Ok(text),
            Some(REFUSED) => bail!("{}: refused: {}: {}", self.name, words.join(" "), text.trim()),
            code => {
                bail!("{}: {} ended with {code:?}: {}", self.name, words.join(" "), text.trim())
            }
        }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--json").arg("--home").arg(&self.home);
        self.open_in(&mut command);
        command
    }
}
