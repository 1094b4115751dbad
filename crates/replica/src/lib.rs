//! The tablet's storage: mirror, outbox, read models, files, keys.
//!
//! Words: the *outbox* is precious (what people did), the *mirror* is
//! disposable (what the company has confirmed); what is *shown* is the mirror
//! with the open commands judged on top; a *home* is the folder of all of it,
//! held by one program at a time.
//!
//! Invariants: what was said to be saved is durable; no act is committed
//! across both stores; nothing is made, truncated or overwritten in doubt.

mod connection;
mod durable;
mod error;
mod files;
mod home;
mod keys;
mod lock;
mod mirror;
mod outbox;
mod read;
mod replica;
mod schema;
mod shown;
#[cfg(feature = "simulation")]
pub mod simulation;
mod space;

pub use error::{Error, Result};
pub use home::{Home, HomeState};
pub use keys::{FileSecrets, Header, SecretFault, SecretStore};
pub use outbox::{Device, Draft, Enrolment, Entry, Fate, Upload};
pub use read::{Filter, Listing, ShownCard, SyncState};
pub use replica::{
    Accounting, Asked, AttentionItem, AttentionKind, Choice, Departure, FileState, Flaw, Health,
    NewFile, Replica, Resolution, Resolved, Saved, Shape, Submission, Tally, Verified,
};
pub use space::StorageState;
