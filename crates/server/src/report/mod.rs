//! Reports: what the log amounts to over a span of days.
//!
//! Every figure is a rule of [`lantian_domain::kpi`]; here the log is read,
//! by as many readers as there are processors, and shown as JSON or as a
//! workbook. The forecast of silent tablets looks ahead instead, at the clocks
//! that run. Invariants: a figure reads the log alone, never the snapshots;
//! nothing in it names a customer; what an outside hand wrote can never be a
//! formula in a workbook.

mod cases;
mod endpoint;
mod figures;
mod forecast;
mod ledger;
mod scan;
pub mod sheet;
mod workbook;

pub use cases::{Case, CaseQuestion, Cases, cases};
pub use endpoint::router;
pub use figures::{Kpi, MonthReport, Person, kpi, month};
pub use forecast::{Contact, Forecast, Outlook, Running, Threat, forecast, foresee};
pub use ledger::ledger;
pub use workbook::workbook;

use lantian_domain::{kpi::Span, time::Date};

use crate::{api::problem, error::Result};

/// The longest span of one report, in days.
const LONGEST_DAYS: i64 = 1_100;

/// The span between two days.
///
/// # Errors
/// A problem `malformed` when it has no end or no beginning, or is too long.
pub fn span(from: &str, to: &str) -> Result<Span> {
    let day = |text: &str| {
        text.parse::<Date>().map_err(|_| {
            problem::malformed("give days as 2026-03-01: the first with from, the last with to")
        })
    };
    let span = Span { from: day(from)?, to: day(to)? };
    let days = (span.to - span.from).num_days();
    if !(0..=LONGEST_DAYS).contains(&days) {
        return Err(problem::malformed("the last day lies on or after the first, at most 3 years"));
    }
    Ok(span)
}
