//! Papers that come before the application that names them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lantian_domain::{
    command::{AttachFile, Command},
    file::{FileKind, FileRef},
    ids::{FileId, RecordId, UserId},
    time::Instant,
};
use lantian_protocol::fresh;
use rusqlite::{OptionalExtension as _, params};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::{
    MAX_PAPER,
    reply::{FieldFault, Rejected},
    telling::Fields,
};
use crate::{
    error::{Error, Result},
    files,
    store::{Store, Unit},
};

/// What is taken: ending, media type, first bytes.
const TAKEN: &[(&str, &str, &[u8])] = &[
    ("pdf", "application/pdf", b"%PDF-"),
    ("png", "image/png", b"\x89PNG\r\n\x1A\n"),
    ("jpg", "image/jpeg", b"\xFF\xD8\xFF"),
    ("jpeg", "image/jpeg", b"\xFF\xD8\xFF"),
    ("bmp", "image/bmp", b"BM"),
];

/// A paper that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Kept {
    /// The number by which an application names it.
    pub file_id: String,
    /// SHA-256 of what was taken.
    pub sha256: String,
    /// Its bytes.
    pub size: u64,
}

/// A paper of a client.
#[derive(Clone, Debug)]
pub(super) struct Paper(FileRef);

/// A paper as sent, checked.
pub(super) struct Sent {
    name: String,
    mime: &'static str,
    bytes: Vec<u8>,
}

/// Reads an upload.
///
/// # Errors
/// What stands against it, with what to do.
pub(super) fn read(object: &Map<String, Value>) -> Result<Sent, Rejected> {
    let mut fields = Fields::of(object);
    let name = fields.need("file_name", 120);
    let content = object.get("content").or_else(|| object.get("fileContent"));
    let faults = fields.faults();
    let Some(Value::String(content)) = content else {
        return Err(Rejected::fields(vec![FieldFault::missing("content")]));
    };
    if !faults.is_empty() {
        return Err(Rejected::fields(faults));
    }
    let ending = name.rsplit_once('.').map(|(_, end)| end.to_lowercase()).unwrap_or_default();
    let Some((_, mime, head)) = TAKEN.iter().find(|(known, ..)| *known == ending) else {
        return Err(Rejected::paper("只接受 pdf、png、jpg、jpeg、bmp;其他格式请先转换为 pdf"));
    };
    let plain: String = content.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let bytes = STANDARD.decode(plain).map_err(|_| {
        Rejected::fields(vec![FieldFault::new("content", "base64", "content 不是 base64 编码")])
    })?;
    if bytes.is_empty() {
        return Err(Rejected::fields(vec![FieldFault::missing("content")]));
    }
    if bytes.len() > MAX_PAPER {
        return Err(Rejected::too_large(MAX_PAPER));
    }
    if !bytes.starts_with(head) {
        return Err(Rejected::paper("文件内容与扩展名不符,请核对后重新上传"));
    }
    Ok(Sent { name, mime, bytes })
}

/// Keeps a paper. The content is durable before its number is given out.
///
/// # Errors
/// The store's.
pub(super) fn keep(store: &Store, client: &str, sent: Sent, at: Instant) -> Result<Kept> {
    const ADD: &str =
        "INSERT INTO channel_files (org, id, client, sha256, name, mime, size, received)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let sha256 = hex::encode(Sha256::digest(&sent.bytes));
    files::Shared::of(store).put(&sent.bytes)?;
    let (id, size) = (fresh::uuid(), sent.bytes.len() as u64);
    let (client, hash) = (client.to_owned(), sha256.clone());
    store.write_now(move |unit| {
        unit.connection().prepare_cached(ADD)?.execute(params![
            unit.org(),
            id.as_bytes().as_slice(),
            client,
            hash,
            sent.name,
            sent.mime,
            i64::try_from(size).unwrap_or(i64::MAX),
            at.0,
        ])?;
        Ok(())
    })?;
    Ok(Kept { file_id: id.to_string(), sha256, size })
}

/// The papers that a client names; all must be its own and new.
///
/// # Errors
/// The store's; what is unknown is a value.
pub(super) fn of_client(
    unit: &Unit<'_>,
    client: &str,
    ids: &[FileId],
) -> Result<Result<Vec<Paper>, Rejected>> {
    const SQL: &str = "SELECT sha256, name, mime, size, received FROM channel_files
         WHERE org = ?1 AND id = ?2 AND client = ?3 AND record IS NULL";
    let mut find = unit.connection().prepare_cached(SQL)?;
    let mut papers: Vec<Paper> = Vec::with_capacity(ids.len());
    for id in ids {
        let key = id.0.as_bytes().as_slice();
        let found = find.query_row(params![unit.org(), key, client], |row| {
            Ok(FileRef {
                id: *id,
                kind: FileKind::Material,
                sha256: row.get(0)?,
                name: row.get(1)?,
                mime: row.get(2)?,
                size: u64::try_from(row.get::<_, i64>(3)?).unwrap_or(0),
                taken_at: Some(Instant(row.get(4)?)),
                geo: None,
            })
        });
        let named_twice = papers.iter().any(|paper| paper.0.id == *id);
        match found.optional()? {
            Some(file) if !named_twice => papers.push(Paper(file)),
            _ => {
                let advice = "文件编号不存在、已被使用或重复,请先上传文件";
                let fault = FieldFault::new("file_ids", "unknown", advice);
                return Ok(Err(Rejected::fields(vec![fault])));
            }
        }
    }
    Ok(Ok(papers))
}

/// Notes that a paper is a case's from now on.
///
/// # Errors
/// The store's.
pub(super) fn hand_over(
    unit: &Unit<'_>,
    paper: &Paper,
    record: RecordId,
    user: UserId,
    at: Instant,
) -> Result<()> {
    const SQL: &str = "UPDATE channel_files SET record = ?3 WHERE org = ?1 AND id = ?2";
    let (id, of) = (paper.0.id.0.as_bytes().as_slice(), record.0.as_bytes().as_slice());
    let changed = unit.connection().prepare_cached(SQL)?.execute(params![unit.org(), id, of])?;
    if changed != 1 {
        return Err(Error::damaged("a channel's paper is missing"));
    }
    files::note(unit, &paper.0, record, user, at)
}

impl Paper {
    pub(super) fn command(&self) -> Command {
        Command::AttachFile(AttachFile { file: self.0.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sent(name: &str, bytes: &[u8]) -> Result<Sent, Rejected> {
        read(json!({ "fileName": name, "content": STANDARD.encode(bytes) }).as_object().unwrap())
    }

    #[test]
    fn a_paper_is_what_its_name_says_or_is_refused_with_what_to_do() {
        for (name, head) in [
            ("a.pdf", &b"%PDF-1.7"[..]),
            ("b.PNG", b"\x89PNG\r\n\x1A\n0"),
            ("c.jpeg", b"\xFF\xD8\xFF\xE0"),
            ("d.bmp", b"BM000"),
        ] {
            assert!(sent(name, head).is_ok(), "{name}");
        }
        let code = |answer: Result<Sent, Rejected>| answer.err().unwrap().code();
        assert_eq!(code(sent("a.pdf", b"<html>")), 4151);
        assert_eq!(code(sent("a.exe", b"MZ")), 4151);
        assert_eq!(code(sent("pdf", b"%PDF-")), 4151);
        assert_eq!(code(sent("a.pdf", b"")), 4001);
        assert_eq!(code(sent("", b"%PDF-")), 4001);
        let broken = json!({ "file_name": "a.pdf", "content": "***" });
        assert_eq!(code(read(broken.as_object().unwrap())), 4001);
    }
}
