//! The digest of everything that a user may see: the proof of convergence in
//! the round trip without changes.

use std::collections::BTreeSet;

use lantian_domain::ids::RecordId;
use lantian_protocol::{blob::DIGEST_LEN, identity::ScopeDigest};

use super::{outside, pull::Reader, scope::Viewer};
use crate::{
    error::{Error, Result},
    store::{Ledger, Scopes, Unit},
};

/// Takes the digest of the reader's scope as it stands.
///
/// # Errors
/// The store's.
pub fn scope_digest(unit: &Unit<'_>, who: &Reader) -> Result<ScopeDigest> {
    let viewer = Viewer::of(&who.person);
    let whole = outside::is_whole(&who.person);
    let mut digest = vec![0; DIGEST_LEN];
    let mut seen = BTreeSet::new();
    for key in viewer.keys(&unit.audiences()?) {
        for (id, one) in unit.digests(&key)? {
            if seen.insert(id) {
                let one = if whole { one } else { projected(unit, who, id)? };
                digest.iter_mut().zip(one).for_each(|(all, byte)| *all ^= byte);
            }
        }
    }
    Ok(ScopeDigest { seq: unit.head()?, records: seen.len() as u64, digest })
}

/// The digest of what an outside reader is served; they see few records.
fn projected(unit: &Unit<'_>, who: &Reader, id: RecordId) -> Result<Vec<u8>> {
    let row = unit
        .record(id)?
        .ok_or_else(|| Error::damaged(format!("record {id} is in a scope but not stored")))?;
    Ok(outside::served(row, &who.person)?.digest)
}
