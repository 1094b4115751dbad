//! Passwords and PINs: from stdin, the environment, or a terminal without
//! echo. Never from arguments, which every process can read.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use lantian_client::Error;

/// Reads the next line of stdin.
///
/// # Errors
/// [`Error::BadInput`] when stdin ends before it.
pub(crate) fn line(what: &str) -> Result<String, Error> {
    let mut text = String::new();
    let read = std::io::stdin().lock().read_line(&mut text).unwrap_or(0);
    let line = text.trim_end_matches(['\r', '\n']);
    if read == 0 || line.is_empty() {
        return Err(missing(what));
    }
    Ok(line.to_owned())
}

/// Reads a secret from the environment, else at the terminal without echo,
/// else from the next line of a stdin that is no terminal.
///
/// # Errors
/// [`Error::BadInput`] when none of them gives it.
pub(crate) fn named(variable: &str, what: &str) -> Result<String, Error> {
    if let Some(value) = std::env::var(variable).ok().filter(|value| !value.is_empty()) {
        return Ok(value);
    }
    if !std::io::stdin().is_terminal() {
        return line(what);
    }
    let _ = write!(std::io::stderr(), "{what}: ");
    let _quiet = Quiet::begin();
    let answer = line(what);
    let _ = writeln!(std::io::stderr());
    answer
}

fn missing(what: &str) -> Error {
    Error::BadInput { field: what.to_owned(), why: "没有输入".to_owned() }
}

/// Terminal echo is off while this lives.
struct Quiet(#[cfg(unix)] Option<rustix::termios::Termios>);

impl Quiet {
    #[cfg(unix)]
    fn begin() -> Self {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let stdin = std::io::stdin();
        let Ok(before) = tcgetattr(&stdin) else { return Self(None) };
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        let _ = tcsetattr(&stdin, OptionalActions::Flush, &quiet);
        Self(Some(before))
    }

    #[cfg(not(unix))]
    fn begin() -> Self {
        Self()
    }
}

#[cfg(unix)]
impl Drop for Quiet {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        if let Some(before) = &self.0 {
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Flush, before);
        }
    }
}
