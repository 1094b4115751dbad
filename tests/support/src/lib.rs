//! Support for the tests that no crate owns: the product's real programs,
//! started, driven, killed and read as a script would.
//!
//! Words: a *company* is a running `lantian-server` with a data folder of its
//! own; a *tablet* is a home folder driven by `lantian`; an *outcome* is what
//! one run of a program answered: exit code and JSON.
//!
//! Invariant: nothing here links the product or reads its databases; what the
//! tests know, a support script could know.

pub mod chance;
pub mod clocks;
pub mod company;
pub mod fixtures;
pub mod folder;
pub mod impostor;
pub mod outcome;
pub mod outside;
pub mod programs;
pub mod running;
pub mod tablet;
pub mod window;

pub use company::Company;
pub use outcome::Outcome;
pub use tablet::Tablet;

/// The password of every demo user.
pub const PASSWORD: &str = "demo-蓝天-2026";
/// The PIN that the tests' tablets are opened with.
pub const PIN: &str = "246810";
