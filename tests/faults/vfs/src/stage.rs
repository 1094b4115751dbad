//! The stage: a company with leads and one enrolled tablet, made once; and how
//! a folder is laid out from it with the databases that a cut left.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use lantian_domain::command::Command;
use lantian_domain::ids::{CommandId, DeviceId, OrgId, RecordId};
use lantian_domain::record::Person;
use lantian_domain::role::{OrgUnit, Role};
use lantian_domain::time::Instant;
use lantian_replica::{Enrolment, Replica, simulation};
use lantian_server::clock::Clock;
use lantian_server::identity::accounts::{self, NewAccount};
use lantian_server::identity::password::{self, Cost};
use lantian_server::pipeline::{Act, Desk};
use lantian_server::store::{Accounts as _, DeviceRow, Store, Unit};
use lantian_server::{Config, found};
use serde_json::json;
use uuid::Uuid;

use crate::disk::{self, Files};

/// When everything begins: a working morning.
const MORNING: &str = "2026-03-05T09:00:00+08:00";
/// The key of the tablet's store.
pub const KEY: [u8; 32] = [7; 32];
/// The folder of the company's store.
pub const COMPANY: &str = "company";
/// The folder of the tablet's store.
pub const TABLET: &str = "tablet";
/// The databases, named from the root.
pub const DATABASES: [&str; 3] = ["company/server.db", "tablet/outbox.db", "tablet/replica.db"];
/// Leads of the manager.
pub const LEADS: u128 = 5;

/// A company and a tablet, closed.
pub struct Stage {
    /// Their folder.
    pub root: PathBuf,
    /// The tablet as the company knows it.
    pub device: DeviceRow,
    /// Whose tablet it is.
    pub manager: Person,
    /// Who gives leads.
    pub platform: Person,
    /// The leads.
    pub leads: Vec<RecordId>,
}

/// The first instant.
pub fn morning() -> Instant {
    Instant::parse(MORNING).unwrap_or(Instant(0))
}

/// A folder in memory where the system has one.
pub fn folder() -> Result<tempfile::TempDir> {
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    Ok(tempfile::Builder::new().prefix("lantian-faults-").tempdir_in(base)?)
}

/// A company with its people and leads, open.
pub struct Founded {
    /// Its store.
    pub store: Store,
    /// Whose tablet will be enrolled.
    pub manager: Person,
    /// Who gives leads.
    pub platform: Person,
    /// The manager's leads.
    pub leads: Vec<RecordId>,
    /// The company's recovery key, public part.
    pub recovery: String,
}

/// Founds a company below `root`.
pub fn found_company(root: &Path) -> Result<Founded> {
    let at = morning();
    let mut config = Config::throwaway(root.join(COMPANY));
    config.clock = Clock::fixed(at);
    let founded = found(&config, "新郑蓝天燃气")?;
    let (store, recovery) = (founded.store, founded.recovery_recipient);
    let (manager, platform) = store.write_now(move |unit| {
        Ok((
            hire(unit, "manager1", Role::CustomerManager, OrgUnit::MarketDept, at)?,
            hire(unit, "platform", Role::Integration, OrgUnit::External, at)?,
        ))
    })?;
    let leads: Vec<_> =
        (0..LEADS).map(|n| RecordId(Uuid::from_u128(0x1ead_0000 << 64 | n))).collect();
    let acts = lead_acts(&leads, &manager, &platform, at)?;
    store.write_now(move |unit| give(unit, &acts))??;
    Ok(Founded { store, manager, platform, leads, recovery })
}

impl Founded {
    /// What the manager's tablet is enrolled with.
    pub fn enrolment(&self) -> Enrolment {
        Enrolment {
            person: self.manager.clone(),
            org: OrgId(Uuid::from_u128(1)),
            device: DeviceId(Uuid::from_u128(0xde)),
            device_name: "tablet".to_owned(),
            server: "http://company".to_owned(),
            device_seed: KEY,
            recovery_recipient: self.recovery.clone(),
        }
    }

