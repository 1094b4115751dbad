//! Proving the contents of a record's files, and mending what can be mended.
//!
//! Invariant: a damaged copy is let go only if the server has given its receipt
//! for the content, or never had it from here; what is nowhere else than on
//! this device is named and left as it is.

use lantian_domain::{file::FileRef, ids::RecordId};

use super::{Replica, attach::is_needed};
use crate::error::{Error, Result};

/// What is wrong with a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// An own file that was not sent is not here.
    Lost,
    /// An own file that was not sent is not what was signed.
    Spoilt,
    /// The copy of a file that the server has was not what was signed; it was
    /// let go and can be fetched again.
    Dropped,
}

/// What was found at a record's files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verified {
    /// Contents read and proved, or found wanting.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// What is wrong.
    pub flaws: Vec<(FileRef, Flaw)>,
}

impl Replica {
    /// Reads the contents of a record's files that are here, and lets go of
    /// damaged copies of what the server has.
    ///
    /// # Errors
    /// The store's.
    pub fn verify_files(&mut self, record: RecordId) -> Result<Verified> {
        let mut found = Verified::default();
        for file in self.files_of(record)? {
            let needed = is_needed(&self.outbox, &file.sha256, self.epoch());
            if !needed && !self.cache.has(&file.sha256) {
                continue;
            }
            found.files += 1;
            found.bytes += file.size;
            let flaw = match self.cache.read(&file.sha256, file.size) {
                Ok(Some(_)) => continue,
                Ok(None) => Flaw::Lost,
                Err(Error::Corrupt { .. }) if needed => Flaw::Spoilt,
                Err(Error::Corrupt { .. }) => {
                    self.cache.remove(&file.sha256)?;
                    Flaw::Dropped
                }
                Err(fault) => return Err(fault),
            };
            found.flaws.push((file, flaw));
        }
        Ok(found)
    }

    /// The files that a record names, and own ones brought for it.
    fn files_of(&self, record: RecordId) -> Result<Vec<FileRef>> {
        let shown = self.shown(record)?;
        let mut files: Vec<FileRef> = shown.iter().flat_map(|one| one.files()).cloned().collect();
        let own = self.outbox.uploads.values().filter(|staged| staged.record == record);
        files.extend(own.map(|staged| staged.file.clone()));
        files.sort_by_key(|file| file.id);
        files.dedup_by_key(|file| file.id);
        Ok(files)
    }
}
