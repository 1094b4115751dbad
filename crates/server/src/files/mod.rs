//! Attachments: upload that resumes, verification, download by range,
//! receipts (domain e.17, architecture 8).
//!
//! ```text
//! offer ─► chunk, chunk … ─► whole hash ─► content/ab/<sha256> ─► receipt
//! ```
//!
//! Words: an *upload* is one attachment brought by one person; a *part* is its
//! content so far; *content* is a verified file, named by its hash and shared
//! by all who brought the same. A *receipt* is the server's word that it holds
//! the whole content durably.
//!
//! Invariant: a receipt is given only for content that was verified and is
//! durable; nobody reads content that no visible record names, except what
//! they brought themselves.

mod access;
pub mod archive;
mod content;
pub(crate) mod disk;
mod download;
mod endpoint;
mod fault;
mod held;
mod keep;
mod kind;
mod upload;
mod uploads;

pub use content::FOLDER;
pub use endpoint::router;
pub use held::{Inventory, Missing, adopt, held, inventory};
pub use keep::{Shared, Verified, content_of, drop_contents, note, sweep, verify};
pub(crate) use keep::{is_held, is_received};
pub use upload::{Chunk, offer, take};

#[cfg(test)]
mod tests;
