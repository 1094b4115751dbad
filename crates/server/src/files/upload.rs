//! Uploads: announce, chunk by chunk, verify, receipt (tus 1.0 semantics).
//!
//! Invariant: the offset told is durable; the bytes up to it are those that
//! were sent with fitting checksums. Announcing and sending again is harmless.

use std::sync::{Mutex, MutexGuard, PoisonError};

use lantian_domain::{
    ids::{FileId, UserId},
    record::Person,
    time::{DAY_MS, Instant},
};
use lantian_protocol::{
    file::{CHUNK, MAX_FILE, UploadOffer, UploadState},
    planted::{Bug, planted},
};
use sha2::{Digest as _, Sha256};

use super::{
    access,
    content::Content,
    fault::{self, CHECKSUM_MISMATCH, elsewhere, malformed, refuse, too_large},
    kind::{self, KindFault},
    uploads::{self, Upload},
};
use crate::{
    error::Result,
    signing,
    store::{Ledger as _, Store, Unit},
};

/// Unfinished uploads of one person at the most, and their bytes.
const MAX_UNFINISHED: u64 = 2_000;
const MAX_UNFINISHED_BYTES: u64 = 20 << 30;
/// How long an unfinished upload waits for its next chunk.
pub(crate) const EXPIRY_MS: i64 = 14 * DAY_MS;

/// A chunk as it came.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// The attachment.
    pub file: FileId,
    /// Where it begins.
    pub offset: u64,
    /// SHA-256 of its bytes, as claimed.
    pub sha256: Vec<u8>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Announces an upload, or tells where an announced one stands.
///
/// # Errors
/// Coded refusals; the store's.
pub fn offer(
    store: &Store,
    person: &Person,
    offer: &UploadOffer,
    at: Instant,
) -> Result<UploadState> {
    check_offer(offer)?;
    let _turn = turn(offer.file, person.user());
    let content = Content::of(store.folder());
    let found = store.read_now(|unit| uploads::find(unit, offer.file, person.user()))?;
    let upload = match found {
        Some(known) if known.sha256 == offer.sha256 && known.size == offer.size => {
            stand(&content, known, at)
        }
        Some(known) if known.verified.is_some() => {
            let detail = "this file was received before with other content; attach it anew";
            return Err(refuse(422, "file_conflict", detail));
        }
        other => {
            if other.is_some() {
                content.drop_part(offer.file, person.user())?;
            }
            store.read_now(|unit| begin(unit, &content, person, offer, at))?
        }
    };
    keep(store, &upload, at)
}

/// Takes a chunk.
///
/// # Errors
/// Coded refusals; the store's.
pub fn take(store: &Store, person: &Person, chunk: &Chunk, at: Instant) -> Result<UploadState> {
    check_chunk(chunk)?;
    let user = person.user();
    let _turn = turn(chunk.file, user);
    let content = Content::of(store.folder());
    let found = store.read_now(|unit| uploads::find(unit, chunk.file, user))?;
    let Some(known) = found else {
        let detail = "this upload is not known or has expired; announce it again";
        return Err(refuse(404, "upload_unknown", detail));
    };
    let mut upload = stand(&content, known, at);
    if upload.verified.is_some() {
        return keep(store, &upload, at);
    }
    if upload.held != chunk.offset {
        return Err(elsewhere(upload.held));
    }
    let after = chunk.offset + chunk.bytes.len() as u64;
    if after > upload.size {
        return Err(too_large(upload.size));
    }
    content.append(chunk.file, user, chunk.offset, &chunk.bytes)?;
    if after == upload.size {
        complete(store, &content, &upload)?;
        upload.verified = Some(at);
    }
    upload.held = after;
    keep(store, &upload, at)
}

/// Where the person's upload of this file stands.
///
/// # Errors
/// A coded refusal when there is none; the store's.
pub(crate) fn state(
    store: &Store,
    person: &Person,
    file: FileId,
    at: Instant,
) -> Result<UploadState> {
    let found = store.read_now(|unit| uploads::find(unit, file, person.user()))?;
    let known = found.ok_or_else(fault::not_found)?;
    told(store, &stand(&Content::of(store.folder()), known, at))
}

/// Writes down where an upload stands, and tells it.
fn keep(store: &Store, upload: &Upload, at: Instant) -> Result<UploadState> {
    save(store, upload)?;
    if upload.verified.is_some() {
        signing::received(store, &[upload.record].into(), at);
    }
    told(store, upload)
}

fn told(store: &Store, upload: &Upload) -> Result<UploadState> {
    let epoch = match upload.verified {
        Some(_) => store.read_now(|unit| Ok(unit.org_row()?.epoch))?,
        None => 0,
    };
    Ok(upload.state(epoch))
}

