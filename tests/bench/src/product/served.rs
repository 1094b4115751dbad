//! A server in a process of its own, so that its memory can be told from the
//! tablets'.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context, Result};
use lantian_server::spawn;

use super::Way;
use super::company::config;

/// The word by which this program becomes a server.
pub(crate) const SERVE: &str = "serve";

/// A running server.
pub(crate) struct Served {
    child: Child,
    /// Closed to end it.
    ends: Option<ChildStdin>,
    /// How tablets reach it.
    pub(crate) way: Way,
}

impl Served {
    /// Serves a company that was founded in `folder`.
    pub(crate) fn start(folder: &Path) -> Result<Self> {
        let program = std::env::current_exe().context("where this program is")?;
        let mut child = Command::new(program)
            .arg(SERVE)
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting the server")?;
        let said = child.stdout.take().context("the server says nothing")?;
        let mut line = String::new();
        BufReader::new(said).read_line(&mut line)?;
        let address: SocketAddr =
            line.trim().parse().context("the server did not say where it listens")?;
        let ends = child.stdin.take();
        Ok(Self { child, ends, way: Way::to(folder, address) })
    }

    /// Its resident memory in KiB.
    pub(crate) fn resident_kib(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next());
        number.and_then(|text| text.parse().ok()).context("the system does not say")
    }

    /// Ends it and waits.
    pub(crate) fn stop(mut self) -> Result<()> {
        drop(self.ends.take());
        self.child.wait()?;
        Ok(())
    }
}

/// Serves until the other end of the input is closed.
pub(crate) async fn serve(folder: &Path) -> Result<()> {
    let server = spawn(config(folder)).await?;
    println!("{}", server.address());
    let waiting = tokio::task::spawn_blocking(|| std::io::stdin().read(&mut [0; 1]));
    waiting.await??;
    // Those who are connected are not waited for.
    drop(server);
    Ok(())
}
