//! Coded refusals of attachments.

use std::collections::BTreeMap;

use lantian_protocol::Problem;

use crate::error::Error;

/// The status of a chunk whose checksum does not fit (tus 1.0).
pub(crate) const CHECKSUM_MISMATCH: u16 = 460;

/// A refusal with its code and what to do.
pub(crate) fn refuse(status: u16, code: &str, detail: &str) -> Error {
    refuse_with(status, code, detail, BTreeMap::new())
}

/// A refusal that tells where the upload stands.
pub(crate) fn elsewhere(offset: u64) -> Error {
    let params = BTreeMap::from([("offset".to_owned(), offset.to_string())]);
    refuse_with(409, "offset_conflict", "the upload stands elsewhere; go on from `offset`", params)
}

/// A request that is not understood.
pub(crate) fn malformed(detail: &str) -> Error {
    refuse(400, "malformed", detail)
}

/// More bytes than allowed.
pub(crate) fn too_large(limit: u64) -> Error {
    let params = BTreeMap::from([("limit".to_owned(), limit.to_string())]);
    refuse_with(413, "too_large", "the file is larger than allowed; make it smaller", params)
}

/// Nothing that this person may read or continue.
pub(crate) fn not_found() -> Error {
    refuse(404, "not_found", "there is no such file in your scope")
}

fn refuse_with(status: u16, code: &str, detail: &str, params: BTreeMap<String, String>) -> Error {
    Error::Refused(Box::new(Problem {
        status,
        code: code.to_owned(),
        detail: detail.to_owned(),
        params,
    }))
}
