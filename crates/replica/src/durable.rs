//! Files replaced as a whole: write new, fsync, rename, fsync the folder.
//!
//! Invariant: after a crash at any point either the old content or the new
//! content is there, whole.

use std::{fs::File, io::Write as _, path::Path};

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

/// Makes the entry of `path` in its folder durable.
pub(crate) fn sync_dir(path: &Path) -> Result<()> {
    let Some(dir) = path.parent() else { return Ok(()) };
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(|source| Error::io(dir, source))
}
