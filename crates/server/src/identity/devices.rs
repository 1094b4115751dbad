//! Devices: enrolment by public key, and revocation.
//!
//! Invariant: a device is its key: the same key is the same device, whatever it
//! calls itself, and stays revoked once it was; another key is another one.

use ed25519_dalek::VerifyingKey;
use lantian_domain::{
    ids::{DeviceId, UserId},
    time::Instant,
};
use lantian_protocol::{admin, fresh, identity::SignIn};

use super::accounts::By;
use crate::{
    account,
    api::problem,
    error::Result,
    store::{Accounts, AuditEntry, DeviceRow, Journal, Unit},
};

/// Devices of one account in use at the same time.
const MAX_DEVICES: usize = 20;
const LONGEST_NAME: usize = 64;

/// The device of a sign-in: the known one, or one enrolled now.
///
/// # Errors
/// A problem when the key is no key, the device was revoked, or the account
/// has too many devices; the store's.
pub fn enrol(unit: &Unit<'_>, user: UserId, sign_in: &SignIn, at: Instant) -> Result<DeviceRow> {
    check_key(&sign_in.public_key)?;
    let owned = unit.devices()?.into_iter().filter(|row| row.user == user);
    let (known, others): (Vec<_>, Vec<_>) =
        owned.partition(|row| row.public_key == sign_in.public_key);
    if let Some(known) = known.into_iter().next() {
        return if known.active { Ok(known) } else { Err(problem::device_revoked()) };
    }
    if others.iter().filter(|row| row.active).count() >= MAX_DEVICES {
        let what = "this account has too many devices; an administrator must revoke one";
        return Err(problem::refused(409, "too_many_devices", what));
    }
    let device = DeviceRow {
        id: DeviceId(fresh::uuid()),
        user,
        name: name_of(&sign_in.device_name),
        public_key: sign_in.public_key.clone(),
        active: true,
        enrolled: at,
        last_sync: None,
        offset_ms: None,
    };
    unit.put_device(&device)?;
    let by = By { user: Some(user), device: Some(device.id) };
    audit(unit, "device_enrolled", &device, by, at)?;
    Ok(device)
}

/// Revokes a device: from now on it is served nothing.
///
/// # Errors
/// A problem when there is no such device; the store's.
pub fn revoke(unit: &Unit<'_>, id: DeviceId, by: By, at: Instant) -> Result<DeviceRow> {
    let mut device = unit.device(id)?.ok_or_else(|| problem::not_found("device"))?;
    if device.active {
        device.active = false;
        unit.put_device(&device)?;
        unit.end_families_of(id)?;
        audit(unit, "device_revoked", &device, by, at)?;
    }
    Ok(device)
}

/// All devices as their administrators see them, newest first.
///
/// # Errors
/// The store's.
pub fn list(unit: &Unit<'_>) -> Result<Vec<admin::Device>> {
    let mut shown = Vec::new();
    for device in unit.devices()? {
        let owner = unit.user(device.user)?.map(|row| row.person.name).unwrap_or_default();
        let word = account::shown(unit, &device)?;
        shown.push(admin::Device {
            id: device.id,
            word,
            name: device.name,
            user: admin::Owner { id: device.user, name: owner },
            enrolled_at: device.enrolled,
            last_sync_at: device.last_sync,
            state: if device.active { "active" } else { "revoked" }.to_owned(),
        });
    }
    Ok(shown)
}

fn check_key(key: &[u8]) -> Result<()> {
    let known = <[u8; 32]>::try_from(key).ok().and_then(|key| VerifyingKey::from_bytes(&key).ok());
    if known.is_some_and(|key| !key.is_weak()) {
        return Ok(());
    }
    Err(problem::refused(422, "key_malformed", "the device's key is no Ed25519 public key"))
}

fn name_of(text: &str) -> String {
    let name: String = text.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    if name.trim().is_empty() { "device".to_owned() } else { name }
}

fn audit(unit: &Unit<'_>, act: &str, device: &DeviceRow, by: By, at: Instant) -> Result<()> {
    unit.audit(
        at,
        AuditEntry {
            act: act.to_owned(),
            actor: by.user,
            device: by.device,
            subject: Some(device.id.0),
            result: "ok".to_owned(),
            ..AuditEntry::default()
        },
    )
}
