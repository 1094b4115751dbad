//! `lantian-server report`: indicators and the monthly report, from the log.

use lantian_domain::kpi::Month;

use super::{args::ReportAct, exit::print};
use crate::{
    api::problem,
    config::Config,
    error::{Error, Result},
    report,
};

/// Prints the report, or writes the workbook.
pub(super) fn run(config: &Config, act: &ReportAct) -> Result<()> {
    let store = config.open_store()?;
    let now = config.clock.now();
    match act {
        ReportAct::Kpi { from, to, xlsx } => {
            let made = report::kpi(&store, report::span(from, to)?, now)?;
            match xlsx {
                None => print(&made),
                Some(path) => std::fs::write(path, report::workbook(&made)?)
                    .map_err(Error::io(format!("{} could not be written", path.display()))),
            }
        }
        ReportAct::Month { month } => {
            let month = Month::parse(month)
                .ok_or_else(|| problem::malformed("name a month, as 2026-03"))?;
            print(&report::month(&store, month, now)?)
        }
    }
}
