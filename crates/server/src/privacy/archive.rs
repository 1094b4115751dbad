//! The archive package of a case at the company (P-22): made of the log, written
//! to a folder, or handed to who exports it piece by piece.
//!
//! Its form and its check are [`lantian_protocol::archive`]; a folder of plain
//! files, so that an archive can read it in thirty years, and `sha256sum` can
//! check it without this program.
//!
//! Invariant: the hash of each package's manifest stands in the company's audit.

use std::{collections::BTreeMap, path::Path};

use lantian_domain::{
    case::Case,
    file::FileKind,
    ids::RecordId,
    privacy::retention::{Class, of_file},
    record::Record,
    time::Instant,
};
use lantian_protocol::archive::{FILES, LOG, Line, MANIFEST, RECORD, Registered, check, sha256};
pub use lantian_protocol::archive::{Manifest, Package, Part, Report};

use crate::{
    api::problem,
    error::{Error, Result},
    files::content_of,
    identity::accounts::By,
    pipeline::find,
    store::{
        Accounts as _, AuditEntry, AuditFilter, EventRow, Journal as _, Ledger as _, Store, Unit,
    },
};

/// The audit's word for a package that left the company.
pub const ACT: &str = "archive_exported";
/// The most exports of a case that are told.
const TOLD: usize = 50;

/// Writes the package of a case into `folder`, which must not exist.
///
/// # Errors
/// A problem when there is no such case; [`Error::Config`] when the folder
/// exists; the store's.
pub fn export(store: &Store, id: RecordId, folder: &Path, at: Instant) -> Result<Report> {
    if folder.exists() {
        return Err(Error::config(format!("{} exists; nothing was changed", folder.display())));
    }
    let made = pack(store, id, at)?;
    write(&folder.join(RECORD), made.record.as_bytes())?;
    write(&folder.join(LOG), made.log.as_bytes())?;
    for name in made.files.keys() {
        let bytes = content_of(store, sha_of(name))?
            .ok_or_else(|| Error::damaged(format!("{name} went while it was packed")))?;
        write(&folder.join(name), &bytes)?;
    }
    write(&folder.join(MANIFEST), made.manifest.as_bytes())?;
    register(store, id, &made, By::default(), at)?;
    verify(folder)
}

/// Makes the package of a case; its attachments are read one by one.
///
/// # Errors
/// A problem when there is no such case; the store's.
pub fn pack(store: &Store, id: RecordId, at: Instant) -> Result<Package> {
    let (case, rows) = store.read_now(|unit| {
        let Some(Record::Case(case)) = find(unit, id)? else {
            return Err(problem::not_found("case"));
        };
        Ok((case, unit.events_after(id, 0)?))
    })?;
    let log = log(&rows)?;
    let record = serde_json::to_string(&Record::Case(case.clone()))?;
    let mut entries = BTreeMap::from([
        (RECORD.to_owned(), sha256(record.as_bytes())),
        (LOG.to_owned(), sha256(log.as_bytes())),
    ]);
    let (mut files, mut absent) = (BTreeMap::new(), Vec::new());
    for file in &case.files {
        match content_of(store, &file.sha256)? {
            Some(bytes) => {
                let name = format!("{FILES}/{}.{}", file.sha256, ending(&file.mime));
                entries.insert(name.clone(), sha256(&bytes));
                files.insert(name, bytes.len() as u64);
            }
            None => absent.push(file.sha256.clone()),
        }
    }
    let manifest = Manifest {
        form: "lantian-archive.v1".to_owned(),
        no: case.no.clone(),
        case: id,
        made_at: at,
        version: case.version,
        log_head: hex::encode(rows.last().map_or(&[][..], |row| &row.hash)),
        parts: parts(&case),
        entries,
        absent,
    };
    let manifest = serde_json::to_string_pretty(&manifest)?;
    Ok(Package { no: case.no, manifest, record, log, files })
}

/// Notes in the audit that a package leaves the company.
///
/// # Errors
/// The store's.
pub fn register(store: &Store, id: RecordId, package: &Package, by: By, at: Instant) -> Result<()> {
    let entry = AuditEntry {
        act: ACT.to_owned(),
        actor: by.user,
        device: by.device,
        subject: Some(id.0),
        result: "ok".to_owned(),
        detail: Some(serde_json::json!({ "manifest": sha256(package.manifest.as_bytes()) })),
        ..AuditEntry::default()
    };
    store.write_now(move |unit| unit.audit(at, entry))
}

/// The packages of a case that left the company, the newest first.
///
/// # Errors
/// The store's.
pub fn registered(unit: &Unit<'_>, id: RecordId) -> Result<Vec<Registered>> {
    let filter =
        AuditFilter { subject: Some(id.0), act: Some(ACT.to_owned()), ..AuditFilter::default() };
    let mut all = Vec::new();
    for row in unit.audit_where(&filter, TOLD)? {
        let by = row.entry.actor;
        let name = by.map(|user| unit.user(user)).transpose()?.flatten();
        let detail = row.entry.detail.unwrap_or_default();
        all.push(Registered {
            at: row.at,
            by,
            by_name: name.map(|user| user.person.name),
            manifest: detail["manifest"].as_str().unwrap_or_default().to_owned(),
        });
    }
    Ok(all)
}

/// Checks a package: every entry against the manifest, the log's chain by the
/// suite that made each hash, and the record against the log.
///
/// # Errors
/// [`Error::Damaged`] when there is no manifest that can be read.
pub fn verify(folder: &Path) -> Result<Report> {
    let text = read(&folder.join(MANIFEST))?;
    check(&text, &listed(folder, folder)?, |name| std::fs::read(folder.join(name)).ok())
        .ok_or_else(|| Error::damaged(format!("{} has no manifest", folder.display())))
}

/// The hash that an attachment's path in a package names.
fn sha_of(name: &str) -> &str {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.split('.').next().unwrap_or(file)
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
