//! The public parts of the keys that ever counter-signed.

use std::collections::BTreeMap;

use lantian_domain::time::Instant;
use rusqlite::params;
use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    store::{AuditEntry, Journal as _, Unit},
    suite::{SigningKey, Suite, hash},
};

/// The audit's word for a key that signs from now on.
pub const ACT: &str = "signing_key_added";

/// A key as it verifies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Its suite.
    pub suite: Suite,
    /// Its public part, hex.
    pub public: String,
}

impl Key {
    /// Its name: the hash of the public part.
    pub fn id(&self) -> String {
        hex::decode(&self.public).map(|bytes| hash::hex(self.suite, &bytes)).unwrap_or_default()
    }

    /// Whether `signature` is the one of `message` by it.
    pub fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        hex::decode(&self.public)
            .is_ok_and(|public| crate::suite::key::verify(self.suite, &public, message, signature))
    }
}

/// Keys by name.
pub type Keys = BTreeMap<String, Key>;

/// Makes a key known, before it signs for the first time.
///
/// # Errors
/// The store's.
pub fn register(unit: &Unit<'_>, key: &SigningKey, at: Instant) -> Result<()> {
    const ADD: &str = "INSERT OR IGNORE INTO signing_keys (org, id, suite, public, since)
         VALUES (?1, ?2, ?3, ?4, ?5)";
    let (id, suite) = (key.id(), key.suite().as_str());
    let added = unit.connection().prepare_cached(ADD)?.execute(params![
        unit.org(),
        id,
        suite,
        key.public(),
        at.0
    ])?;
    if added == 0 {
        return Ok(());
    }
    let entry = AuditEntry {
        act: ACT.to_owned(),
        result: "ok".to_owned(),
        detail: Some(serde_json::json!({ "key": id, "suite": suite })),
        ..AuditEntry::default()
    };
    unit.audit(at, entry)
}

/// Every key that ever counter-signed.
///
/// # Errors
/// The store's; [`Error::Damaged`] when a suite is none.
pub fn all(unit: &Unit<'_>) -> Result<Keys> {
    const SQL: &str = "SELECT id, suite, public FROM signing_keys WHERE org = ?1";
    let mut find = unit.connection().prepare_cached(SQL)?;
    let mut rows = find.query([unit.org()])?;
    let mut keys = Keys::new();
    while let Some(row) = rows.next()? {
        let (id, suite): (String, String) = (row.get(0)?, row.get(1)?);
        let public = hex::encode(row.get_ref(2)?.as_blob().unwrap_or_default());
        let suite = Suite::parse(&suite)
            .ok_or_else(|| Error::damaged(format!("{suite} is no suite of a signing key")))?;
        keys.insert(id, Key { suite, public });
    }
    Ok(keys)
}
