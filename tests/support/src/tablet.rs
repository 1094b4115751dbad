//! A tablet without a window: a home folder and a key file, driven by the real
//! `lantian`, one process per act.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::company::Company;
use crate::outcome::{Outcome, describe};
use crate::{PASSWORD, PIN, programs};

/// One person's tablet.
pub struct Tablet {
    login: String,
    home: PathBuf,
    key_file: PathBuf,
    authority: Option<PathBuf>,
}

impl Tablet {
    /// A tablet that is not enrolled, with its folders below `folder`.
    pub fn blank(folder: &Path, login: &str) -> Self {
        Self {
            login: login.to_owned(),
            home: folder.join(format!("tablet-{login}")),
            key_file: folder.join(format!("key-{login}")),
            authority: None,
        }
    }

    /// Enrols `login` at the company and fetches its records.
    pub fn enrol(folder: &Path, company: &Company, login: &str) -> Self {
        let tablet = Self::blank(folder, login);
        tablet.sign_in(company.url()).done();
        tablet.sync();
        tablet
    }

    /// Believes only certificates of this authority.
    #[must_use]
    pub fn with_authority(mut self, authority: &Path) -> Self {
        self.authority = Some(authority.to_owned());
        self
    }

    /// Signs in at `url` and enrols the device; password and PIN travel by
    /// stdin.
    pub fn sign_in(&self, url: &str) -> Outcome {
        self.sign_in_with(url, PASSWORD)
    }

    /// The same with another password.
    pub fn sign_in_with(&self, url: &str, password: &str) -> Outcome {
        let key_store = format!("file:{}", self.key_file.display());
        let mut command = self.bare();
        command.args(["enrol", "--server", url, "--user", &self.login]);
        command.args(["--password-stdin", "--pin-stdin", "--key-store", &key_store]);
        Outcome::of(&mut command, &format!("{password}\n{PIN}\n"))
    }

    /// Whose tablet it is.
    pub fn login(&self) -> &str {
        &self.login
    }

    /// Its data folder.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The file with its key.
    pub fn key_file(&self) -> &Path {
        &self.key_file
    }

