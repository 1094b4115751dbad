//! Opening, creating and holding the store's file.

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
    time::Duration,
};

use lantian_domain::{ids::OrgId, time::Instant};
use lantian_protocol::fresh;
use rusqlite::{Connection, OpenFlags, config::DbConfig, params};
use tokio::sync::{Notify, broadcast};

use super::{
    readers::Readers,
    schema,
    unit::Unit,
    wal,
    writer::{Wake, Writer},
};
use crate::{
    error::{Error, Result},
    suite::Suite,
};

/// The name of the store's file in the data folder.
pub const FILE: &str = "server.db";
const LOCK: &str = "server.lock";
const ORG: i64 = 1;

/// The company's store, open.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
    suite: Suite,
}

struct Inner {
    writer: Writer,
    readers: Readers,
    folder: PathBuf,
    /// The damage that was found: nothing is written any more.
    damage: OnceLock<String>,
    /// Somebody met what may be damage.
    doubt: Notify,
    /// Says that somebody works with the store; see [`wal::settle`].
    _held: File,
}

/// What a new store begins with.
pub struct NewOrg<'a> {
    /// The company's name.
    pub name: &'a str,
    /// The recovery key's age recipient.
    pub recipient: &'a str,
    /// When.
    pub at: Instant,
}

impl Store {
    /// Creates a store in `folder`.
    ///
    /// # Errors
    /// [`Error::StoreExists`], or [`Error::Folder`] when the folder cannot
    /// carry one.
    pub fn create(folder: &Path, org: &NewOrg<'_>) -> Result<Self> {
        std::fs::create_dir_all(folder)
            .map_err(Error::io(format!("{} could not be created", folder.display())))?;
        let path = folder.join(FILE);
        if path.exists() {
            return Err(Error::StoreExists(folder.to_owned()));
        }
        check_folder(folder)?;
        let mut connection = Connection::open(&path)?;
        connection.pragma_update(None, "page_size", 8192)?;
        prepare(&mut connection)?;
        connection.execute(
            "INSERT INTO orgs (org, id, name, epoch, head, recipient, created)
             VALUES (?1, ?2, ?3, 1, 0, ?4, ?5)",
            params![ORG, new_org_id().0.as_bytes(), org.name, org.recipient, org.at.0],
        )?;
        drop(connection);
        Self::open(folder)
    }

    /// Opens the store in `folder`.
    ///
    /// # Errors
    /// [`Error::NoStore`], [`Error::TooNew`], [`Error::Folder`];
    /// [`Error::Damaged`] when the file is empty, ends too early or holds
    /// something else; then nothing was changed.
    pub fn open(folder: &Path) -> Result<Self> {
        let path = folder.join(FILE);
        if !path.is_file() {
            return Err(Error::NoStore(folder.to_owned()));
        }
        // SQLite itself would remove the log beside an empty file.
        if std::fs::metadata(&path).is_ok_and(|found| found.len() == 0) {
            return Err(Error::damaged("the file is empty"));
        }
        check_folder(folder)?;
        let held = wal::settle(folder, &path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&path, flags)?;
        // Letting go of a store in doubt does not carry its log over.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        if schema::found(&connection)? == 0 {
            return Err(Error::damaged("the file holds no store"));
        }
        wal::ensure_whole(&connection, &path)?;
        prepare(&mut connection)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
        let readers = Readers::new(path, ORG);
        let writer = Writer::start(connection, ORG)?;
        let inner = Arc::new(Inner {
            writer,
            readers,
            folder: folder.to_owned(),
            damage: OnceLock::new(),
            doubt: Notify::new(),
            _held: held,
        });
        Ok(Self { inner, suite: Suite::Standard })
    }

    /// The same store, which hashes and signs by `suite` from now on; what is
    /// there goes on verifying by its own.
    #[must_use]
    pub fn by(self, suite: Suite) -> Self {
        Self { suite, ..self }
    }

    /// By which suite it hashes and signs.
    pub fn suite(&self) -> Suite {
        self.suite
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.inner.folder
    }

    /// Holds the folder against a second server, as long as the file lives.
    ///
    /// # Errors
    /// [`Error::StoreHeld`].
    pub fn hold(folder: &Path) -> Result<File> {
        let path = folder.join(LOCK);
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(Error::io(format!("{} could not be opened", path.display())))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(Error::StoreHeld(folder.to_owned())),
            Err(TryLockError::Error(source)) => {
                Err(Error::io(format!("{} could not be locked", path.display()))(source))
            }
        }
    }

    /// Reads every page (`quick_check`). When one is damaged, nothing is written
    /// from then on, so that no backup is made of a store that gets worse
    /// (lessons C.18).
    ///
    /// # Errors
    /// [`Error::Damaged`] with what was found; the store's.
    pub fn prove(&self) -> Result<()> {
        let first = self.inner.readers.read(|unit| Ok(unit.soundness()?.into_iter().next()))?;
        if let Some(first) = first {
            // Damage that is known already is as good.
            let _ = self.inner.damage.set(first);
        }
        self.ensure_sound()
    }

    /// Whether no damage is known.
    ///
    /// # Errors
    /// [`Error::Damaged`].
    pub fn ensure_sound(&self) -> Result<()> {
        self.inner.damage.get().map_or(Ok(()), |what| Err(Error::damaged(what)))
    }

    /// Ends when somebody has met what may be damage.
    pub async fn doubted(&self) {
        self.inner.doubt.notified().await;
    }

    /// Tells of each commit that changed something visible.
    pub fn wakes(&self) -> broadcast::Receiver<Wake> {
        self.inner.writer.wakes()
    }

    /// Runs `work` on one consistent state of the store.
    ///
    /// # Errors
    /// Those of `work`.
    pub async fn read<T, F>(&self, work: F) -> Result<T>
    where
        F: FnOnce(&Unit<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        tokio::task::spawn_blocking(move || inner.doubting(inner.readers.read(work)))
            .await
            .map_err(|_| Error::damaged("a read stopped unexpectedly"))?
    }

    /// Runs `work` in one commit, which may be shared with other work; it is
    /// durable when this returns. An error undoes `work` alone.
    ///
    /// # Errors
    /// Those of `work`; [`Error::Stopped`], [`Error::DiskFull`];
    /// [`Error::Damaged`] once damage is known.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        F: FnOnce(&Unit<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.ensure_sound()?;
        let done = self.inner.writer.submit(by(self.suite, work))?.await;
        self.inner.doubting(done.map_err(|_| Error::Stopped)?)
    }

    /// [`Store::read`] for threads that may block.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn read_now<T>(&self, work: impl FnOnce(&Unit<'_>) -> Result<T>) -> Result<T> {
        self.inner.doubting(self.inner.readers.read(work))
    }

    /// [`Store::write`] for threads that may block.
    ///
    /// # Errors
    /// Those of [`Store::write`].
    pub fn write_now<T, F>(&self, work: F) -> Result<T>
    where
        F: FnOnce(&Unit<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.ensure_sound()?;
        self.inner.doubting(self.inner.writer.carry_out(by(self.suite, work)))
    }
}

