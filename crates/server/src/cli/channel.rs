//! `lantian-server channel`: outside systems, their secrets, and what they are
//! told, for whoever holds the data folder.

use lantian_protocol::channel::{ChannelChange, ChannelClient, DeliveryState, NewChannel};
use serde_json::json;

use super::{
    args::{ChannelAct, ChannelFlags},
    exit::print,
};
use crate::{
    api::problem,
    channel::{self, NewClient, webhook},
    config::Config,
    error::{Error, Result},
    identity::accounts::By,
    store::Store,
};

/// Carries out what was asked and prints it.
pub(super) fn run(config: &Config, act: ChannelAct) -> Result<()> {
    let store = config.open_store()?;
    let (at, by) = (config.clock.now(), By::default());
    match act {
        ChannelAct::List => print(&store.read_now(channel::list)?),
        ChannelAct::Add(flags) => {
            let new = NewClient::of(&asked(flags)?, at)?;
            print_secret(channel::create(&store, new, by)?)
        }
        ChannelAct::Set(flags) => {
            if flags.channel.is_some() || flags.algorithm.is_some() {
                let advice = "channel and algorithm stay as they were agreed; add another client";
                return Err(Error::config(advice));
            }
            change(&store, config, flags.id.clone(), changed(flags))
        }
        ChannelAct::Rotate { id } => print_secret(channel::rotate(&store, &id, by, at)?),
        ChannelAct::Disable { id } => change(&store, config, id, admitted(false)),
        ChannelAct::Enable { id } => change(&store, config, id, admitted(true)),
        ChannelAct::Deliveries { dead } => {
            let state = dead.then_some(DeliveryState::Dead);
            print(&store.read_now(|unit| webhook::list(unit, state))?)
        }
        ChannelAct::Resend { id } => {
            let id = id.parse().map_err(|_| problem::not_found("delivery"))?;
            print(&store.write_now(move |unit| webhook::resend(unit, id, by, at))?)
        }
    }
}

fn change(store: &Store, config: &Config, id: String, change: ChannelChange) -> Result<()> {
    let at = config.clock.now();
    let changed =
        store.write_now(move |unit| channel::alter(unit, &id, &change, By::default(), at))?;
    print(&json!({ "client": changed }))
}

fn print_secret((client, secret): (ChannelClient, String)) -> Result<()> {
    print(&json!({ "client": client, "secret": secret }))
}

fn asked(flags: ChannelFlags) -> Result<NewChannel> {
    let channel = flags.channel.ok_or_else(|| Error::config("name the channel: --channel"))?;
    Ok(NewChannel {
        name: flags.name.unwrap_or_else(|| flags.id.clone()),
        id: flags.id,
        channel,
        algorithm: flags.algorithm,
        basis: flags.basis,
        addresses: flags.addresses,
        per_minute: flags.per_minute,
        webhook: flags.webhook,
        rating_url: flags.rating_url,
    })
}

fn changed(flags: ChannelFlags) -> ChannelChange {
    ChannelChange {
        name: flags.name,
        basis: flags.basis,
        addresses: Some(flags.addresses).filter(|given| !given.is_empty()),
        per_minute: flags.per_minute,
        webhook: flags.webhook,
        rating_url: flags.rating_url,
        active: None,
    }
}

fn admitted(active: bool) -> ChannelChange {
    ChannelChange { active: Some(active), ..ChannelChange::default() }
}
