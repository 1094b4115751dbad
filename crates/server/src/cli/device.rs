//! `lantian-server device`: enrolled devices.

use lantian_domain::ids::DeviceId;
use serde_json::json;

use super::{args::DeviceAct, exit::print};
use crate::{
    api::problem,
    config::Config,
    error::Result,
    identity::{accounts::By, devices},
};

/// Carries out what was asked.
pub(super) fn run(config: &Config, act: DeviceAct) -> Result<()> {
    let store = config.open_store()?;
    match act {
        DeviceAct::List => print(&store.read_now(devices::list)?),
        DeviceAct::Revoke { id } => {
            let id: DeviceId = id.parse().map_err(|_| problem::not_found("device"))?;
            let at = config.clock.now();
            store.write_now(move |unit| devices::revoke(unit, id, By::default(), at))?;
            print(&json!({ "device": id, "state": "revoked" }))
        }
    }
}
