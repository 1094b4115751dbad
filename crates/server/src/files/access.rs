//! Who may read an attachment: who brought it, and who sees a record that
//! names it with this very content.

use lantian_domain::{
    file::FileRef,
    ids::{FileId, RecordId},
    record::{Person, Record, RecordKind},
};

use super::uploads::{self, Upload};
use crate::{
    error::Result,
    pipeline::visible,
    store::{Ledger as _, Unit},
};

/// An attachment that a person may read.
#[derive(Clone, Debug)]
pub(crate) struct Readable {
    /// The upload that brought it.
    pub upload: Upload,
    /// As the visible record names it; nothing for one's own upload that no
    /// record names yet.
    pub named: Option<FileRef>,
}

/// The attachment, if this person may read it.
///
/// # Errors
/// The store's.
pub(crate) fn readable(unit: &Unit<'_>, person: &Person, file: FileId) -> Result<Option<Readable>> {
    let uploads = uploads::verified(unit, file)?;
    for upload in &uploads {
        let what = (upload.file, upload.sha256.as_str());
        if let Some((_, named)) = named(unit, person, upload.record, what)? {
            return Ok(Some(Readable { upload: upload.clone(), named: Some(named) }));
        }
        if let Some(named) = proposed(unit, person, upload)? {
            return Ok(Some(Readable { upload: upload.clone(), named: Some(named) }));
        }
    }
    let own = uploads.into_iter().find(|upload| upload.user == person.user());
    Ok(own.map(|upload| Readable { upload, named: None }))
}

/// How a record that the person sees names an attachment of this content: the
/// record that it was brought for, or the one that this became.
///
/// # Errors
/// The store's.
pub(crate) fn named(
    unit: &Unit<'_>,
    person: &Person,
    record: RecordId,
    (file, sha256): (FileId, &str),
) -> Result<Option<(Record, FileRef)>> {
    let mut next = Some(record);
    // A lead becomes a case, a case is merged into another: two steps.
    for _ in 0..3 {
        let Some(id) = next else { break };
        let Some(record) = visible(unit, person, id)? else { break };
        let found = record.files().iter().find(|f| f.id == file && f.sha256 == sha256).cloned();
        if let Some(found) = found {
            return Ok(Some((record, found)));
        }
        next = record.became();
    }
    Ok(None)
}

/// How a proposal that the person sees names the upload: whoever decides on a
/// colleague's work looks at what it brought.
fn proposed(unit: &Unit<'_>, person: &Person, upload: &Upload) -> Result<Option<FileRef>> {
    for id in unit.records_of(RecordKind::Proposal)? {
        let record = visible(unit, person, id)?;
        let files = record.as_ref().map_or(&[][..], Record::files);
        let found = files.iter().find(|f| f.id == upload.file && f.sha256 == upload.sha256);
        if let Some(found) = found {
            return Ok(Some(found.clone()));
        }
    }
    Ok(None)
}
