//! lantian-server: the company's side.
//!
//! Words: a *command* arrives in a push, is judged by the rulebook against the
//! company's truth, and leaves *events*, a new snapshot of the record, its
//! place in everybody's *scope*, an *outcome* and one *audit* row, all in one
//! commit. The *feed* serves scopes from stored bytes.
//!
//! Invariant: nothing is answered before it is durable; nothing outside a
//! user's scope leaves the store, in data, errors or timing of waking.

pub mod account;
pub mod api;
pub mod audit;
pub mod backup;
pub mod channel;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod error;
pub mod feed;
pub mod files;
pub mod founding;
pub mod identity;
pub mod intake;
mod keyfile;
pub mod pipeline;
mod places;
pub mod privacy;
pub mod report;
pub mod rounds;
mod seal;
pub mod serve;
pub mod signing;
pub mod store;
pub mod suite;
pub mod update;

pub use config::Config;
pub use error::{Error, Result};
pub use founding::{Founded, found};
pub use serve::{App, Handle, spawn};
