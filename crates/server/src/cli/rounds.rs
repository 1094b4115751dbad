//! `lantian-server rounds`: makes the rounds once, as of a given instant.

use lantian_domain::time::Instant;

use super::{args::Rounds, exit::print};
use crate::{
    config::Config,
    error::{Error, Result},
    rounds,
};

/// Makes them and prints what each came to.
pub(super) fn run(config: &Config, what: &Rounds) -> Result<()> {
    let at = match &what.at {
        None => config.clock.now(),
        Some(text) => Instant::parse(text).ok_or_else(|| {
            Error::config(format!("{text} is no instant; write it as 2026-03-05T09:00:00+08:00"))
        })?,
    };
    if let Some(only) = &what.only
        && !rounds::names().contains(&only.as_str())
    {
        let known = rounds::names().join(", ");
        return Err(Error::config(format!("there is no round {only}; there are {known}")));
    }
    let store = config.open_store()?;
    print(&rounds::make(&store, at, what.only.as_deref())?)
}
