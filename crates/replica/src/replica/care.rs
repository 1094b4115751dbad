//! Care of the stores: checks, sizes, opening them again, rebuilding the
//! mirror, forgetting what is old.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use lantian_domain::{ids::RecordId, time::Instant};
use rusqlite::Connection;

use super::Replica;
use crate::{
    connection::{self, MIRROR, OUTBOX},
    error::{Error, Result},
    mirror::Mirror,
    read::Shelf,
};

/// What a check found; an empty list is a sound part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Findings about the outbox.
    pub outbox: Vec<String>,
    /// Findings about the mirror.
    pub mirror: Vec<String>,
    /// Own files whose content is missing or damaged.
    pub files: Vec<String>,
    /// Commands stored.
    pub commands: usize,
    /// Records stored.
    pub records: usize,
}

impl Health {
    /// Whether nothing was found.
    pub fn is_sound(&self) -> bool {
        self.outbox.is_empty() && self.mirror.is_empty() && self.files.is_empty()
    }
}

impl Replica {
    /// Reads everything and proves it.
    ///
    /// # Errors
    /// The store's, when it cannot even be asked.
    pub fn check(&self) -> Result<Health> {
        let mut health = Health { records: self.mirror.len(), ..Health::default() };
        health.outbox = findings(&self.outbox.db);
        health.commands = self.outbox.history()?.len();
        if self.outbox.unreadable > 0 {
            let count = self.outbox.unreadable;
            health.outbox.push(format!("{count} commands have a form that is not known here"));
        }
        health.mirror = findings(self.mirror.db());
        for staged in self.outbox.uploads.values().filter(|staged| staged.receipt.is_none()) {
            match self.cache.read(&staged.file.sha256, staged.file.size) {
                Ok(Some(_)) => {}
                Ok(None) => health.files.push(format!("{} is missing", staged.file.id)),
                Err(fault) => health.files.push(format!("{}: {}", staged.file.id, fault.code())),
            }
        }
        Ok(health)
    }

    /// Opens the stores again when one of them has become unusable, which a read
    /// that failed once brings about. Whoever owns the replica calls this before
    /// each piece of work; with sound stores it costs nothing worth naming.
    ///
    /// All of it is read anew, because a commit whose sync failed may be there
    /// now. A mirror that has become unusable is proved by its seals, and made
    /// anew when they do not fit.
    ///
    /// # Errors
    /// The store's, as at an opening; then nothing can be read or written until
    /// a later call succeeds.
    pub fn revive(&mut self) -> Result<()> {
        let mirror_is_usable = connection::is_usable(self.mirror.db());
        if mirror_is_usable && connection::is_usable(&self.outbox.db) {
            return Ok(());
        }
        tracing::warn!("a store has become unusable; both are opened again");
        connection::let_go(&mut self.outbox.db, OUTBOX)?;
        connection::let_go(self.mirror.db_mut(), MIRROR)?;
        let mut fresh = Self::open(&self.dir, self.key.clone(), Arc::clone(&self.holder))?;
        if !mirror_is_usable && !findings(fresh.mirror.db()).is_empty() {
            fresh.rebuild_mirror()?;
        }
        fresh.changes = std::mem::take(&mut self.changes);
        fresh.changes.extend(self.all_records());
        fresh.changes.extend(fresh.all_records());
        *self = fresh;
        Ok(())
    }

    /// Every record that a list may show.
    fn all_records(&self) -> BTreeSet<RecordId> {
        self.mirror.ids().chain(self.overlay.written()).collect()
    }

    /// Makes the mirror anew, empty: the next synchronisation fills it. The
    /// outbox is not touched.
    ///
    /// # Errors
    /// The store's.
    pub fn rebuild_mirror(&mut self) -> Result<()> {
        // The fresh one lies beside the old until the old is let go.
        connection::remove(&self.dir, MIRROR)?;
        Mirror::create(&self.dir, &self.key)?;
        let (mirror, _) = Mirror::open(&self.dir, &self.key)?;
        self.mirror = mirror;
        self.shelf = Shelf::default();
        self.know_company()?;
        self.rebase(BTreeSet::new())
    }

    /// Forgets acknowledged commands that are older than any backup of the
    /// server; says how many.
    ///
    /// # Errors
    /// The store's.
    pub fn prune(&mut self, now: Instant) -> Result<usize> {
        self.outbox.prune(now)
    }

    /// Bytes of the stores, their logs and the files.
    ///
    /// # Errors
    /// [`Error::Io`] when the folder cannot be read.
    pub fn store_bytes(&self) -> Result<u64> {
        size(&self.dir)
    }
}

#[cfg(feature = "simulation")]
impl Replica {
    /// Both databases, for the simulator's doors.
    pub(crate) fn databases(&mut self) -> [&mut Connection; 2] {
        [&mut self.outbox.db, self.mirror.db_mut()]
    }

    /// The listed records that the mirror holds.
    #[cfg(feature = "simulation")]
    pub(crate) fn held(&self) -> impl Iterator<Item = RecordId> {
        self.mirror.ids().filter(|id| self.shelf.get(*id).is_some())
    }
}

fn size(dir: &Path) -> Result<u64> {
    let io = |source| Error::io(dir, source);
    let mut bytes = 0;
    for entry in std::fs::read_dir(dir).map_err(io)? {
        let entry = entry.map_err(io)?;
        let Ok(meta) = entry.metadata() else { continue };
        bytes += if meta.is_dir() { size(&entry.path())? } else { meta.len() };
    }
    Ok(bytes)
}

/// What the database says of itself: the seals of its pages, then their sense.
///
/// The seals are read from the file past the log. A power cut while the log is
/// carried over leaves half pages there that the log makes good: it is carried
/// over whole first.
fn findings(db: &Connection) -> Vec<String> {
    let mut found = Vec::new();
    if let Err(fault) = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())) {
        found.push(Error::store("database", fault).code().to_owned());
        return found;
    }
    for pragma in ["PRAGMA cipher_integrity_check", "PRAGMA integrity_check"] {
        let read = |db: &Connection| -> rusqlite::Result<Vec<String>> {
            db.prepare(pragma)?.query_map([], |row| row.get(0))?.collect()
        };
        match read(db) {
            Ok(lines) => found.extend(lines.into_iter().filter(|line| line != "ok")),
            Err(fault) => found.push(Error::store("database", fault).code().to_owned()),
        }
    }
    found
}
