//! `lantian-server backup`, `restore` and `recall`.

use std::path::Path;

use super::exit::print;
use crate::{
    backup::{Aside, backup, recall, restore},
    config::Config,
    error::Result,
};

/// Writes a backup.
pub(super) fn save(config: &Config, out: &Path) -> Result<()> {
    let store = config.open_store()?;
    print(&backup(&store, out, config.clock.now())?)
}

/// Restores a backup.
pub(super) fn bring_back(config: &Config, file: &Path, replace: bool) -> Result<()> {
    let aside = if replace { Aside::Move } else { Aside::Refuse };
    print(&restore(file, &config.data, aside, config.clock.now())?)
}

/// Gives the store a new epoch.
pub(super) fn call_back(config: &Config) -> Result<()> {
    let store = config.open_store()?;
    print(&recall(&store, config.clock.now())?)
}
