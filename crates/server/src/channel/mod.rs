//! Outside systems through which users apply: the official account, the
//! government's portal, the two apps (domain j.3, j.4; R-06).
//!
//! ```text
//! request ─ gate (client, signature, window, nonce, rate) ─ application ─ pipeline ─ reply
//!                                                              commit ─ deliveries ─ webhook
//! ```
//!
//! Words: a *client* is one outside system with its secret; a *serial* is its
//! own number of an application; a *delivery* is one thing that it is to be
//! told. Invariant: one serial of one channel is one case, however often and
//! in whatever parallel it is sent; what is told to an outside system is
//! logged field by field (P-09); a request that fails creates nothing.

mod account;
mod application;
mod apply;
mod clients;
mod endpoint;
mod file;
mod gate;
mod import;
mod nonce;
mod provision;
mod rates;
mod rating;
mod reply;
mod serial;
mod share_out;
pub mod signature;
mod status;
mod telling;
pub mod webhook;
mod words;

pub(crate) use apply::take_of as take;
pub use clients::{Alteration, Client, NewClient, alter, create, find, list, rotate};
pub use endpoint::{describe, router};
pub use import::run_import;
pub use rates::Rates;
pub(crate) use share_out::share_out;

/// The most bytes of a request but an upload: 256 KiB.
pub const MAX_REQUEST: usize = 256 << 10;
/// The most bytes of an uploaded paper: 10 MiB.
pub const MAX_PAPER: usize = 10 << 20;
