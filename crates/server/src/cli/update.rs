//! `lantian-server update …`: signed packages of new versions.

use std::{path::Path, process::Command};

use serde_json::json;

use super::{Place, args::UpdateAct, exit::print};
use crate::{
    config,
    error::{Error, Result},
    suite::{SigningKey, Suite},
    update,
};

/// Carries out what was asked and prints it.
pub(super) fn run(place: &Place, act: &UpdateAct) -> Result<()> {
    match act {
        UpdateAct::Key { keys } => {
            let key = SigningKey::of(keys, place.suite()?)?;
            print(&json!({ "suite": key.suite(), "update_key": hex::encode(key.public()) }))
        }
        UpdateAct::Sign { package, keys } => {
            print(&update::sign(package, &SigningKey::of(keys, place.suite()?)?)?)
        }
        UpdateAct::Verify { package, key } => {
            print(&update::verify(package, &pinned(place, key.as_deref())?)?.signature)
        }
        UpdateAct::Install { package, key } => {
            let verified = update::verify(package, &pinned(place, key.as_deref())?)?;
            verified.install(dpkg)?;
            print(&verified.signature)
        }
    }
}

impl Place {
    fn suite(&self) -> Result<Suite> {
        self.settings.suite.as_deref().map_or(Ok(Suite::Standard), config::suite)
    }
}

/// The key that the command line or the settings name.
fn pinned(place: &Place, given: Option<&str>) -> Result<String> {
    let set = || place.settings.update_key.clone();
    given.map(str::to_owned).or_else(set).ok_or_else(|| {
        Error::config(
            "no key is pinned: write the maker's public key as update_key into server.toml, \
             or give it with --key",
        )
    })
}

fn dpkg(package: &Path) -> Result<()> {
    let done = Command::new("dpkg").arg("--install").arg(package).status();
    let done = done.map_err(Error::io("dpkg could not be started"))?;
    if done.success() {
        return Ok(());
    }
    Err(Error::config("dpkg did not install the package; its own words stand above"))
}
