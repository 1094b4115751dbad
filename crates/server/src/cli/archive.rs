//! `lantian-server archive …` and `lantian-server retention run`.

use std::path::Path;

use lantian_domain::ids::RecordId;

use super::{
    args::{ArchiveAct, RetentionAct},
    exit::print,
};
use crate::{
    config::Config,
    error::{Error, Result},
    privacy::{archive, retention},
};

/// Writes or checks the archive package of a case.
pub(super) fn run(config: impl FnOnce() -> Result<Config>, act: ArchiveAct) -> Result<()> {
    match act {
        ArchiveAct::Export { case, out } => {
            let config = config()?;
            let id: RecordId =
                case.parse().map_err(|_| Error::config("CASE is the identity of a case"))?;
            let store = config.open_store()?;
            print(&archive::export(&store, id, &out, config.clock.now())?)
        }
        ArchiveAct::Verify { folder, manifest } => check(&folder, manifest.as_deref()),
    }
}

fn check(folder: &Path, manifest: Option<&str>) -> Result<()> {
    let mut report = archive::verify(folder)?;
    if manifest.is_some_and(|hash| !hash.eq_ignore_ascii_case(&report.manifest)) {
        report.faults.push("manifest_differs".to_owned());
        report.holds = false;
    }
    print(&report)?;
    match report.faults.len() {
        0 => Ok(()),
        faults => Err(Error::damaged(format!("{faults} faults were found"))),
    }
}

/// Carries the round of retention out at once.
pub(super) fn retain(config: &Config, act: &RetentionAct) -> Result<()> {
    match act {
        RetentionAct::Run => {
            let store = config.open_store()?;
            print(&retention::run(&store, config.clock.now())?)
        }
        RetentionAct::Terms => print(&lantian_domain::privacy::retention::TERMS),
    }
}
