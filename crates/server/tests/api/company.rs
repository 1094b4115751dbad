//! A company in a folder that is thrown away.

use std::collections::BTreeSet;

use lantian_domain::{
    record::Person,
    role::{OrgUnit, Role},
    time::Instant,
};
use lantian_server::{
    Config, Handle,
    clock::Clock,
    found,
    identity::{
        accounts::{self, NewAccount},
        password::{self, Cost},
    },
    spawn,
};
use tempfile::TempDir;

/// The password of everybody here.
pub(crate) const PASSWORD: &str = "demo-蓝天-2026";

/// A company with its server running.
pub(crate) struct Company {
    pub(crate) config: Config,
    pub(crate) server: Handle,
    pub(crate) clock: Clock,
    pub(crate) folder: TempDir,
}

/// Who works here.
const STAFF: [(&str, &[Role], OrgUnit); 8] = [
    ("hall1", &[Role::HallClerk], OrgUnit::GovHall),
    ("lead1", &[Role::CmLead], OrgUnit::MarketDept),
    ("manager1", &[Role::CustomerManager], OrgUnit::MarketDept),
    ("manager2", &[Role::CustomerManager], OrgUnit::MarketDept),
    ("surveyor1", &[Role::Surveyor], OrgUnit::TechDept),
    ("sys1", &[Role::SysAdmin], OrgUnit::It),
    ("sec1", &[Role::SecAdmin], OrgUnit::It),
    ("audit1", &[Role::AuditAdmin], OrgUnit::It),
];

impl Company {
    /// Founds it and opens its server.
    pub(crate) async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(Instant::parse("2026-03-02T09:00:00+08:00").unwrap());
        let mut config = Config::throwaway(folder.path().join("data"));
        config.clock = clock.clone();
        let founded = found(&config, "测试公司").unwrap();
        let at = clock.now();
        let hash = password::hash_at(PASSWORD, Cost::LEAST).unwrap();
        founded
            .store
            .write(move |unit| {
                for (login, roles, org) in STAFF {
                    let account = NewAccount {
                        login: login.to_owned(),
                        name: format!("员工{login}"),
                        roles: roles.iter().copied().collect::<BTreeSet<_>>(),
                        org,
                        password: hash.clone(),
                        one_time: false,
                    };
                    accounts::create_reader(unit, account, at)?;
                }
                Ok(())
            })
            .await
            .unwrap();
        drop(founded);
        let server = spawn(config.clone()).await.unwrap();
        Self { config, server, clock, folder }
    }

    /// Stops the server and opens it again.
    pub(crate) async fn restart(self) -> Self {
        let Self { config, server, clock, folder } = self;
        server.stop().await.unwrap();
        let server = spawn(config.clone()).await.unwrap();
        Self { config, server, clock, folder }
    }

    /// A person of the company.
    pub(crate) fn person(&self, login: &str) -> Person {
        use lantian_server::store::Accounts as _;
        let login = login.to_owned();
        let found = self.server.app().store.read_now(|unit| unit.user_by_login(&login)).unwrap();
        found.unwrap().person
    }

    /// Runs SQL on the store's file beside the server, as an intruder would.
    pub(crate) fn tamper(&self, sql: &str) {
        let file = self.config.data.join(lantian_server::store::FILE);
        rusqlite::Connection::open(file).unwrap().execute_batch(sql).unwrap();
    }
}
