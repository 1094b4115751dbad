//! The disposable store: what the company has confirmed, byte for byte.
//!
//! Bodies stay packed until somebody looks at the record. Numbers, versions
//! and digests of all records are held in memory, so that a page is planned
//! without asking the disk.
//!
//! Invariant: a page is one transaction; cursor and records move together.
//! What is in memory is what was committed.

mod page;
mod record;

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
    path::Path,
    sync::Arc,
};

use lantian_domain::{card::Card, ids::RecordId, record::Record};
use lantian_protocol::{
    Cursor,
    blob::DIGEST_LEN,
    identity::ScopeDigest,
    planted::{Bug, planted},
};
use lantian_sync::LocalVersions;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use uuid::Uuid;

pub(crate) use page::{Leaving, Taken};

use crate::{
    connection::{self, MIRROR},
    error::{Error, Result},
    keys::DataKey,
    schema,
};

/// Digest of a record's body.
type Digest = [u8; DIGEST_LEN];

/// What is known of a record without reading it.
#[derive(Clone, Copy, Debug)]
struct Known {
    n: i64,
    version: u64,
    digest: Digest,
    generation: i64,
}

/// Where the mirror stands.
#[derive(Clone, Debug, Default)]
struct Stand {
    cursor: Option<Cursor>,
    generation: i64,
    fresh: bool,
    total: u64,
}

/// The open store.
pub(crate) struct Mirror {
    db: Connection,
    stand: Stand,
    known: HashMap<RecordId, Known>,
    repairs: BTreeSet<RecordId>,
    /// The version that a page told of a record which is to be fetched whole:
    /// an answer from before is of no use. What is asked after a restart is
    /// newer than every page.
    least: HashMap<RecordId, u64>,
    /// XOR of all digests.
    digest: Digest,
    last_n: i64,
    /// Records that somebody looked at lately.
    read: RefCell<HashMap<RecordId, Arc<Record>>>,
    /// Records whose body could not be read: as good as not here, and to be
    /// fetched whole.
    damaged: RefCell<BTreeSet<RecordId>>,
}

impl Mirror {
    /// Makes an empty mirror.
    pub(crate) fn create(dir: &Path, key: &DataKey) -> Result<()> {
        let mut db = connection::create(dir, MIRROR, key)?;
        schema::migrate(&mut db, MIRROR, schema::MIRROR)?;
        db.pragma_update(None, "wal_checkpoint", "TRUNCATE").map_err(fault)
    }

    /// Opens the mirror and reads all cards. A damaged one is made anew: it is
    /// rebuilt from the server, and nothing precious lies in it.
    pub(crate) fn open(dir: &Path, key: &DataKey) -> Result<(Self, Vec<Card>)> {
        match Self::try_open(dir, key) {
            Err(Error::Corrupt { .. } | Error::WrongKey { .. }) => {
                tracing::warn!("the mirror is damaged and is made anew");
                connection::remove(dir, MIRROR)?;
                Self::create(dir, key)?;
                Self::try_open(dir, key)
            }
            other => other,
        }
    }

    fn try_open(dir: &Path, key: &DataKey) -> Result<(Self, Vec<Card>)> {
        let mut db = connection::open(dir, MIRROR, key)?;
        schema::migrate(&mut db, MIRROR, schema::MIRROR)?;
        // First synchronisation writes pages of megabytes: a cache and a log
        // of that size save reading and copying each of them twice.
        db.execute_batch("PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4000;")
            .map_err(fault)?;
        let stand = read_stand(&db)?;
        let repairs = read_repairs(&db)?;
        let mut mirror = Self {
            db,
            stand,
            known: HashMap::new(),
            repairs,
            least: HashMap::new(),
            digest: [0; DIGEST_LEN],
            last_n: 0,
            read: RefCell::default(),
            damaged: RefCell::default(),
        };
        let cards = mirror.read_cards()?;
        connection::trust(&mirror.db, MIRROR)?;
        Ok((mirror, cards))
    }

    /// Where the mirror stands in the feed.
    pub(crate) fn cursor(&self) -> Option<&Cursor> {
        self.stand.cursor.as_ref()
    }

    /// Whether a commit of an epoch is included in what is held.
    pub(crate) fn includes(&self, epoch: Option<u64>, seq: Option<u64>) -> bool {
        let (Some(cursor), Some(seq)) = (self.cursor(), seq) else { return false };
        let same = epoch.is_none_or(|epoch| epoch == cursor.epoch);
        same && (cursor.seq >= seq || planted(Bug::AckHides)) && cursor.snapshot.is_none()
    }

    /// How many records are held.
    pub(crate) fn len(&self) -> usize {
        self.known.len()
    }

    /// All records that are held.
    pub(crate) fn ids(&self) -> impl Iterator<Item = RecordId> {
        self.known.keys().copied()
    }

    /// The version of a record; 0 for none.
    pub(crate) fn version_of(&self, id: RecordId) -> u64 {
        self.known.get(&id).map_or(0, |known| known.version)
    }

