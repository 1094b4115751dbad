//! What can fail inside the server. Outward form: [`crate::api::problem`].

use std::path::PathBuf;

/// The result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// Something inside the server failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The store could not read or write.
    #[error("the store could not carry out the operation")]
    Store(#[source] Source),
    /// The disk is full.
    #[error("the disk is full; free space on the data folder, nothing was changed")]
    DiskFull,
    /// The store's content contradicts itself.
    #[error("the store is damaged: {what}; stop, and restore a backup")]
    Damaged {
        /// What was found, without personal data.
        what: String,
    },
    /// The store was written by a later release.
    #[error("the store has schema {found}, this program knows {known}; install the later release")]
    TooNew {
        /// The store's schema.
        found: i64,
        /// The last schema known here.
        known: i64,
    },
    /// There is no store in the folder.
    #[error("there is no store in {0}; create one with `lantian-server init --data DIR`")]
    NoStore(PathBuf),
    /// There is a store in the folder already.
    #[error("{0} holds a store already; nothing was changed")]
    StoreExists(PathBuf),
    /// Another program holds the store.
    #[error("the store in {0} is in use by another server; stop it first")]
    StoreHeld(PathBuf),
    /// The folder cannot carry a store.
    #[error("{path} cannot hold the store: {why}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why, and what to do.
        why: String,
    },
    /// The writer has stopped or has too much waiting.
    #[error("the server is busy or shutting down; nothing was changed, try again")]
    Stopped,
    /// A setting is wrong.
    #[error("{what}")]
    Config {
        /// What is wrong, and what to do.
        what: String,
    },
    /// A file or socket failed.
    #[error("{what}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// Another server could not be reached.
    #[error("{server} cannot be reached: {why}; nothing was changed there")]
    Unreachable {
        /// Its address.
        server: String,
        /// Why.
        why: String,
    },
    /// A message could not be written or read.
    #[error(transparent)]
    Protocol(#[from] lantian_protocol::Error),
    /// The answer to the caller is a problem; whatever was begun is undone.
    #[error("{}", .0.detail)]
    Refused(Box<lantian_protocol::Problem>),
}

impl Error {
    /// The data contradict themselves.
    pub fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged { what: what.into() }
    }

    /// A file or socket failed while doing `what`.
    pub fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| {
            if source.kind() == std::io::ErrorKind::StorageFull {
                Self::DiskFull
            } else {
                Self::Io { what, source }
            }
        }
    }

    /// A wrong setting.
    pub fn config(what: impl Into<String>) -> Self {
        Self::Config { what: what.into() }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        match error.sqlite_error_code() {
            Some(Code::DiskFull) => Self::DiskFull,
            Some(Code::DatabaseCorrupt | Code::NotADatabase) => Self::damaged(error.to_string()),
            _ => Self::Store(Box::new(error)),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::damaged(format!("unreadable JSON at line {} column {}", error.line(), error.column()))
    }
}
