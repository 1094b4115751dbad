//! What the company lacks of the attachments that it is told of, and of those
//! that its records name (F22, F25).
//!
//! After a restore the store may know of fewer receipts than tablets do, and
//! the contents beside it may be older, newer or gone.
//!
//! Words: an attachment is *held* when the store has its receipt and the
//! content lies there; it is *missing* when a record names it and it is not
//! held. Content is *unclaimed* when it lies there and no upload brought it to its
//! receipt.
//!
//! Invariants: unclaimed content is given only to who sees a record that names
//! it by this very hash; what retention let go of is never called back.

use std::collections::BTreeSet;

use lantian_domain::{
    file::{FileKind, FileRef},
    ids::{FileId, RecordId, UserId},
    record::{Person, Record, RecordKind},
    time::Instant,
};
use lantian_protocol::file::{HeldResponse, MAX_ASKED, UploadOffer};
use serde::Serialize;
use uuid::Uuid;

use super::{
    access,
    content::Content,
    fault::too_large,
    upload::check_offer,
    uploads::{self, Upload},
};
use crate::{
    error::Result,
    pipeline::find,
    privacy::retention::is_let_go,
    signing,
    store::{Ledger as _, Store, Unit},
};

/// Missing attachments named in a report; more are only counted.
const NAMED: usize = 1_000;

/// How one attachment stands.
enum Standing {
    Held,
    /// Its content is unclaimed, and becomes this upload once it is proved.
    Found(Upload),
    Missing,
}

/// Says which of these attachments a person has to bring again.
///
/// # Errors
/// Coded refusals; the store's.
pub fn held(
    store: &Store,
    person: &Person,
    offers: &[UploadOffer],
    at: Instant,
) -> Result<HeldResponse> {
    if offers.len() > MAX_ASKED {
        return Err(too_large(MAX_ASKED as u64));
    }
    offers.iter().try_for_each(check_offer)?;
    let content = Content::of(store.folder());
    let (epoch, standings) = store.read_now(|unit| {
        let standings: Result<Vec<Standing>> =
            offers.iter().map(|offer| stand(unit, &content, person, offer, at)).collect();
        Ok((unit.org_row()?.epoch, standings?))
    })?;
    let (mut missing, mut found) = (Vec::new(), Vec::new());
    for (offer, standing) in offers.iter().zip(standings) {
        match standing {
            Standing::Held => {}
            Standing::Found(upload) if is_whole(&content, &upload)? => {
                // What was sent of it meanwhile is not needed any more.
                content.drop_part(upload.file, upload.user)?;
                found.push(upload);
            }
            Standing::Found(_) | Standing::Missing => missing.push(offer.file),
        }
    }
    if !found.is_empty() {
        let records = found.iter().map(|upload| upload.record).collect();
        store.write_now(move |unit| found.iter().try_for_each(|one| uploads::put(unit, one)))?;
        signing::received(store, &records, at);
    }
    Ok(HeldResponse { epoch, missing })
}

fn stand(
    unit: &Unit<'_>,
    content: &Content,
    person: &Person,
    offer: &UploadOffer,
    at: Instant,
) -> Result<Standing> {
    let here = content.has(&offer.sha256, offer.size);
    let own = uploads::find(unit, offer.file, person.user())?;
    let is_own = own.is_some_and(|up| up.verified.is_some() && up.sha256 == offer.sha256);
    let readable = access::readable(unit, person, offer.file)?;
    let is_readable = readable.is_some_and(|one| one.upload.sha256 == offer.sha256);
    if here && (is_own || is_readable) {
        return Ok(Standing::Held);
    }
    let named = access::named(unit, person, offer.record, (offer.file, &offer.sha256))?;
    let Some((record, file)) = named else { return Ok(Standing::Missing) };
    if is_let_go(&record, &file, at) {
        return Ok(Standing::Held);
    }
    if !here || uploads::is_claimed(unit, &offer.sha256)? {
        return Ok(Standing::Missing);
    }
    let what = (offer.file, offer.sha256.as_str(), offer.size);
    let found = upload(person.user(), what, offer.record, at);
    Ok(Standing::Found(Upload { mime: offer.mime.clone(), ..found }))
}

