//! One device's application over one data folder.

mod act;
mod admin;
mod archive;
mod attend;
mod audit;
mod begin;
mod bundle;
mod channel;
mod door;
mod downloads;
mod file;
mod network;
mod read;
pub(crate) mod readiness;
mod report;
mod rest;
mod seen;
mod session;
mod status;
mod sync;
mod tolerance;
mod wipe;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex as Held, PoisonError, RwLock},
    time::Duration,
};

use tokio::{
    sync::{Mutex, broadcast},
    task::AbortHandle,
};

use crate::{
    clock::{Clock, SystemClock},
    courier::Courier,
    desk::Desk,
    drive::{Changed, Driver},
    error::{Error, Result},
    home::KeyStore,
    journal::Journal,
    view::{ArchiveProgress, DeviceRef, UserView},
};
use door::Door;
use rest::Rest;
use seen::Seen;

pub use session::Credentials;
pub use status::{Kept, StatusView};
pub use sync::Wish;

/// The changes kept for a listener that is slow.
const TOLD: usize = 256;

/// Whether synchronisation runs by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// As long as the store is open: a window.
    Background,
    /// Only when it is asked for: a command line.
    OnDemand,
}

/// What an application is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder.
    pub home: PathBuf,
    /// The store of keys, where one was named.
    pub key_store: Option<KeyStore>,
    /// The authority whose certificates alone are believed, where one was
    /// named.
    pub authority: Option<PathBuf>,
    /// Who holds the data folder, as another process is told.
    pub program: String,
    /// What the device calls itself at its enrolment.
    pub device_name: String,
    /// Whether synchronisation runs by itself.
    pub work: Work,
    /// Where a person finds what was saved for them; the system's folder of
    /// downloads where none was named.
    pub downloads: Option<PathBuf>,
    /// After how long without an act of the person the store is locked.
    pub auto_lock: Duration,
}

impl Options {
    /// The options of a program over a data folder: the machine's name, and a
    /// quarter of an hour until it locks itself.
    pub fn new(home: PathBuf, program: &str, work: Work) -> Self {
        Self {
            home,
            key_store: None,
            authority: None,
            program: program.to_owned(),
            device_name: machine_name(),
            work,
            downloads: None,
            auto_lock: Duration::from_mins(15),
        }
    }
}

fn machine_name() -> String {
    let named = std::fs::read_to_string("/etc/hostname").ok();
    let named = named.or_else(|| std::env::var("COMPUTERNAME").ok());
    let name = named.as_deref().map(str::trim).filter(|name| !name.is_empty());
    name.unwrap_or("tablet").chars().take(60).collect()
}

/// One device's application.
#[derive(Clone)]
pub struct App(Arc<Inner>);

pub(crate) struct Inner {
    options: Options,
    desk: Desk,
    clock: Arc<dyn Clock>,
    journal: Arc<Journal>,
    changes: broadcast::Sender<Changed>,
    door: Mutex<Door>,
    open: RwLock<Option<Arc<Open>>>,
    rest: Rest,
    seen: Seen,
    archiving: Held<Option<ArchiveProgress>>,
}

/// What there is only while the store is open.
pub(crate) struct Open {
    courier: Courier,
    driver: Option<Driver>,
    user: UserView,
    device: DeviceRef,
    server: String,
    /// What locks it at rest, and what wipes it once it is revoked.
    watches: Vec<AbortHandle>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.watches.iter().for_each(AbortHandle::abort);
    }
}

impl App {
    /// Prepares an application; nothing is opened and nothing written.
    ///
    /// # Errors
    /// [`Error::Closing`] when the system gives no thread.
    pub fn new(options: Options) -> Result<Self> {
        Self::with_clock(options, Arc::new(SystemClock::default()))
    }

    /// The same, by another clock.
    ///
    /// # Errors
    /// [`Error::Closing`] when the system gives no thread.
    pub fn with_clock(options: Options, clock: Arc<dyn Clock>) -> Result<Self> {
        Ok(Self(Arc::new(Inner {
            options,
            desk: Desk::start()?,
            clock,
            journal: Arc::default(),
            changes: broadcast::channel(TOLD).0,
            door: Mutex::default(),
            open: RwLock::default(),
            rest: Rest::default(),
            seen: Seen::default(),
            archiving: Held::default(),
        })))
    }

    /// Listens to what changes.
    pub fn changes(&self) -> broadcast::Receiver<Changed> {
        self.0.changes.subscribe()
    }

    /// The open session.
    fn open(&self) -> Result<Arc<Open>> {
        self.0.open.read().unwrap_or_else(PoisonError::into_inner).clone().ok_or(Error::Locked)
    }

    fn set_open(&self, open: Option<Open>) {
        *self.0.open.write().unwrap_or_else(PoisonError::into_inner) = open.map(Arc::new);
    }
}
