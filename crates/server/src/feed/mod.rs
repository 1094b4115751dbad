//! The feed: what a user may see, since a cursor, from stored bytes.
//!
//! Words: a *viewer* sees *audience keys*; a first sync is a *snapshot* by
//! urgency, then a *catch-up* of what changed meanwhile, then the feed goes on
//! by commit sequence.

mod digest;
pub(crate) mod outside;
mod page;
mod pull;
mod rider;
pub mod scope;
mod witness;

pub use digest::scope_digest;
pub use page::{RawItem, RawPage};
pub use pull::{Reader, pull, record_item};
pub use rider::rider;
pub use witness::{check as check_witness, witness};