fn is_whole(content: &Content, upload: &Upload) -> Result<bool> {
    Ok(content.read_content(&upload.sha256)?.is_some_and(|whole| whole.sha256 == upload.sha256))
}

/// An attachment that a record names and the company does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The attachment.
    pub file: FileId,
    /// The record that names it.
    pub record: RecordId,
    /// What it shows or proves.
    pub kind: FileKind,
    /// SHA-256 of the content, hex.
    pub sha256: String,
    /// Bytes in all.
    pub size: u64,
    /// Whether a receipt was given for it: then it was here and is gone. Else
    /// it is still on its way, or its receipt was lost with the store.
    pub promised: bool,
}

/// The attachments that records name, and which of them are missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Inventory {
    /// Attachments that records name.
    pub named: u64,
    /// Of these, how many are missing.
    pub lacking: u64,
    /// The first of the missing.
    pub missing: Vec<Missing>,
}

/// Looks for every attachment that a record names.
///
/// # Errors
/// The store's.
pub fn inventory(store: &Store, at: Instant) -> Result<Inventory> {
    let content = Content::of(store.folder());
    let mut all = Inventory::default();
    store.read_now(|unit| {
        each_named(unit, |record, file| {
            all.named += 1;
            let promised = super::is_received(unit, file)?;
            let held = promised && content.has(&file.sha256, file.size);
            if held || is_let_go(record, file, at) {
                return Ok(());
            }
            all.lacking += 1;
            if all.missing.len() < NAMED {
                all.missing.push(Missing {
                    file: file.id,
                    record: record.id(),
                    kind: file.kind,
                    sha256: file.sha256.clone(),
                    size: file.size,
                    promised,
                });
            }
            Ok(())
        })
    })?;
    Ok(all)
}

/// Takes unclaimed content that a record names for what it is: a store that was
/// put back has lost the receipt, not the content. Says how many.
///
/// # Errors
/// The store's.
pub fn adopt(store: &Store, at: Instant) -> Result<u64> {
    let content = Content::of(store.folder());
    let mut found = Vec::new();
    store.read_now(|unit| {
        each_named(unit, |record, file| {
            let claimed = super::is_received(unit, file)?
                || !content.has(&file.sha256, file.size)
                || is_let_go(record, file, at)
                || uploads::is_claimed(unit, &file.sha256)?;
            if !claimed {
                let user = UserId(Uuid::nil());
                let what = (file.id, file.sha256.as_str(), file.size);
                let found_here = upload(user, what, record.id(), at);
                found.push(Upload { mime: file.mime.clone(), ..found_here });
            }
            Ok(())
        })
    })?;
    let mut adopted = 0;
    for upload in found {
        if is_whole(&content, &upload)? {
            store.write_now(move |unit| uploads::put(unit, &upload))?;
            adopted += 1;
        }
    }
    Ok(adopted)
}

/// Shows each attachment once, with a record that names it.
fn each_named(
    unit: &Unit<'_>,
    mut show: impl FnMut(&Record, &FileRef) -> Result<()>,
) -> Result<()> {
    let mut seen = BTreeSet::new();
    for kind in RecordKind::WORK {
        for id in unit.records_of(*kind)? {
            let Some(record) = find(unit, id)? else { continue };
            for file in record.files().iter().filter(|file| seen.insert(file.id)) {
                show(&record, file)?;
            }
        }
    }
    Ok(())
}

/// Content that lies here, as somebody's attachment.
fn upload(
    user: UserId,
    (file, sha256, size): (FileId, &str, u64),
    record: RecordId,
    at: Instant,
) -> Upload {
    Upload {
        file,
        user,
        record,
        sha256: sha256.to_owned(),
        size,
        mime: String::new(),
        held: size,
        begun: at,
        moved: at,
        verified: Some(at),
    }
}
