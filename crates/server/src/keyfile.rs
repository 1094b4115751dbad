//! Files of secrets beside the store: for their owner alone, and never
//! written over.

use std::{
    fs::OpenOptions,
    io::{Result, Write as _},
    path::Path,
};

/// Writes a new file that its owner alone reads, durably.
///
/// # Errors
/// `AlreadyExists` when there is one: it stays as it is; any other of the
/// file system.
pub(crate) fn create(path: &Path, secret: &[u8]) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(secret).and_then(|()| file.sync_all())
}
