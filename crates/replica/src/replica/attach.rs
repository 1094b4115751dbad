//! Attachments: copied into the cache before anything names them, uploaded
//! when the server has taken the command that names them, kept until its
//! receipt.

use lantian_domain::command::Command;
use lantian_domain::{
    file::{FileKind, FileRef},
    ids::{FileId, RecordId},
    proposal,
    record::Record,
    time::Instant,
    validate::coordinates::GeoPoint,
};
use lantian_protocol::{
    file::{MAX_FILE, Receipt, UploadOffer},
    planted::{Bug, planted},
};

use super::{Replica, recall::is_doubted};
use crate::{
    error::{Error, Result},
    files::Cache,
    outbox::{Fate, Outbox, Staged, Upload},
    space::StorageState,
};

/// A file to be attached.
#[derive(Clone, Debug, PartialEq)]
pub struct NewFile {
    /// Its identity.
    pub id: FileId,
    /// The record it belongs to.
    pub record: RecordId,
    /// What it shows or proves.
    pub kind: FileKind,
    /// File name.
    pub name: String,
    /// Media type.
    pub mime: String,
    /// When it was made.
    pub taken_at: Option<Instant>,
    /// Where it was made.
    pub geo: Option<GeoPoint>,
}

/// Where a file's content is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileState {
    /// On this device only.
    Local,
    /// Being uploaded.
    Uploading,
    /// On this device, and the server has it.
    Delivered,
    /// On the server only.
    Remote,
    /// Partly downloaded.
    Downloading,
}

impl Replica {
    /// Keeps a content, durably, and says how commands name it.
    ///
    /// # Errors
    /// [`Error::FileTooLarge`], [`Error::Full`], the store's.
    pub fn attach(&mut self, new: NewFile, content: &[u8], now: Instant) -> Result<FileRef> {
        let size = content.len() as u64;
        if size > MAX_FILE {
            return Err(Error::FileTooLarge { size, limit: MAX_FILE });
        }
        StorageState::of(&self.dir)?.require(size)?;
        let sha256 = self.cache.store(content)?;
        let file = FileRef {
            id: new.id,
            kind: new.kind,
            name: new.name,
            mime: new.mime,
            size,
            sha256,
            taken_at: new.taken_at,
            geo: new.geo,
        };
        // The same again, after an interruption, is the same file.
        let known = self.outbox.uploads.get(&file.id).map(|staged| staged.file == file);
        match known {
            Some(true) => Ok(file),
            Some(false) => Err(Error::Exists),
            None => self
                .with_reserve(|replica| replica.outbox.stage(new.record, &file, now))
                .map(|()| file),
        }
    }

    /// A content, whole and proved.
    ///
    /// # Errors
    /// [`Error::FileMissing`] when it is not here, [`Error::Corrupt`] when it
    /// is not what was signed.
    pub fn file_bytes(&self, file: &FileRef) -> Result<Vec<u8>> {
        self.cache.read(&file.sha256, file.size)?.ok_or(Error::FileMissing(file.id))
    }

    /// Where a content is, and how many bytes of it have been moved.
    ///
    /// # Errors
    /// None at present.
    pub fn file_state(&self, file: &FileRef) -> Result<(FileState, u64)> {
        let here = self.cache.has(&file.sha256);
        Ok(match self.outbox.uploads.get(&file.id) {
            Some(Staged { receipt: None, offset: Some(offset @ 1..), .. }) => {
                (FileState::Uploading, *offset)
            }
            Some(Staged { receipt: None, .. }) => (FileState::Local, 0),
            _ if here => (FileState::Delivered, file.size),
            _ => match self.cache.downloaded(file) {
                0 => (FileState::Remote, 0),
                done => (FileState::Downloading, done),
            },
        })
    }

