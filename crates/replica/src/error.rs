//! What can go wrong with the tablet's storage, each with its own policy.
//!
//! `Full`, `ReadOnly`: nothing was half written; free space and repeat.
//! `Corrupt` of the mirror is repaired by rebuilding it; of the outbox it
//! stops the program. `KeyringEntryMissing` leads to recovery, never to a new
//! key. A refused command is not an error: see [`lantian_domain::refusal`].

use std::path::PathBuf;

use lantian_domain::ids::{CommandId, FileId, RecordId};

/// The result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// A storage act failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another program works with this folder.
    #[error("the folder is in use by {by}")]
    Held {
        /// Program and process id.
        by: String,
    },
    /// There is a store already; a second one is never created over it.
    #[error("there is a store already")]
    Exists,
    /// There is no store yet.
    #[error("there is no store in this folder")]
    Missing,
    /// No space left; nothing was half written.
    #[error("there is no space left on the device")]
    Full,
    /// The folder cannot be written.
    #[error("the folder cannot be written")]
    ReadOnly,
    /// A store is damaged.
    #[error("{what} is damaged: {detail}")]
    Corrupt {
        /// Which one: `outbox`, `mirror`, `keys`, `file`.
        what: &'static str,
        /// What was found, without personal data.
        detail: String,
    },
    /// Another program held the database for too long.
    #[error("the database is locked by another program")]
    Locked,
    /// The store was written by a newer version of this program.
    #[error("{what} was written by a newer version ({found}; this one knows {known})")]
    TooNew {
        /// Which store.
        what: &'static str,
        /// Its version.
        found: u32,
        /// The newest version known.
        known: u32,
    },
    /// The keyring has no entry for this store: recovery is the way.
    #[error("the keyring ({backend}) has no entry for this store")]
    KeyringEntryMissing {
        /// The keyring that held it when the store was made.
        backend: String,
    },
    /// The keyring's entry belongs to another store, or is an older one.
    #[error("the keyring's entry does not belong to this store (it wants {wanted})")]
    KeyringEntryForeign {
        /// The identity of the secret that the store wants.
        wanted: String,
    },
    /// The keyring cannot be asked now: locked, cancelled, no service.
    #[error("the keyring cannot be asked: {detail}")]
    KeyringUnavailable {
        /// What the keyring said.
        detail: String,
    },
    /// The PIN is wrong.
    #[error("the PIN is wrong; {failures} wrong attempts, {wait_s} s until the next")]
    WrongPin {
        /// Wrong attempts in a row.
        failures: u32,
        /// Seconds until the next attempt is taken.
        wait_s: u64,
    },
    /// Too many wrong PINs: wait.
    #[error("too many wrong PINs; the next attempt is taken in {wait_s} s")]
    PinWait {
        /// Wrong attempts in a row.
        failures: u32,
        /// Seconds until the next attempt is taken.
        wait_s: u64,
    },
    /// The PIN is not acceptable.
    #[error("a PIN has 6 to 64 characters")]
    PinForm,
    /// The recovery key is not the one that the store was wrapped for.
    #[error("the recovery key does not open this store")]
    WrongRecoveryKey,
    /// The key opened nothing: the database belongs to another key.
    #[error("{what} does not open with this key ({key_id})")]
    WrongKey {
        /// Which store.
        what: &'static str,
        /// The identity of the key used.
        key_id: String,
    },
    /// The company's rules have not arrived yet: nothing can be judged.
    #[error("the company's rules have not arrived yet; synchronise first")]
    NoRules,
    /// A record is not in the mirror.
    #[error("record {0} is not here")]
    UnknownRecord(RecordId),
    /// A command is not in the outbox, or not in a state for this act.
    #[error("command {0} does not wait for a decision")]
    UnknownItem(CommandId),
    /// An attachment is not in the cache.
    #[error("file {0} is not here")]
    FileMissing(FileId),
    /// An attachment is larger than allowed.
    #[error("the file has {size} bytes; at most {limit} are allowed")]
    FileTooLarge {
        /// Its size.
        size: u64,
        /// The limit.
        limit: u64,
    },
    /// A file may be deleted only after the server's receipt.
    #[error("file {0} has no receipt yet")]
    NoReceipt(FileId),
    /// A page cannot be taken.
    #[error(transparent)]
    Page(#[from] lantian_sync::PageFault),
    /// A stored or received form cannot be read.
    #[error(transparent)]
    Form(#[from] lantian_protocol::Error),
    /// Chance could not be had from the system.
    #[error("the system gives no random numbers")]
    Random,
    /// A file operation failed.
    #[error("{path} cannot be used")]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The database failed.
    #[error("the {what} database failed")]
    Store {
        /// Which store.
        what: &'static str,
        /// Why.
        #[source]
        source: Source,
    },
}

impl Error {
    /// Stable code for the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Held { .. } => "held",
            Self::Exists => "store_exists",
            Self::Missing => "no_store",
            Self::Full => "device_full",
            Self::ReadOnly => "read_only",
            Self::Corrupt { .. } => "damaged",
            Self::Locked => "store_locked",
            Self::TooNew { .. } => "too_new",
            Self::KeyringEntryMissing { .. } => "keyring_entry_missing",
            Self::KeyringEntryForeign { .. } => "keyring_entry_foreign",
            Self::KeyringUnavailable { .. } => "keyring_unavailable",
            Self::WrongPin { .. } => "wrong_pin",
            Self::PinWait { .. } => "pin_wait",
            Self::PinForm => "pin_form",
            Self::WrongRecoveryKey => "wrong_recovery_key",
            Self::WrongKey { .. } => "wrong_key",
            Self::NoRules => "no_rules",
            Self::UnknownRecord(_) => "unknown_record",
            Self::UnknownItem(_) => "unknown_item",
            Self::FileMissing(_) => "file_missing",
            Self::FileTooLarge { .. } => "file_too_large",
            Self::NoReceipt(_) => "no_receipt",
            Self::Page(_) => "page_fault",
            Self::Form(_) => "form",
            Self::Random => "no_random",
            Self::Io { .. } => "io",
            Self::Store { .. } => "store",
        }
    }

    pub(crate) fn corrupt(what: &'static str, detail: impl std::fmt::Display) -> Self {
        Self::Corrupt { what, detail: detail.to_string() }
    }

    pub(crate) fn io(path: &std::path::Path, source: std::io::Error) -> Self {
        use std::io::ErrorKind as Kind;
        let kind = source.kind();
        if matches!(kind, Kind::StorageFull | Kind::QuotaExceeded | Kind::FileTooLarge) {
            Self::Full
        } else if matches!(kind, Kind::ReadOnlyFilesystem | Kind::PermissionDenied) {
            Self::ReadOnly
        } else {
            Self::Io { path: path.to_owned(), source }
        }
    }

    pub(crate) fn store(what: &'static str, source: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match source.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::corrupt(what, "the database reports damage")
            }
            // A write that the system cuts short (quota, file size limit)
            // arrives as an I/O error with the cause in `errno`.
            Some(ErrorCode::SystemIoFailure) if last_os_error_is_full() => Self::Full,
            _ => Self::Store { what, source: source.into() },
        }
    }
}

fn last_os_error_is_full() -> bool {
    use std::io::ErrorKind;
    matches!(
        std::io::Error::last_os_error().kind(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge
    )
}
