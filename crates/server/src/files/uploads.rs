//! The table of uploads.

use lantian_domain::{
    ids::{FileId, RecordId, UserId},
    time::Instant,
};
use lantian_protocol::file::{Receipt, UploadState};
use rusqlite::{OptionalExtension as _, Row, params};
use uuid::Uuid;

use crate::{
    error::{Error, Result},
    store::Unit,
};

/// One attachment as one person brings it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Upload {
    /// The attachment.
    pub file: FileId,
    /// Who brings it.
    pub user: UserId,
    /// The record that it belongs to.
    pub record: RecordId,
    /// SHA-256 of the whole, hex.
    pub sha256: String,
    /// Bytes in all.
    pub size: u64,
    /// Media type as claimed.
    pub mime: String,
    /// Bytes held durably.
    pub held: u64,
    /// When it was announced.
    pub begun: Instant,
    /// The last progress.
    pub moved: Instant,
    /// When the whole was verified.
    pub verified: Option<Instant>,
}

impl Upload {
    /// Where it stands, as told to the tablet by a store of this epoch.
    pub(crate) fn state(&self, epoch: u64) -> UploadState {
        UploadState {
            file: self.file,
            offset: self.held,
            size: self.size,
            receipt: self.verified.map(|at| Receipt {
                file: self.file,
                sha256: self.sha256.clone(),
                at,
                epoch,
            }),
        }
    }
}

const COLUMNS: &str =
    "file, user, record, sha256, size, mime, held, begun, moved, verified FROM uploads";

/// The upload of a file by a person.
///
/// # Errors
/// The store's.
pub(crate) fn find(unit: &Unit<'_>, file: FileId, user: UserId) -> Result<Option<Upload>> {
    let sql = format!("SELECT {COLUMNS} WHERE org = ?1 AND file = ?2 AND user = ?3");
    let mut find = unit.connection().prepare_cached(&sql)?;
    Ok(find.query_row(params![unit.org(), bytes(&file.0), bytes(&user.0)], upload).optional()?)
}

