//! Which record a file on screen belongs to, so that asking for its content
//! does not look through all records.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use lantian_domain::ids::{FileId, RecordId};

use crate::view::FileView;

/// Files remembered at the most; a screen shows far fewer.
const MOST: usize = 5_000;

/// The files of the pages that were read last.
#[derive(Default)]
pub(crate) struct Seen(Mutex<BTreeMap<FileId, RecordId>>);

impl Seen {
    /// A page with these files was read.
    pub(crate) fn note(&self, record: RecordId, files: &[FileView]) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() > MOST {
            seen.clear();
        }
        seen.extend(files.iter().map(|file| (file.id, record)));
    }

    /// The record on whose page the file was.
    pub(crate) fn record_of(&self, file: FileId) -> Option<RecordId> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&file).copied()
    }
}
