//! A desktop session for windows under test: a display and a keyring.
//!
//! Words: a *display* is an X server in memory (Xvfb) with a number of its
//! own; a *session* is a D-Bus session with an unlocked, empty keyring that
//! ends with the program it was made for. Invariant: no window of a test ever
//! reaches the developer's own display or keyring.

use std::ffi::OsStr;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Result;

use crate::process::Beside;

/// Unlocks an empty keyring, then becomes the program that follows.
const UNLOCK: &str = r#"printf '\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec "$@""#;

/// A display in memory; it is gone when this value is dropped.
pub(crate) struct Display {
    name: String,
    _server: Beside,
}

impl Display {
    /// Starts one on a free number that the X server picks itself.
    pub(crate) fn start() -> Result<Self> {
        let mut server = Beside::start("Xvfb", |command| {
            command.args(["-displayfd", "1", "-screen", "0", "1440x960x24", "-nolisten", "tcp"]);
            command.stdout(Stdio::piped()).stderr(Stdio::null());
        })?;
        let number = server.wait_for_line(Duration::from_secs(30), |line| {
            let line = line.trim();
            (!line.is_empty()).then(|| line.to_owned())
        })?;
        Ok(Self { name: format!(":{number}"), _server: server })
    }

    /// A command that runs `program` on this display, in a session of its own.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("dbus-run-session");
        command.args(["--", "sh", "-c", UNLOCK, "sh"]).arg(program);
        command.env("DISPLAY", &self.name);
        command.env_remove("WAYLAND_DISPLAY");
        command.env("GDK_BACKEND", "x11");
        command.env("NO_AT_BRIDGE", "1");
        // A software-drawn display has no DMA buffers to share.
        command.env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::{capture, which};

    #[test]
    fn a_session_has_its_own_display_bus_and_keyring() {
        if which("Xvfb").is_none() || which("dbus-run-session").is_none() {
            eprintln!("this machine has no Xvfb: `cargo xtask test` installs it first");
            return;
        }
        let display = Display::start().unwrap();
        let mut command = display.command("sh");
        command.args(["-c", "echo $DISPLAY $DBUS_SESSION_BUS_ADDRESS"]);
        let said = capture(&mut command).unwrap();
        assert!(said.starts_with(&format!("{} unix:", display.name)), "{said}");
    }
}