impl Inner {
    /// Wakes whoever proves the store, when work met what may be damage.
    fn doubting<T>(&self, done: Result<T>) -> Result<T> {
        done.inspect_err(|error| {
            if matches!(error, Error::Damaged { .. }) {
                self.doubt.notify_one();
            }
        })
    }
}

/// Work that is told the suite first: jobs of several callers share a commit.
fn by<T, F>(suite: Suite, work: F) -> impl FnOnce(&Unit<'_>) -> Result<T> + Send + 'static
where
    F: FnOnce(&Unit<'_>) -> Result<T> + Send + 'static,
    T: Send + 'static,
{
    move |unit| {
        unit.use_suite(suite);
        work(unit)
    }
}

fn new_org_id() -> OrgId {
    OrgId(fresh::uuid())
}

fn prepare(connection: &mut Connection) -> Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    configure(connection)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    schema::migrate(connection)
}

/// Settings of every connection.
pub(super) fn configure(connection: &Connection) -> Result<()> {
    connection.busy_timeout(Duration::from_secs(30))?;
    connection.set_prepared_statement_cache_capacity(128);
    // A statement is planned once, and not again for each value bound to it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -65_536)?;
    connection.pragma_update(None, "mmap_size", 268_435_456)?;
    Ok(())
}

/// File systems that cannot carry SQLite's log (lessons C.19).
#[cfg(target_os = "linux")]
const REMOTE: [(u32, &str); 5] = [
    (0x6969, "NFS"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB"),
    (0x517b, "SMB"),
    (0x0102_1997, "9P"),
];

fn check_folder(folder: &Path) -> Result<()> {
    let refuse = |why: String| Error::Folder { path: folder.to_owned(), why };
    #[cfg(target_os = "linux")]
    if let Ok(found) = rustix::fs::statfs(folder)
        && let Ok(kind) = u32::try_from(found.f_type & 0xffff_ffff)
        && let Some((_, name)) = REMOTE.iter().find(|(magic, _)| *magic == kind)
    {
        return Err(refuse(format!(
            "it lies on {name}, which cannot keep a commit; use a local disk"
        )));
    }
    let probe = folder.join(format!(".probe-{}", std::process::id()));
    std::fs::write(&probe, b"probe").and_then(|()| std::fs::remove_file(&probe)).map_err(|error| {
        refuse(format!("it cannot be written ({error}); give the server's user the right to write"))
    })
}
