//! What the attachments' machine hears and what it asks for.

use lantian_domain::ids::FileId;
use lantian_protocol::file::{Receipt, UploadState};
use serde::{Deserialize, Serialize};

use crate::{failure::Failure, weight::Weight};

/// A request about a file failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileFailure {
    /// The way to the server.
    Transport(Failure),
    /// The offset is not the server's (409) or a chunk arrived damaged (460).
    Conflict,
    /// The upload expired or is unknown (404, 410).
    Expired,
    /// The server will not take this file: too large, not allowed.
    Refused(String),
    /// The local copy is missing or damaged.
    Local(String),
    /// The downloaded content has another hash.
    Unlike,
    /// The network is to be spared, as was found at the start of the transfer.
    Spared,
}

/// How soon a file is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Haste {
    /// Before all others: a visit needs it.
    Visit,
    /// In its turn.
    Usual,
}

/// What happened to attachments.
#[derive(Debug)]
pub enum FileInput {
    /// An upload waits (also after a restart, with its durable offset).
    Upload {
        /// The file.
        file: FileId,
        /// Bytes in all.
        size: u64,
        /// Bytes known to be held by the server; `None` if never offered.
        offset: Option<u64>,
        /// Whether it waits where the network is to be spared.
        weight: Weight,
    },
    /// A download is wanted.
    Download {
        /// The file.
        file: FileId,
        /// Bytes in all.
        size: u64,
        /// Bytes already here.
        offset: u64,
        /// How soon; what was wanted before in its turn may become urgent.
        haste: Haste,
    },
    /// A chunk went over the way, told before its answer.
    Measured {
        /// Bytes of it.
        bytes: u64,
        /// Milliseconds it took.
        ms: u64,
    },
    /// Whether originals wait, as the person's rule and the network say now.
    Spare {
        /// They do.
        on: bool,
    },
    /// A person wants the files that wait sent over this network all the same.
    Anyway,
    /// No longer wanted.
    Cancel {
        /// The file.
        file: FileId,
    },
    /// The answer to [`FileEffect::Offer`], [`FileEffect::AskOffset`] or
    /// [`FileEffect::SendChunk`].
    Upped {
        /// The file.
        file: FileId,
        /// Where the upload stands.
        result: Result<UploadState, FileFailure>,
    },
    /// The answer to [`FileEffect::Fetch`], its bytes already stored.
    Fetched {
        /// The file.
        file: FileId,
        /// Bytes here now; when all are here, their hash was verified.
        result: Result<u64, FileFailure>,
    },
    /// The network went away.
    Offline,
    /// A person or the network asks: retries are due now.
    Hurry,
}

/// What is to be done about attachments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileEffect {
    /// Announce the upload.
    Offer {
        /// The file.
        file: FileId,
    },
    /// Ask where the upload stands.
    AskOffset {
        /// The file.
        file: FileId,
    },
    /// Send bytes.
    SendChunk {
        /// The file.
        file: FileId,
        /// From here.
        offset: u64,
        /// This many.
        len: u64,
    },
    /// Write down how far the upload is.
    Progress {
        /// The file.
        file: FileId,
        /// Bytes held by the server.
        offset: u64,
    },
    /// Write down the receipt.
    Done {
        /// The server's word.
        receipt: Receipt,
    },
    /// Fetch bytes and store them.
    Fetch {
        /// The file.
        file: FileId,
        /// From here.
        offset: u64,
        /// This many.
        len: u64,
    },
    /// The download is complete and verified.
    Arrived {
        /// The file.
        file: FileId,
    },
    /// The file cannot go on by itself; a person has to know.
    Trouble {
        /// The file.
        file: FileId,
        /// Stable code.
        code: String,
    },
}

impl FileInput {
    /// The failure of the way to the server that this input tells of.
    pub(crate) fn failure(&self) -> Option<Failure> {
        match self {
            Self::Upped { result: Err(FileFailure::Transport(failure)), .. }
            | Self::Fetched { result: Err(FileFailure::Transport(failure)), .. } => {
                Some(failure.clone())
            }
            Self::Upload { .. }
            | Self::Download { .. }
            | Self::Cancel { .. }
            | Self::Upped { .. }
            | Self::Fetched { .. }
            | Self::Measured { .. }
            | Self::Spare { .. }
            | Self::Anyway
            | Self::Offline
            | Self::Hurry => None,
        }
    }
}
