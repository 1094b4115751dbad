//! Attachments with the place of their content.

use lantian_domain::{
    file::FileRef,
    ids::{FileId, RecordId},
    record::{Record, RecordKind},
};
use lantian_replica::{Filter, Replica};

use super::card::person;
use crate::{
    error::Result,
    picture,
    view::{FileState, FileView, PersonRef},
};

/// How many records are looked through at a time for a file.
const STEP: usize = 500;

/// The file with this id, first where it was last seen, then wherever it is
/// named.
pub(crate) fn find_file(
    replica: &Replica,
    id: FileId,
    seen: Option<RecordId>,
) -> Result<Option<(RecordId, FileRef)>> {
    if let Some(record) = seen
        && let Some(found) = find_in(replica, record, id)?
    {
        return Ok(Some(found));
    }
    if let Ok(offer) = replica.upload_offer(id) {
        return find_in(replica, offer.record, id);
    }
    let kinds = RecordKind::WORK.iter().copied().collect();
    let filter = Filter { kinds, ..Filter::default() };
    let mut after = None;
    loop {
        let page = replica.list(&filter, STEP, after.as_deref())?;
        for line in &page.items {
            if let Some(found) = find_in(replica, line.card.id, id)? {
                return Ok(Some(found));
            }
        }
        after = page.next;
        if after.is_none() {
            return Ok(None);
        }
    }
}

fn find_in(replica: &Replica, record: RecordId, id: FileId) -> Result<Option<(RecordId, FileRef)>> {
    let shown = replica.shown(record)?;
    let found = shown.and_then(|shown| shown.files().iter().find(|file| file.id == id).cloned());
    Ok(found.map(|file| (record, file)))
}

/// The files of a record, with who added each.
pub(crate) fn files(replica: &Replica, record: &Record) -> Result<Vec<FileView>> {
    let added: Vec<_> =
        record.trail().iter().filter(|entry| entry.did == "file_attached").collect();
    let known = record.files().len() == added.len();
    let mut views = Vec::with_capacity(record.files().len());
    for (index, named) in record.files().iter().enumerate() {
        // Each attachment leaves one line on the trail, in the same order.
        let by = added.get(index).filter(|_| known).map(|entry| entry.by);
        let by = by.map(|user| person(replica, user)).transpose()?;
        views.push(file(replica, named, by)?);
    }
    Ok(views)
}

/// One file.
pub(crate) fn file(replica: &Replica, file: &FileRef, by: Option<PersonRef>) -> Result<FileView> {
    let (state, done_bytes) = replica.file_state(file)?;
    Ok(FileView {
        id: file.id,
        kind: file.kind,
        name: file.name.clone(),
        mime: file.mime.clone(),
        size: file.size,
        sha256: file.sha256.clone(),
        taken_at: file.taken_at,
        by,
        state: state_view(state),
        done_bytes,
        preview: picture::has_preview(&file.mime),
    })
}

fn state_view(state: lantian_replica::FileState) -> FileState {
    use lantian_replica::FileState as S;
    match state {
        S::Local => FileState::Local,
        S::Uploading => FileState::Uploading,
        S::Delivered => FileState::Delivered,
        S::Remote => FileState::Remote,
        S::Downloading => FileState::Downloading,
    }
}
