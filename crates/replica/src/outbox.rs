//! The precious store: commands with their fates, drafts, settings, uploads.
//!
//! Words: a command is *open* until its effect is in the mirror or a person
//! has closed it; open commands are also held in memory, because everything
//! shown is judged with them.
//!
//! Invariant: what is in memory is what is on the disk: a change is written
//! first and taken over only when its transaction has been committed.

mod departure;
mod device;
mod draft;
mod entry;
mod exit;
mod load;
mod save;
mod settle;
mod upload;

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use lantian_domain::ids::CommandId;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use sha2::{Digest as _, Sha256};

pub use device::{Device, Enrolment};
pub use draft::Draft;
pub use entry::{Entry, Fate};
pub use upload::Upload;

pub(crate) use departure::{Departed, Departures};
pub(crate) use device::Identity;
pub(crate) use entry::{Open, Place};
pub(crate) use exit::{Exit, Stage};
pub(crate) use save::NewCommand;
pub(crate) use settle::WITNESS;
pub(crate) use upload::Staged;

use crate::{
    connection::{self, OUTBOX},
    error::{Error, Result},
    keys::DataKey,
    schema,
};

/// The open store.
pub(crate) struct Outbox {
    pub(crate) db: Connection,
    pub(crate) identity: Identity,
    pub(crate) uploads: BTreeMap<lantian_domain::ids::FileId, Staged>,
    pub(crate) departures: Departures,
    /// Records that left, until the company has taken note.
    pub(crate) exits: BTreeMap<i64, Exit>,
    /// Rows of a form that this program cannot read; they stay untouched.
    pub(crate) unreadable: usize,
    open: BTreeMap<Place, Open>,
    places: HashMap<CommandId, Place>,
    last_n: u64,
    head: String,
    last_saved: i64,
}

impl Outbox {
    /// Makes a new store for a device.
    pub(crate) fn create(dir: &Path, key: &DataKey, enrolment: &Enrolment) -> Result<()> {
        let mut db = connection::create(dir, OUTBOX, key)?;
        schema::migrate(&mut db, OUTBOX, schema::OUTBOX)?;
        Identity::create(&db, enrolment)?;
        // Everything is in the one file before the folder gets its name.
        db.pragma_update(None, "wal_checkpoint", "TRUNCATE").map_err(fault)
    }

    /// Opens a store that exists.
    pub(crate) fn open(dir: &Path, key: &DataKey) -> Result<Self> {
        let mut db = connection::open(dir, OUTBOX, key)?;
        schema::migrate(&mut db, OUTBOX, schema::OUTBOX)?;
        let identity = Identity::load(&db)?;
        let uploads = upload::load(&db)?;
        let exits = exit::load(&db)?;
        // A taken command is open while the mirror may not show it: whoever
        // knows the mirror closes it.
        let (open, unreadable) = load::read(&db, "")?;
        let departures = Departures::load(&db, &open)?;
        let (last_n, head) = load::head(&db, identity.device.incarnation)?;
        let last_saved = db
            .query_row("SELECT coalesce(max(saved_n), 0) FROM commands", [], |row| row.get(0))
            .map_err(fault)?;
        connection::trust(&db, OUTBOX)?;
        let places = open.iter().map(|one| (one.id(), one.place)).collect();
        let open = open.into_iter().map(|one| (one.place, one)).collect();
        Ok(Self {
            db,
            identity,
            uploads,
            departures,
            exits,
            unreadable,
            open,
            places,
            last_n,
            head,
            last_saved,
        })
    }

    /// The open commands, in the order in which they are judged.
    pub(crate) fn open_commands(&self) -> impl Iterator<Item = &Open> {
        self.open.values()
    }

    pub(crate) fn get(&self, id: CommandId) -> Option<&Open> {
        self.open.get(self.places.get(&id)?)
    }

    fn get_mut(&mut self, id: CommandId) -> Option<&mut Open> {
        self.open.get_mut(self.places.get(&id)?)
    }

    /// The command that stands in for `id` today: the last correction of it.
    /// One that had its effect before its correction was known stands for
    /// itself.
    pub(crate) fn stand_in(&self, id: CommandId) -> CommandId {
        let mut at = id;
        // A chain of corrections has no circle: each correction is new.
        while let Some(next) =
            self.get(at).filter(|one| !one.counts()).and_then(|one| one.replaced_by)
        {
            at = next;
        }
        at
    }

    /// Lets go of a command that is settled for good; it stays on the disk.
    pub(crate) fn close(&mut self, id: CommandId) {
        if let Some(place) = self.places.remove(&id) {
            self.open.remove(&place);
        }
    }

    /// Every command on the disk, in the order in which they are judged.
    pub(crate) fn history(&self) -> Result<Vec<Open>> {
        Ok(load::read(&self.db, "")?.0)
    }

    fn begin(&self) -> Result<Transaction<'_>> {
        Transaction::new_unchecked(&self.db, TransactionBehavior::Immediate).map_err(fault)
    }
}

fn fault(source: rusqlite::Error) -> Error {
    Error::store(OUTBOX.what, source)
}

/// The hash that the next envelope names.
fn hash(envelope: &str) -> String {
    hex::encode(Sha256::digest(envelope.as_bytes()))
}
