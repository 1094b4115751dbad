//! Where a person finds what was saved for them: the folder of downloads.
//! Invariant: nothing that is there is overwritten.

use std::{
    fs::File,
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use super::App;
use crate::error::{Error, Result};

/// The names tried beside a taken one.
const TRIES: u32 = 1_000;

impl App {
    /// The folder of downloads; the data folder where there is none.
    pub(super) fn downloads(&self) -> PathBuf {
        let named = self.0.options.downloads.clone();
        named.or_else(downloads).unwrap_or_else(|| self.0.options.home.clone())
    }
}

/// The person's folder of downloads, if there is one.
fn downloads() -> Option<PathBuf> {
    let home = ["XDG_DOWNLOAD_DIR", "HOME", "USERPROFILE"]
        .into_iter()
        .find_map(|name| Some((name, std::env::var_os(name).filter(|value| !value.is_empty())?)))?;
    let folder = match home {
        ("XDG_DOWNLOAD_DIR", folder) => PathBuf::from(folder),
        (_, home) => PathBuf::from(home).join("Downloads"),
    };
    folder.is_dir().then_some(folder)
}

/// Writes a workbook that was not there, with a number where the name is taken.
///
/// # Errors
/// [`Error::BadInput`] when it cannot be written.
pub(super) fn save(folder: &Path, stem: &str, bytes: &[u8]) -> Result<PathBuf> {
    save_as(folder, stem, "xlsx", bytes)
}

/// Writes a file with this ending that was not there, with a number where the
/// name is taken.
///
/// # Errors
/// [`Error::BadInput`] when it cannot be written.
pub(super) fn save_as(folder: &Path, stem: &str, ending: &str, bytes: &[u8]) -> Result<PathBuf> {
    let written = fresh(
        |name| {
            let path = folder.join(format!("{name}.{ending}"));
            File::create_new(&path)?.write_all(bytes)?;
            Ok(path)
        },
        stem,
    );
    written.map_err(|error| unsaved(&error))
}

/// Makes a folder that was not there, with a number where the name is taken.
///
/// # Errors
/// [`Error::BadInput`] when it cannot be made.
pub(super) fn make_folder(within: &Path, stem: &str) -> Result<PathBuf> {
    let made = fresh(
        |name| {
            let path = within.join(name);
            std::fs::create_dir(&path)?;
            Ok(path)
        },
        stem,
    );
    made.map_err(|error| unsaved(&error))
}

/// What a person is told when something could not be saved.
pub(super) fn unsaved(error: &std::io::Error) -> Error {
    Error::bad_input("folder", format!("无法保存到下载目录：{error}"))
}

fn fresh(make: impl Fn(&str) -> std::io::Result<PathBuf>, stem: &str) -> std::io::Result<PathBuf> {
    for number in 1..TRIES {
        let name = if number == 1 { stem.to_owned() } else { format!("{stem}-{number}") };
        match make(&name) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            done => return done,
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::{make_folder, save};

    #[test]
    fn a_taken_name_gets_a_number() {
        let folder = tempfile::tempdir().unwrap();
        let first = save(folder.path(), "kpi", b"a").unwrap();
        let second = save(folder.path(), "kpi", b"b").unwrap();
        assert_eq!(first.file_name().unwrap(), "kpi.xlsx");
        assert_eq!(second.file_name().unwrap(), "kpi-2.xlsx");
        assert_eq!(std::fs::read(first).unwrap(), b"a");
        assert_eq!(make_folder(folder.path(), "case").unwrap().file_name().unwrap(), "case");
        assert_eq!(make_folder(folder.path(), "case").unwrap().file_name().unwrap(), "case-2");
    }
}
