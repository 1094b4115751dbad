//! Attachments that the server itself brings (demonstration data), and the
//! care of what is there: sweeping what expired, verifying what was promised.

use std::path::Path;

use lantian_domain::{
    file::FileRef,
    ids::{RecordId, UserId},
    time::Instant,
};
use sha2::{Digest as _, Sha256};

use super::{
    content::Content,
    upload::EXPIRY_MS,
    uploads::{self, Upload},
};
use crate::{
    error::{Error, Result},
    store::{Store, Unit},
};

/// Contents that the server itself brings and many attachments share.
#[derive(Clone, Debug)]
pub struct Shared(Content);

impl Shared {
    /// The attachments of a store.
    pub fn of(store: &Store) -> Self {
        Self(Content::of(store.folder()))
    }

    /// Puts content into the data folder; what is there is left alone.
    ///
    /// # Errors
    /// [`crate::Error::DiskFull`], [`crate::Error::Io`].
    pub fn put(&self, bytes: &[u8]) -> Result<()> {
        let sha256 = hex::encode(Sha256::digest(bytes));
        if self.0.has(&sha256, bytes.len() as u64) {
            return Ok(());
        }
        self.0.put(&sha256, bytes)
    }
}

/// Notes that a person brought an attachment whose content was [`Shared::put`].
///
/// # Errors
/// The store's.
pub fn note(
    unit: &Unit<'_>,
    file: &FileRef,
    record: RecordId,
    user: UserId,
    at: Instant,
) -> Result<()> {
    uploads::put(
        unit,
        &Upload {
            file: file.id,
            user,
            record,
            sha256: file.sha256.clone(),
            size: file.size,
            mime: file.mime.clone(),
            held: file.size,
            begun: at,
            moved: at,
            verified: Some(at),
        },
    )
}

/// Whether the company gave a receipt for an attachment, by whomever brought it.
///
/// # Errors
/// The store's.
pub(crate) fn is_received(unit: &Unit<'_>, file: &FileRef) -> Result<bool> {
    Ok(uploads::verified(unit, file.id)?.iter().any(|upload| upload.sha256 == file.sha256))
}

/// Whether the company gave a receipt for an attachment, and its content lies
/// in the data folder.
///
/// # Errors
/// The store's.
pub(crate) fn is_held(unit: &Unit<'_>, folder: &Path, file: &FileRef) -> Result<bool> {
    Ok(is_received(unit, file)? && Content::of(folder).has(&file.sha256, file.size))
}

/// The bytes of a content, if the company holds it.
///
/// # Errors
/// [`crate::Error::Io`].
pub fn content_of(store: &Store, sha256: &str) -> Result<Option<Vec<u8>>> {
    match std::fs::read(Content::of(store.folder()).place(sha256)) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("a content could not be read")(error)),
    }
}

/// Lets go of attachments: their receipts, and their contents unless another
/// attachment has the same; how many.
///
/// # Errors
/// The store's.
pub fn drop_contents(store: &Store, files: &[FileRef]) -> Result<u64> {
    let content = Content::of(store.folder());
    let mut dropped = 0;
    for file in files {
        let (id, sha256) = (file.id, file.sha256.clone());
        let (held, shared) = store.write_now(move |unit| {
            let held = uploads::verified(unit, id)?;
            for upload in &held {
                uploads::forget(unit, upload.file, upload.user)?;
            }
            Ok((!held.is_empty(), uploads::is_promised(unit, &sha256)?))
        })?;
        if held && !shared {
            content.drop_content(&file.sha256)?;
        }
        dropped += u64::from(held);
    }
    Ok(dropped)
}

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Verified {
    /// Contents that a receipt was given for.
    pub contents: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Hashes of contents that are gone.
    pub missing: Vec<String>,
    /// Hashes of contents that have changed.
    pub damaged: Vec<String>,
}

/// Drops uploads that were left unfinished for two weeks; how many.
///
/// # Errors
/// The store's.
pub fn sweep(store: &Store, at: Instant) -> Result<u64> {
    let content = Content::of(store.folder());
    let before = at.plus_ms(-EXPIRY_MS);
    let mut swept = 0;
    loop {
        let expired = store.read_now(|unit| uploads::expired(unit, before))?;
        if expired.is_empty() {
            return Ok(swept);
        }
        swept += expired.len() as u64;
        for upload in expired {
            content.drop_part(upload.file, upload.user)?;
            store.write_now(move |unit| uploads::forget(unit, upload.file, upload.user))?;
        }
    }
}

/// Reads every content that a receipt was given for and compares its hash.
///
/// # Errors
/// The store's.
pub fn verify(store: &Store) -> Result<Verified> {
    let content = Content::of(store.folder());
    let mut found = Verified::default();
    for (sha256, size) in store.read_now(uploads::promised)? {
        found.contents += 1;
        found.bytes += size;
        match content.read_content(&sha256)? {
            None => found.missing.push(sha256),
            Some(whole) if whole.sha256 != sha256 => found.damaged.push(sha256),
            Some(_) => {}
        }
    }
    Ok(found)
}
