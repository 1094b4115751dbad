//! A company with `n` leads, each handed over to one customer manager.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use lantian_domain::card::card;
use lantian_domain::command::Command;
use lantian_domain::ids::{CommandId, DeviceId, RecordId};
use lantian_domain::lead::HandOverLead;
use lantian_domain::record::Person;
use lantian_domain::role::{OrgUnit, Role};
use lantian_domain::time::Instant;
use lantian_server::identity::accounts::{self, NewAccount};
use lantian_server::identity::password;
use lantian_server::pipeline::{Act, Desk, find};
use lantian_server::store::{Store, Unit};
use lantian_server::{Config, Handle, found, spawn};
use uuid::Uuid;

use super::{LEAD, MANAGER, PASSWORD};
use crate::documents;
use crate::limit::Document;

/// Records of one commit while the company is founded.
const BATCH: usize = 250;
const MINUTE_MS: i64 = 60_000;
const SECOND_MS: i64 = 1_000;

/// A running server with its leads.
pub(crate) struct Company {
    server: Handle,
    leads: Vec<RecordId>,
}

impl Company {
    /// Founds it in `folder` with `n` leads and serves it.
    pub(crate) async fn found(folder: &Path, n: usize) -> Result<Self> {
        let config = Config::throwaway(folder);
        let founded = found(&config, "新郑蓝天燃气")?;
        let leads = fill(&founded.store, &config, n)?;
        drop(founded);
        let server = spawn(config).await?;
        Ok(Self { server, leads })
    }

    /// The leads, in the order of their numbers.
    pub(crate) fn leads(&self) -> &[RecordId] {
        &self.leads
    }

    /// Where the server listens.
    pub(crate) fn address(&self) -> std::net::SocketAddr {
        self.server.address()
    }

    /// The same records for the bare program.
    pub(crate) fn documents(&self) -> Result<Vec<Document>> {
        let store = &self.server.app().store;
        let read = |unit: &Unit<'_>| {
            self.leads.iter().map(|id| find(unit, *id)).collect::<lantian_server::Result<Vec<_>>>()
        };
        let records = store.read_now(read)?;
        records
            .into_iter()
            .map(|record| {
                let record = record.context("a lead is gone")?;
                let card = card(&record);
                let text = serde_json::to_string(&record)?;
                Ok(Document::new(&record.id().to_string(), &card.state, card.due_ms(), &text))
            })
            .collect()
    }

    /// Stops the server.
    pub(crate) async fn close(self) -> Result<()> {
        Ok(self.server.stop().await?)
    }
}

fn fill(store: &Store, config: &Config, n: usize) -> Result<Vec<RecordId>> {
    let now = config.clock.now();
    let hash = || password::hash_at(PASSWORD, config.password_cost);
    let people = [
        account(MANAGER, Role::CustomerManager, OrgUnit::MarketDept, hash()?),
        account(LEAD, Role::CmLead, OrgUnit::MarketDept, hash()?),
        account("platform", Role::Integration, OrgUnit::External, hash()?),
    ];
    let people = store.write_now(move |unit| {
        people
            .into_iter()
            .map(|account| accounts::create_reader(unit, account, now))
            .collect::<lantian_server::Result<Vec<_>>>()
    })?;
    let [manager, _, platform] = &people[..] else {
        return Err(anyhow!("three accounts were made, not {}", people.len()));
    };
    let began = now.plus_ms(-(i64::try_from(n)? + 60) * MINUTE_MS);
    let mut leads = Vec::with_capacity(n);
    for from in (0..n).step_by(BATCH) {
        let numbers = from..n.min(from + BATCH);
        let acts: Vec<Act> = numbers
            .flat_map(|number| {
                let at = began.plus_ms(i64::try_from(number).unwrap_or(0) * MINUTE_MS);
                acts(number, at, platform, manager)
            })
            .collect();
        leads.extend(acts.iter().step_by(2).map(|act| act.record));
        store.write_now(move |unit| give(unit, &acts))??;
    }
    Ok(leads)
}

/// Gives a batch of acts; the inner error is a refusal, which would make the
/// company smaller than it is said to be.
fn give(unit: &Unit<'_>, acts: &[Act]) -> lantian_server::Result<Result<()>> {
    let mut desk = Desk::open(unit)?;
    for act in acts {
        if let Err(refusal) = desk.perform(act)? {
            return Ok(Err(anyhow!("a lead was refused: {refusal:?}")));
        }
    }
    desk.save()?;
    Ok(Ok(()))
}

/// The push of a lead, and its handing over a second later.
fn acts(number: usize, at: Instant, platform: &Person, manager: &Person) -> [Act; 2] {
    let push = documents::push(number, at);
    let record = RecordId(Uuid::from_u128(0x1ead_0000 << 64 | number as u128));
    let act = |turn: u128, at: Instant, command: Command| Act {
        id: CommandId(Uuid::from_u128(turn << 64 | number as u128)),
        person: platform.clone(),
        device: DeviceId(Uuid::nil()),
        record,
        at,
        received: at,
        command,
    };
    let hand_over = HandOverLead { manager: manager.user(), note: None };
    [
        act(1, at, Command::ReceivePush(Box::new(push))),
        act(2, at.plus_ms(SECOND_MS), Command::HandOverLead(hand_over)),
    ]
}

fn account(login: &str, role: Role, org: OrgUnit, password: password::Hashed) -> NewAccount {
    NewAccount {
        login: login.to_owned(),
        name: login.to_owned(),
        roles: BTreeSet::from([role]),
        org,
        password,
        one_time: false,
    }
}
