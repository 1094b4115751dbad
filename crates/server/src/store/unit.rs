//! A unit of work: one connection inside one transaction.

use std::{cell::RefCell, collections::BTreeSet};

use rusqlite::Connection;

/// A unit of work on one organisation's rows.
pub struct Unit<'c> {
    connection: &'c Connection,
    org: i64,
    touched: RefCell<BTreeSet<String>>,
}

impl<'c> Unit<'c> {
    pub(crate) fn new(connection: &'c Connection, org: i64) -> Self {
        Self { connection, org, touched: RefCell::new(BTreeSet::new()) }
    }

    /// The connection, for tables that a module keeps to itself.
    pub fn connection(&self) -> &'c Connection {
        self.connection
    }

    /// The organisation's number: the leading key column of every table.
    pub fn org(&self) -> i64 {
        self.org
    }

    /// Notes that something visible to `audience` changed; those who wait for
    /// it are woken once the commit is durable.
    pub(crate) fn touch(&self, audience: &str) {
        let mut touched = self.touched.borrow_mut();
        if !touched.contains(audience) {
            touched.insert(audience.to_owned());
        }
    }

    pub(crate) fn into_touched(self) -> BTreeSet<String> {
        self.touched.into_inner()
    }
}
