//! Return visits, ledger, complaints, ratings: the clauses of sections i, e.15
//! and e.16 as they are written.
#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

#[path = "../office/mod.rs"]
mod office;

mod complaint;
mod ledger;
mod month;
mod sample;
mod visit;
