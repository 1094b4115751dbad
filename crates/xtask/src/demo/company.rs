//! The company's server in a demo: founded with demo data, stopped while the
//! tablets work offline, and opened again at the same address.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::process::{self, Beside};
use crate::workspace::Workspace;

const READY: &str = "listening on ";
const PATIENCE: Duration = Duration::from_mins(1);

/// A server with a data folder of its own.
pub(crate) struct Company {
    program: PathBuf,
    data: PathBuf,
    url: String,
    server: Option<Beside>,
}

impl Company {
    /// Creates the store with demo data and opens it on a free port.
    pub(crate) fn found(workspace: &Workspace, data: &Path) -> Result<Self> {
        let program = workspace.binary("lantian-server");
        let mut init = Command::new(&program);
        init.args(["init", "--demo", "--data"]).arg(data);
        process::capture(&mut init).context("making the company's store")?;
        let mut company = Self { program, data: data.to_owned(), url: String::new(), server: None };
        company.open_at("127.0.0.1:0")?;
        Ok(company)
    }

    /// Where tablets reach it.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Stops the server: the tablets are offline.
    pub(crate) fn close(&mut self) {
        self.server = None;
    }

    /// Starts it again at the address that the tablets know.
    pub(crate) fn open(&mut self) -> Result<()> {
        let address = address_of(&self.url)?.to_owned();
        self.open_at(&address)
    }

    fn open_at(&mut self, address: &str) -> Result<()> {
        let mut server = Beside::start(&self.program, |command| {
            command.args(["serve", "--listen", address, "--data"]).arg(&self.data);
            command.stdout(Stdio::piped());
        })?;
        self.url = server
            .wait_for_line(PATIENCE, |line| line.trim().strip_prefix(READY).map(str::to_owned))?;
        println!("    {}", self.url);
        self.server = Some(server);
        Ok(())
    }
}

fn address_of(url: &str) -> Result<&str> {
    let address = url.split_once("://").map(|(_, rest)| rest.trim_end_matches('/'));
    let address = address.context("the server's line has no address")?;
    ensure!(address.contains(':'), "the server's line has no port: {url}");
    Ok(address)
}

#[cfg(test)]
mod tests {
    use super::address_of;

    #[test]
    fn the_address_is_taken_from_the_line() {
        assert_eq!(address_of("http://127.0.0.1:4321").unwrap(), "127.0.0.1:4321");
        assert_eq!(address_of("https://[::1]:4321/").unwrap(), "[::1]:4321");
        assert!(address_of("127.0.0.1").is_err());
    }
}
