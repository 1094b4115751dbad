//! The two-way engine, sans-I/O: inputs in, effects out.
//!
//! Words: a *line* is one independent direction (pull, push, repair); a
//! *ticket* names one request, so that an answer which comes too late is
//! recognised; a *lane* is the order of commands on one record; a *page* is
//! planned as data ([`plan()`]) before anybody touches a store.
//!
//! Invariant: while the network is up and something waits, an attempt is
//! scheduled. There is no clock, socket, thread or chance in this crate: the
//! instant is an argument, jitter comes from a seed.

pub mod backoff;
pub mod engine;
pub mod failure;
pub mod files;
pub mod lane;
mod pace;
pub mod plan;
pub mod tape;
mod weight;

pub use engine::{Effect, Engine, Input, Report, Ticket};
pub use failure::{Failure, Halt};
pub use files::{FileEffect, FileFailure, FileInput, Haste, Transfers};
pub use pace::MOST;
pub use plan::{Action, LocalVersions, PageFault, Plan, plan};
pub use tape::Tape;
pub use weight::Weight;
