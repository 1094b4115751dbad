//! The attachments' cache: content-addressed, encrypted in chunks.
//!
//! A file lies under a keyed name made from its hash, so that the folder
//! tells nothing; each chunk is sealed for its place in exactly this content.
//! A download grows in a `.part` file chunk by chunk and becomes present only
//! when the whole has the hash that the command was signed with.
//!
//! Invariant: what is read has the length and the hash that was asked for;
//! anything else is named as missing or damaged, never shown.

mod seal;

use std::{
    fs::{File, OpenOptions},
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use lantian_domain::file::FileRef;
use lantian_protocol::file::CHUNK;
use sha2::{Digest as _, Sha256};

use crate::{
    durable,
    error::{Error, Result},
    keys::DataKey,
};
use seal::{STRIDE, Sealer};

/// The cache of one store.
pub(crate) struct Cache {
    dir: PathBuf,
    key: DataKey,
}

impl Cache {
    /// The cache in `dir`, made when it does not exist.
    pub(crate) fn open(dir: &Path, key: DataKey) -> Result<Self> {
        std::fs::create_dir_all(dir).map_err(|source| Error::io(dir, source))?;
        Ok(Self { dir: dir.to_owned(), key })
    }

    /// Stores a content, durably, and says its hash.
    pub(crate) fn store(&self, content: &[u8]) -> Result<String> {
        let sha256 = hex::encode(Sha256::digest(content));
        let path = self.path(&sha256, "");
        if path.exists() && self.read(&sha256, content.len() as u64).is_ok_and(|c| c.is_some()) {
            return Ok(sha256);
        }
        let sealer = Sealer::new(&self.key, &sha256, content.len() as u64);
        let part = self.path(&sha256, ".new");
        let write = || -> Result<()> {
            let io = |source| Error::io(&part, source);
            let mut file = File::create(&part).map_err(io)?;
            for (index, chunk) in content.chunks(CHUNK).enumerate() {
                file.write_all(&sealer.seal(index as u64, chunk)?).map_err(io)?;
            }
            file.sync_all().map_err(io)
        };
        write().and_then(|()| durable::rename(&part, &path)).inspect_err(|_| {
            let _ = std::fs::remove_file(&part);
        })?;
        Ok(sha256)
    }

    /// Whether a content is present (its chunks are checked when read).
    pub(crate) fn has(&self, sha256: &str) -> bool {
        self.path(sha256, "").exists()
    }

    /// Reads a content whole; nothing if it is not here.
    pub(crate) fn read(&self, sha256: &str, size: u64) -> Result<Option<Vec<u8>>> {
        let path = self.path(sha256, "");
        if !path.exists() {
            return Ok(None);
        }
        self.read_verified(&path, sha256, size).map(Some)
    }

    /// Reads a part of a content that is here whole.
    pub(crate) fn read_range(&self, file: &FileRef, offset: u64, len: u64) -> Result<Vec<u8>> {
        let path = self.path(&file.sha256, "");
        let mut handle = File::open(&path).map_err(|e| {
            if e.kind() == std::io::ErrorKind::NotFound {
                Error::FileMissing(file.id)
            } else {
                Error::io(&path, e)
            }
        })?;
        let sealer = Sealer::new(&self.key, &file.sha256, file.size);
        let end = offset.saturating_add(len).min(file.size);
        let mut plain =
            Vec::with_capacity(usize::try_from(end.saturating_sub(offset)).unwrap_or(0));
        let mut at = offset;
        while at < end {
            let index = at / CHUNK as u64;
            let chunk = read_chunk(&mut handle, &path, &sealer, index)?;
            let from = usize::try_from(at % CHUNK as u64).unwrap_or(0);
            let upto =
                usize::try_from(end - index * CHUNK as u64).unwrap_or(CHUNK).min(chunk.len());
            if from >= upto {
                return Err(Error::corrupt("file", "it is shorter than it should be"));
            }
            plain.extend_from_slice(&chunk[from..upto]);
            at += (upto - from) as u64;
        }
        Ok(plain)
    }

    /// How much of a download is here.
    pub(crate) fn downloaded(&self, file: &FileRef) -> u64 {
        if self.has(&file.sha256) {
            return file.size;
        }
        let held = std::fs::metadata(self.path(&file.sha256, ".part")).map_or(0, |m| m.len());
        (held / STRIDE as u64 * CHUNK as u64).min(file.size)
    }

    /// Adds the next bytes of a download: a whole chunk, or the end. When all
    /// are here the hash is verified and the file becomes present.
    pub(crate) fn append(&self, file: &FileRef, offset: u64, bytes: &[u8]) -> Result<u64> {
        let held = self.downloaded(file);
        let wanted = (file.size - held).min(CHUNK as u64);
        if offset != held || bytes.len() as u64 != wanted {
            return Ok(held);
        }
        let part = self.path(&file.sha256, ".part");
        let io = |source| Error::io(&part, source);
        let sealer = Sealer::new(&self.key, &file.sha256, file.size);
        let index = held / CHUNK as u64;
        let mut handle =
            OpenOptions::new().create(true).truncate(false).write(true).open(&part).map_err(io)?;
        // A torn chunk from before a crash lies behind this place.
        handle.set_len(index * STRIDE as u64).map_err(io)?;
        handle.seek(SeekFrom::End(0)).map_err(io)?;
        handle.write_all(&sealer.seal(index, bytes)?).map_err(io)?;
        handle.sync_data().map_err(io)?;
        drop(handle);
        let held = held + bytes.len() as u64;
        if held == file.size {
            if let Err(fault) = self.read_verified(&part, &file.sha256, file.size) {
                let _ = std::fs::remove_file(&part);
                return Err(fault);
            }
            durable::rename(&part, &self.path(&file.sha256, ""))?;
        }
        Ok(held)
    }

    /// Removes a content and what was downloaded of it.
    pub(crate) fn remove(&self, sha256: &str) -> Result<()> {
        for suffix in ["", ".part", ".new"] {
            let path = self.path(sha256, suffix);
            match std::fs::remove_file(&path) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Error::io(&path, e));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn read_verified(&self, path: &Path, sha256: &str, size: u64) -> Result<Vec<u8>> {
        let sealer = Sealer::new(&self.key, sha256, size);
        let mut handle = File::open(path).map_err(|source| Error::io(path, source))?;
        let mut plain = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        for index in 0..size.div_ceil(CHUNK as u64) {
            plain.extend(read_chunk(&mut handle, path, &sealer, index)?);
        }
        if plain.len() as u64 != size || hex::encode(Sha256::digest(&plain)) != sha256 {
            return Err(Error::corrupt("file", "its content is not the one that was signed"));
        }
        Ok(plain)
    }

    fn path(&self, sha256: &str, suffix: &str) -> PathBuf {
        let name = self.key.derive(&format!("file name {sha256}"));
        self.dir.join(format!("{}{suffix}", hex::encode(&name[..16])))
    }
}

fn read_chunk(handle: &mut File, path: &Path, sealer: &Sealer, index: u64) -> Result<Vec<u8>> {
    let io = |source| Error::io(path, source);
    handle.seek(SeekFrom::Start(index * STRIDE as u64)).map_err(io)?;
    let mut sealed = Vec::with_capacity(STRIDE);
    handle.take(STRIDE as u64).read_to_end(&mut sealed).map_err(io)?;
    sealer.open(index, &sealed)
}

#[cfg(test)]
mod tests;
