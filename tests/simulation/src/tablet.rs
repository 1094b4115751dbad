//! A tablet: the real engine and the real replica, which die and come back.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use lantian_domain::ids::{CommandId, RecordId};
use lantian_domain::time::Instant;
use lantian_replica::{Fate, Replica, simulation};
use lantian_server::store::DeviceRow;
use lantian_sync::{Effect, Engine, Input};

use crate::stage::key_of;

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
    /// Its clock minus the true time, in ms.
    pub(crate) skew_ms: i64,
    /// Which of its timers counts.
    pub(crate) timer: u64,
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
            skew_ms: 0,
            timer: 0,
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

    /// What became of every command that was ever saved here.
    pub(crate) fn fates(&mut self) -> Result<Vec<(CommandId, RecordId, Fate, bool)>> {
        let entries = self.running()?.replica.outbox(true)?;
        Ok(entries.into_iter().map(|one| (one.id, one.record, one.fate, one.parked)).collect())
    }
}
