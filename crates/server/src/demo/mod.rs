//! The demonstration data of `init --demo`: a company with people of every
//! role, prices, leads and cases in every state.
//!
//! ```text
//! cast ─► script (who does what, when) ─► in order of time ─► pipeline
//! ```
//!
//! Words: a *story* is one lead or case with what is to become of it; a *deed*
//! is one step of it.
//!
//! Invariant: everything comes about by real commands at past instants, judged
//! like any other; nothing is written beside the rulebook. So clocks, time
//! lines and gates are what they would be.

mod people;
mod prices;

use lantian_domain::time::Instant;
use serde::Serialize;

use crate::{error::Result, identity::password, store::Store};

/// The password of every demonstration account.
pub const PASSWORD: &str = "demo-蓝天-2026";

/// An account of the demonstration company.
#[derive(Clone, Debug, Serialize)]
pub struct Account {
    /// Login name.
    pub login: String,
    /// Name.
    pub name: String,
    /// Roles.
    pub roles: Vec<&'static str>,
}

/// What was made.
#[derive(Clone, Debug, Serialize)]
pub struct DemoReport {
    /// The password of every account.
    pub password: &'static str,
    /// The accounts.
    pub accounts: Vec<Account>,
}

/// Fills a company that was just founded.
///
/// # Errors
/// The store's.
pub fn fill(store: &Store, at: Instant) -> Result<DemoReport> {
    let hashed = password::hash(PASSWORD)?;
    let staff = store.write_now(move |unit| {
        prices::publish(unit, at)?;
        people::hire(unit, &hashed, at)
    })?;
    Ok(DemoReport { password: PASSWORD, accounts: staff.accounts() })
}
