//! Completion of signatures by the company's server (P-21; 电子签名法 13, 14).
//!
//! ```text
//! captured ─► is every file here? ─► hash, time, counter-signature ─► complete
//! ```
//!
//! A tablet takes a signature without a network; what makes it hold in court is
//! added where the tablet's owner has no hand: the hash of the event that
//! carries the paper and of every file that belongs to it, the server's time,
//! and the server's signature over these. It is tried whenever a command that
//! carries a signature or a file's last chunk comes in, and once a day for
//! what fell between.
//!
//! Invariant: a key signs nothing before its public part is in the store and
//! named in the audit; a seal that no audited key made is found by
//! [`verify`], and so is every byte changed under a seal.

mod complete;
pub mod keys;
mod seal;
mod verify;

pub use complete::{complete, sweep};
pub(crate) use complete::{received, signs};
pub use keys::Key;
pub use seal::statement;
pub use verify::{Fault, Found, verify};
pub(crate) use verify::{log_faults, log_of};
