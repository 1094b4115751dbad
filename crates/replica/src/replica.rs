//! The open replica: one owner, everything synchronous.
//!
//! ```text
//!            ┌── judge ──► outbox ──► overlay ──┐
//! person ────┤                                  ├──► shelf ──► lists, search
//!            └── read ◄── overlay over mirror ──┘
//! server ──── page ──► mirror ──► overlay ──────┘
//! ```
//!
//! Invariant: what a person was told is saved lies in the outbox before the
//! call returns. Nothing else than [`Replica`] writes to the two stores.

mod act;
mod attach;
mod attention;
mod care;
mod departure;
mod exchange;
mod leave;
mod lists;
mod marks;
mod proposals;
mod recall;
mod shape;
mod verify;

use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use lantian_domain::{
    command::Command,
    context::Actor,
    ids::RecordId,
    record::{Person, Record, Rules},
    time::Instant,
};

pub use act::{Saved, Submission};
pub use attach::{FileState, NewFile};
pub use attention::{AttentionItem, AttentionKind, Choice, Resolution, Resolved};
pub use care::Health;
pub use departure::{Asked, Departure};
pub use leave::Accounting;
pub use marks::Tally;
pub use shape::Shape;
pub use verify::{Flaw, Verified};

use crate::{
    connection::{self, MIRROR},
    error::{Error, Result},
    files::Cache,
    keys::DataKey,
    lock::Holder,
    mirror::Mirror,
    outbox::{Device, Draft, Outbox},
    read::Shelf,
    shown::{Base, Lanes, Overlay},
    space::{Reserve, StorageState},
};
use marks::Marks;

/// The open replica of one person on one device. Dropping it locks it.
pub struct Replica {
    dir: PathBuf,
    key: DataKey,
    outbox: Outbox,
    mirror: Mirror,
    cache: Cache,
    reserve: Reserve,
    overlay: Overlay,
    lanes: Lanes,
    marks: Marks,
    shelf: Shelf,
    rules: Option<Arc<Rules>>,
    actor: Actor,
    people: OnceCell<Vec<Person>>,
    /// Files that the company lacked when it was last asked about a record, with
    /// the record's mark at that time.
    lacking: BTreeMap<RecordId, (i64, u64)>,
    changes: BTreeSet<RecordId>,
    /// Of what is held back here, what the company was told since the opening.
    told: BTreeSet<RecordId>,
    /// Held as long as the stores are open.
    holder: Arc<Holder>,
}

impl Replica {
    /// Opens both stores. A mirror that turns out damaged is made anew, also
    /// where only its bodies are.
    pub(crate) fn open(dir: &Path, key: DataKey, holder: Arc<Holder>) -> Result<Self> {
        match Self::try_open(dir, key.clone(), Arc::clone(&holder)) {
            Err(Error::Corrupt { what, .. }) if what == MIRROR.what => {
                tracing::warn!("what the mirror holds is damaged; it is made anew");
                connection::remove(dir, MIRROR)?;
                Mirror::create(dir, &key)?;
                Self::try_open(dir, key, holder)
            }
            other => other,
        }
    }

    fn try_open(dir: &Path, key: DataKey, holder: Arc<Holder>) -> Result<Self> {
        let reserve = Reserve::in_dir(dir);
        // A disk too full for the reserve is no reason not to open.
        if let Err(fault) = reserve.fill() {
            tracing::warn!(code = fault.code(), "the reserve could not be filled");
        }
        let outbox = Outbox::open(dir, &key)?;
        let (mirror, cards) = Mirror::open(dir, &key)?;
        let actor = Actor::of(&outbox.identity.device.person);
        let mut replica = Self {
            dir: dir.to_owned(),
            cache: Cache::open(&dir.join("files"), key.clone())?,
            key,
            outbox,
            mirror,
            reserve,
            overlay: Overlay::default(),
            lanes: Lanes::default(),
            marks: Marks::default(),
            shelf: Shelf::default(),
            rules: None,
            actor,
            people: OnceCell::new(),
            lacking: BTreeMap::new(),
            changes: BTreeSet::new(),
            told: BTreeSet::new(),
            holder,
        };
        for card in cards {
            replica.shelf.put(card);
        }
        replica.know_company()?;
        replica.close_included();
        replica.rebase(BTreeSet::new())?;
        // What was interrupted goes on.
        let leaving: Vec<RecordId> = replica.outbox.exits.values().map(|one| one.record).collect();
        for id in leaving {
            replica.refresh_line(id)?;
        }
        replica.shelf.tidy();
        replica.changes.clear();
        Ok(replica)
    }

    /// Who this tablet is.
    pub fn device(&self) -> &Device {
        &self.outbox.identity.device
    }

    /// Notes what the directory says of the person now.
    ///
    /// # Errors
    /// The store's.
    pub fn set_person(&mut self, person: &Person) -> Result<()> {
        self.outbox.identity.set_person(&self.outbox.db, person)?;
        self.know_company()?;
        // Other roles: what waits is judged again.
        self.rebase(self.overlay.written())
    }

