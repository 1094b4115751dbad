//! Return visits, ledger, complaints, ratings: the clauses of sections i, e.15
//! and e.16 as they are written.

#[path = "../office/mod.rs"]
mod office;

mod complaint;
mod ledger;
mod month;
mod sample;
mod visit;
