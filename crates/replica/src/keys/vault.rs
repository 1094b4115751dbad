//! Making, opening, recovering and changing the lock of a store.

use std::path::Path;

use lantian_domain::time::Instant;
use uuid::Uuid;

use super::{
    data_key::{DataKey, fill},
    header::Header,
    pin::{Stretch, check_form},
    secret::KeyringSecret,
    store::{SecretFault, SecretStore},
    wrap,
};
use crate::error::{Error, Result};

/// Makes a key and its header in a folder that is not yet a store.
pub(crate) fn create(
    dir: &Path,
    secrets: &dyn SecretStore,
    pin: &str,
    recipient: &str,
) -> Result<DataKey> {
    check_form(pin)?;
    if Header::read(dir)?.is_some() {
        return Err(Error::Exists);
    }
    let mut id = [0; 16];
    fill(&mut id)?;
    let key = DataKey::random()?;
    let secret = KeyringSecret::random()?;
    let mut header = Header {
        v: Header::fresh_version(),
        file_id: Uuid::from_bytes(id).to_string(),
        key_id: key.id(),
        backend: secrets.name(),
        secret_id: secret.id(),
        recipient: recipient.to_owned(),
        stretch: Stretch::fresh()?,
        wrap_pin: String::new(),
        wrap_recovery: wrap::seal_for(recipient, &key)?,
        mac: String::new(),
    };
    header.wrap_pin = wrap::seal(&*header.stretch.key(&secret, pin)?, &key, &header.bound())?;
    secret.write(secrets, &header.entry())?;
    header.write(dir, &key)?;
    Ok(key)
}

/// The header of a store that exists.
pub(crate) fn read_header(dir: &Path) -> Result<Header> {
    Header::read(dir)?.ok_or_else(|| Error::corrupt("keys", "keys.json is missing"))
}

/// Opens the first wrap. The attempt is counted before it is made, so that a
/// killed program has used it up.
pub(crate) fn unlock(
    dir: &Path,
    secrets: &dyn SecretStore,
    pin: &str,
    now: Instant,
) -> Result<DataKey> {
    let header = read_header(dir)?;
    let mut secret = KeyringSecret::read(secrets, &header.entry(), &header.backend)?;
    if secret.id() != header.secret_id {
        return Err(Error::KeyringEntryForeign { wanted: header.secret_id });
    }
    let wait_ms = secret.wait_ms(now);
    if wait_ms > 0 {
        return Err(Error::PinWait { failures: secret.failures, wait_s: seconds(wait_ms) });
    }
    let earlier = secret.failures;
    secret.count_failure(now);
    secret.write(secrets, &header.entry())?;
    let wrap_key = header.stretch.key(&secret, pin)?;
    let Some(key) = wrap::open(&wrap_key, &header.wrap_pin, &header.bound())? else {
        let wait_s = seconds(secret.wait_ms(now));
        return Err(Error::WrongPin { failures: earlier + 1, wait_s });
    };
    header.verify(&key)?;
    secret.forgive();
    secret.write(secrets, &header.entry())?;
    Ok(key)
}

/// Opens the second wrap and makes a new first one, with a new keyring secret
/// and a new PIN.
pub(crate) fn recover(
    dir: &Path,
    secrets: &dyn SecretStore,
    identity: &str,
    new_pin: &str,
) -> Result<DataKey> {
    check_form(new_pin)?;
    let header = read_header(dir)?;
    let key = wrap::open_with(identity, &header.wrap_recovery)?;
    header.verify(&key)?;
    let secret = KeyringSecret::random()?;
    rewrap(dir, secrets, header, &key, &secret, new_pin)?;
    Ok(key)
}

/// Makes a new first wrap under a new PIN; the keyring secret stays, so that
/// a crash leaves either the old wrap or the new one, and both open.
pub(crate) fn change_pin(
    dir: &Path,
    secrets: &dyn SecretStore,
    old: &str,
    new: &str,
    now: Instant,
) -> Result<()> {
    check_form(new)?;
    let key = unlock(dir, secrets, old, now)?;
    let header = read_header(dir)?;
    let secret = KeyringSecret::read(secrets, &header.entry(), &header.backend)?;
    rewrap(dir, secrets, header, &key, &secret, new)
}

/// Destroys the keyring secret, and proves that it is gone.
pub(crate) fn wipe(dir: &Path, secrets: &dyn SecretStore) -> Result<()> {
    let entry = read_header(dir)?.entry();
    let unavailable = |fault: SecretFault| Error::KeyringUnavailable { detail: fault.to_string() };
    secrets.delete(&entry).map_err(unavailable)?;
    match secrets.get(&entry).map_err(unavailable)? {
        None => Ok(()),
        Some(_) => {
            Err(Error::KeyringUnavailable { detail: "it keeps what was removed".to_owned() })
        }
    }
}

fn rewrap(
    dir: &Path,
    secrets: &dyn SecretStore,
    mut header: Header,
    key: &DataKey,
    secret: &KeyringSecret,
    pin: &str,
) -> Result<()> {
    header.stretch = Stretch::fresh()?;
    header.secret_id = secret.id();
    header.backend = secrets.name();
    header.wrap_pin = wrap::seal(&*header.stretch.key(secret, pin)?, key, &header.bound())?;
    // The entry first: until the header is renamed the store still opens by
    // its recovery wrap, afterwards by both.
    secret.write(secrets, &header.entry())?;
    header.write(dir, key)
}

fn seconds(ms: i64) -> u64 {
    u64::try_from(ms.max(0)).unwrap_or(0).div_ceil(1_000)
}

#[cfg(test)]
mod tests;
