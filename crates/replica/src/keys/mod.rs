//! Keys: one random data key, wrapped twice.
//!
//! Words: the *data key* opens everything; the *header* (`keys.json`) holds
//! its two wraps and says which keyring secret and which key belong to it; the
//! *keyring secret* and the PIN together open the first wrap, the company's
//! recovery key opens the second.
//!
//! Invariant: a key is made only together with a new store, never for one
//! that exists. Whatever is missing is named, nothing is overwritten. At each
//! step of a change at least one wrap opens the store.

mod data_key;
mod header;
mod pin;
mod secret;
mod store;
mod vault;
mod wrap;

pub(crate) use data_key::DataKey;
pub use header::Header;
pub use store::{FileSecrets, SecretFault, SecretStore};

pub(crate) use vault::{change_pin, create, read_header, recover, unlock, wipe};
