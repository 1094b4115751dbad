//! `lantian-server init`: founds a company.

use serde_json::json;

use super::{args::Init, exit::print};
use crate::{
    config::{self, Config},
    demo,
    error::{Error, Result},
    founding::found,
};

/// Founds it and prints the one-time passwords once.
pub(super) fn run(config: &Config, what: &Init) -> Result<()> {
    let founded = found(config, &what.name)?;
    let demo = what.demo.then(|| demo::fill(&founded.store, config.clock.now())).transpose()?;
    if what.demo {
        write_settings(config)?;
    }
    let administrators: Vec<_> = founded
        .administrators
        .iter()
        .map(|(login, password)| json!({ "login": login, "one_time_password": password }))
        .collect();
    print(&json!({
        "data": config.data,
        "company": what.name,
        "administrators": administrators,
        "recovery_file": founded.recovery_file,
        "recovery_recipient": founded.recovery_recipient,
        "recovery_note": "把恢复密钥文件移到两名保管人处离线保存，并从服务器上删除",
        "demo": demo,
    }))
}

/// A demonstration's passwords are known to all, and nobody's telephone holds
/// its administrators' codes.
fn write_settings(config: &Config) -> Result<()> {
    let path = config.data.join(config::FILE);
    let text = "# A demonstration: its administrators sign in with the password alone.\n\
                second_factor = \"nobody\"\n";
    std::fs::write(&path, text)
        .map_err(Error::io(format!("{} could not be written", path.display())))
}
