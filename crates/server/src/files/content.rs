//! Content in the data folder: parts while they come, whole files by hash.

use std::{
    fs::{self, File},
    io::{ErrorKind, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use lantian_domain::ids::{FileId, UserId};
use sha2::{Digest as _, Sha256};

use super::{disk, kind::HEAD};
use crate::error::{Error, Result};

/// The folder of attachments, within the data folder.
pub const FOLDER: &str = "files";
const PARTS: &str = "parts";
const CONTENT: &str = "content";
const BLOCK: usize = 64 << 10;

/// The attachments' part of a data folder.
#[derive(Clone, Debug)]
pub(crate) struct Content(PathBuf);

/// A part as it stands when every byte is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Whole {
    /// SHA-256, hex.
    pub sha256: String,
    /// The first bytes.
    pub head: Vec<u8>,
}

impl Content {
    /// The attachments of the data folder `data`.
    pub(crate) fn of(data: &Path) -> Self {
        Self(data.join(FOLDER))
    }

    /// Where the content with this hash lies.
    pub(crate) fn place(&self, sha256: &str) -> PathBuf {
        let shelf = sha256.get(..2).unwrap_or("00");
        self.0.join(CONTENT).join(shelf).join(sha256)
    }

    /// Whether the content with this hash and size is there.
    pub(crate) fn has(&self, sha256: &str, size: u64) -> bool {
        fs::metadata(self.place(sha256)).is_ok_and(|found| found.is_file() && found.len() == size)
    }

    /// Whether a part is there.
    pub(crate) fn has_part(&self, file: FileId, user: UserId) -> bool {
        self.part(file, user).is_file()
    }

    /// Writes bytes at `offset` of a part, durably. What was written beyond
    /// `offset` before, and never promised, is dropped.
    ///
    /// # Errors
    /// [`Error::DiskFull`], [`Error::Io`].
    pub(crate) fn append(
        &self,
        file: FileId,
        user: UserId,
        offset: u64,
        bytes: &[u8],
    ) -> Result<()> {
        let what = "a part of a file could not be written";
        let path = self.part(file, user);
        disk::make_folder(&self.0.join(PARTS))?;
        let mut part = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)
            .map_err(Error::io(what))?;
        part.set_len(offset).map_err(Error::io(what))?;
        part.seek(SeekFrom::Start(offset)).map_err(Error::io(what))?;
        part.write_all(bytes).map_err(Error::io(what))?;
        part.sync_data().map_err(Error::io(what))
    }

    /// Reads a part to its end for its hash.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(crate) fn read_part(&self, file: FileId, user: UserId) -> Result<Whole> {
        read_whole(&self.part(file, user))
    }

    /// Reads content to its end for its hash; nothing if it is missing.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(crate) fn read_content(&self, sha256: &str) -> Result<Option<Whole>> {
        let path = self.place(sha256);
        if path.is_file() { read_whole(&path).map(Some) } else { Ok(None) }
    }

    /// Removes the content with this hash.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(crate) fn drop_content(&self, sha256: &str) -> Result<()> {
        match fs::remove_file(self.place(sha256)) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Error::io("a content could not be removed")(error))
            }
            _ => Ok(()),
        }
    }

    /// Makes a verified part the content with its hash.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(crate) fn settle(&self, file: FileId, user: UserId, sha256: &str) -> Result<()> {
        disk::settle(&self.part(file, user), &self.place(sha256))
    }

    /// Writes content at once.
    ///
    /// # Errors
    /// [`Error::DiskFull`], [`Error::Io`].
    pub(crate) fn put(&self, sha256: &str, bytes: &[u8]) -> Result<()> {
        disk::write_whole(&self.place(sha256), bytes)
    }

    /// Drops a part; one that is not there is fine.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(crate) fn drop_part(&self, file: FileId, user: UserId) -> Result<()> {
        match fs::remove_file(self.part(file, user)) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Error::io("a part of a file could not be removed")(error))
            }
            _ => Ok(()),
        }
    }

    fn part(&self, file: FileId, user: UserId) -> PathBuf {
        self.0.join(PARTS).join(format!("{}-{}", file.0.simple(), user.0.simple()))
    }
}

fn read_whole(path: &Path) -> Result<Whole> {
    let what = "a file could not be read for its hash";
    let mut file = File::open(path).map_err(Error::io(what))?;
    let (mut hash, mut head) = (Sha256::new(), Vec::new());
    let mut block = vec![0; BLOCK];
    loop {
        let read = file.read(&mut block).map_err(Error::io(what))?;
        if read == 0 {
            return Ok(Whole { sha256: hex::encode(hash.finalize()), head });
        }
        hash.update(&block[..read]);
        if head.len() < HEAD {
            head.extend_from_slice(&block[..read.min(HEAD - head.len())]);
        }
    }
}
