//! The archive package of a case (P-22; domain e.17): a folder with the
//! record, its log, its attachments, and a manifest with the hash of each.
//!
//! ```text
//! XZLT-BZ-20260305-0001/
//!   manifest.json      the archive list, every entry's SHA-256, the log's head
//!   record.json        the case as it stands
//!   log.jsonl          every event with stamp and hash, one a line
//!   files/<sha256>.pdf the attachments
//! ```
//!
//! A folder of plain files, so that an archive can read it in thirty years,
//! and `sha256sum` can check it without this program.
//!
//! Invariant: whatever is changed, added or taken out afterwards is found by
//! [`verify`]; the manifest's own hash stands in the company's audit.

use std::{collections::BTreeMap, path::Path};

use lantian_domain::{
    apply,
    case::Case,
    event::Event,
    file::FileKind,
    ids::RecordId,
    privacy::retention::{Class, of_file},
    record::Record,
    stamp::Stamp,
    time::Instant,
};
use lantian_protocol::blob;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::erase::digest;
use crate::{
    api::problem,
    error::{Error, Result},
    files::content_of,
    pipeline::{event_hash, find},
    store::{AuditEntry, EventRow, Journal as _, Ledger as _, Store},
};

const MANIFEST: &str = "manifest.json";
const RECORD: &str = "record.json";
const LOG: &str = "log.jsonl";

/// What a package says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the package.
    pub form: String,
    /// The case's number.
    pub no: String,
    /// The case's identity.
    pub case: RecordId,
    /// When it was made.
    pub made_at: Instant,
    /// How many events the log has.
    pub version: u64,
    /// Hash of the last event.
    pub log_head: String,
    /// The archive list.
    pub parts: Vec<Part>,
    /// SHA-256 of each entry, by its path in the package.
    pub entries: BTreeMap<String, String>,
    /// Attachments that the company does not hold (any more).
    pub absent: Vec<String>,
}

/// A part of the archive list (e.17).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its name.
    pub title: String,
    /// Whether the case has it.
    pub present: bool,
    /// How long it is kept, as `permanent`.
    pub class: String,
}

/// What a package holds, or a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether everything holds.
    pub holds: bool,
    /// The case's number.
    pub no: String,
    /// Hash of the last event.
    pub log_head: String,
    /// SHA-256 of the manifest: the package's own name.
    pub manifest: String,
    /// Entries besides the manifest.
    pub entries: usize,
    /// What does not hold: a code and the entry's name.
    pub faults: Vec<String>,
}

/// A line of the log.
#[derive(Serialize, Deserialize)]
struct Line {
    version: u64,
    event: String,
    stamp: String,
    hash: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    erased: Option<String>,
}

/// Writes the package of a case into `folder`, which must not exist.
///
/// # Errors
/// A problem when there is no such case; [`Error::Config`] when the folder
/// exists; the store's.
pub fn export(store: &Store, id: RecordId, folder: &Path, at: Instant) -> Result<Report> {
    if folder.exists() {
        return Err(Error::config(format!("{} exists; nothing was changed", folder.display())));
    }
    let (case, rows) = store.read_now(|unit| {
        let Some(Record::Case(case)) = find(unit, id)? else {
            return Err(problem::not_found("case"));
        };
        Ok((case, unit.events_after(id, 0)?))
    })?;
    let log_head = hex::encode(rows.last().map_or(&[][..], |row| &row.hash));
    let mut entries = BTreeMap::new();
    let mut put = |name: String, bytes: &[u8]| -> Result<()> {
        write(&folder.join(&name), bytes)?;
        entries.insert(name, sha256(bytes));
        Ok(())
    };
    put(RECORD.to_owned(), &serde_json::to_vec(&Record::Case(case.clone()))?)?;
    put(LOG.to_owned(), log(&rows)?.as_bytes())?;
    let mut absent = Vec::new();
    for file in &case.files {
        match content_of(store, &file.sha256)? {
            Some(bytes) => put(format!("files/{}.{}", file.sha256, ending(&file.mime)), &bytes)?,
            None => absent.push(file.sha256.clone()),
        }
    }
    let manifest = Manifest {
        form: "lantian-archive.v1".to_owned(),
        no: case.no.clone(),
        case: id,
        made_at: at,
        version: case.version,
        log_head: log_head.clone(),
        parts: parts(&case),
        entries,
        absent,
    };
    let text = serde_json::to_vec_pretty(&manifest)?;
    write(&folder.join(MANIFEST), &text)?;
    let report = Report {
        holds: true,
        no: case.no.clone(),
        log_head,
        manifest: sha256(&text),
        entries: manifest.entries.len(),
        faults: Vec::new(),
    };
    let entry = AuditEntry {
        act: "archive_exported".to_owned(),
        subject: Some(id.0),
        result: "ok".to_owned(),
        detail: Some(serde_json::json!({ "manifest": report.manifest })),
        ..AuditEntry::default()
    };
    store.write_now(move |unit| unit.audit(at, entry))?;
    Ok(report)
}

