//! What tablets account for: the receipts of records that they let go of, and
//! what they hold back.
//!
//! Words: a device's *word* is the last account that it signed; what is
//! *outstanding* left its owner's scope after that word, and the device has not
//! said that it is gone. Invariants: a receipt stands once in the audit, however
//! often it is told; nothing is taken that the device did not sign.

use std::collections::BTreeSet;

use ed25519_dalek::{Signature, VerifyingKey};
use lantian_domain::{
    ids::{DeviceId, RecordId},
    time::Instant,
};
use lantian_protocol::{
    account::{Account, AccountResponse, MAX_ACCOUNTED, Purged, SignedAccount},
    admin::DeviceWord,
};
use rusqlite::{OptionalExtension as _, params};

use crate::{
    api::problem,
    error::Result,
    feed::{self, scope::Viewer},
    store::{Accounts as _, AuditEntry, DeviceRow, Journal as _, Ledger as _, Scopes as _, Unit},
};

/// The audit's word for a record that a device let go of.
pub const ACT: &str = "record_purged";
/// Departures looked through for one device at the most.
const LOOKED_THROUGH: usize = 1_000;

/// Takes a device's word.
///
/// # Errors
/// A problem when the device did not sign it, or it is no account; the store's.
pub fn take(
    unit: &Unit<'_>,
    device: &DeviceRow,
    signed: &SignedAccount,
    at: Instant,
) -> Result<AccountResponse> {
    const SQL: &str = "INSERT INTO accounts (org, device, received, account, signature)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (org, device) DO UPDATE SET received = ?3, account = ?4, signature = ?5";
    let account = read(device, signed)?;
    feed::check_witness(unit, account.witness.as_ref())?;
    for purged in &account.purged {
        note(unit, device, purged, at)?;
    }
    unit.connection().prepare_cached(SQL)?.execute(params![
        unit.org(),
        device.id.0.as_bytes(),
        at.0,
        signed.account,
        signed.signature,
    ])?;
    Ok(AccountResponse { epoch: unit.org_row()?.epoch, witness: feed::witness(unit)? })
}

fn read(device: &DeviceRow, signed: &SignedAccount) -> Result<Account> {
    let key = <[u8; 32]>::try_from(device.public_key.as_slice()).ok();
    let key = key.and_then(|key| VerifyingKey::from_bytes(&key).ok());
    let signature = Signature::from_slice(&signed.signature).ok();
    let authentic = key.zip(signature).is_some_and(|(key, signature)| {
        key.verify_strict(signed.account.as_bytes(), &signature).is_ok()
    });
    if !authentic {
        let detail = "the account was not signed by this device";
        return Err(problem::refused(403, "signature", detail));
    }
    let account: Account = serde_json::from_str(&signed.account)
        .map_err(|_| problem::refused(422, "malformed", "the account cannot be read"))?;
    let longest = account.purged.len().max(account.leaving.len()).max(account.on.len());
    if longest > MAX_ACCOUNTED {
        let detail = "too much at once; account for it in several requests";
        return Err(problem::refused(413, "too_large", detail));
    }
    Ok(account)
}

fn note(unit: &Unit<'_>, device: &DeviceRow, purged: &Purged, at: Instant) -> Result<()> {
    const SQL: &str = "INSERT OR IGNORE INTO purges (org, device, record, epoch, seq, purged)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let new = unit.connection().prepare_cached(SQL)?.execute(params![
        unit.org(),
        device.id.0.as_bytes(),
        purged.record.0.as_bytes(),
        purged.epoch.cast_signed(),
        purged.seq.cast_signed(),
        purged.purged_at.0,
    ])?;
    if new == 0 {
        return Ok(());
    }
    let Purged { version, bytes, files, left_at, .. } = purged;
    unit.audit(
        at,
        AuditEntry {
            act: ACT.to_owned(),
            actor: Some(device.user),
            device: Some(device.id),
            subject: Some(purged.record.0),
            claimed: Some(purged.purged_at),
            result: "ok".to_owned(),
            detail: Some(serde_json::json!({
                "version": version, "bytes": bytes, "files": files, "left_at": left_at,
            })),
            ..AuditEntry::default()
        },
    )
}

/// A device's last word, and when it came.
///
/// # Errors
/// The store's.
pub fn word(unit: &Unit<'_>, device: DeviceId) -> Result<Option<(Account, Instant)>> {
    const SQL: &str = "SELECT account, received FROM accounts WHERE org = ?1 AND device = ?2";
    let mut find = unit.connection().prepare_cached(SQL)?;
    let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, Instant(row.get(1)?)));
    let found = find.query_row(params![unit.org(), device.0.as_bytes()], row).optional()?;
    found.map(|(text, at)| Ok((serde_json::from_str(&text)?, at))).transpose()
}

/// What administrators see of a device's word.
///
/// # Errors
/// The store's.
pub fn shown(unit: &Unit<'_>, device: &DeviceRow) -> Result<Option<DeviceWord>> {
    let Some((account, at)) = word(unit, device.id)? else { return Ok(None) };
    Ok(Some(DeviceWord {
        at,
        unsent: account.unsent,
        outstanding: outstanding(unit, device, &account)?,
        leaving: account.leaving,
        purged: purges(unit, device.id)?,
    }))
}

/// How many records a device has let go of.
fn purges(unit: &Unit<'_>, device: DeviceId) -> Result<u64> {
    const SQL: &str = "SELECT COUNT(DISTINCT record) FROM purges WHERE org = ?1 AND device = ?2";
    let mut count = unit.connection().prepare_cached(SQL)?;
    let found: i64 = count.query_row(params![unit.org(), device.0.as_bytes()], |row| row.get(0))?;
    Ok(found.cast_unsigned())
}

/// The records that left the owner's scope after the device's word.
fn outstanding(unit: &Unit<'_>, device: &DeviceRow, account: &Account) -> Result<Vec<RecordId>> {
    let Some(owner) = unit.user(device.user)? else { return Ok(Vec::new()) };
    if account.epoch != unit.org_row()?.epoch {
        // The store began anew since: the device begins anew with it.
        return Ok(Vec::new());
    }
    let viewer = Viewer::of(&owner.person);
    let mut left = BTreeSet::new();
    for key in viewer.keys(&unit.audiences()?) {
        for (seq, record) in unit.departed_since(&key, account.seq, LOOKED_THROUGH)? {
            let visible = unit.record(record)?.is_some_and(|row| viewer.sees_any(&row.audiences));
            if !visible && !is_purged(unit, device.id, record, (account.epoch, seq))? {
                left.insert(record);
            }
        }
    }
    Ok(left.into_iter().collect())
}

/// Whether a device has said that a record is gone, by a page that led to this
/// place in the feed or beyond it.
///
/// # Errors
/// The store's.
pub fn is_purged(
    unit: &Unit<'_>,
    device: DeviceId,
    record: RecordId,
    (epoch, seq): (u64, u64),
) -> Result<bool> {
    const SQL: &str = "SELECT 1 FROM purges WHERE org = ?1 AND device = ?2 AND record = ?3
         AND (epoch, seq) >= (?4, ?5)";
    Ok(unit.connection().prepare_cached(SQL)?.exists(params![
        unit.org(),
        device.0.as_bytes(),
        record.0.as_bytes(),
        epoch.cast_signed(),
        seq.cast_signed(),
    ])?)
}