    /// Signs with the device's key.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.outbox.identity.sign(message)
    }

    /// The device's public key, 32 bytes.
    pub fn public_key(&self) -> Vec<u8> {
        self.outbox.identity.key.verifying_key().to_bytes().to_vec()
    }

    /// Server minus device clock, as last measured.
    pub fn offset_ms(&self) -> i64 {
        self.outbox.identity.offset_ms
    }

    /// Notes a measured offset.
    ///
    /// # Errors
    /// The store's.
    pub fn set_offset_ms(&mut self, offset_ms: i64) -> Result<()> {
        self.outbox.identity.set_offset(&self.outbox.db, offset_ms)
    }

    /// A small thing that survives: tokens, choices.
    ///
    /// # Errors
    /// The store's.
    pub fn setting(&self, key: &str) -> Result<Option<String>> {
        self.outbox.setting(key)
    }

    /// Keeps a small thing, or forgets it.
    ///
    /// # Errors
    /// The store's.
    pub fn set_setting(&mut self, key: &str, value: Option<&str>) -> Result<()> {
        self.with_reserve(|replica| replica.outbox.set_setting(key, value))
    }

    /// Keeps an unfinished form.
    ///
    /// # Errors
    /// The store's.
    pub fn draft_save(&mut self, key: &str, data: &str, now: Instant) -> Result<()> {
        self.with_reserve(|replica| replica.outbox.draft_save(key, data, now))
    }

    /// An unfinished form.
    ///
    /// # Errors
    /// The store's.
    pub fn draft_load(&self, key: &str) -> Result<Option<Draft>> {
        self.outbox.draft_load(key)
    }

    /// Forgets a form that was sent or given up.
    ///
    /// # Errors
    /// The store's.
    pub fn draft_drop(&mut self, key: &str) -> Result<()> {
        self.outbox.draft_drop(key)
    }

    /// All unfinished forms, the latest first.
    ///
    /// # Errors
    /// The store's.
    pub fn drafts(&self) -> Result<Vec<Draft>> {
        self.outbox.drafts()
    }

    /// How much room the device has.
    ///
    /// # Errors
    /// [`Error::Io`] when the file system does not answer.
    pub fn storage(&self) -> Result<StorageState> {
        StorageState::of(&self.dir)
    }

    /// Takes what is known of the company from the mirror: the rules, and the
    /// roles that the person holds.
    fn know_company(&mut self) -> Result<()> {
        self.people = OnceCell::new();
        self.rules = match self.mirror.record(Rules::ID)?.as_deref() {
            Some(Record::Rules(rules)) => Some(Arc::new((**rules).clone())),
            _ => None,
        };
        let own = &self.outbox.identity.device.person;
        self.actor = match self.mirror.record(own.id)?.as_deref() {
            Some(Record::Person(person)) => Actor::of(person),
            _ => Actor::of(own),
        };
        // What was confirmed here and waits to be sent counts already.
        let confirmed = |open: &crate::outbox::Open| {
            open.counts() && matches!(open.envelope.command, Command::ConfirmPolicy(_))
        };
        self.actor.has_read_policy |= self.outbox.open_commands().any(confirmed);
        Ok(())
    }

    /// Lets go of commands whose effect the mirror includes.
    fn close_included(&mut self) {
        let included: Vec<_> = self
            .outbox
            .open_commands()
            .filter(|open| open.fate == crate::outbox::Fate::Taken)
            .filter(|open| self.mirror.includes(open.epoch, open.seq))
            .map(crate::outbox::Open::id)
            .collect();
        for id in included {
            self.outbox.close(id);
        }
    }

    /// Judges open commands again after `records` changed, and brings lists
    /// and marks up to date.
    fn rebase(&mut self, records: BTreeSet<RecordId>) -> Result<()> {
        let touched = if let Some(rules) = self.rules.clone() {
            let base = Base { mirror: &self.mirror, rules: &rules, actor: &self.actor };
            self.overlay.rebuild(records, &self.outbox, base)?
        } else {
            let mut touched = self.overlay.suspend(&self.outbox);
            touched.extend(records);
            touched
        };
        self.lanes = Lanes::of(&self.outbox, &self.overlay);
        self.marks = Marks::of(&self.outbox, &self.overlay, &self.lanes);
        for id in touched {
            self.refresh_line(id)?;
        }
        self.shelf.tidy();
        Ok(())
    }

    /// As [`Self::rebase`], for records whose lines are already those of the
    /// mirror: only what open commands touch is looked at.
    fn rebase_page(&mut self, records: &BTreeSet<RecordId>) -> Result<()> {
        let touched = self.overlay.touched_by(records);
        if touched.is_empty() && self.overlay.fits(&self.outbox) {
            self.shelf.tidy();
            return Ok(());
        }
        self.rebase(touched)
    }

    /// Brings one line of the lists up to date.
    fn refresh_line(&mut self, id: RecordId) -> Result<()> {
        let card = match self.overlay.record(id).map(|record| &**record).or(self.leaving(id)) {
            Some(record) => Some(lantian_domain::card::card(record)),
            None => self.mirror.card(id)?,
        };
        match card {
            Some(card) if self.shelf.get(id) == Some(&card) => {}
            Some(card) => self.shelf.put(card),
            None => self.shelf.remove(id),
        }
        self.changes.insert(id);
        Ok(())
    }

    /// Saves; on a full disk once more with the room of the reserve.
    fn with_reserve<T>(&mut self, mut save: impl FnMut(&mut Self) -> Result<T>) -> Result<T> {
        match save(self) {
            Err(Error::Full) if self.reserve.release() => save(self),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests;
