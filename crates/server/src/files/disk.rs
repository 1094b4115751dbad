//! Writing to the data folder so that a cut at any moment leaves either the
//! whole file under its name, or nothing under it.

use std::{
    fs::{self, File},
    io::Write as _,
    path::Path,
};

use lantian_protocol::fresh;

use crate::error::{Error, Result};

/// Writes a new file whole: beside its place first, then durable, then under
/// its name, then the folder durable. What stands there already is replaced.
///
/// # Errors
/// [`Error::DiskFull`], [`Error::Io`]; nothing stands under the name then, or
/// what stood there before.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    let beside = path.with_extension(format!("{}.tmp", fresh::uuid().simple()));
    let written = write_durable(&beside, bytes).and_then(|()| settle(&beside, path));
    if written.is_err() {
        // The half is of no use; if it cannot be removed, the sweep does it.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Moves a durable file to its name and makes the name durable.
///
/// # Errors
/// [`Error::Io`].
pub(crate) fn settle(from: &Path, to: &Path) -> Result<()> {
    let folder = to.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    fs::rename(from, to).map_err(Error::io("a file could not be put in its place"))?;
    sync_folder(folder)
}

/// Makes a folder, its name durable.
///
/// # Errors
/// [`Error::Io`].
pub(crate) fn make_folder(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(Error::io("a folder of the data could not be made"))?;
    folder.parent().map_or(Ok(()), sync_folder)
}

fn write_durable(path: &Path, bytes: &[u8]) -> Result<()> {
    let what = "a file could not be written to the data folder";
    let mut file = File::create_new(path).map_err(Error::io(what))?;
    file.write_all(bytes).map_err(Error::io(what))?;
    file.sync_all().map_err(Error::io(what))
}

/// Makes the names in a folder durable; Windows keeps them by itself.
fn sync_folder(folder: &Path) -> Result<()> {
    if cfg!(unix) {
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(Error::io("a folder of the data could not be made durable"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_whole_or_absent() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/c.age");
        write_whole(&path, b"one").unwrap();
        write_whole(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_place_that_cannot_be_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), b"a file, no folder").unwrap();
        assert!(write_whole(&folder.path().join("a/b"), b"x").is_err());
    }
}