/// The verified uploads of a file, by whomever.
///
/// # Errors
/// The store's.
pub(crate) fn verified(unit: &Unit<'_>, file: FileId) -> Result<Vec<Upload>> {
    let sql = format!(
        "SELECT {COLUMNS} WHERE org = ?1 AND file = ?2 AND verified IS NOT NULL ORDER BY verified"
    );
    let mut find = unit.connection().prepare_cached(&sql)?;
    let rows = find.query_map(params![unit.org(), bytes(&file.0)], upload)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether the person has brought this content before, to its receipt.
///
/// # Errors
/// The store's.
pub(crate) fn has_brought(unit: &Unit<'_>, user: UserId, sha256: &str) -> Result<bool> {
    const SQL: &str = "SELECT 1 FROM uploads WHERE org = ?1 AND sha256 = ?3 AND user = ?2
         AND verified IS NOT NULL";
    Ok(unit.connection().prepare_cached(SQL)?.exists(params![
        unit.org(),
        bytes(&user.0),
        sha256
    ])?)
}

/// How many uploads of a person are unfinished, and how many bytes they will
/// have.
///
/// # Errors
/// The store's.
pub(crate) fn unfinished(unit: &Unit<'_>, user: UserId) -> Result<(u64, u64)> {
    const SQL: &str = "SELECT COUNT(*), COALESCE(SUM(size), 0) FROM uploads
         WHERE org = ?1 AND user = ?2 AND verified IS NULL";
    let mut find = unit.connection().prepare_cached(SQL)?;
    let sums = |row: &Row<'_>| Ok((positive(row.get(0)?), positive(row.get(1)?)));
    Ok(find.query_row(params![unit.org(), bytes(&user.0)], sums)?)
}

/// Unfinished uploads without progress since `before`, some at a time.
///
/// # Errors
/// The store's.
pub(crate) fn expired(unit: &Unit<'_>, before: Instant) -> Result<Vec<Upload>> {
    let sql = format!(
        "SELECT {COLUMNS} WHERE org = ?1 AND moved < ?2 AND verified IS NULL ORDER BY moved LIMIT 50"
    );
    let mut find = unit.connection().prepare_cached(&sql)?;
    let rows = find.query_map(params![unit.org(), before.0], upload)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Every content that a receipt was given for: hash and size.
///
/// # Errors
/// The store's.
pub(crate) fn promised(unit: &Unit<'_>) -> Result<Vec<(String, u64)>> {
    const SQL: &str = "SELECT DISTINCT sha256, size FROM uploads
         WHERE org = ?1 AND verified IS NOT NULL ORDER BY sha256";
    let mut find = unit.connection().prepare_cached(SQL)?;
    let rows = find.query_map([unit.org()], |row| Ok((row.get(0)?, positive(row.get(1)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether any upload still has this content.
///
/// # Errors
/// The store's.
pub(crate) fn is_promised(unit: &Unit<'_>, sha256: &str) -> Result<bool> {
    const SQL: &str = "SELECT 1 FROM uploads WHERE org = ?1 AND sha256 = ?2";
    Ok(unit.connection().prepare_cached(SQL)?.exists(params![unit.org(), sha256])?)
}

/// Whether somebody brought this content to its receipt.
///
/// # Errors
/// The store's.
pub(crate) fn is_claimed(unit: &Unit<'_>, sha256: &str) -> Result<bool> {
    const SQL: &str =
        "SELECT 1 FROM uploads WHERE org = ?1 AND sha256 = ?2 AND verified IS NOT NULL";
    Ok(unit.connection().prepare_cached(SQL)?.exists(params![unit.org(), sha256])?)
}

/// Writes an upload whole.
///
/// # Errors
/// The store's.
pub(crate) fn put(unit: &Unit<'_>, upload: &Upload) -> Result<()> {
    const SQL: &str = "INSERT INTO uploads
           (org, file, user, record, sha256, size, mime, held, begun, moved, verified)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (org, file, user) DO UPDATE SET record = ?4, sha256 = ?5, size = ?6,
           mime = ?7, held = ?8, begun = ?9, moved = ?10, verified = ?11";
    unit.connection().prepare_cached(SQL)?.execute(params![
        unit.org(),
        bytes(&upload.file.0),
        bytes(&upload.user.0),
        bytes(&upload.record.0),
        upload.sha256,
        signed(upload.size)?,
        upload.mime,
        signed(upload.held)?,
        upload.begun.0,
        upload.moved.0,
        upload.verified.map(|at| at.0),
    ])?;
    Ok(())
}

/// Forgets an upload.
///
/// # Errors
/// The store's.
pub(crate) fn forget(unit: &Unit<'_>, file: FileId, user: UserId) -> Result<()> {
    const SQL: &str = "DELETE FROM uploads WHERE org = ?1 AND file = ?2 AND user = ?3";
    unit.connection().prepare_cached(SQL)?.execute(params![
        unit.org(),
        bytes(&file.0),
        bytes(&user.0)
    ])?;
    Ok(())
}

fn upload(row: &Row<'_>) -> rusqlite::Result<Upload> {
    Ok(Upload {
        file: FileId(uuid(row, 0)?),
        user: UserId(uuid(row, 1)?),
        record: RecordId(uuid(row, 2)?),
        sha256: row.get(3)?,
        size: positive(row.get(4)?),
        mime: row.get(5)?,
        held: positive(row.get(6)?),
        begun: Instant(row.get(7)?),
        moved: Instant(row.get(8)?),
        verified: row.get::<_, Option<i64>>(9)?.map(Instant),
    })
}

fn uuid(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    let bytes: Vec<u8> = row.get(column)?;
    Uuid::from_slice(&bytes).map_err(|error| {
        let kind = rusqlite::types::Type::Blob;
        rusqlite::Error::FromSqlConversionFailure(column, kind, Box::new(error))
    })
}

fn bytes(id: &Uuid) -> &[u8] {
    id.as_bytes().as_slice()
}

fn positive(value: i64) -> u64 {
    u64::try_from(value).unwrap_or_default()
}

fn signed(value: u64) -> Result<i64> {
    i64::try_from(value).map_err(|_| Error::damaged("a file is larger than any disk"))
}
