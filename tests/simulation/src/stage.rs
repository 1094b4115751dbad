//! The stage: a company with leads and its enrolled tablets, made once and
//! copied for every history.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use lantian_domain::command::Command;
use lantian_domain::ids::{CommandId, DeviceId, OrgId, RecordId, UserId};
use lantian_domain::record::Person;
use lantian_domain::role::{OrgUnit, Role};
use lantian_domain::time::Instant;
use lantian_protocol::PullRequest;
use lantian_replica::{Enrolment, simulation};
use lantian_server::clock::Clock;
use lantian_server::identity::accounts::{self, NewAccount};
use lantian_server::identity::password::{self, Cost};
use lantian_server::pipeline::{Act, Desk};
use lantian_server::store::{Accounts as _, DeviceRow, FILE, Store, Unit};
use lantian_server::{Config, found};
use serde_json::json;
use uuid::Uuid;

use crate::chance::Source;
use crate::company::Company;

/// When every history begins: a working morning.
pub(crate) const MORNING: &str = "2026-03-05T09:00:00+08:00";
/// Who works with which tablet; two belong to one person.
pub(crate) const FLEET: [&str; 4] = ["manager1", "manager1", "manager2", "lead1"];
/// Leads of the company at the beginning.
const LEADS: u128 = 12;
const SPARED: &str = "reserve.bin";

const STAFF: [(&str, Role, OrgUnit); 4] = [
    ("manager1", Role::CustomerManager, OrgUnit::MarketDept),
    ("manager2", Role::CustomerManager, OrgUnit::MarketDept),
    ("lead1", Role::CmLead, OrgUnit::MarketDept),
    ("platform", Role::Integration, OrgUnit::External),
];

/// The folder of the originals.
pub(crate) struct Stage {
    folder: PathBuf,
    pub(crate) devices: Vec<DeviceRow>,
}

/// The instant at which every history begins.
pub(crate) fn morning() -> Instant {
    Instant::parse(MORNING).unwrap_or(Instant(0))
}

/// The key of a tablet's store.
pub(crate) fn key_of(tablet: usize) -> [u8; 32] {
    [u8::try_from(tablet).unwrap_or_default() + 1; 32]
}

/// The folder of the company in a history's folder.
pub(crate) fn company_in(folder: &Path) -> PathBuf {
    folder.join("company")
}

/// The folder of a tablet in a history's folder.
pub(crate) fn tablet_in(folder: &Path, tablet: usize) -> PathBuf {
    folder.join(format!("tablet-{tablet}"))
}

impl Stage {
    /// Makes the originals in `folder`.
    pub(crate) fn set(folder: &Path) -> Result<Self> {
        let at = morning();
        Source::Stage.draw();
        let mut config = Config::throwaway(company_in(folder));
        config.clock = Clock::fixed(at);
        let store = found(&config, "新郑蓝天燃气")?.store;
        let people = store.write_now(move |unit| hire(unit, at))?;
        let leads = lead_acts(&people, at);
        store.write_now(move |unit| give(unit, &leads))??;
        let mut devices = Vec::new();
        for (number, login) in FLEET.iter().enumerate() {
            let person = named(&people, login)?.clone();
            devices.push(enrol(folder, number, person, &store, at)?);
        }
        drop(store);
        let company = Company::open(&company_in(folder), &folder.join("aside"))?;
        for (number, device) in devices.iter().enumerate() {
            first_sync(&company, folder, number, device)?;
        }
        Ok(Self { folder: folder.to_owned(), devices })
    }

    /// Copies everything into a history's folder. What every tablet keeps in
    /// reserve is shared: it is never written but whole.
    pub(crate) fn copy(&self, to: &Path) -> Result<()> {
        copy(&self.folder, to)
    }
}

/// Copies a folder.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else if entry.file_name() == SPARED {
            fs::hard_link(entry.path(), target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Puts a copy of the company's store aside, or back.
pub(crate) fn copy_store(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for suffix in ["-wal", "-shm"] {
        let beside = to.join(format!("{FILE}{suffix}"));
        if beside.exists() {
            fs::remove_file(beside)?;
        }
    }
    fs::copy(from.join(FILE), to.join(FILE)).map(drop).context("copying the company's store")
}

fn named<'a>(people: &'a [Person], login: &str) -> Result<&'a Person> {
    people.iter().find(|one| one.login == login).with_context(|| format!("no {login}"))
}

