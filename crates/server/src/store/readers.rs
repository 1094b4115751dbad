//! Read-only connections, one per reader at a time.

use std::{path::PathBuf, sync::Mutex};

use rusqlite::{Connection, OpenFlags};

use super::{connection::configure, unit::Unit};
use crate::error::{Error, Result};

/// Connections kept for the next reader at the most.
const KEPT: usize = 8;

/// The pool of readers.
pub(crate) struct Readers {
    path: PathBuf,
    org: i64,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(crate) fn new(path: PathBuf, org: i64) -> Self {
        Self { path, org, idle: Mutex::new(Vec::new()) }
    }

    /// Runs `work` on one consistent state of the store.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Unit<'_>) -> Result<T>) -> Result<T> {
        let connection = self.take()?;
        connection.prepare_cached("BEGIN")?.execute([])?;
        let done = work(&Unit::new(&connection, self.org));
        connection.prepare_cached("ROLLBACK")?.execute([])?;
        self.give_back(connection);
        done
    }

    fn take(&self) -> Result<Connection> {
        let kept = self.idle.lock().map_err(|_| Error::Stopped)?.pop();
        if let Some(connection) = kept {
            return Ok(connection);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        configure(&connection)?;
        Ok(connection)
    }

    fn give_back(&self, connection: Connection) {
        if let Ok(mut idle) = self.idle.lock()
            && idle.len() < KEPT
        {
            idle.push(connection);
        }
    }
}
