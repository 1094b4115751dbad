//! What a workload did to the files below a folder, and the fault that is
//! armed for it.
//!
//! Invariant: an operation is on the tape once it was carried out, in the
//! order in which the system saw it.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

/// An operation on a file.
#[derive(Clone, Debug)]
pub enum Op {
    /// It was made.
    Create,
    /// Bytes were written.
    Write {
        /// Where.
        at: usize,
        /// What.
        bytes: Box<[u8]>,
    },
    /// It was cut to a length.
    Truncate {
        /// The length.
        len: usize,
    },
    /// Everything before is on the disk.
    Sync,
    /// A sync failed: the programs go on seeing what was written before, but
    /// the system has forgotten that it is not on the disk.
    SyncFailed,
    /// It was removed; with `durable` its folder was synced, too.
    Delete {
        /// Whether the removal is on the disk.
        durable: bool,
    },
}

/// An operation and its file, named from the watched folder.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The file.
    pub file: Arc<str>,
    /// What was done.
    pub op: Op,
}

/// What a disk does instead of what it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A write stops half way: no space.
    Full,
    /// A write, a cut or a removal fails.
    Write,
    /// A sync fails, and what it should have kept is forgotten by the system.
    Sync,
    /// A read fails.
    Read,
    /// A read gives zeros from its middle on, and says that the file ends.
    ShortRead,
}

/// The kinds of calls that a fault can strike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Bytes are written, or a file is made.
    Write,
    /// A file is cut or removed.
    Cut,
    /// A file is synced.
    Sync,
    /// Bytes are read.
    Read,
}

/// A fault that waits for its call.
#[derive(Clone, Copy, Debug)]
pub struct Armed {
    /// What happens.
    pub fault: Fault,
    /// At which of the calls that it can strike, counted from 0.
    pub at: usize,
    /// Whether it goes on until it is disarmed.
    pub lasting: bool,
    /// Which files it strikes, by the beginning of their names.
    pub below: &'static str,
}

impl Fault {
    fn strikes(self, call: Call) -> bool {
        match self {
            Self::Full => call == Call::Write,
            Self::Write => matches!(call, Call::Write | Call::Cut),
            Self::Sync => call == Call::Sync,
            Self::Read | Self::ShortRead => call == Call::Read,
        }
    }
}

#[derive(Default)]
struct State {
    tape: Vec<Entry>,
    armed: Option<Armed>,
    calls: usize,
    struck: usize,
    /// How many hold a file open; those that were let go of bear a mark.
    held: BTreeMap<Arc<str>, usize>,
}

/// Watches the files below a folder.
pub struct Watch {
    root: PathBuf,
    state: Mutex<State>,
}

/// When a file was last changed that nobody has touched since SQLite let go of
/// it.
const MARK: SystemTime = SystemTime::UNIX_EPOCH;

static WATCHES: Mutex<Vec<Arc<Watch>>> = Mutex::new(Vec::new());

/// A watch that ends with its value.
pub struct Watching(Arc<Watch>);

impl Watching {
    /// Watches `root` from now on.
    pub fn over(root: &Path) -> Self {
        crate::vfs::install();
        let watch = Arc::new(Watch { root: root.to_owned(), state: Mutex::default() });
        locked(&WATCHES).push(Arc::clone(&watch));
        Self(watch)
    }
}

impl std::ops::Deref for Watching {
    type Target = Watch;

    fn deref(&self) -> &Watch {
        &self.0
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        locked(&WATCHES).retain(|one| !Arc::ptr_eq(one, &self.0));
    }
}

impl Watch {
    /// How many operations are on the tape.
    pub fn len(&self) -> usize {
        locked(&self.state).tape.len()
    }

    /// Whether nothing was done yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes the tape away.
    pub fn take(&self) -> Vec<Entry> {
        std::mem::take(&mut locked(&self.state).tape)
    }

    /// Arms a fault; the calls are counted from now on.
    pub fn arm(&self, armed: Option<Armed>) {
        let mut state = locked(&self.state);
        (state.armed, state.calls, state.struck) = (armed, 0, 0);
    }

    /// How many calls the armed fault could have struck.
    pub fn calls(&self) -> usize {
        locked(&self.state).calls
    }

    /// How often the armed fault has struck.
    pub fn struck(&self) -> usize {
        locked(&self.state).struck
    }

    pub(crate) fn note(&self, file: &Arc<str>, op: Op) {
        locked(&self.state).tape.push(Entry { file: Arc::clone(file), op });
    }

    /// A file is opened. When it was there and the product has written to it past
    /// SQLite since it was let go of, that is noted: such writes are synced
    /// (`lantian_replica`'s `durable`, the server's `store::wal`).
    pub(crate) fn opened(&self, file: &Arc<str>, fresh: bool) {
        let mut state = locked(&self.state);
        let held = state.held.get(file).copied();
        state.held.insert(Arc::clone(file), held.unwrap_or(0) + 1);
        if !fresh
            && held == Some(0)
            && let Ok(content) = std::fs::read(self.root.join(&**file))
            && !self.is_marked(file)
        {
            let write = Op::Write { at: 0, bytes: content.into() };
            for op in [write, Op::Sync] {
                state.tape.push(Entry { file: Arc::clone(file), op });
            }
        }
    }

    /// A file is let go of.
    pub(crate) fn closed(&self, file: &Arc<str>) {
        let mut state = locked(&self.state);
        let held = state.held.entry(Arc::clone(file)).or_insert(1);
        *held -= 1;
        // A file that is gone needs no mark.
        if let (0, Ok(file)) = (*held, File::open(self.root.join(&**file))) {
            let _ = file.set_modified(MARK);
        }
    }

    fn is_marked(&self, file: &str) -> bool {
        let meta = std::fs::metadata(self.root.join(file));
        meta.and_then(|meta| meta.modified()).is_ok_and(|at| at == MARK)
    }

    /// Whether this call is struck.
    pub(crate) fn fault(&self, file: &str, call: Call) -> Option<Fault> {
        let mut state = locked(&self.state);
        let concerns = |armed: &Armed| armed.fault.strikes(call) && file.starts_with(armed.below);
        let armed = state.armed.filter(concerns)?;
        let number = state.calls;
        state.calls += 1;
        let strikes = if armed.lasting { number >= armed.at } else { number == armed.at };
        state.struck += usize::from(strikes);
        strikes.then_some(armed.fault)
    }
}

/// The watch over a file, and the file's name from the watched folder.
pub(crate) fn watch_of(path: &Path) -> Option<(Arc<Watch>, Arc<str>)> {
    locked(&WATCHES).iter().find_map(|watch| {
        let name = path.strip_prefix(&watch.root).ok()?;
        Some((Arc::clone(watch), name.to_string_lossy().into()))
    })
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
