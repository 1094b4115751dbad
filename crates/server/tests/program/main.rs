//! `lantian-server` as a program: what scripts rely on.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod backup;
mod company;
mod run;