/// Checks a package: every entry against the manifest, the log's chain, and
/// the record against the log.
///
/// # Errors
/// [`Error::Damaged`] when there is no manifest that can be read.
pub fn verify(folder: &Path) -> Result<Report> {
    let text = read(&folder.join(MANIFEST))?;
    let manifest: Manifest = serde_json::from_slice(&text)
        .map_err(|_| Error::damaged(format!("{} has no manifest", folder.display())))?;
    let mut faults = Vec::new();
    for (name, hash) in &manifest.entries {
        match std::fs::read(folder.join(name)) {
            Ok(bytes) if sha256(&bytes) == *hash => {}
            Ok(_) => faults.push(format!("entry_differs {name}")),
            Err(_) => faults.push(format!("entry_missing {name}")),
        }
    }
    for name in listed(folder, folder)? {
        if name != MANIFEST && !manifest.entries.contains_key(&name) {
            faults.push(format!("entry_unlisted {name}"));
        }
    }
    if let Some(fault) = log_fault(folder, &manifest) {
        faults.push(fault);
    }
    Ok(Report {
        holds: faults.is_empty(),
        no: manifest.no,
        log_head: manifest.log_head,
        manifest: sha256(&text),
        entries: manifest.entries.len(),
        faults,
    })
}

/// Why the log does not carry the record, if it does not.
fn log_fault(folder: &Path, manifest: &Manifest) -> Option<String> {
    let text = String::from_utf8(read(&folder.join(LOG)).ok()?).ok()?;
    let mut head = Vec::new();
    let mut made = None;
    for (n, line) in (1..).zip(text.lines()) {
        let line: Line = serde_json::from_str(line).ok()?;
        let kept = hex::decode(&line.hash).ok()?;
        let whole = match &line.erased {
            Some(erased) => hex::encode(digest(&line.event)) == *erased,
            None => kept == event_hash(&head, manifest.case, n, &line.event, &line.stamp),
        };
        if !whole || line.version != n {
            return Some(format!("log_broken {n}"));
        }
        head = kept;
        let event: Event = serde_json::from_str(&line.event).ok()?;
        let stamp: Stamp = serde_json::from_str(&line.stamp).ok()?;
        made = Some(apply(made, manifest.case, &event, &stamp));
    }
    if hex::encode(&head) != manifest.log_head {
        return Some("log_head_differs".to_owned());
    }
    let record: Record = serde_json::from_slice(&read(&folder.join(RECORD)).ok()?).ok()?;
    let digest_of = |record: &Record| blob::pack(record).ok().map(|packed| packed.digest);
    (made.as_ref().and_then(digest_of) != digest_of(&record)).then(|| "record_differs".to_owned())
}

fn log(rows: &[EventRow]) -> Result<String> {
    let mut text = String::new();
    for row in rows {
        let line = Line {
            version: row.version,
            event: row.event.clone(),
            stamp: row.stamp.clone(),
            hash: hex::encode(&row.hash),
            erased: row.erased.as_ref().map(hex::encode),
        };
        text.push_str(&serde_json::to_string(&line)?);
        text.push('\n');
    }
    Ok(text)
}

/// The archive list of e.17, with what this case has of it.
fn parts(case: &Case) -> Vec<Part> {
    let has = |kind: FileKind| case.files.iter().any(|file| file.kind == kind);
    let part = |title: &str, present: bool, class: Class| Part {
        title: title.to_owned(),
        present,
        class: class.as_str().to_owned(),
    };
    let class = |kind| of_file(kind);
    let gas = case.gas.as_ref();
    let ticket = gas.and_then(|gas| gas.ticket.as_ref());
    let built = case.construction.as_ref();
    vec![
        part("用气申请", true, Class::CaseFile),
        part("一次性告知书", has(FileKind::Notice), class(FileKind::Notice)),
        part("材料", !case.materials.is_empty(), class(FileKind::Material)),
        part("现场勘查单", case.survey.is_some(), Class::CaseFile),
        part("施工图", !case.designs.is_empty(), class(FileKind::Drawing)),
        part("造价预算书", !case.budgets.is_empty(), class(FileKind::Budget)),
        part("费用确认单", !case.confirmations.is_empty(), class(FileKind::Signature)),
        part("施工合同", case.contracts.install.is_some(), class(FileKind::Contract)),
        part("供用气合同", case.contracts.supply.is_some(), class(FileKind::Contract)),
        part("许可证件", !case.permits.is_empty(), class(FileKind::Permit)),
        part("施工记录", built.is_some_and(|one| !one.progress.is_empty()), Class::Permanent),
        part("试验记录", has(FileKind::TestRecord), class(FileKind::TestRecord)),
        part("竣工验收记录", !case.acceptances.is_empty(), Class::Permanent),
        part("通气点火单", ticket.is_some(), Class::CaseFile),
        part("安全告知书", ticket.is_some(), Class::CaseFile),
        part(
            "燃气表首检证书",
            ticket.is_some_and(|t| !t.meter_verification_no.is_empty()),
            Class::CaseFile,
        ),
        part("事件记录", true, Class::CaseFile),
    ]
}

/// The ending of a file's name; the archive's own list of forms.
fn ending(mime: &str) -> &'static str {
    match mime {
        "application/pdf" => "pdf",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "application/ofd" => "ofd",
        "image/vnd.dxf" => "dxf",
        "image/vnd.dwg" => "dwg",
        _ => "bin",
    }
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .map_err(Error::io(format!("{} could not be made", folder.display())))?;
    }
    std::fs::write(path, bytes)
        .map_err(Error::io(format!("{} could not be written", path.display())))
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(Error::io(format!("{} could not be read", path.display())))
}

/// Every file below a folder, by its path with slashes.
fn listed(root: &Path, folder: &Path) -> Result<Vec<String>> {
    let unreadable = || Error::io(format!("{} could not be read", folder.display()));
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable())? {
        let path = entry.map_err(unreadable())?.path();
        if path.is_dir() {
            all.extend(listed(root, &path)?);
        } else if let Ok(inside) = path.strip_prefix(root) {
            let parts: Vec<_> =
                inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            all.push(parts.join("/"));
        }
    }
    Ok(all)
}
