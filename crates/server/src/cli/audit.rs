//! `lantian-server audit verify` and `lantian-server verify`.

use serde_json::json;

use super::exit::print;
use crate::{
    audit,
    config::Config,
    error::{Error, Result},
    files, signing,
};

/// Checks the audit chain, prints the report, and fails if it does not hold.
pub(super) fn chain(config: &Config) -> Result<()> {
    let store = config.open_store()?;
    let report = store.read_now(audit::verify_chain)?;
    print(&report)?;
    judge(report.faults)
}

/// Checks the chain, the logs, the records and every content.
pub(super) fn everything(config: &Config) -> Result<()> {
    let store = config.open_store()?;
    let mut report = store.read_now(audit::verify)?;
    let contents = files::verify(&store)?;
    let inventory = files::inventory(&store, config.clock.now())?;
    let lost = (contents.missing.len() + contents.damaged.len()) as u64;
    let signatures = signing::verify(&store)?;
    let broken = signatures.faults.len() as u64;
    report.holds &= lost + broken == 0;
    let mut shown = serde_json::to_value(&report)?;
    shown["contents"] = json!(contents);
    shown["files"] = json!(inventory);
    shown["signatures"] = json!(signatures);
    print(&shown)?;
    judge(report.faults + lost + broken)
}

fn judge(faults: u64) -> Result<()> {
    match faults {
        0 => Ok(()),
        _ => Err(Error::damaged(format!("{faults} faults were found"))),
    }
}
