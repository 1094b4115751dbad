//! Costs, contracts and what is built by them: the clauses as the
//! specification states them.
#![expect(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails where it stands and names what it is about"
)]

#[path = "../office/mod.rs"]
mod office;

mod budget;
mod building;
mod contract;
mod fee;
mod law;
mod never;
mod price;
mod settlement;
mod stage;