pub(super) fn check_offer(offer: &UploadOffer) -> Result<()> {
    if offer.size == 0 {
        return Err(malformed("the file is empty"));
    }
    if offer.size > MAX_FILE {
        return Err(too_large(MAX_FILE));
    }
    let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    if offer.sha256.len() != 64 || !offer.sha256.bytes().all(hex) {
        return Err(malformed("sha256 is 64 hexadecimal digits in lower case"));
    }
    if !kind::is_welcome(&offer.mime) {
        return Err(refuse(415, "type_refused", "files of this type are not taken"));
    }
    Ok(())
}

fn check_chunk(chunk: &Chunk) -> Result<()> {
    if chunk.bytes.is_empty() {
        return Err(malformed("the chunk is empty"));
    }
    if chunk.bytes.len() > CHUNK {
        return Err(too_large(CHUNK as u64));
    }
    if Sha256::digest(&chunk.bytes).as_slice() != chunk.sha256 && !planted(Bug::ChunkUnchecked) {
        let detail = "the chunk arrived damaged; send it again";
        return Err(refuse(CHECKSUM_MISMATCH, "checksum_mismatch", detail));
    }
    Ok(())
}

/// A new upload. Content that is here already and that the person has or may
/// read anyway is not sent twice.
fn begin(
    unit: &Unit<'_>,
    content: &Content,
    person: &Person,
    offer: &UploadOffer,
    at: Instant,
) -> Result<Upload> {
    let user = person.user();
    let (count, bytes) = uploads::unfinished(unit, user)?;
    if count >= MAX_UNFINISHED || bytes + offer.size > MAX_UNFINISHED_BYTES {
        let detail = "too many uploads are unfinished; they go on first";
        return Err(refuse(429, "upload_quota", detail));
    }
    let known = uploads::has_brought(unit, user, &offer.sha256)?
        || access::readable(unit, person, offer.file)?
            .is_some_and(|readable| readable.upload.sha256 == offer.sha256);
    let here = (known && content.has(&offer.sha256, offer.size)) || planted(Bug::ReceiptEarly);
    Ok(Upload {
        file: offer.file,
        user,
        record: offer.record,
        sha256: offer.sha256.clone(),
        size: offer.size,
        mime: offer.mime.clone(),
        held: if here { offer.size } else { 0 },
        begun: at,
        moved: at,
        verified: here.then_some(at),
    })
}

/// Where a known upload stands, checked against what is on the disk: a store
/// or folder restored from an old copy must not promise what is gone.
fn stand(content: &Content, upload: Upload, at: Instant) -> Upload {
    let here = content.has(&upload.sha256, upload.size);
    let part = content.has_part(upload.file, upload.user) && !planted(Bug::UploadFromZero);
    match (upload.verified.is_some(), here) {
        (true, true) => upload,
        (true, false) => Upload { held: 0, verified: None, moved: at, ..upload },
        // Cut between putting the content in its place and writing it down:
        // only a finished part leaves its place.
        (false, true) if upload.held > 0 && !part => {
            Upload { held: upload.size, verified: Some(at), moved: at, ..upload }
        }
        (false, _) if upload.held > 0 && !part => Upload { held: 0, moved: at, ..upload },
        (false, _) => Upload { moved: at, ..upload },
    }
}

/// Verifies the whole and puts it in its place; what does not fit is dropped,
/// so that it can be sent anew.
fn complete(store: &Store, content: &Content, upload: &Upload) -> Result<()> {
    let whole = content.read_part(upload.file, upload.user)?;
    let refused = if whole.sha256 == upload.sha256 {
        match kind::check(&whole.head, &upload.mime) {
            Ok(()) => None,
            Err(KindFault::Active) => {
                Some(refuse(415, "type_refused", "the file is a program or a page with scripts"))
            }
            Err(KindFault::Unlike) => {
                Some(refuse(415, "type_mismatch", "the content is not what its type says"))
            }
        }
    } else {
        Some(refuse(422, "hash_mismatch", "the content is not the one announced; attach it anew"))
    };
    match refused {
        None => content.settle(upload.file, upload.user, &upload.sha256),
        Some(error) => {
            content.drop_part(upload.file, upload.user)?;
            let (file, user) = (upload.file, upload.user);
            store.write_now(move |unit| uploads::forget(unit, file, user))?;
            Err(error)
        }
    }
}

fn save(store: &Store, upload: &Upload) -> Result<()> {
    let upload = upload.clone();
    store.write_now(move |unit| uploads::put(unit, &upload))
}

/// One writer per upload. A turn lasts for the writing of one chunk that has
/// arrived already, so that a dead connection never holds it.
fn turn(file: FileId, user: UserId) -> MutexGuard<'static, ()> {
    static TURNS: [Mutex<()>; 64] = [const { Mutex::new(()) }; 64];
    let [.., a] = *file.0.as_bytes();
    let [.., b] = *user.0.as_bytes();
    let at = usize::from(a.wrapping_mul(31) ^ b) % TURNS.len();
    // Nothing is left half-done in memory by a panic: the files tell.
    TURNS[at].lock().unwrap_or_else(PoisonError::into_inner)
}
