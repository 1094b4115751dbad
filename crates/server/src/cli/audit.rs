//! `lantian-server audit verify` and `lantian-server verify`.

use super::exit::print;
use crate::{
    audit,
    config::Config,
    error::{Error, Result},
    store::Store,
};

/// How much is checked.
#[derive(Clone, Copy)]
pub(super) enum Extent {
    /// The audit chain.
    Chain,
    /// The chain, the logs, the records.
    Everything,
}

/// Checks, prints the report, and fails if anything does not hold.
pub(super) fn run(config: &Config, extent: Extent) -> Result<()> {
    let store = Store::open(&config.data)?;
    let report = store.read_now(|unit| match extent {
        Extent::Chain => audit::verify_chain(unit),
        Extent::Everything => audit::verify(unit),
    })?;
    print(&report)?;
    if report.holds {
        Ok(())
    } else {
        Err(Error::damaged(format!("{} faults were found", report.faults)))
    }
}
