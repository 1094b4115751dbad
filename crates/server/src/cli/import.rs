//! `lantian-server import`: takes a file that an outside system pushed.

use crate::{
    api::problem,
    channel,
    config::Config,
    error::{Error, Result},
    intake::{self, HandOver, ImportOrder, MAX_BYTES},
};
use lantian_domain::ids::DeviceId;
use uuid::Uuid;

use super::{args::Import, exit::print};

/// Imports the file and prints the result of each row.
pub(super) fn run(config: &Config, what: &Import) -> Result<()> {
    let bytes = read(what)?;
    let store = config.open_store()?;
    let by = what.by.as_deref().map(str::to_lowercase);
    let person = store.read_now(|unit| intake::account(unit, by.as_deref()))?.ok_or_else(|| {
        let advice = "no account in use may bring a push; add one with \
                      `lantian-server user add LOGIN --role integration --org external --name NAME`";
        problem::refused(403, "E_ROLE", advice)
    })?;
    let Some(source) = what.source.source() else {
        let done = channel::run_import(&store, &bytes, &person, config.clock.now())?;
        return match done {
            Ok(report) => print(&report),
            Err(fault) => Err(problem::refused(422, fault.code, &fault.message)),
        };
    };
    let order = ImportOrder {
        source,
        bytes,
        person,
        device: DeviceId(Uuid::nil()),
        hand_over: what.hand_over.as_deref().map(HandOver::parse),
        received: config.clock.now(),
    };
    match intake::run_import(&store, &order)? {
        Ok(report) => print(&report),
        Err(fault) => Err(problem::refused(422, fault.code, &fault.message)),
    }
}

/// The file's bytes, if it is not too large.
pub(super) fn read(what: &Import) -> Result<Vec<u8>> {
    let failed = || Error::io(format!("{} could not be read", what.file.display()));
    let size = std::fs::metadata(&what.file).map_err(failed())?.len();
    if size > MAX_BYTES as u64 {
        let fault = intake::FileFault::too_large(MAX_BYTES >> 20);
        return Err(problem::refused(413, fault.code, &fault.message));
    }
    std::fs::read(&what.file).map_err(failed())
}
