//! What the server counter-signs, and a seal made and checked.

use lantian_domain::{
    case::signing::{Seal, SealedFile},
    ids::{FileId, RecordId},
    time::Instant,
};

use super::Key;
use crate::{
    error::Result,
    suite::{SigningKey, hash},
};

/// What is to be sealed.
pub(super) struct Sealing<'a> {
    /// The case.
    pub(super) case: RecordId,
    /// The event that carries the signature.
    pub(super) version: u64,
    /// It, byte for byte as stored.
    pub(super) document: &'a str,
    /// The files with their bytes, the drawn picture first.
    pub(super) files: &'a [(FileId, Vec<u8>)],
    /// The server's time.
    pub(super) at: Instant,
}

/// Seals it.
///
/// # Errors
/// As [`SigningKey::sign`].
pub(super) fn make(key: &SigningKey, what: &Sealing<'_>) -> Result<Seal> {
    let suite = key.suite();
    let files = what.files.iter();
    let mut seal = Seal {
        suite,
        document: hash::hex(suite, what.document.as_bytes()),
        files: files
            .map(|(file, bytes)| SealedFile { file: *file, hash: hash::hex(suite, bytes) })
            .collect(),
        at: what.at,
        key: key.id(),
        signature: String::new(),
    };
    let text = statement(what.case, what.version, &seal);
    seal.signature = hex::encode(key.sign(text.as_bytes())?);
    Ok(seal)
}

/// Whether the key counter-signed this seal of this event of this case.
pub(super) fn signed(key: &Key, case: RecordId, version: u64, seal: &Seal) -> bool {
    let text = statement(case, version, seal);
    key.suite == seal.suite
        && hex::decode(&seal.signature)
            .is_ok_and(|signature| key.signed(text.as_bytes(), &signature))
}

/// The text that is counter-signed, so that it can be checked without this
/// program: a line each for the form, the case, the event's number, the suite,
/// the document's hash, every file's hash, and the time in milliseconds.
pub fn statement(case: RecordId, version: u64, seal: &Seal) -> String {
    let files: Vec<String> =
        seal.files.iter().map(|one| format!("file {} {}\n", one.file, one.hash)).collect();
    format!(
        "lantian-signature.v1\ncase {case}\nevent {version}\nsuite {}\ndocument {}\n{}at {}\n",
        seal.suite.as_str(),
        seal.document,
        files.concat(),
        seal.at.0
    )
}
