//! The messages between tablet and server, their stored forms and versions.
//!
//! Words: an *envelope* is what a tablet signs (one command and its
//! circumstances); an *outcome* is the server's stored answer to it; a *page*
//! is a part of the *feed*, read from a *cursor*.
//!
//! Invariant: what is signed is kept and sent byte for byte; a form once
//! published stays readable.

pub mod account;
pub mod admin;
pub mod archive;
pub mod audit;
pub mod blob;
pub mod channel;
pub mod command;
pub mod departure;
pub mod encoding;
pub mod error;
pub mod feed;
pub mod file;
pub mod fresh;
pub mod identity;
pub mod planted;
pub mod retention;
pub mod suite;
pub mod wake;

pub use command::{Envelope, Outcome, PushRequest, PushResponse, SignedCommand, Verdict};
pub use error::{Error, Problem, Result};
pub use feed::{Cursor, Item, Page, PullRequest, StoredEvent};

/// The protocol version spoken by this build.
pub const VERSION: u32 = 1;
/// The oldest protocol version that the server still serves.
pub const OLDEST_VERSION: u32 = 1;
/// The header in which each request names its protocol version.
pub const VERSION_HEADER: &str = "lantian-protocol";

/// The header that tells the server's time, in ms since 1970, where an answer
/// has no body that would.
pub const TIME_HEADER: &str = "lantian-time";