    /// The files that the server may have now: those whose command it has
    /// taken.
    ///
    /// # Errors
    /// None at present.
    pub fn uploads(&self) -> Result<Vec<Upload>> {
        let waits = self.outbox.uploads.values().filter(|staged| staged.receipt.is_none());
        Ok(waits
            .filter(|staged| self.goes_up(staged))
            .filter(|staged| staged.offset.is_none() || !planted(Bug::UploadForgotten))
            .map(|staged| Upload {
                file: staged.file.id,
                record: staged.record,
                kind: staged.file.kind,
                size: staged.file.size,
                offset: staged.offset,
            })
            .collect())
    }

    /// The files that the server does not hold yet, also those whose command it
    /// has not taken: with the record of each, and the bytes still to be sent.
    pub fn unsent_files(&self) -> Vec<(RecordId, &FileRef, u64)> {
        let waits = |staged: &&Staged| staged.receipt.is_none() && staged.command.is_some();
        let left = |staged: &Staged| staged.file.size.saturating_sub(staged.offset.unwrap_or(0));
        let unsent = self.outbox.uploads.values().filter(waits);
        unsent.map(|staged| (staged.record, &staged.file, left(staged))).collect()
    }

    /// Why a file cannot go on by itself.
    pub fn trouble(&self, file: FileId) -> Option<&str> {
        self.outbox.uploads.get(&file)?.trouble.as_deref()
    }

    /// How an upload is announced.
    ///
    /// # Errors
    /// [`Error::FileMissing`] for a file that is not on its way.
    pub fn upload_offer(&self, file: FileId) -> Result<UploadOffer> {
        let staged = self.staged(file)?;
        Ok(UploadOffer {
            file,
            record: staged.record,
            sha256: staged.file.sha256.clone(),
            size: staged.file.size,
            mime: staged.file.mime.clone(),
        })
    }

    /// Bytes of a file on its way.
    ///
    /// # Errors
    /// [`Error::FileMissing`], [`Error::Corrupt`].
    pub fn upload_chunk(&self, file: FileId, offset: u64, len: u64) -> Result<Vec<u8>> {
        self.cache.read_range(&self.staged(file)?.file, offset, len)
    }

    /// Writes down how far an upload is.
    ///
    /// # Errors
    /// The store's.
    pub fn upload_progress(&mut self, file: FileId, offset: u64) -> Result<()> {
        self.outbox.upload_progress(file, offset)
    }

    /// Writes down why an upload cannot go on by itself.
    ///
    /// # Errors
    /// The store's.
    pub fn upload_trouble(&mut self, file: FileId, code: &str) -> Result<()> {
        self.outbox.upload_trouble(file, code)
    }

    /// Writes down the server's receipt.
    ///
    /// # Errors
    /// [`Error::FileMissing`], [`Error::Corrupt`] when the receipt is for
    /// another content, the store's.
    pub fn upload_done(&mut self, receipt: &Receipt) -> Result<()> {
        let staged = self.staged(receipt.file)?;
        if staged.file.sha256 != receipt.sha256 {
            return Err(Error::corrupt("file", "the receipt is for another content"));
        }
        let record = staged.record;
        self.with_reserve(|replica| replica.outbox.upload_done(receipt))?;
        self.rebase([record].into())?;
        let left = self.mirror.version_of(record) == 0 && self.overlay.record(record).is_none();
        if left && receipt.epoch >= self.epoch() {
            // The record has left meanwhile; nothing of it stays here.
            if !is_needed(&self.outbox, &receipt.sha256, self.epoch()) {
                self.cache.remove(&receipt.sha256)?;
            }
            self.outbox.unstage(&[receipt.file])?;
        }
        self.finish_exits(receipt.at)
    }

    /// How much of a download is here.
    ///
    /// # Errors
    /// None at present.
    pub fn download_offset(&self, file: &FileRef) -> Result<u64> {
        Ok(self.cache.downloaded(file))
    }

    /// Keeps the next bytes of a download of what a record names; says how
    /// many are here. When all are, their hash has been proved.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the whole is not what was signed,
    /// [`Error::Full`], the store's.
    pub fn store_range(
        &mut self,
        (record, file): (RecordId, &FileRef),
        (offset, bytes): (u64, &[u8]),
        now: Instant,
    ) -> Result<u64> {
        StorageState::of(&self.dir)?.require(bytes.len() as u64)?;
        let here = self.cache.append(file, offset, bytes)?;
        if here == file.size {
            let (id, sha256) = (file.id, file.sha256.clone());
            let receipt = Receipt { file: id, sha256, at: now, epoch: self.epoch() };
            self.with_reserve(|replica| replica.outbox.note_held(record, file, receipt.clone()))?;
        }
        Ok(here)
    }