fn hire(unit: &Unit<'_>, at: Instant) -> lantian_server::Result<Vec<Person>> {
    Source::Staff.draw();
    let hashed = password::hash_at("long enough 1", Cost::LEAST)?;
    STAFF
        .iter()
        .map(|(login, role, org)| {
            let account = NewAccount {
                login: (*login).to_owned(),
                name: (*login).to_owned(),
                roles: [*role].into(),
                org: *org,
                password: hashed.clone(),
                one_time: false,
            };
            accounts::create_reader(unit, account, at)
        })
        .collect()
}

/// Leads, the even ones handed over to the one manager, the odd ones to the
/// other, the last two to nobody yet.
fn lead_acts(people: &[Person], at: Instant) -> Vec<Act> {
    let mut acts = Vec::new();
    let user = |login: &str| people.iter().find(|one| one.login == login).map(Person::user);
    let Some(platform) = people.iter().find(|one| one.login == "platform") else { return acts };
    for n in 0..LEADS {
        let record = RecordId(Uuid::from_u128(0x1ead_0000 << 64 | n));
        let mut act = |command: serde_json::Value| {
            if let Ok(command) = serde_json::from_value::<Command>(command) {
                acts.push(Act {
                    id: CommandId(Uuid::from_u128((acts.len() as u128 + 1) << 64 | n)),
                    person: platform.clone(),
                    device: DeviceId(Uuid::nil()),
                    record,
                    at,
                    received: at,
                    command,
                });
            }
        };
        act(json!({
            "type": "receive_push", "source": "gonggai", "source_key": format!("S-{n}"),
            "pushed_at": at, "region_code": "410184",
            "project_name": format!("新华路小区零星户{n}号"), "contact_name": "王小明",
            "contact_phone": format!("138{n:08}"), "site_address": "新郑市新华路66号院",
        }));
        let manager = user(if n % 2 == 0 { "manager1" } else { "manager2" });
        if n + 2 < LEADS {
            act(
                json!({ "type": "hand_over_lead", "manager": manager.unwrap_or(UserId(Uuid::nil())) }),
            );
        }
    }
    acts
}

fn give(unit: &Unit<'_>, acts: &[Act]) -> lantian_server::Result<Result<()>> {
    let mut desk = Desk::open(unit)?;
    for act in acts {
        if let Err(refusal) = desk.perform(act)? {
            return Ok(Err(anyhow!("the stage is refused: {refusal:?}")));
        }
    }
    desk.save()?;
    Ok(Ok(()))
}

fn enrol(
    folder: &Path,
    number: usize,
    person: Person,
    store: &Store,
    at: Instant,
) -> Result<DeviceRow> {
    let id = DeviceId(Uuid::from_u128(0xde_0000 + number as u128));
    let user = person.user();
    let enrolment = Enrolment {
        person,
        org: OrgId(Uuid::from_u128(1)),
        device: id,
        device_name: format!("tablet {number}"),
        server: "http://company".to_owned(),
        device_seed: key_of(number),
        recovery_recipient: "age1none".to_owned(),
    };
    let replica = simulation::create(&tablet_in(folder, number), key_of(number), &enrolment)?;
    let device = DeviceRow {
        id,
        user,
        name: enrolment.device_name,
        public_key: replica.public_key(),
        active: true,
        enrolled: at,
        last_sync: None,
        offset_ms: None,
    };
    let row = device.clone();
    store.write_now(move |unit| unit.put_device(&row))?;
    Ok(device)
}

/// Histories begin with tablets that have worked before.
fn first_sync(company: &Company, folder: &Path, number: usize, device: &DeviceRow) -> Result<()> {
    let mut replica = simulation::open(&tablet_in(folder, number), key_of(number))?;
    loop {
        let (cursor, witness) = (replica.cursor()?, replica.witness()?);
        let request = PullRequest { cursor, witness, max_bytes: 1 << 20 };
        let page = company.pull(device, &request, morning())?.context("the first page")?;
        if !replica.apply_page(&page, morning())?.more {
            return Ok(());
        }
    }
}
