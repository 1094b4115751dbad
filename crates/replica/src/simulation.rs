//! Doors for the simulator, which opens thousands of stores: a store that is
//! made and opened with a key at hand, without PIN and keyring.
//!
//! Everything behind the door is what a tablet has.

use std::{path::Path, sync::Arc};

use crate::{
    error::{Error, Result},
    keys::DataKey,
    lock::Holder,
    mirror::Mirror,
    outbox::{Enrolment, Outbox},
    replica::Replica,
};

/// Makes a store in a folder.
///
/// # Errors
/// As [`crate::Home::create`].
pub fn create(dir: &Path, key: [u8; 32], enrolment: &Enrolment) -> Result<Replica> {
    std::fs::create_dir_all(dir).map_err(|source| Error::io(dir, source))?;
    let (holder, key) = (Holder::take(dir, "simulation")?, data_key(key)?);
    Outbox::create(dir, &key, enrolment)?;
    Mirror::create(dir, &key)?;
    Replica::open(dir, key, Arc::new(holder))
}

/// Opens the store of a folder.
///
/// # Errors
/// As [`crate::Home::unlock`].
pub fn open(dir: &Path, key: [u8; 32]) -> Result<Replica> {
    let holder = Holder::take(dir, "simulation")?;
    Replica::open(dir, data_key(key)?, Arc::new(holder))
}

fn data_key(key: [u8; 32]) -> Result<DataKey> {
    DataKey::from_slice(&key).ok_or_else(|| Error::corrupt("keys", "the key has 32 bytes"))
}