    /// The digest of a record.
    pub(crate) fn digest_of(&self, id: RecordId) -> Option<Vec<u8>> {
        self.known.get(&id).map(|known| known.digest.to_vec())
    }

    /// Records that are to be fetched whole.
    pub(crate) fn repairs(&self) -> Vec<RecordId> {
        self.repairs.union(&self.damaged.borrow()).copied().collect()
    }

    /// During a first synchronisation: records held, and records in all.
    pub(crate) fn first_sync(&self) -> Option<(u64, u64)> {
        let generation = self.stand.generation;
        let held = || self.known.values().filter(|known| known.generation == generation).count();
        self.stand.fresh.then(|| (held() as u64, self.stand.total))
    }

    /// The digest of everything held.
    pub(crate) fn scope_digest(&self) -> ScopeDigest {
        ScopeDigest {
            seq: self.cursor().map_or(0, |cursor| cursor.seq),
            records: self.known.len() as u64,
            digest: self.digest.to_vec(),
        }
    }

    /// The database, for checks.
    pub(crate) fn db(&self) -> &Connection {
        &self.db
    }

    /// The database, to let go of it.
    pub(crate) fn db_mut(&mut self) -> &mut Connection {
        &mut self.db
    }

    fn read_cards(&mut self) -> Result<Vec<Card>> {
        let sql = "SELECT n, id, version, digest, generation, card FROM cards";
        let mut statement = self.db.prepare(sql).map_err(fault)?;
        let mut rows = statement.query([]).map_err(fault)?;
        let mut cards = Vec::new();
        while let Some(row) = rows.next().map_err(fault)? {
            let known = Known {
                n: row.get(0).map_err(fault)?,
                version: row.get::<_, i64>(2).map_err(fault)?.cast_unsigned(),
                digest: row.get(3).map_err(fault)?,
                generation: row.get(4).map_err(fault)?,
            };
            let id = RecordId(Uuid::from_bytes(row.get(1).map_err(fault)?));
            let text: &str = row
                .get_ref(5)
                .map_err(fault)?
                .as_str()
                .map_err(|e| Error::corrupt(MIRROR.what, e))?;
            cards.push(parse_card(text)?);
            self.last_n = self.last_n.max(known.n);
            mix(&mut self.digest, &known.digest);
            if self.known.insert(id, known).is_some() {
                return Err(Error::corrupt(MIRROR.what, "a record is there twice"));
            }
        }
        Ok(cards)
    }

    fn begin(&self) -> Result<Transaction<'_>> {
        Transaction::new_unchecked(&self.db, TransactionBehavior::Immediate).map_err(fault)
    }
}

impl LocalVersions for Mirror {
    fn cursor(&self) -> Option<Cursor> {
        self.stand.cursor.clone()
    }

    fn version(&self, id: RecordId) -> Option<u64> {
        self.known.get(&id).map(|known| known.version)
    }
}

fn read_stand(db: &Connection) -> Result<Stand> {
    let sql = "SELECT cursor, generation, fresh, total FROM mirror WHERE one = 1";
    let (cursor, generation, fresh, total) = db
        .query_row(sql, [], |row| {
            Ok((row.get::<_, Option<String>>(0)?, row.get(1)?, row.get(2)?, row.get::<_, i64>(3)?))
        })
        .map_err(fault)?;
    let cursor = cursor
        .map(|text| serde_json::from_str(&text))
        .transpose()
        .map_err(|_| Error::corrupt(MIRROR.what, "its position cannot be read"))?;
    Ok(Stand { cursor, generation, fresh, total: total.cast_unsigned() })
}

fn write_stand(act: &Transaction<'_>, stand: &Stand) -> Result<()> {
    let cursor = stand
        .cursor
        .as_ref()
        .map(serde_json::to_string)
        .transpose()
        .map_err(|e| Error::Form(lantian_protocol::Error::Encode(e.into())))?;
    let sql = "UPDATE mirror SET cursor = ?1, generation = ?2, fresh = ?3, total = ?4";
    let values = params![cursor, stand.generation, stand.fresh, stand.total.cast_signed()];
    act.prepare_cached(sql).and_then(|mut set| set.execute(values)).map_err(fault)?;
    Ok(())
}

fn read_repairs(db: &Connection) -> Result<BTreeSet<RecordId>> {
    let mut statement = db.prepare("SELECT id FROM repairs").map_err(fault)?;
    let rows = statement.query_map([], |row| row.get::<_, [u8; 16]>(0)).map_err(fault)?;
    rows.map(|id| id.map(|id| RecordId(Uuid::from_bytes(id))).map_err(fault)).collect()
}

fn parse_card(text: &str) -> Result<Card> {
    serde_json::from_str(text).map_err(|_| Error::corrupt(MIRROR.what, "a card cannot be read"))
}

fn mix(all: &mut Digest, one: &Digest) {
    all.iter_mut().zip(one).for_each(|(all, byte)| *all ^= byte);
}

fn fault(source: rusqlite::Error) -> Error {
    Error::store(MIRROR.what, source)
}
