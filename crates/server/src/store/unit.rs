//! A unit of work: one connection inside one transaction.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
};

use lantian_domain::ids::DeviceId;
use rusqlite::Connection;

use crate::{
    error::{Error, Result},
    suite::Suite,
};

/// A unit of work on one organisation's rows.
pub struct Unit<'c> {
    connection: &'c Connection,
    org: i64,
    suite: Cell<Suite>,
    touched: RefCell<Touched>,
    /// On which device the work was done that runs now; nothing for none.
    device: Cell<Option<DeviceId>>,
    /// Where the audit chain ends within this transaction, once it is known.
    audit_end: RefCell<Option<(u64, Vec<u8>)>>,
}

impl<'c> Unit<'c> {
    pub(crate) fn new(connection: &'c Connection, org: i64) -> Self {
        Self {
            connection,
            org,
            suite: Cell::new(Suite::Standard),
            touched: RefCell::default(),
            device: Cell::default(),
            audit_end: RefCell::default(),
        }
    }

    /// The connection, for tables that a module keeps to itself.
    pub fn connection(&self) -> &'c Connection {
        self.connection
    }

    /// The organisation's number: the leading key column of every table.
    pub fn org(&self) -> i64 {
        self.org
    }

    /// By which suite what is written here is hashed.
    pub fn suite(&self) -> Suite {
        self.suite.get()
    }

    pub(super) fn use_suite(&self, suite: Suite) {
        self.suite.set(suite);
    }

    /// What SQLite finds when it reads every page (`integrity_check`); nothing
    /// in a sound database. Damage that lets no check run is a finding, too.
    ///
    /// # Errors
    /// The store's, when it cannot be read for another reason.
    pub fn integrity(&self) -> Result<Vec<String>> {
        self.findings("integrity_check")
    }

    /// The same without looking whether each index fits its table
    /// (`quick_check`).
    ///
    /// # Errors
    /// As [`Unit::integrity`].
    pub fn soundness(&self) -> Result<Vec<String>> {
        self.findings("quick_check")
    }

    fn findings(&self, check: &str) -> Result<Vec<String>> {
        let read = || -> rusqlite::Result<Vec<String>> {
            let mut statement = self.connection.prepare(&format!("PRAGMA {check}(20)"))?;
            statement.query_map([], |row| row.get(0))?.collect()
        };
        match read().map_err(Error::from) {
            Ok(lines) => Ok(lines.into_iter().filter(|line| line != "ok").collect()),
            Err(Error::Damaged { what }) => Ok(vec![what]),
            Err(other) => Err(other),
        }
    }

    /// Notes that something visible to `audience` changed; those who wait for
    /// it are woken once the commit is durable.
    pub(crate) fn touch(&self, audience: &str) {
        let mut touched = self.touched.borrow_mut();
        touched.devices.insert(self.device.get());
        if !touched.audiences.contains(audience) {
            touched.audiences.insert(audience.to_owned());
        }
    }

    /// What follows was done on this device, or on none.
    pub(crate) fn work_of(&self, device: Option<DeviceId>) {
        self.device.set(device);
    }

    pub(super) fn take_audit_end(&self) -> Option<(u64, Vec<u8>)> {
        self.audit_end.take()
    }

    pub(super) fn keep_audit_end(&self, n: u64, hash: Vec<u8>) {
        self.audit_end.replace(Some((n, hash)));
    }

    /// Forgets what was known of rows that were undone.
    pub(super) fn forget(&self) {
        self.audit_end.take();
    }

    pub(super) fn into_touched(self) -> Touched {
        self.touched.into_inner()
    }
}

/// What became visible in a transaction.
#[derive(Debug, Default)]
pub(super) struct Touched {
    /// To whom.
    pub(super) audiences: BTreeSet<String>,
    /// On which devices it was done; nothing for what no device did.
    pub(super) devices: BTreeSet<Option<DeviceId>>,
}

impl Touched {
    /// The one device that did all of it, if there is one.
    pub(super) fn sole(&self) -> Option<DeviceId> {
        let mut devices = self.devices.iter();
        devices.next().copied().flatten().filter(|_| devices.next().is_none())
    }
}
