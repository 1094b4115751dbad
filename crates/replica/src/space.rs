//! Free space: asked before work begins, with a reserve that lets the last
//! saving through when the disk is full.
//!
//! Words: *low* means that a person should be told before filling a form.

use std::{
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
};

use rustix::fs::{Access, StatVfsMountFlags, access};

use crate::error::{Error, Result};

/// Below this many free bytes the person is told.
pub(crate) const LOW_BYTES: u64 = 256 << 20;
/// Below this many free bytes nothing large is begun (page, download).
pub(crate) const STOP_BYTES: u64 = 64 << 20;
/// The bytes kept back by the reserve file.
pub(crate) const RESERVE_BYTES: usize = 8 << 20;
const NAME: &str = "reserve.bin";

/// How much space the device has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StorageState {
    /// Bytes free for this program.
    pub free_bytes: u64,
    /// Whether the person should be told.
    pub low: bool,
    /// Whether anything can be written at all.
    pub writable: bool,
}

impl StorageState {
    /// Asks the file system that holds `dir`.
    ///
    /// # Errors
    /// [`Error::Io`] when it does not answer.
    pub fn of(dir: &Path) -> Result<Self> {
        let stat = rustix::fs::statvfs(dir).map_err(|e| Error::io(dir, e.into()))?;
        let free_bytes = stat.f_bavail.saturating_mul(stat.f_frsize);
        let mounted = !stat.f_flag.contains(StatVfsMountFlags::RDONLY);
        let writable = mounted && access(dir, Access::WRITE_OK).is_ok();
        Ok(Self { free_bytes, low: free_bytes < LOW_BYTES, writable })
    }

    /// Refuses when there is no room for `bytes` on top of what must stay.
    ///
    /// # Errors
    /// [`Error::Full`], [`Error::ReadOnly`].
    pub fn require(self, bytes: u64) -> Result<()> {
        if !self.writable {
            return Err(Error::ReadOnly);
        }
        if self.free_bytes < bytes.saturating_add(STOP_BYTES) { Err(Error::Full) } else { Ok(()) }
    }
}

/// The reserve file, real bytes on the disk.
#[derive(Debug)]
pub(crate) struct Reserve {
    path: PathBuf,
}

impl Reserve {
    pub(crate) fn in_dir(dir: &Path) -> Self {
        Self { path: dir.join(NAME) }
    }

    /// Fills the reserve when there is room; a disk too full for it is no
    /// error, the state of the storage says so already.
    pub(crate) fn fill(&self) -> Result<()> {
        let held = std::fs::metadata(&self.path).map_or(0, |meta| meta.len());
        if held == RESERVE_BYTES as u64 {
            return Ok(());
        }
        let dir = self.path.parent().unwrap_or(Path::new("."));
        if StorageState::of(dir)?.require(RESERVE_BYTES as u64).is_err() {
            return Ok(());
        }
        let write = || -> std::io::Result<()> {
            let mut file = File::create(&self.path)?;
            // Not zeros: a file system that stores holes would reserve nothing.
            let block = vec![0xA5_u8; 64 * 1024];
            for _ in 0..RESERVE_BYTES / block.len() {
                file.write_all(&block)?;
            }
            file.sync_all()
        };
        write().map_err(|source| {
            let _ = std::fs::remove_file(&self.path);
            Error::io(&self.path, source)
        })
    }

    /// Gives the reserve to whoever must save now. True if there was one.
    pub(crate) fn release(&self) -> bool {
        std::fs::remove_file(&self.path).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f34_the_reserve_takes_space_and_gives_it_back_once() {
        let dir = tempfile::tempdir().unwrap();
        let reserve = Reserve::in_dir(dir.path());
        reserve.fill().unwrap();
        assert_eq!(std::fs::metadata(&reserve.path).unwrap().len(), RESERVE_BYTES as u64);
        assert!(reserve.release());
        assert!(!reserve.release());
    }

    #[test]
    fn a_13_f34_work_is_not_begun_without_room() {
        let state = StorageState { free_bytes: STOP_BYTES + 10, low: true, writable: true };
        assert!(state.require(10).is_ok());
        assert!(matches!(state.require(11), Err(Error::Full)));
        let shut = StorageState { writable: false, ..state };
        assert!(matches!(shut.require(1), Err(Error::ReadOnly)));
        let here = StorageState::of(Path::new(".")).unwrap();
        assert!(here.free_bytes > 0 && here.writable);
    }
}