    /// Writes the tablet down at the company.
    pub fn enrol(&self, replica: &Replica) -> Result<DeviceRow> {
        let device = DeviceRow {
            id: replica.device().device,
            user: self.manager.user(),
            name: replica.device().device_name.clone(),
            public_key: replica.public_key(),
            active: true,
            enrolled: morning(),
            last_sync: None,
            offset_ms: None,
        };
        let row = device.clone();
        self.store.write_now(move |unit| unit.put_device(&row))?;
        Ok(device)
    }
}

impl Stage {
    /// Makes the company and the tablet below `root`.
    pub fn set(root: &Path) -> Result<Self> {
        let founded = found_company(root)?;
        let replica = simulation::create(&root.join(TABLET), KEY, &founded.enrolment())?;
        let device = founded.enrol(&replica)?;
        let Founded { manager, platform, leads, .. } = founded;
        Ok(Self { root: root.to_owned(), device, manager, platform, leads })
    }

    /// The databases as they lie here.
    pub fn databases(&self) -> Result<Files> {
        databases(&self.root)
    }
}

/// The databases below a root whose stores are closed.
pub fn databases(root: &Path) -> Result<Files> {
    let read = |name: &&str| Ok(((*name).into(), fs::read(root.join(name))?));
    DATABASES.iter().map(read).collect()
}

/// Lays out `to` with the databases of `files`, and with everything else from
/// `from`. What is linked is never written but whole.
pub fn lay_out(from: &Path, files: &Files, to: &Path) -> Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    link(from, to)?;
    disk::put(to, files)
}

fn link(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_database = name.to_string_lossy().contains(".db");
        if entry.file_type()?.is_dir() {
            link(&entry.path(), &to.join(name))?;
        } else if !is_database && !name.to_string_lossy().ends_with(".lock") {
            fs::hard_link(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}

fn hire(
    unit: &Unit<'_>,
    login: &str,
    role: Role,
    org: OrgUnit,
    at: Instant,
) -> lantian_server::Result<Person> {
    let account = NewAccount {
        login: login.to_owned(),
        name: login.to_owned(),
        roles: [role].into(),
        org,
        password: password::hash_at("long enough 1", Cost::LEAST)?,
        one_time: false,
    };
    accounts::create_reader(unit, account, at)
}

fn lead_acts(
    leads: &[RecordId],
    manager: &Person,
    platform: &Person,
    at: Instant,
) -> Result<Vec<Act>> {
    let mut acts = Vec::new();
    for (n, lead) in leads.iter().enumerate() {
        for command in [
            json!({
                "type": "receive_push", "source": "gonggai", "source_key": format!("S-{n}"),
                "pushed_at": at, "region_code": "410184",
                "project_name": format!("新华路小区零星户{n}号"), "contact_name": "王小明",
                "contact_phone": format!("138{n:08}"), "site_address": "新郑市新华路66号院",
            }),
            json!({ "type": "hand_over_lead", "manager": manager.user() }),
        ] {
            let command: Command = serde_json::from_value(command).context("a command")?;
            acts.push(act_of(platform, *lead, command, at, acts.len() as u128));
        }
    }
    Ok(acts)
}

/// The upper half of the identities of the company's own commands.
const OF_COMPANY: u128 = 0xac7;

/// Whether the company itself gave a command.
pub fn is_of_company(id: CommandId) -> bool {
    id.0.as_u128() >> 64 == OF_COMPANY
}

/// An act that the company's own interface gives.
pub fn act_of(person: &Person, record: RecordId, command: Command, at: Instant, n: u128) -> Act {
    Act {
        id: CommandId(Uuid::from_u128(OF_COMPANY << 64 | n)),
        person: person.clone(),
        device: DeviceId(Uuid::nil()),
        record,
        at,
        received: at,
        command,
    }
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
