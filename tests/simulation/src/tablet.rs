//! A tablet: the real engine and the real replica, which die and come back.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use lantian_domain::ids::{CommandId, RecordId};
use lantian_domain::time::Instant;
use lantian_protocol::feed::Witness;
use lantian_protocol::{Cursor, Item, Page, PushResponse, Verdict};
use lantian_replica::{Entry, Replica, SyncState, simulation};
use lantian_server::store::DeviceRow;
use lantian_sync::{Effect, Engine, Input, Ticket};

use crate::stage::{copy, key_of};

/// A tablet that is switched on.
pub(crate) struct Running {
    pub(crate) engine: Engine,
    pub(crate) replica: Replica,
}

/// One tablet of the fleet.
pub(crate) struct Tablet {
    pub(crate) number: usize,
    pub(crate) device: DeviceRow,
    folder: PathBuf,
    running: Option<Running>,
    /// Counts its lives; what belongs to an earlier one reaches nobody.
    pub(crate) life: u32,
    pub(crate) online: bool,
    pub(crate) wakes: bool,
    /// Where the company takes the mirror to stand while it listens.
    pub(crate) place: Option<Cursor>,
    /// Its clock minus the true time, in ms.
    pub(crate) skew_ms: i64,
    /// Which of its timers counts.
    pub(crate) timer: u64,
    /// Whether its access token has expired.
    pub(crate) expired: bool,
    /// What each push showed of the company's words.
    pub(crate) shown: BTreeMap<Ticket, Option<Witness>>,
    /// What it has promised the network, and what it owes its store.
    pub(crate) manners: Manners,
    /// After a page that could not be committed, what has to be here still.
    pub(crate) stood: Option<Stood>,
    /// A page it was once answered with, for a middlebox to repeat.
    pub(crate) old_page: Option<Page>,
    /// Whether a copy of its folder lies aside.
    pub(crate) has_copy: bool,
}

/// Where a mirror stands: cursor and digest.
pub(crate) type Stood = (Option<Cursor>, Vec<u8>);

/// When a tablet may ask again: for each line (pull, push, repair,
/// account).
#[derive(Clone, Debug, Default)]
pub(crate) struct Manners {
    /// The server asked for patience until then.
    pub(crate) patience: Option<Instant>,
    /// Not before then, after a failure of this line.
    pub(crate) backoff: [Option<Instant>; 4],
    /// The request of each line that its engine waits for; what was given up
    /// earlier may still be answered.
    pub(crate) asked: [Ticket; 4],
}

impl Tablet {
    /// The tablet of a history, switched off.
    pub(crate) fn new(number: usize, device: DeviceRow, folder: &Path) -> Self {
        Self {
            number,
            device,
            folder: folder.to_owned(),
            running: None,
            life: 0,
            online: true,
            wakes: false,
            place: None,
            skew_ms: 0,
            timer: 0,
            expired: false,
            shown: BTreeMap::new(),
            manners: Manners::default(),
            stood: None,
            old_page: None,
            has_copy: false,
        }
    }

    /// Whether it is switched on.
    pub(crate) fn is_on(&self) -> bool {
        self.running.is_some()
    }

    /// What runs on it.
    pub(crate) fn running(&mut self) -> Result<&mut Running> {
        self.running.as_mut().context("the tablet is off")
    }

    /// Its program is started.
    pub(crate) fn open(&mut self, seed: u64) -> Result<()> {
        self.switch_on(seed).map(drop)
    }

    /// It is switched on: the store is opened as a person would.
    pub(crate) fn switch_on(&mut self, seed: u64) -> Result<Input> {
        let replica = simulation::open(&self.folder, key_of(self.number))?;
        let (sendable, repairs) = (replica.sendable_count()?, replica.repairs()?.len());
        let engine = Engine::new(seed ^ u64::from(self.life));
        self.running = Some(Running { engine, replica });
        Ok(Input::Started { sendable, repairs })
    }

    /// The program is killed.
    pub(crate) fn kill(&mut self) {
        self.running = None;
        self.life += 1;
        self.wakes = false;
        self.shown.clear();
        self.manners = Manners::default();
    }

    /// A copy of its folder is taken, or put back by somebody.
    pub(crate) fn copy_folder(&mut self, put_back: bool) -> Result<()> {
        self.kill();
        let aside = self.folder.with_extension("aside");
        let (from, to) = if put_back { (&aside, &self.folder) } else { (&self.folder, &aside) };
        if to.exists() {
            fs::remove_dir_all(to)?;
        }
        copy(from, to)?;
        self.has_copy = true;
        Ok(())
    }

    /// Where its mirror stands.
    pub(crate) fn stands(&mut self) -> Result<Stood> {
        let replica = &self.running()?.replica;
        Ok((replica.cursor()?, replica.scope_digest()?.digest))
    }

    /// The bytes in the mirror's write-ahead log.
    pub(crate) fn log_bytes(&self) -> u64 {
        fs::metadata(self.folder.join("replica.db-wal")).map_or(0, |log| log.len())
    }

    /// The records in its mirror.
    pub(crate) fn records(&mut self) -> Result<BTreeSet<RecordId>> {
        Ok(simulation::held(&self.running()?.replica))
    }

    /// Gives the engine an input.
    pub(crate) fn hear(&mut self, input: Input, now: Instant) -> Vec<Effect> {
        self.running.as_mut().map_or_else(Vec::new, |on| on.engine.handle(input, now))
    }

    /// The tablet's own time.
    pub(crate) fn time(&self, now: Instant) -> Instant {
        let offset = self.running.as_ref().map_or(0, |on| on.replica.offset_ms());
        now.plus_ms(self.skew_ms + offset)
    }

    /// Whether a page takes a record away that is here.
    pub(crate) fn lets_go(&mut self, page: &Page) -> Result<bool> {
        let replica = &self.running()?.replica;
        for item in &page.items {
            if let Item::Left { id } = item
                && replica.confirmed(*id)?.is_some()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The version at which a record is shown; 0 for none.
    pub(crate) fn version(&mut self, id: RecordId) -> Result<u64> {
        Ok(self.running()?.replica.shown(id)?.map_or(0, |record| record.version()))
    }

    /// The versions shown of the records whose commands are acknowledged before
    /// the feed has brought them.
    pub(crate) fn versions(&mut self, answers: &PushResponse) -> Result<Vec<(RecordId, u64)>> {
        let replica = &self.running()?.replica;
        let stands = replica.cursor()?.map_or(0, |cursor| cursor.seq);
        let ahead =
            |verdict: &Verdict| matches!(verdict, Verdict::Accepted { seq, .. } if *seq > stands);
        if !answers.outcomes.iter().all(|one| ahead(&one.verdict)) {
            // A refusal takes what was shown back, and rightly.
            return Ok(Vec::new());
        }
        let ids: BTreeSet<CommandId> = answers.outcomes.iter().map(|one| one.id).collect();
        let open = replica.outbox(false)?;
        let mut records: BTreeSet<RecordId> =
            open.iter().filter(|one| ids.contains(&one.id)).map(|one| one.record).collect();
        // What left is here until its work has gone out, and no longer.
        for id in records.clone() {
            if replica.card(id)?.is_some_and(|line| line.sync == SyncState::Held) {
                records.remove(&id);
            }
        }
        records.into_iter().map(|id| Ok((id, self.version(id)?))).collect()
    }

    /// Every command that was ever saved here.
    pub(crate) fn history(&mut self) -> Result<Vec<Entry>> {
        Ok(self.running()?.replica.outbox(true)?)
    }
}
