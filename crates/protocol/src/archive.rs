//! The stored form of a case's archive package (P-22; domain e.17): a folder
//! with the record, its log, its attachments, and a manifest with the hash of
//! each.
//!
//! ```text
//! XZLT-BZ-20260305-0001/
//!   manifest.json      the archive list, every entry's SHA-256, the log's head
//!   record.json        the case as it stands
//!   log.jsonl          every event with stamp and hash, one a line
//!   files/<sha256>.pdf the attachments
//! ```
//!
//! Invariant: whatever is changed, added or taken out afterwards is found by
//! [`check`], with no store and no server.

use std::collections::BTreeMap;

use lantian_domain::{
    apply,
    event::Event,
    ids::{RecordId, UserId},
    record::Record,
    stamp::Stamp,
    time::Instant,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    blob,
    suite::{Link, fits},
};

/// The name of the manifest within a package.
pub const MANIFEST: &str = "manifest.json";
/// The name of the record.
pub const RECORD: &str = "record.json";
/// The name of the log.
pub const LOG: &str = "log.jsonl";
/// The folder of attachments.
pub const FILES: &str = "files";

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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The record's version once the event is applied.
    pub version: u64,
    /// The event as stored, JSON.
    pub event: String,
    /// Its stamp as stored, JSON.
    pub stamp: String,
    /// Its hash, hex.
    pub hash: String,
    /// Hash of the event as it was written anew without a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased: Option<String>,
}

/// A package on its way: its texts; attachments are fetched one by one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// The case's number.
    pub no: String,
    /// The manifest, byte for byte.
    pub manifest: String,
    /// The record, byte for byte.
    pub record: String,
    /// The log, byte for byte.
    pub log: String,
    /// Bytes of each attachment, by its path in the package.
    pub files: BTreeMap<String, u64>,
}

/// A package that was exported, as the company's audit has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// When.
    pub at: Instant,
    /// By whom; nobody for the server's own program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
    /// Their name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_name: Option<String>,
    /// SHA-256 of its manifest.
    pub manifest: String,
}

/// SHA-256 in hex, as a manifest writes it.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Checks a package of which `names` are the files besides the manifest and
/// `read` gives one of them; nothing when the manifest cannot be read.
pub fn check(
    manifest: &[u8],
    names: &[String],
    read: impl Fn(&str) -> Option<Vec<u8>>,
) -> Option<Report> {
    let said: Manifest = serde_json::from_slice(manifest).ok()?;
    let mut faults = Vec::new();
    for (name, hash) in &said.entries {
        match read(name) {
            Some(bytes) if sha256(&bytes) == *hash => {}
            Some(_) => faults.push(format!("entry_differs {name}")),
            None => faults.push(format!("entry_missing {name}")),
        }
    }
    for name in names {
        if name != MANIFEST && !said.entries.contains_key(name) {
            faults.push(format!("entry_unlisted {name}"));
        }
    }
    faults.extend(log_fault(&said, &read));
    Some(Report {
        holds: faults.is_empty(),
        no: said.no,
        log_head: said.log_head,
        manifest: sha256(manifest),
        entries: said.entries.len(),
        faults,
    })
}

/// Why the log does not carry the record, if it does not.
fn log_fault(manifest: &Manifest, read: impl Fn(&str) -> Option<Vec<u8>>) -> Option<String> {
    let unreadable = || Some("log_unreadable".to_owned());
    let Some(text) = read(LOG).and_then(|bytes| String::from_utf8(bytes).ok()) else {
        return unreadable();
    };
    let mut head = Vec::new();
    let mut made = None;
    for (n, line) in (1..).zip(text.lines()) {
        let Ok(line) = serde_json::from_str::<Line>(line) else { return unreadable() };
        let Some(kept) = unhex(&line.hash) else { return Some(format!("log_broken {n}")) };
        let (event, stamp) = (line.event.as_str(), line.stamp.as_str());
        let whole = match &line.erased {
            // An event written anew keeps the hash that it came with.
            Some(erased) => unhex(erased).is_some_and(|one| fits(&one, &[event.as_bytes()])),
            None => {
                Link { prev: &head, record: manifest.case, version: n, event, stamp }.fits(&kept)
            }
        };
        if !whole || line.version != n {
            return Some(format!("log_broken {n}"));
        }
        head = kept;
        let event = serde_json::from_str::<Event>(&line.event).ok();
        let stamp = serde_json::from_str::<Stamp>(&line.stamp).ok();
        let Some((event, stamp)) = event.zip(stamp) else { return unreadable() };
        made = Some(apply(made, manifest.case, &event, &stamp));
    }
    if hex::encode(&head) != manifest.log_head {
        return Some("log_head_differs".to_owned());
    }
    let record = read(RECORD).and_then(|bytes| serde_json::from_slice::<Record>(&bytes).ok());
    let digest_of = |record: &Record| blob::pack(record).ok().map(|packed| packed.digest);
    let (made, record) = (made.as_ref().and_then(digest_of), record.as_ref().and_then(digest_of));
    (made.is_none() || made != record).then(|| "record_differs".to_owned())
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect()
}
