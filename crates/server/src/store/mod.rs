//! The company's store: a narrow set of operations by noun, and SQLite that
//! carries them out.
//!
//! Words: a *unit* is a piece of work inside one commit; the traits
//! [`Ledger`], [`Journal`], [`Accounts`] and [`Scopes`] are all that the rest
//! of the server asks of a unit.
//!
//! Invariant: every row is found through its organisation; the log and the
//! audit are only ever added to.

mod accounts;
mod connection;
mod factors;
mod journal;
mod ledger;
mod log;
mod readers;
mod schema;
mod scopes;
mod unit;
mod wal;
mod writer;

pub use accounts::{Accounts, DeviceRow, FamilyRow, TokenKind, TokenRow, UserRow};
pub use connection::{FILE, NewOrg, Store};
pub use factors::{FactorRow, Factors};
pub(crate) use journal::packed;
pub use journal::{AuditEntry, AuditFilter, AuditRow, Journal, LinkRow, OutcomeRow, QuarantineRow};
pub use ledger::{EventRow, Ledger, OrgRow, RecordRow};
pub use log::{Answered, Log, LogPart, LogRow};
pub use scopes::{Member, Scopes};
pub use unit::Unit;
pub use writer::Wake;