    /// Takes a content off this device, if the server has it.
    ///
    /// # Errors
    /// [`Error::NoReceipt`] while it does not.
    pub fn forget_file(&mut self, file: &FileRef) -> Result<()> {
        if is_needed(&self.outbox, &file.sha256, self.epoch()) {
            return Err(Error::NoReceipt(file.id));
        }
        let served = self.outbox.uploads.get(&file.id).is_some_and(|staged| staged.others);
        self.cache.remove(&file.sha256)?;
        if served { self.outbox.unstage(&[file.id]) } else { Ok(()) }
    }

    /// Refuses a command that brings a file which nobody has.
    pub(super) fn check_files(&self, command: &Command) -> Result<()> {
        for file in command.files() {
            let here = self.outbox.uploads.contains_key(&file.id) || self.cache.has(&file.sha256);
            if !here && !self.is_proposed(file)? {
                return Err(Error::FileMissing(file.id));
            }
        }
        Ok(())
    }

    /// Whether the company may have it now.
    pub(super) fn goes_up(&self, staged: &Staged) -> bool {
        if staged.others {
            return true;
        }
        let Some(command) = staged.command else { return false };
        // A command that is no longer open was taken long ago.
        let Some(open) = self.outbox.get(command) else { return true };
        // Whatever the tablet was told of the command, and whatever a person
        // made of that: the company's record names the file, or the proposal
        // does that the command became.
        let names = |record: RecordId| {
            let record = self.mirror.record(record).ok().flatten();
            record.is_some_and(|record| record.files().iter().any(|one| one.id == staged.file.id))
        };
        goes_up(open.fate)
            || open.fate != Fate::Pending
                && (names(staged.record) || names(proposal::identity(command)))
    }

    fn staged(&self, file: FileId) -> Result<&Staged> {
        self.outbox.uploads.get(&file).ok_or(Error::FileMissing(file))
    }
}

/// Whether what a command brought goes to the server: what was handed over
/// goes with it.
fn goes_up(fate: Fate) -> bool {
    matches!(fate, Fate::Taken | Fate::Handed)
}

/// Whether the content may be nowhere else than here.
pub(super) fn is_needed(outbox: &Outbox, sha256: &str, epoch: u64) -> bool {
    let waits = |staged: &Staged| {
        staged.file.sha256 == sha256 && (staged.receipt.is_none() || is_doubted(staged, epoch))
    };
    outbox.uploads.values().any(waits) && !planted(Bug::FileFreedEarly)
}

/// Takes the contents of a record off this device, except what may only lie
/// here; how many.
pub(super) fn forget_files(
    outbox: &Outbox,
    cache: &Cache,
    epoch: u64,
    record: &Record,
) -> Result<u64> {
    let mut removed = 0;
    let own = outbox.uploads.values().filter(|staged| staged.record == record.id());
    let named = record.files().iter().chain(own.map(|staged| &staged.file));
    for file in named.filter(|file| !is_needed(outbox, &file.sha256, epoch)) {
        removed += u64::from(cache.has(&file.sha256));
        cache.remove(&file.sha256)?;
    }
    Ok(removed)
}

/// Forgets the delivered files of records that left.
pub(super) fn forget_uploads(outbox: &mut Outbox, epoch: u64, left: &[RecordId]) -> Result<()> {
    if left.is_empty() {
        return Ok(());
    }
    let delivered: Vec<FileId> = outbox
        .uploads
        .values()
        .filter(|staged| staged.receipt.is_some() && !is_doubted(staged, epoch))
        .filter(|staged| left.contains(&staged.record))
        .map(|staged| staged.file.id)
        .collect();
    outbox.unstage(&delivered)
}
