//! Doors for the simulator, which opens thousands of stores: a store that is
//! made and opened with a key at hand, without PIN and keyring; one that is
//! *cut* (killed between two of its commits); and what a record left behind.
//!
//! Everything behind the door is what a tablet has.

use std::{cell::Cell, collections::BTreeSet, path::Path, sync::Arc};

use lantian_domain::ids::RecordId;

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
    let mut replica = Replica::open(dir, data_key(key)?, Arc::new(holder))?;
    for db in replica.databases() {
        db.commit_hook(Some(is_cut)).map_err(|source| Error::store("database", source))?;
    }
    Ok(replica)
}

thread_local! {
    static COMMITS: Cell<Option<u32>> = const { Cell::new(None) };
}

/// On this thread, the stores take so many commits more; every later one
/// fails, as if the program had been killed before it. `None` ends that.
pub fn cut_after(commits: Option<u32>) {
    COMMITS.set(commits);
}

fn is_cut() -> bool {
    let left = COMMITS.get();
    COMMITS.set(left.map(|left| left.saturating_sub(1)));
    left == Some(0)
}

/// The listed records that the mirror holds.
pub fn held(replica: &Replica) -> BTreeSet<RecordId> {
    replica.held().collect()
}

/// Bodies in the mirror that belong to no record.
///
/// # Errors
/// The store's.
pub fn leftovers(replica: &mut Replica) -> Result<u64> {
    let [_, mirror] = replica.databases();
    let sql = "SELECT count(*) FROM bodies WHERE n NOT IN (SELECT n FROM cards)";
    mirror
        .query_row(sql, [], |row| row.get::<_, i64>(0))
        .map(i64::cast_unsigned)
        .map_err(|source| Error::store("mirror", source))
}

fn data_key(key: [u8; 32]) -> Result<DataKey> {
    DataKey::from_slice(&key).ok_or_else(|| Error::corrupt("keys", "the key has 32 bytes"))
}
