//! Files replaced as a whole: write new, fsync, rename, fsync the folder; and
//! files of another program's making, of which it is not known what the disk
//! has.
//!
//! Invariant: after a crash at any point either the old content or the new
//! content is there, whole.

use std::{
    fs::File,
    io::{ErrorKind, Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
};

use crate::error::{Error, Result};

/// Replaces `path` by `bytes`.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let fresh = path.with_extension("new");
    let write = || -> std::io::Result<()> {
        let mut file = File::create(&fresh)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    if let Err(source) = write() {
        let _ = std::fs::remove_file(&fresh);
        return Err(Error::io(&fresh, source));
    }
    rename(&fresh, path)
}

/// Renames within one folder, durably.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<()> {
    std::fs::rename(from, to).map_err(|source| Error::io(to, source))?;
    sync_dir(to)
}

/// Bytes of a file that are written again at once.
const PORTION: usize = 1 << 20;

/// Makes durable what `path` holds, if it is there, by writing it once more in
/// its place.
///
/// A sync alone is not enough: after one that failed, the system goes on
/// showing what was written, and has forgotten that the disk lacks it. The next
/// sync succeeds and writes nothing (Rebello et al., *Can Applications Recover
/// from fsync Failures?*, USENIX ATC 2020). Nobody else may have the file open.
///
/// # Errors
/// [`Error::Io`], [`Error::Full`], [`Error::ReadOnly`]; the content is what it
/// was.
pub(crate) fn renew(path: &Path) -> Result<()> {
    let again = || -> std::io::Result<()> {
        let mut file = File::options().read(true).write(true).open(path)?;
        let mut portion = Vec::new();
        let mut at = 0;
        loop {
            portion.clear();
            file.seek(SeekFrom::Start(at))?;
            let read = (&file).take(PORTION as u64).read_to_end(&mut portion)?;
            if read == 0 {
                return file.sync_all();
            }
            file.seek(SeekFrom::Start(at))?;
            file.write_all(&portion)?;
            at += read as u64;
        }
    };
    match again() {
        Err(source) if source.kind() == ErrorKind::NotFound => Ok(()),
        Err(source) => Err(Error::io(path, source)),
        Ok(()) => sync_dir(path),
    }
}

/// Makes the entry of `path` in its folder durable.
pub(crate) fn sync_dir(path: &Path) -> Result<()> {
    let Some(dir) = path.parent() else { return Ok(()) };
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(|source| Error::io(dir, source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f32_what_is_written_again_is_what_was_there() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        renew(&path).unwrap();
        assert!(!path.exists(), "nothing is made where nothing was");
        for len in [0, 1, PORTION - 1, PORTION, PORTION + 1, 2 * PORTION + 7] {
            let content: Vec<u8> = (0..=250).cycle().take(len).collect();
            std::fs::write(&path, &content).unwrap();
            renew(&path).unwrap();
            assert!(std::fs::read(&path).unwrap() == content, "{len} bytes differ");
        }
    }
}
