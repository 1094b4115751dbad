//! The rulebook of the gas connection: records, commands, events, [`judge`]
//! and [`apply`]. Pure: no clock, no file, no network, no randomness; all that
//! is needed comes in as data, so that server and tablet decide alike.
//!
//! A command is judged on a record; the answer is the list of changes that it
//! causes or a [`refusal::Refusal`]. Changes are applied one by one; a record
//! is nothing but the sum of its events.

mod coded;

pub mod applicant;
pub mod approval;
pub mod assessment;
pub mod audience;
pub mod calendar;
pub mod card;
pub mod case;
pub mod clock;
pub mod command;
pub mod complaint;
pub mod context;
pub mod escalation;
pub mod event;
pub mod evidence;
pub mod file;
pub mod ids;
pub mod inspection;
pub mod kpi;
pub mod lead;
pub mod ledger;
pub mod money;
pub mod notice;
pub mod number;
pub mod offer;
pub mod period;
pub mod policy;
pub mod price;
pub mod privacy;
pub mod proposal;
pub mod rating;
pub mod record;
pub mod reference;
pub mod refusal;
pub mod role;
pub mod service;
pub mod stamp;
pub mod suite;
pub mod technique;
pub mod tend;
pub mod time;
pub mod validate;
pub mod visit;
pub mod watch;

mod apply;
mod flow;
mod judge;
mod work;

pub use apply::{apply, begins};
pub use judge::judge;