    /// Runs `lantian` with `arguments`.
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(self.command().args(arguments), "")
    }

    /// Starts `lantian` with `arguments`, its output piped, for a test that
    /// ends it.
    pub fn start(&self, arguments: &[&str]) -> (Child, String) {
        let mut command = self.command();
        command.args(arguments);
        let words = describe(&command);
        let piped = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        (piped.spawn().unwrap_or_else(|error| panic!("{words}: {error}")), words)
    }

    /// Judges and stores a command.
    pub fn attempt(&self, command: &str, on: Option<&str>, data: &Value) -> Outcome {
        let data = data.to_string();
        let mut arguments = vec!["do", command, "--data", &data];
        if let Some(record) = on {
            arguments.extend(["--on", record]);
        }
        self.run(&arguments)
    }

    /// Carries out a command on a record; the rules must allow it.
    #[track_caller]
    pub fn act(&self, command: &str, on: &str, data: Value) -> Value {
        self.attempt(command, Some(on), &data).done()
    }

    /// Carries out a command that creates a record; gives the record's id.
    #[track_caller]
    pub fn create(&self, command: &str, data: Value) -> String {
        id_in(&self.attempt(command, None, &data).done(), "record_id")
    }

    /// One full synchronisation; the server must be reached.
    #[track_caller]
    pub fn sync(&self) -> Value {
        self.run(&["sync"]).done()
    }

    /// A synchronisation by which everything that waits is accepted and
    /// delivered.
    #[track_caller]
    pub fn deliver(&self) -> Value {
        let report = self.sync();
        assert_eq!(report["refused"], 0, "{}: {report}\n{}", self.login, self.attention());
        let status = self.status();
        assert_eq!(status["pending"], 0, "{}: {status}", self.login);
        assert_eq!(status["files_pending"], 0, "{}: {status}", self.login);
        report
    }

    /// Who, where, and what waits.
    #[track_caller]
    pub fn status(&self) -> Value {
        self.run(&["status"]).done()
    }

    /// A record as shown.
    #[track_caller]
    pub fn show(&self, id: &str) -> Value {
        self.run(&["show", id]).done()
    }

    /// A record's own content, pending work on top.
    #[track_caller]
    pub fn body(&self, id: &str) -> Value {
        body_of(&self.show(id))
    }

    /// A record's own content as the server has confirmed it.
    #[track_caller]
    pub fn confirmed(&self, id: &str) -> Value {
        body_of(&self.run(&["show", id, "--confirmed"]).done())
    }

    /// Whether the tablet knows the record.
    pub fn knows(&self, id: &str) -> bool {
        self.run(&["show", id]).code == Some(0)
    }

    /// The records of a kind, most urgent first, all pages.
    #[track_caller]
    pub fn list(&self, kind: &str, more: &[&str]) -> Vec<Value> {
        let mut items = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let mut arguments = vec!["list", kind, "--limit", "200"];
            arguments.extend(more);
            if let Some(token) = &after {
                arguments.extend(["--after", token]);
            }
            let page = self.run(&arguments).done();
            items.extend(page["items"].as_array().expect("a list has items").clone());
            after = page["next"].as_str().map(str::to_owned);
            if after.is_none() {
                return items;
            }
        }
    }

    /// The id of a colleague.
    #[track_caller]
    pub fn person(&self, login: &str) -> String {
        let people = self.list("people", &[]);
        let found = people.iter().find(|person| person["login"] == login);
        let found =
            found.unwrap_or_else(|| panic!("{} does not know {login}: {people:?}", self.login));
        id_in(found, "id")
    }

    /// What needs a person.
    #[track_caller]
    pub fn attention(&self) -> Value {
        let desk = self.run(&["attention"]).done();
        if desk["items"].is_array() { desk["items"].clone() } else { desk }
    }

    /// What the server would answer to the waiting commands.
    #[track_caller]
    pub fn preview(&self) -> Value {
        let preview = self.run(&["preview"]).done();
        if preview["items"].is_array() { preview["items"].clone() } else { preview }
    }

    /// Adds a file to a record; gives the file's id.
    #[track_caller]
    pub fn attach(&self, id: &str, file: &Path, kind: &str) -> String {
        let told = self.run(&["attach", id, &file.to_string_lossy(), "--kind", kind]).done();
        let file = if told["file"].is_object() { &told["file"] } else { &told };
        id_in(file, "id")
    }

    /// Names the signed-in person, the device and the rest for a window or a
    /// command.
    pub fn open_in(&self, command: &mut Command) {
        command.env("LANTIAN_HOME", &self.home);
        command.env("LANTIAN_KEY_STORE", format!("file:{}", self.key_file.display()));
        command.env("LANTIAN_PIN", PIN);
    }

    fn command(&self) -> Command {
        let mut command = self.bare();
        self.open_in(&mut command);
        command
    }

    fn bare(&self) -> Command {
        let mut command = Command::new(programs::lantian());
        command.arg("--json").arg("--home").arg(&self.home);
        command.env_remove("LANTIAN_CA_FILE");
        if let Some(authority) = &self.authority {
            command.arg("--ca-file").arg(authority);
        }
        command
    }
}

/// The text of an id in a document.
#[track_caller]
pub fn id_in(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_else(|| panic!("no {key} in {value}")).to_owned()
}

/// The record inside of what `show` answers.
fn body_of(shown: &Value) -> Value {
    let body = if shown["body"].is_object() { &shown["body"] } else { shown };
    let kinds = ["lead", "case", "person", "rules"];
    let inner = kinds.iter().map(|kind| &body[*kind]).find(|value| value.is_object());
    inner.unwrap_or(body).clone()
}

/// A contact in which the user was reached.
pub fn reached(channel: &str, summary: &str) -> Value {
    json!({ "channel": channel, "result": "reached", "counterpart_role": "建设单位", "summary": summary })
}
