//! The one way by which anything changes.
//!
//! ```text
//! authentic ─► chain ─► known? ─► in scope? ─► judge ─► apply ─► save
//!  (parse,      (fork    (stored                                (events, snapshot,
//!   signature)   check)   outcome)                               membership, outcome,
//!                                                                audit: one commit)
//! ```
//!
//! Words: a *desk* holds the records of one batch, decoded once; an *act* is a
//! command given by the server itself.

mod act;
mod authentic;
mod chain;
mod crew;
mod desk;
mod push;
mod save;

pub use act::{Act, perform};
pub use authentic::{Parsed, authenticate};
pub(crate) use desk::rules_of;
pub use desk::{Accepted, Desk, Given, find, visible};
pub use lantian_protocol::suite::Link;
pub use push::{Keep, Pusher, push};
