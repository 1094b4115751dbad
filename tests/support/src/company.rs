//! The company's server: founded with demo data, started, stopped, killed and
//! started again at the same address.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock};

use serde_json::Value;
use tempfile::TempDir;

use crate::folder;
use crate::outcome::Outcome;
use crate::programs;
use crate::running::Running;

const READY: &str = "listening on ";

/// A server with a data folder of its own.
pub struct Company {
    data: PathBuf,
    address: String,
    url: String,
    tls: Option<(PathBuf, PathBuf)>,
    server: Option<Running>,
    log: String,
}

impl Company {
    /// Founds a company with demo data below `folder` and opens it.
    ///
    /// The demo data are made once per test program and copied.
    pub fn demo(folder: &Path) -> Self {
        let mut company = Self::demo_closed(folder);
        company.open();
        company
    }

    /// Founds a company with demo data that is not open yet.
    pub fn demo_closed(folder: &Path) -> Self {
        let data = folder.join("company");
        folder::copy(template(), &data);
        Self::at(data)
    }

    /// The company whose data lie at `data`, closed.
    pub fn at(data: PathBuf) -> Self {
        let address = "127.0.0.1:0".to_owned();
        Self { data, address, url: String::new(), tls: None, server: None, log: String::new() }
    }

    /// Serves HTTPS with this certificate and key from the next opening on.
    #[must_use]
    pub fn with_tls(mut self, certificate: &Path, key: &Path) -> Self {
        self.tls = Some((certificate.to_owned(), key.to_owned()));
        self
    }

    /// Opens it: on a free port at first, at the same address ever after.
    pub fn open(&mut self) {
        assert!(self.server.is_none(), "the company is open already");
        let mut server = Running::start(programs::server(), |command| {
            command.arg("serve").arg("--data").arg(&self.data).args(["--listen", &self.address]);
            if let Some((certificate, key)) = &self.tls {
                command.arg("--tls-cert").arg(certificate).arg("--tls-key").arg(key);
            }
        });
        let url = server.wait_for(|line| line.trim().strip_prefix(READY).map(str::to_owned));
        self.url = url.trim_end_matches('/').to_owned();
        let address = self.url.split_once("://").map(|(_, address)| address.to_owned());
        self.address = address.expect("the ready line has an address");
        self.server = Some(server);
    }

    /// Stops it by SIGTERM; it must end cleanly.
    pub fn close(&mut self) {
        let server = self.server.take().expect("the company is open");
        self.log = server.log();
        let status = server.stop();
        assert!(status.success(), "the server ended with {status}:\n{}", self.log);
    }

    /// Kills it with signal 9.
    pub fn kill(&mut self) {
        let server = self.server.take().expect("the company is open");
        self.log = server.log();
        server.kill();
    }

    /// Where tablets reach it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its address without scheme.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// What the server printed: of the running one, else of the last.
    pub fn log(&self) -> String {
        self.server.as_ref().map_or_else(|| self.log.clone(), Running::log)
    }

    /// Imports a pushed file into the store.
    pub fn import(&self, file: &Path, source: &str) -> Outcome {
        let mut command = self.command("import");
        command.arg(file).args(["--source", source]);
        Outcome::of(&mut command, "")
    }

    /// Checks the audit chain, the digests and the attachments.
    pub fn verify(&self) -> Outcome {
        Outcome::of(&mut self.command("verify"), "")
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(programs::server());
        command.arg(name).arg("--data").arg(&self.data);
        command
    }
}

/// Runs `lantian-server` with `arguments`.
pub fn run_server(arguments: &[&str]) -> Outcome {
    Outcome::of(Command::new(programs::server()).args(arguments), "")
}

/// Demo data, made once.
fn template() -> &'static Path {
    static TEMPLATE: OnceLock<PathBuf> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let folder = keep(TempDir::new().expect("a temporary folder"));
        let data = folder.join("company");
        let told = run_server(&["init", "--demo", "--data", &data.to_string_lossy()]);
        assert_eq!(told.code, Some(0), "{}\n{}\n{}", told.words, told.stdout, told.stderr);
        data
    })
}

/// Holds a folder until the test program ends; it is removed by the system's
/// own care for temporary files when the program is killed.
fn keep(folder: TempDir) -> PathBuf {
    static KEPT: Mutex<Vec<TempDir>> = Mutex::new(Vec::new());
    let path = folder.path().to_owned();
    KEPT.lock().expect("nobody panicked here").push(folder);
    path
}

/// The one-time passwords and other facts that `init` prints once.
pub fn found(data: &Path) -> Value {
    run_server(&["init", "--data", &data.to_string_lossy()]).done()
}
