//! Attachments that lie here: one's own (staged, named by a command, uploaded,
//! receipted), and those that the company served.
//!
//! Invariant: a row exists as long as the content is here, or the server has
//! not said that it holds it.

use std::collections::BTreeMap;

use lantian_domain::{
    file::{FileKind, FileRef},
    ids::{CommandId, FileId, RecordId},
    time::Instant,
};
use lantian_protocol::file::Receipt;
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use super::{Outbox, fault};
use crate::error::{Error, Result};

/// A file that the server may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Which file.
    pub file: FileId,
    /// The record it belongs to.
    pub record: RecordId,
    /// What it shows or proves.
    pub kind: FileKind,
    /// Bytes in all.
    pub size: u64,
    /// Bytes known to be held by the server; none: never offered.
    pub offset: Option<u64>,
}

/// A row, in memory.
#[derive(Clone, Debug)]
pub(crate) struct Staged {
    pub(crate) record: RecordId,
    pub(crate) file: FileRef,
    pub(crate) command: Option<CommandId>,
    pub(crate) offset: Option<u64>,
    pub(crate) trouble: Option<String>,
    pub(crate) receipt: Option<Receipt>,
    /// Whether the company served it: it is brought again only if the
    /// company loses it.
    pub(crate) others: bool,
}

pub(super) fn load(db: &Connection) -> Result<BTreeMap<FileId, Staged>> {
    let sql = "SELECT record, reference, command, offset, trouble, receipt, others FROM uploads";
    let mut statement = db.prepare(sql).map_err(fault)?;
    let rows = statement.query_map([], decode).map_err(fault)?;
    let mut all = BTreeMap::new();
    for row in rows {
        let staged = row.map_err(fault)?;
        let staged =
            staged.ok_or_else(|| Error::corrupt("outbox", "a file's row cannot be read"))?;
        all.insert(staged.file.id, staged);
    }
    Ok(all)
}

fn decode(row: &Row<'_>) -> rusqlite::Result<Option<Staged>> {
    let Ok(file) = serde_json::from_str(row.get_ref(1)?.as_str()?) else { return Ok(None) };
    let receipt = row.get::<_, Option<String>>(5)?;
    Ok(Some(Staged {
        record: RecordId(Uuid::from_bytes(row.get(0)?)),
        file,
        command: row.get::<_, Option<[u8; 16]>>(2)?.map(|id| CommandId(Uuid::from_bytes(id))),
        offset: row.get::<_, Option<i64>>(3)?.map(i64::cast_unsigned),
        trouble: row.get(4)?,
        // A receipt that cannot be read is asked for once more.
        receipt: receipt.and_then(|text| serde_json::from_str(&text).ok()),
        others: row.get(6)?,
    }))
}

impl Outbox {
    /// Writes down an attachment whose content is in the cache.
    pub(crate) fn stage(&mut self, record: RecordId, file: &FileRef, now: Instant) -> Result<()> {
        self.put(record, file, now, None)
    }

    /// Writes down that an attachment which the company served lies here whole;
    /// one's own has its row already.
    pub(crate) fn note_held(
        &mut self,
        record: RecordId,
        file: &FileRef,
        receipt: Receipt,
    ) -> Result<()> {
        if self.uploads.contains_key(&file.id) {
            return Ok(());
        }
        self.put(record, file, receipt.at, Some(receipt))
    }

    fn put(
        &mut self,
        record: RecordId,
        file: &FileRef,
        now: Instant,
        served: Option<Receipt>,
    ) -> Result<()> {
        let reference = json(file)?;
        let receipt = served.as_ref().map(json).transpose()?;
        self.db
            .execute(
                "INSERT INTO uploads (file, record, reference, staged_at, receipt, others) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    file.id.0.as_bytes(),
                    record.0.as_bytes(),
                    reference,
                    now.0,
                    receipt,
                    served.is_some()
                ],
            )
            .map_err(fault)?;
        let staged = Staged {
            record,
            file: file.clone(),
            command: None,
            offset: None,
            trouble: None,
            others: served.is_some(),
            receipt: served,
        };
        self.uploads.insert(file.id, staged);
        Ok(())
    }

    pub(crate) fn upload_progress(&mut self, file: FileId, offset: u64) -> Result<()> {
        let set = "UPDATE uploads SET offset = ?2, trouble = NULL WHERE file = ?1";
        self.write(set, params![file.0.as_bytes(), offset.cast_signed()])?;
        if let Some(staged) = self.uploads.get_mut(&file) {
            staged.offset = Some(offset);
            staged.trouble = None;
        }
        Ok(())
    }

    pub(crate) fn upload_trouble(&mut self, file: FileId, code: &str) -> Result<()> {
        let set = "UPDATE uploads SET trouble = ?2 WHERE file = ?1";
        self.write(set, params![file.0.as_bytes(), code])?;
        if let Some(staged) = self.uploads.get_mut(&file) {
            staged.trouble = Some(code.to_owned());
        }
        Ok(())
    }

    pub(crate) fn upload_done(&mut self, receipt: &Receipt) -> Result<()> {
        let set = "UPDATE uploads SET receipt = ?2, trouble = NULL WHERE file = ?1";
        self.write(set, params![receipt.file.0.as_bytes(), json(receipt)?])?;
        if let Some(staged) = self.uploads.get_mut(&receipt.file) {
            staged.offset = Some(staged.file.size);
            staged.receipt = Some(receipt.clone());
            staged.trouble = None;
        }
        Ok(())
    }

    /// The company has lost it: it goes up again.
    pub(crate) fn upload_anew(&mut self, file: FileId) -> Result<()> {
        let set =
            "UPDATE uploads SET receipt = NULL, offset = NULL, trouble = NULL WHERE file = ?1";
        self.write(set, params![file.0.as_bytes()])?;
        if let Some(staged) = self.uploads.get_mut(&file) {
            staged.receipt = None;
            staged.offset = None;
            staged.trouble = None;
        }
        Ok(())
    }

    /// Forgets delivered files.
    pub(crate) fn unstage(&mut self, files: &[FileId]) -> Result<()> {
        for file in files {
            self.write("DELETE FROM uploads WHERE file = ?1", params![file.0.as_bytes()])?;
            self.uploads.remove(file);
        }
        Ok(())
    }

    fn write(&self, sql: &str, values: impl rusqlite::Params) -> Result<()> {
        self.db
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(values))
            .map_err(fault)?;
        Ok(())
    }
}

fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::Form(lantian_protocol::Error::Encode(e.into())))
}
