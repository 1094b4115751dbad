//! `lantian-server user`: accounts, for whoever holds the data folder.

use std::{collections::BTreeSet, io::Read as _};

use lantian_domain::{
    ids::UserId,
    role::{OrgUnit, Role},
    time::Instant,
};
use serde_json::json;

use super::{args::UserAct, exit::print};
use crate::{
    api::problem,
    config::Config,
    error::{Error, Result},
    identity::{
        accounts::{self, Alteration, By, NewAccount},
        password,
    },
    store::{Accounts as _, Store},
};

/// Carries out what was asked and prints the account.
pub(super) fn run(config: &Config, act: UserAct) -> Result<()> {
    let desk = Desk { config, store: config.open_store()?, at: config.clock.now() };
    match act {
        UserAct::List => print(&desk.store.read_now(accounts::list)?),
        UserAct::Add { login, name, roles, org, password_stdin } => {
            let given = if password_stdin { Some(read_password(&login)?) } else { None };
            let roles = roles_of(&roles)?;
            let org = org_of(&org)?;
            desk.add(Newcomer { login, name, roles, org }, given)
        }
        UserAct::Roles { login, roles } => {
            let roles = Some(roles_of(&roles)?);
            desk.change(&login, Alteration { roles, ..Alteration::default() })
        }
        UserAct::Disable { login } => {
            desk.change(&login, Alteration { active: Some(false), ..Alteration::default() })
        }
        UserAct::Enable { login } => {
            desk.change(&login, Alteration { active: Some(true), ..Alteration::default() })
        }
        UserAct::ResetPassword { login } => desk.reset(&login),
    }
}

struct Desk<'a> {
    config: &'a Config,
    store: Store,
    at: Instant,
}

struct Newcomer {
    login: String,
    name: String,
    roles: BTreeSet<Role>,
    org: OrgUnit,
}

impl Desk<'_> {
    fn add(&self, new: Newcomer, given: Option<String>) -> Result<()> {
        let one_time = given.is_none();
        let plain = given.map_or_else(password::one_time, Ok)?;
        let account = NewAccount {
            login: new.login,
            name: new.name,
            roles: new.roles,
            org: new.org,
            password: password::hash_at(&plain, self.config.password_cost)?,
            one_time,
        };
        let at = self.at;
        let user = self.store.write_now(move |unit| {
            let person = accounts::create(unit, account, at)?;
            accounts::find(unit, person.user())
        })?;
        let told = one_time.then_some(plain);
        print(&json!({ "user": user, "one_time_password": told }))
    }

    fn change(&self, login: &str, change: Alteration) -> Result<()> {
        let id = self.id_of(login)?;
        let at = self.at;
        let user = self.store.write_now(move |unit| {
            accounts::change(unit, id, change, By::default(), at)?;
            accounts::find(unit, id)
        })?;
        print(&json!({ "user": user }))
    }

    fn reset(&self, login: &str) -> Result<()> {
        let id = self.id_of(login)?;
        let plain = password::one_time()?;
        let hash = password::hash_at(&plain, self.config.password_cost)?;
        let at = self.at;
        let user = self.store.write_now(move |unit| {
            let change = Alteration { password: Some(hash), ..Alteration::default() };
            accounts::change(unit, id, change, By::default(), at)?;
            accounts::find(unit, id)
        })?;
        print(&json!({ "user": user, "one_time_password": plain }))
    }

    fn id_of(&self, login: &str) -> Result<UserId> {
        let login = login.to_lowercase();
        let found = self.store.read_now(|unit| unit.user_by_login(&login))?;
        found.map(|row| row.id()).ok_or_else(|| problem::not_found("account"))
    }
}

fn read_password(login: &str) -> Result<String> {
    let mut text = String::new();
    std::io::stdin()
        .take(4_096)
        .read_to_string(&mut text)
        .map_err(Error::io("the password could not be read from standard input"))?;
    let password = text.trim_end_matches(['\r', '\n']).to_owned();
    match password::weakness(&password, login) {
        Some(weakness) => Err(problem::refused(422, "password_weak", weakness.advice())),
        None => Ok(password),
    }
}

fn roles_of(codes: &[String]) -> Result<BTreeSet<Role>> {
    let role = |code: &String| {
        Role::parse(code).ok_or_else(|| {
            let known: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
            Error::config(format!("there is no role {code}; the roles are {}", known.join(", ")))
        })
    };
    codes.iter().map(role).collect()
}

fn org_of(code: &str) -> Result<OrgUnit> {
    serde_json::from_value(json!(code))
        .map_err(|error| Error::config(format!("there is no department {code}: {error}")))
}
