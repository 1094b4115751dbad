//! What must hold: the ledger of everything that was shown as saved, and the
//! oracles of the invariants, by their numbers in docs/ARCHITECTURE.md.
//!
//! Those that look at one moment stand where the moment is (`world`); those
//! that need everything at rest stand in [`rest`].

mod ledger;
mod rest;

pub(crate) use ledger::Ledger;
pub(crate) use rest::settle;
