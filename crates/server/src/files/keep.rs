//! Attachments that the server itself brings (demonstration data), and the
//! care of what is there: sweeping what expired, verifying what was promised.

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
    store::Store,
};

/// An attachment brought by the server itself.
#[derive(Clone, Debug)]
pub struct Kept {
    /// As commands name it.
    pub file: FileRef,
    /// The record that it belongs to.
    pub record: RecordId,
    /// In whose name.
    pub user: UserId,
    /// Its content.
    pub bytes: Vec<u8>,
    /// When.
    pub at: Instant,
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

/// Keeps an attachment, verified.
///
/// # Errors
/// [`Error::Damaged`] when the content is not the one named; the store's.
pub fn keep(store: &Store, kept: Kept) -> Result<()> {
    let sha256 = hex::encode(Sha256::digest(&kept.bytes));
    if sha256 != kept.file.sha256 || kept.bytes.len() as u64 != kept.file.size {
        return Err(Error::damaged("a file to be kept is not the one named"));
    }
    let content = Content::of(store.folder());
    if !content.has(&sha256, kept.file.size) {
        content.put(&sha256, &kept.bytes)?;
    }
    let upload = Upload {
        file: kept.file.id,
        user: kept.user,
        record: kept.record,
        sha256,
        size: kept.file.size,
        mime: kept.file.mime,
        held: kept.file.size,
        begun: kept.at,
        moved: kept.at,
        verified: Some(kept.at),
    };
    store.write_now(move |unit| uploads::put(unit, &upload))
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
