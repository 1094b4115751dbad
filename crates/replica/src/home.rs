//! A folder with a store: taken, made, opened, recovered.
//!
//! ```text
//! DIR/holder.lock      who works here
//! DIR/store/keys.json  the wraps of the key
//! DIR/store/outbox.db  precious
//! DIR/store/replica.db disposable
//! DIR/store/files/     attachments
//! ```
//!
//! Invariant: a store is made beside its place and gets its name when it is
//! whole; nothing is ever made in the place of one that exists.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use lantian_domain::time::Instant;

use crate::{
    durable,
    error::{Error, Result},
    keys::{self, Header, SecretStore},
    lock::Holder,
    mirror::Mirror,
    outbox::{Enrolment, Outbox},
    replica::Replica,
    space::Reserve,
};

const STORE: &str = "store";
const UNFINISHED: &str = "store.new";

/// A folder that this program holds.
pub struct Home {
    dir: PathBuf,
    holder: Arc<Holder>,
}

/// What a folder holds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "asked once at the start, never stored")]
pub enum HomeState {
    /// Nothing yet.
    Fresh,
    /// A store.
    Present(Header),
    /// A store that cannot be opened as it is; nothing is made over it.
    Damaged(String),
}

impl Home {
    /// Takes a folder, which is made when it does not exist.
    ///
    /// # Errors
    /// [`Error::Held`] while another program has it, [`Error::ReadOnly`],
    /// [`Error::Full`].
    pub fn take(dir: &Path, program: &str) -> Result<Self> {
        let holder = with_room(&dir.join(STORE), || Holder::take(dir, program))?;
        Ok(Self { dir: dir.to_owned(), holder: Arc::new(holder) })
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What the folder holds.
    pub fn state(&self) -> HomeState {
        let store = self.store();
        if !store.exists() {
            return HomeState::Fresh;
        }
        match keys::read_header(&store) {
            Ok(_) if !store.join("outbox.db").exists() => {
                HomeState::Damaged("the outbox is missing".to_owned())
            }
            Ok(header) => HomeState::Present(header),
            Err(fault) => HomeState::Damaged(fault.to_string()),
        }
    }

    /// Makes a store for a device that has just signed in.
    ///
    /// # Errors
    /// [`Error::Exists`], [`Error::PinForm`], [`Error::KeyringUnavailable`],
    /// [`Error::Full`], [`Error::ReadOnly`].
    pub fn create(
        &self,
        secrets: &dyn SecretStore,
        pin: &str,
        enrolment: &Enrolment,
    ) -> Result<Replica> {
        let (store, fresh) = (self.store(), self.dir.join(UNFINISHED));
        if store.exists() {
            return Err(Error::Exists);
        }
        // What lies here was never finished: nobody has saved anything in it.
        if fresh.exists() {
            std::fs::remove_dir_all(&fresh).map_err(|source| Error::io(&fresh, source))?;
        }
        std::fs::create_dir(&fresh).map_err(|source| Error::io(&fresh, source))?;
        let key = keys::create(&fresh, secrets, pin, &enrolment.recovery_recipient)?;
        Outbox::create(&fresh, &key, enrolment)?;
        Mirror::create(&fresh, &key)?;
        durable::sync_dir(&fresh.join("outbox.db"))?;
        durable::rename(&fresh, &store)?;
        Replica::open(&store, key, Arc::clone(&self.holder))
    }

    /// Opens the store with the keyring's secret and the PIN.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::WrongPin`], [`Error::PinWait`],
    /// [`Error::KeyringEntryMissing`], [`Error::KeyringEntryForeign`],
    /// [`Error::KeyringUnavailable`], [`Error::Corrupt`], [`Error::TooNew`],
    /// [`Error::Full`] when there is no room even with what was kept back.
    pub fn unlock(&self, secrets: &dyn SecretStore, pin: &str, now: Instant) -> Result<Replica> {
        let store = self.existing()?;
        with_room(&store, || {
            let key = keys::unlock(&store, secrets, pin, now)?;
            let mut replica = Replica::open(&store, key, Arc::clone(&self.holder))?;
            replica.prune(now)?;
            Ok(replica)
        })
    }

    /// Opens the store with the company's recovery key, and gives it a new
    /// keyring secret and a new PIN.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::WrongRecoveryKey`], [`Error::PinForm`],
    /// [`Error::KeyringUnavailable`], [`Error::Corrupt`].
    pub fn recover(
        &self,
        secrets: &dyn SecretStore,
        identity: &str,
        new_pin: &str,
    ) -> Result<Replica> {
        let store = self.existing()?;
        let key = keys::recover(&store, secrets, identity, new_pin)?;
        Replica::open(&store, key, Arc::clone(&self.holder))
    }

    /// Gives the store a new PIN.
    ///
    /// # Errors
    /// As [`Home::unlock`], and [`Error::PinForm`].
    pub fn change_pin(
        &self,
        secrets: &dyn SecretStore,
        old: &str,
        new: &str,
        now: Instant,
    ) -> Result<()> {
        keys::change_pin(&self.existing()?, secrets, old, new, now)
    }

    /// Destroys this device's way into the store: the keyring's secret, without
    /// which the PIN opens nothing (P-17). The company's recovery key still
    /// does, so that what was not sent is not lost.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::KeyringUnavailable`], [`Error::Corrupt`].
    pub fn wipe(&self, secrets: &dyn SecretStore) -> Result<()> {
        keys::wipe(&self.existing()?, secrets)
    }

    fn existing(&self) -> Result<PathBuf> {
        let store = self.store();
        if store.exists() { Ok(store) } else { Err(Error::Missing) }
    }

    fn store(&self) -> PathBuf {
        self.dir.join(STORE)
    }
}

/// Opens with the room that was kept back when the device is full: nobody is
/// locked out of what they saved.
fn with_room<T>(store: &Path, open: impl Fn() -> Result<T>) -> Result<T> {
    match open() {
        Err(Error::Full) if Reserve::in_dir(store).release() => open(),
        other => other,
    }
}
