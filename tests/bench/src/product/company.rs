//! A company with `n` leads, handed over to its customer managers in turn.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use lantian_domain::card::card;
use lantian_domain::command::Command;
use lantian_domain::ids::{CommandId, DeviceId, RecordId};
use lantian_domain::lead::HandOverLead;
use lantian_domain::record::{Person, Record};
use lantian_domain::role::{OrgUnit, Role};
use lantian_domain::time::Instant;
use lantian_server::identity::accounts::{self, NewAccount};
use lantian_server::identity::password;
use lantian_server::pipeline::{Act, Desk, find};
use lantian_server::store::{Store, Unit};
use lantian_server::{Config, Handle, found, spawn};
use uuid::Uuid;

use super::{LEAD, MANAGER, PASSWORD, Way, way};
use crate::documents;
use crate::limit::Document;

/// Records of one commit while the company is founded.
const BATCH: usize = 250;
const MINUTE_MS: i64 = 60_000;
const SECOND_MS: i64 = 1_000;

/// A running server with its leads.
pub(crate) struct Company {
    server: Handle,
    way: Way,
    leads: Vec<RecordId>,
    managers: Vec<Person>,
    lead: Person,
    acts: u128,
}

impl Company {
    /// Founds it in `folder` with `n` leads of one manager and serves it.
    pub(crate) async fn found(folder: &Path, n: usize) -> Result<Self> {
        Self::of_managers(folder, n, 1).await
    }

    /// The same with several managers, who have the leads in turn.
    pub(crate) async fn of_managers(folder: &Path, n: usize, managers: usize) -> Result<Self> {
        let config = config(folder);
        let (leads, People { lead, managers, .. }) = set_up(&config, n, managers)?;
        let server = spawn(config).await?;
        let way = Way::to(folder, server.address());
        Ok(Self { server, way, leads, managers, lead, acts: 0 })
    }

    /// Founds it in `folder` for a server of another process.
    pub(crate) fn only_founded(folder: &Path, n: usize, managers: usize) -> Result<()> {
        set_up(&config(folder), n, managers).map(|_| ())
    }

    /// The managers, in the order of their logins.
    pub(crate) fn managers(&self) -> &[Person] {
        &self.managers
    }

    /// Lets the managers' superior remark something on each of `leads`.
    pub(crate) fn remark(&mut self, leads: &[RecordId]) -> Result<()> {
        let now = self.server.app().clock.now();
        for some in leads.chunks(BATCH) {
            let acts: Vec<Act> = some
                .iter()
                .map(|record| {
                    self.acts += 1;
                    Act {
                        id: CommandId(Uuid::from_u128(3 << 64 | self.acts)),
                        person: self.lead.clone(),
                        device: DeviceId(Uuid::nil()),
                        record: *record,
                        at: now,
                        received: now,
                        command: Command::AddNote(documents::remark()),
                    }
                })
                .collect();
            self.server.app().store.write_now(move |unit| give(unit, &acts))??;
        }
        Ok(())
    }

    /// How many events a lead has taken.
    pub(crate) fn version(&self, lead: RecordId) -> Result<u64> {
        let found = self.server.app().store.read_now(|unit| find(unit, lead))?;
        Ok(found.context("a lead is gone")?.version())
    }

    /// The leads, in the order of their numbers.
    pub(crate) fn leads(&self) -> &[RecordId] {
        &self.leads
    }

    /// How tablets reach it.
    pub(crate) fn way(&self) -> &Way {
        &self.way
    }

    /// The leads' records, in the order of their numbers.
    pub(crate) fn records(&self) -> Result<Vec<Record>> {
        let read = |unit: &Unit<'_>| {
            self.leads.iter().map(|id| find(unit, *id)).collect::<lantian_server::Result<Vec<_>>>()
        };
        let records = self.server.app().store.read_now(read)?;
        records.into_iter().map(|record| record.context("a lead is gone")).collect()
    }

    /// The same records for the bare program.
    pub(crate) fn documents(&self) -> Result<Vec<Document>> {
        self.records()?
            .into_iter()
            .map(|record| {
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

/// The settings of a server for a company in `folder`.
pub(super) fn config(folder: &Path) -> Config {
    Config { tls: Some(way::files(folder)), ..Config::throwaway(folder) }
}

fn set_up(config: &Config, n: usize, managers: usize) -> Result<(Vec<RecordId>, People)> {
    let founded = found(config, "新郑蓝天燃气")?;
    way::certify(&config.data)?;
    let people = people(&founded.store, config, managers)?;
    let leads = fill(&founded.store, config, n, &people.platform, &people.managers)?;
    Ok((leads, people))
}

struct People {
    lead: Person,
    platform: Person,
    managers: Vec<Person>,
}

/// The login of the manager with this number, from 0.
pub(crate) fn login(number: usize) -> String {
    format!("{}{}", MANAGER.trim_end_matches('1'), number + 1)
}

fn people(store: &Store, config: &Config, managers: usize) -> Result<People> {
    let now = config.clock.now();
    let hash = password::hash_at(PASSWORD, config.password_cost)?;
    let mut accounts = vec![
        account(LEAD, Role::CmLead, OrgUnit::MarketDept, hash.clone()),
        account("platform", Role::Integration, OrgUnit::External, hash.clone()),
    ];
    accounts.extend((0..managers).map(|number| {
        account(&login(number), Role::CustomerManager, OrgUnit::MarketDept, hash.clone())
    }));
    let mut people = store
        .write_now(move |unit| {
            accounts
                .into_iter()
                .map(|account| accounts::create_reader(unit, account, now))
                .collect::<lantian_server::Result<Vec<_>>>()
        })?
        .into_iter();
    let (lead, platform) = (people.next(), people.next());
    let lead = lead.context("a superior was made")?;
    let platform = platform.context("a platform was made")?;
    Ok(People { lead, platform, managers: people.collect() })
}

fn fill(
    store: &Store,
    config: &Config,
    n: usize,
    platform: &Person,
    managers: &[Person],
) -> Result<Vec<RecordId>> {
    let now = config.clock.now();
    let began = now.plus_ms(-(i64::try_from(n)? + 60) * MINUTE_MS);
    let mut leads = Vec::with_capacity(n);
    for from in (0..n).step_by(BATCH) {
        let numbers = from..n.min(from + BATCH);
        let acts: Vec<Act> = numbers
            .flat_map(|number| {
                let at = began.plus_ms(i64::try_from(number).unwrap_or(0) * MINUTE_MS);
                acts(number, at, platform, &managers[number % managers.len()])
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
