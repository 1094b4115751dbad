//! The replica against a model of the company's server.
#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

mod company;
mod convergence;
mod desk;
mod home;
mod lists;
mod outbox;
mod pages;
mod tablet;
