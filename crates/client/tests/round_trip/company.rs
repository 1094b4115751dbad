//! A company in this process, and people with tablets of their own.

use std::path::PathBuf;

use lantian_client::{App, Credentials, KeyStore, Options, Work};
use lantian_domain::{
    ids::UserId,
    role::{OrgUnit, Role},
};
use lantian_server::{
    Config, Handle,
    identity::{
        accounts::{self, By, NewAccount},
        devices, password,
    },
    spawn,
};
use tempfile::TempDir;

pub(crate) const PASSWORD: &str = "round-trip-2026";
pub(crate) const PIN: &str = "135791";

/// A founded company with a hall clerk, two managers and their lead.
pub(crate) struct Company {
    folder: TempDir,
    config: Config,
    server: Option<Handle>,
    url: String,
    recovery: PathBuf,
    people: Vec<(&'static str, UserId)>,
}

const PEOPLE: [(&str, Role, OrgUnit); 4] = [
    ("hall", Role::HallClerk, OrgUnit::GovHall),
    ("manager", Role::CustomerManager, OrgUnit::MarketDept),
    ("other", Role::CustomerManager, OrgUnit::MarketDept),
    ("lead", Role::CmLead, OrgUnit::MarketDept),
];

impl Company {
    pub(crate) async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::throwaway(folder.path().join("company"));
        let founded = lantian_server::found(&config, "往返燃气").unwrap();
        let at = config.clock.now();
        let mut people = Vec::new();
        for (login, role, org) in PEOPLE {
            let account = NewAccount {
                login: login.to_owned(),
                name: format!("往返{login}"),
                roles: [role].into(),
                org,
                password: password::hash_at(PASSWORD, config.password_cost).unwrap(),
                one_time: false,
            };
            let store = &founded.store;
            let person =
                store.write_now(move |unit| accounts::create_reader(unit, account, at)).unwrap();
            people.push((login, person.user()));
        }
        let recovery = founded.recovery_file.clone();
        drop(founded);
        let server = spawn(config.clone()).await.unwrap();
        let url = server.url();
        Self { folder, config, server: Some(server), url, recovery, people }
    }

    /// Closes the server: the tablets are offline.
    pub(crate) async fn close(&mut self) {
        self.server.take().unwrap().stop().await.unwrap();
    }

    /// Opens it again at the address that the tablets know.
    pub(crate) async fn reopen(&mut self) {
        let listen = self.url.trim_start_matches("http://").parse().unwrap();
        let config = Config { listen, ..self.config.clone() };
        self.server = Some(spawn(config).await.unwrap());
    }

    pub(crate) fn user(&self, login: &str) -> UserId {
        self.people.iter().find(|(known, _)| *known == login).unwrap().1
    }

    /// An administrator takes the devices of a person out of use.
    pub(crate) fn revoke(&self, login: &str) {
        let (user, at) = (self.user(login), self.config.clock.now());
        let revoke = move |unit: &lantian_server::store::Unit<'_>| {
            for device in devices::list(unit)?.into_iter().filter(|one| one.user.id == user) {
                devices::revoke(unit, device.id, By::default(), at)?;
            }
            Ok(())
        };
        self.server.as_ref().unwrap().app().store.write_now(revoke).unwrap();
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    fn home(&self, login: &str) -> PathBuf {
        self.folder.path().join(login)
    }

    /// A tablet that is not signed in.
    pub(crate) fn blank(&self, login: &str, work: Work) -> App {
        App::new(self.options(login, work)).unwrap()
    }

    /// What such a tablet is started with.
    pub(crate) fn options(&self, login: &str, work: Work) -> Options {
        let mut options = Options::new(self.home(login), "round trip", work);
        options.key_store = Some(KeyStore::File(self.key_file(login)));
        options
    }

    /// Where the secret of a tablet lies.
    pub(crate) fn key_file(&self, login: &str) -> PathBuf {
        self.folder.path().join(format!("{login}.key"))
    }

    /// The company's recovery key, as its custodians have it.
    pub(crate) fn recovery_key(&self) -> String {
        let text = std::fs::read_to_string(&self.recovery).unwrap();
        let key = text.lines().find(|line| line.starts_with("AGE-SECRET-KEY-"));
        key.unwrap().to_owned()
    }

    /// A tablet with its first synchronisation behind it.
    pub(crate) async fn tablet(&self, login: &str) -> App {
        let app = self.blank(login, Work::OnDemand);
        app.sign_in(&self.url, &Credentials::new(login, PASSWORD), PIN).await.unwrap();
        super::sync(&app).await;
        app
    }
}
