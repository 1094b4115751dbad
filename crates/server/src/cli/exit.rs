//! How the program ends, and what it prints.
//!
//! 0 done · 1 failed · 2 wrong usage · 3 refused by a rule · 4 server
//! unreachable · 5 the store is in use, or signing in failed · 6 data damaged,
//! stopped.

use std::{io::Write as _, process::ExitCode};

use serde::Serialize;

use crate::error::{Error, Result};

/// Prints the one document of a command.
pub(super) fn print<T: Serialize>(value: &T) -> Result<()> {
    let mut text = serde_json::to_vec_pretty(value)?;
    text.push(b'\n');
    let mut out = std::io::stdout().lock();
    out.write_all(&text)
        .and_then(|()| out.flush())
        .map_err(Error::io("the result could not be printed"))
}

/// Says what failed and gives the exit code.
pub(super) fn report(error: &Error) -> ExitCode {
    if let Error::Refused(problem) = error {
        let refusal = serde_json::json!({
            "code": problem.code,
            "params": problem.params,
            "message": problem.detail,
            "now_possible": [],
        });
        if let Err(failed) = print(&refusal) {
            tracing::error!(%failed, "the refusal could not be printed");
        }
    }
    let mut said = format!("lantian-server: {error}\n");
    let mut cause = std::error::Error::source(error);
    while let Some(one) = cause {
        said.push_str("  because: ");
        said.push_str(&one.to_string());
        said.push('\n');
        cause = one.source();
    }
    // Nobody reading the error stream is no further failure.
    let _ = std::io::stderr().write_all(said.as_bytes());
    ExitCode::from(code(error))
}

fn code(error: &Error) -> u8 {
    match error {
        Error::Config { .. } => 2,
        Error::Refused(problem) if problem.status == 401 => 5,
        Error::Refused(_) | Error::StoreExists(_) => 3,
        Error::Unreachable { .. } => 4,
        Error::StoreHeld(_) => 5,
        Error::Damaged { .. } | Error::TooNew { .. } => 6,
        Error::Store(_)
        | Error::DiskFull
        | Error::NoStore(_)
        | Error::Folder { .. }
        | Error::Stopped
        | Error::Io { .. }
        | Error::Protocol(_) => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::problem;

    #[test]
    fn each_kind_of_failure_has_its_exit_code() {
        assert_eq!(code(&Error::config("x")), 2);
        assert_eq!(code(&problem::forbidden()), 3);
        assert_eq!(code(&problem::unauthenticated()), 5);
        assert_eq!(code(&Error::StoreHeld("x".into())), 5);
        assert_eq!(code(&Error::damaged("x")), 6);
        assert_eq!(code(&Error::Stopped), 1);
    }
}
