//! The command line of the window: where its data lie.

use std::{ffi::OsString, io::Write as _, path::PathBuf};

const USAGE: &str = "usage: lantian-desktop [--home DIR]\n\
    \n\
    --home DIR   data folder (else LANTIAN_HOME, else the platform's)\n\
    --version    print the version\n\
    \n\
    LANTIAN_KEY_STORE   os or file:PATH\n\
    LANTIAN_CA_FILE     believe only certificates of this authority (PEM)\n\
    LANTIAN_LOG         what to log to stderr, as info\n";

/// What was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// The data folder.
    pub(crate) home: Option<PathBuf>,
}

impl Arguments {
    /// Reads the arguments; nothing when they asked for a text, which is
    /// printed.
    ///
    /// # Errors
    /// The usage, when there is an argument that is none.
    pub(crate) fn read(
        mut given: impl Iterator<Item = OsString>,
    ) -> Result<Option<Self>, &'static str> {
        let mut read = Self::default();
        while let Some(argument) = given.next() {
            match argument.to_str() {
                Some("--home") => read.home = Some(given.next().ok_or(USAGE)?.into()),
                Some("--help" | "-h") => return Ok(print(USAGE)),
                Some("--version" | "-V") => {
                    return Ok(print(concat!("lantian-desktop ", env!("CARGO_PKG_VERSION"), "\n")));
                }
                Some(text) if text.starts_with("--home=") => {
                    read.home = Some(text["--home=".len()..].into());
                }
                _ => return Err(USAGE),
            }
        }
        Ok(Some(read))
    }
}

fn print(text: &str) -> Option<Arguments> {
    // A closed pipe is the reader's wish.
    let _ = std::io::stdout().write_all(text.as_bytes());
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Option<Arguments>, &'static str> {
        Arguments::read(words.iter().map(OsString::from))
    }

    #[test]
    fn the_folder_is_read_in_both_forms() {
        let wanted = Some(Arguments { home: Some("/d".into()) });
        assert_eq!(read(&["--home", "/d"]).unwrap(), wanted);
        assert_eq!(read(&["--home=/d"]).unwrap(), wanted);
        assert_eq!(read(&[]).unwrap(), Some(Arguments::default()));
    }

    #[test]
    fn an_unknown_argument_is_answered_with_the_usage() {
        assert_eq!(read(&["--homes", "/d"]), Err(USAGE));
        assert_eq!(read(&["--home"]), Err(USAGE));
    }
}
