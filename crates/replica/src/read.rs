//! Read models: the lines of lists, in memory, ordered by urgency, with an
//! index for substrings.
//!
//! Invariant: a line is the card of the record as shown; lists and search ask
//! nothing of the disk.

mod filter;
mod shelf;
mod substring;
mod texts;

pub use filter::{Filter, Listing, ShownCard, SyncState};

pub(crate) use filter::After;
pub(crate) use shelf::Shelf;
