//! What can go wrong on the way to the server, told apart by what helps.
//!
//! Invariant: being offline is a state, an expired token is not a refusal, and
//! nothing here ever touches what waits in the outbox.

use lantian_protocol::planted::{Bug, planted};
use serde::{Deserialize, Serialize};

/// An attempt to reach the server failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Failure {
    /// No way to the server.
    #[error("the server cannot be reached")]
    Offline,
    /// The server did not answer in time.
    #[error("the server did not answer in time")]
    Timeout,
    /// The server's certificate is not the company's, or not valid now.
    #[error("the server's certificate is not accepted: {0}")]
    Certificate(String),
    /// Somebody else answered: a hotel's sign-in page, a proxy, HTML.
    #[error("something that is not the company's server answered")]
    NotOurServer,
    /// The access token is not (any longer) accepted.
    #[error("the access token is not accepted")]
    Unauthenticated,
    /// The refresh token is not accepted: a person has to sign in again.
    #[error("signing in again is necessary")]
    SignInNeeded,
    /// The device was revoked.
    #[error("this device was revoked")]
    Revoked,
    /// The server does not speak this protocol version.
    #[error("the server speaks protocol {oldest} to {newest}")]
    ProtocolVersion {
        /// The oldest version served.
        oldest: u32,
        /// The newest version served.
        newest: u32,
    },
    /// The server asks for patience (429, 503).
    #[error("the server asks for patience")]
    Busy {
        /// How long, when it says so.
        retry_after_ms: Option<u64>,
    },
    /// The server failed (5xx).
    #[error("the server failed with status {status} ({code})")]
    Server {
        /// The HTTP status.
        status: u16,
        /// Its stable code.
        code: String,
        /// How long to wait, when it says so.
        retry_after_ms: Option<u64>,
    },
    /// The server does not take this request (other 4xx).
    #[error("the server does not take the request: {status} ({code})")]
    Rejected {
        /// The HTTP status.
        status: u16,
        /// Its stable code.
        code: String,
    },
    /// The answer could not be read.
    #[error("the answer could not be read")]
    Damaged,
    /// The server's store was restored from a backup.
    #[error("the server's store was restored; its epoch is {epoch}")]
    EpochChanged {
        /// The epoch now.
        epoch: u64,
    },
    /// The mirror is ahead of the server: the server's store is older than
    /// what it has already told this device.
    #[error("the server is behind what it has already told this device")]
    CursorAhead,
}

/// Why synchronisation stands still until somebody acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Halt {
    /// A person has to sign in.
    SignIn,
    /// The device was revoked.
    Revoked,
    /// This program is too old, or too new, for the server.
    ProtocolVersion {
        /// The oldest version served.
        oldest: u32,
        /// The newest version served.
        newest: u32,
    },
    /// The server's store is older than the mirror, without a new epoch: an
    /// administrator has to look before anything is sent or taken.
    CursorAhead,
    /// The tablet's own store cannot take a page.
    Store(String),
}

/// What helps against a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Try again later; not before the server's wish.
    Retry {
        /// The server's wish.
        wait_ms: Option<u64>,
    },
    /// Get a new access token, then try again.
    Refresh,
    /// Offer acknowledged commands again, then pull from the beginning.
    Reoffer {
        /// The epoch to reach.
        epoch: u64,
    },
    /// Stand still.
    Halt(Halt),
}

impl Failure {
    /// Stable code for reports and for the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Timeout => "timeout",
            Self::Certificate(_) => "certificate",
            Self::NotOurServer => "not_our_server",
            Self::Unauthenticated => "unauthenticated",
            Self::SignInNeeded => "sign_in_needed",
            Self::Revoked => "device_revoked",
            Self::ProtocolVersion { .. } => "protocol_version",
            Self::Busy { .. } => "busy",
            Self::Server { .. } => "server_error",
            Self::Rejected { .. } => "rejected",
            Self::Damaged => "damaged_answer",
            Self::EpochChanged { .. } => "epoch_changed",
            Self::CursorAhead => "cursor_ahead",
        }
    }

    pub(crate) fn remedy(&self) -> Remedy {
        match self {
            Self::Offline
            | Self::Timeout
            | Self::Certificate(_)
            | Self::NotOurServer
            | Self::Rejected { .. }
            | Self::Damaged => Remedy::Retry { wait_ms: None },
            Self::Busy { retry_after_ms } | Self::Server { retry_after_ms, .. } => {
                Remedy::Retry { wait_ms: *retry_after_ms }
            }
            Self::Unauthenticated if planted(Bug::ExpiredTokenHalts) => Remedy::Halt(Halt::SignIn),
            Self::Unauthenticated => Remedy::Refresh,
            Self::EpochChanged { epoch } => Remedy::Reoffer { epoch: *epoch },
            Self::SignInNeeded => Remedy::Halt(Halt::SignIn),
            Self::Revoked => Remedy::Halt(Halt::Revoked),
            Self::ProtocolVersion { oldest, newest } => {
                Remedy::Halt(Halt::ProtocolVersion { oldest: *oldest, newest: *newest })
            }
            Self::CursorAhead if planted(Bug::HaltIgnored) => Remedy::Retry { wait_ms: None },
            Self::CursorAhead => Remedy::Halt(Halt::CursorAhead),
        }
    }
}

impl Halt {
    /// Stable code for reports and for the interface.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SignIn => "sign_in_needed",
            Self::Revoked => "device_revoked",
            Self::ProtocolVersion { .. } => "protocol_version",
            Self::CursorAhead => "cursor_ahead",
            Self::Store(_) => "store",
        }
    }
}
