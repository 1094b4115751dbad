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

mod aftercare;
mod agreement;
mod building;
mod cast;
mod channels;
mod closing;
mod estimate;
mod gas;
mod hours;
mod opening;
mod paper;
mod past;
mod people;
mod permits;
mod prices;
mod privacy;
mod scene;
mod script;
mod story;
mod supervision;
mod technique;
mod watch;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use lantian_domain::{record::RecordKind, time::Instant};
use serde::Serialize;

use crate::{
    error::Result,
    identity::password,
    store::{Ledger as _, Store},
};

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
    /// How many leads there are, those that became cases included.
    pub leads: usize,
    /// How many cases there are.
    pub cases: usize,
    /// How many commands brought them about.
    pub commands: u64,
    /// How many attachments they have.
    pub files: u64,
}

/// Fills a company that was just founded.
///
/// # Errors
/// The store's.
pub fn fill(store: &Store, at: Instant) -> Result<DemoReport> {
    let hashed = password::hash(PASSWORD)?;
    let staff = Arc::new(store.write_now(move |unit| {
        prices::publish(unit, at)?;
        people::hire(unit, &hashed, at)
    })?);
    channels::agree(store, at)?;
    paper::lay_out(store)?;
    let stories = Arc::new(cast::stories());
    let cues = script::cues(&stories, at);
    let watchers = Arc::clone(&staff);
    let looks = store.write_now(move |unit| {
        Ok(watch::play(unit, &watchers, at)? + privacy::play(unit, &watchers, at)?)
    })?;
    let count = scene::play(store, &staff, &stories, &cues)?;
    channels::tell(store, at)?;
    let visitors = Arc::clone(&staff);
    let cared = store.write_now(move |unit| aftercare::play(unit, &visitors, at))?;
    let watched = supervision::play(store, &staff, at)?;
    let (leads, cases) = store.read_now(|unit| {
        Ok((unit.records_of(RecordKind::Lead)?.len(), unit.records_of(RecordKind::Case)?.len()))
    })?;
    Ok(DemoReport {
        password: PASSWORD,
        accounts: staff.accounts(),
        leads,
        cases,
        commands: count.commands + looks + cared + watched,
        files: count.files,
    })
}
