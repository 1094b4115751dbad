//! One holder per folder: a second program, or a second window, is told who.
//!
//! The lock is the system's advisory lock, so that a killed program leaves
//! nothing behind; the file's text only names the holder.

use std::{
    fs::{File, OpenOptions},
    io::{Read as _, Seek as _, Write as _},
    path::Path,
};

use rustix::fs::{FlockOperation, flock};

use crate::error::{Error, Result};

const NAME: &str = "holder.lock";

/// The right to work with a folder; given back when dropped.
#[derive(Debug)]
pub(crate) struct Holder {
    _file: File,
}

impl Holder {
    /// Takes the folder, and creates it when it does not exist.
    ///
    /// # Errors
    /// [`Error::Held`] while another program has it; [`Error::ReadOnly`] and
    /// [`Error::Full`] when the folder cannot be used.
    pub(crate) fn take(dir: &Path, program: &str) -> Result<Self> {
        std::fs::create_dir_all(dir).map_err(|source| Error::io(dir, source))?;
        let path = dir.join(NAME);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|source| Error::io(&path, source))?;
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            let mut by = String::new();
            // The text is a courtesy; the lock itself is the truth.
            let _ = file.read_to_string(&mut by);
            let by = if by.trim().is_empty() { "another program".to_owned() } else { by };
            return Err(Error::Held { by: by.trim().to_owned() });
        }
        let write = |file: &mut File| -> std::io::Result<()> {
            file.set_len(0)?;
            file.rewind()?;
            writeln!(file, "{program} (pid {})", std::process::id())
        };
        write(&mut file).map_err(|source| Error::io(&path, source))?;
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f40_a_second_holder_is_told_who_has_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        let first = Holder::take(dir.path(), "lantian-desktop").unwrap();
        let Err(Error::Held { by }) = Holder::take(dir.path(), "lantian") else {
            panic!("two holders");
        };
        assert_eq!(by, format!("lantian-desktop (pid {})", std::process::id()));
        drop(first);
        Holder::take(dir.path(), "lantian").unwrap();
    }
}
