//! The replica against a model of the company's server.
#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]
#![expect(clippy::wildcard_enum_match_arm, reason = "a test names what it is about")]

mod company;
mod convergence;
mod desk;
mod home;
mod leave;
mod lists;
mod outbox;
mod pages;
mod tablet;
