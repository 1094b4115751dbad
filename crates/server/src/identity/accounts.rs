//! Accounts: making them, changing them, their passwords.
//!
//! Words: an account has a *directory entry*, the record by which everybody in
//! the company knows the person. Both are written in the same commit.
//!
//! Invariant: nobody holds two of the three administrators' roles (SOD-6); a
//! change of roles, of the password, or of being in use ends every token.

use std::collections::BTreeSet;

use lantian_domain::{
    command::Command,
    event::{Change, Event},
    evidence::Grade,
    ids::{CommandId, DeviceId, RecordId, UserId},
    record::Person,
    reference::ConfirmPolicy,
    refusal::Code,
    role::{OrgUnit, Role},
    stamp::Stamp,
    time::Instant,
};
use lantian_protocol::{admin, fresh};
use uuid::Uuid;

use super::password::Hashed;
use crate::{
    api::problem,
    error::{Error, Result},
    pipeline::{Act, Desk, perform, rules_of},
    store::{Accounts, AuditEntry, Factors as _, Journal, Unit, UserRow},
};

/// Bytes of a login name at the most, characters of a name at the most.
const LONGEST_LOGIN: usize = 32;
const LONGEST_NAME: usize = 64;

/// Who administers: a signed-in administrator, or whoever holds the server's
/// data folder.
#[derive(Clone, Copy, Debug, Default)]
pub struct By {
    /// The administrator; nobody for the command line.
    pub user: Option<UserId>,
    /// The administrator's device.
    pub device: Option<DeviceId>,
}

/// A new account.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Login name.
    pub login: String,
    /// Name.
    pub name: String,
    /// Roles.
    pub roles: BTreeSet<Role>,
    /// Department.
    pub org: OrgUnit,
    /// The password's hash.
    pub password: Hashed,
    /// Whether the password has to be changed at the first sign-in.
    pub one_time: bool,
}

/// Makes an account with its directory entry.
///
/// # Errors
/// A problem when the login is taken or malformed, or the roles exclude each
/// other; the store's.
pub fn create(unit: &Unit<'_>, new: NewAccount, at: Instant) -> Result<Person> {
    create_by(unit, new, By::default(), at)
}

/// [`create`] by an administrator.
///
/// # Errors
/// As [`create`].
pub fn create_by(unit: &Unit<'_>, new: NewAccount, by: By, at: Instant) -> Result<Person> {
    let login = new.login.to_lowercase();
    check_login(&login)?;
    check_name(&new.name)?;
    check_roles(&new.roles)?;
    if unit.user_by_login(&login)?.is_some() {
        return Err(problem::refused(409, "login_taken", "another account has this login name"));
    }
    let person = Person {
        id: RecordId(fresh::uuid()),
        version: 1,
        login,
        name: new.name,
        roles: new.roles,
        org: new.org,
        active: true,
        policy_read: None,
    };
    unit.put_user(&UserRow {
        person: person.clone(),
        password: new.password.as_str().to_owned(),
        password_set: at,
        one_time: new.one_time,
        failed: 0,
        locked_until: Instant(0),
        stamp: 1,
        grants: 1,
        created: at,
        last_seen: None,
    })?;
    save_entry(unit, &person, by, at)?;
    audit(unit, "user_created", &person, by, at)?;
    Ok(person)
}

/// Makes an account whose person confirms the plan at once, for a
/// company that begins with people who have read it: demonstration and tests.
///
/// # Errors
/// As [`create`].
pub fn create_reader(unit: &Unit<'_>, new: NewAccount, at: Instant) -> Result<Person> {
    let person = create(unit, new, at)?;
    let policy = rules_of(unit)?.policy.label();
    let act = Act {
        id: CommandId(fresh::uuid()),
        person: person.clone(),
        device: DeviceId(Uuid::nil()),
        record: person.id,
        at,
        received: at,
        command: Command::ConfirmPolicy(ConfirmPolicy { policy }),
    };
    match perform(unit, &act)? {
        Ok(_) => Ok(person),
        Err(no) if no.code == Code::Role => Ok(person),
        Err(no) => Err(Error::damaged(format!("the plan is not confirmed: {}", no.code.as_str()))),
    }
}

/// What changes of an account.
#[derive(Clone, Debug, Default)]
pub struct Alteration {
    /// Name from now on.
    pub name: Option<String>,
    /// Roles from now on.
    pub roles: Option<BTreeSet<Role>>,
    /// Whether it is in use.
    pub active: Option<bool>,
    /// A one-time password's hash.
    pub password: Option<Hashed>,
}

/// Changes an account and its directory entry.
///
/// # Errors
/// A problem when there is no such account, or the roles exclude each other;
/// the store's.
pub fn change(
    unit: &Unit<'_>,
    id: UserId,
    change: Alteration,
    by: By,
    at: Instant,
) -> Result<UserRow> {
    let mut row = unit.user(id)?.ok_or_else(|| problem::not_found("account"))?;
    let before = row.person.clone();
    if let Some(name) = change.name {
        check_name(&name)?;
        row.person.name = name;
    }
    if let Some(roles) = change.roles {
        check_roles(&roles)?;
        row.person.roles = roles;
    }
    if let Some(active) = change.active {
        row.person.active = active;
    }
    if row.person.roles != before.roles || row.person.active != before.active {
        row.grants += 1;
    }
    if row.person.active != before.active {
        row.stamp += 1;
    }
    if let Some(password) = change.password {
        set_password(&mut row, &password, at);
        row.one_time = true;
        unit.drop_factor(id)?;
        audit(unit, "password_reset", &row.person, by, at)?;
    }
    if row.person != before {
        row.person.version += 1;
        save_entry(unit, &row.person, by, at)?;
        audit(unit, "user_changed", &row.person, by, at)?;
    }
    unit.put_user(&row)?;
    Ok(row)
}

/// Replaces the password of the person who knows the present one.
///
/// # Errors
/// The store's.
pub fn replace_password(unit: &Unit<'_>, id: UserId, password: &Hashed, at: Instant) -> Result<()> {
    let mut row = unit.user(id)?.ok_or_else(|| problem::not_found("account"))?;
    set_password(&mut row, password, at);
    unit.put_user(&row)?;
    audit(unit, "password_changed", &row.person, By { user: Some(id), device: None }, at)
}

fn set_password(row: &mut UserRow, password: &Hashed, at: Instant) {
    password.as_str().clone_into(&mut row.password);
    row.password_set = at;
    row.one_time = false;
    row.stamp += 1;
}

fn shown(row: &UserRow, devices: u32) -> admin::User {
    admin::User {
        id: row.id(),
        login: row.person.login.clone(),
        name: row.person.name.clone(),
        roles: row.person.roles.iter().copied().collect(),
        org: row.person.org,
        active: row.person.active,
        devices,
        last_seen: row.last_seen,
    }
}

/// All accounts as their administrators see them.
///
/// # Errors
/// The store's.
pub fn list(unit: &Unit<'_>) -> Result<Vec<admin::User>> {
    let devices = unit.devices()?;
    let count = |id| devices.iter().filter(|device| device.active && device.user == id).count();
    let shown_of = |row: &UserRow| shown(row, u32::try_from(count(row.id())).unwrap_or(u32::MAX));
    Ok(unit.users()?.iter().map(shown_of).collect())
}

/// An account as its administrators see it.
///
/// # Errors
/// A problem when there is no such account; the store's.
pub fn find(unit: &Unit<'_>, id: UserId) -> Result<admin::User> {
    let row = unit.user(id)?.ok_or_else(|| problem::not_found("account"))?;
    let devices = unit.devices()?;
    let count = devices.iter().filter(|device| device.active && device.user == id).count();
    Ok(shown(&row, u32::try_from(count).unwrap_or(u32::MAX)))
}

fn check_login(login: &str) -> Result<()> {
    let fits =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
    if (1..=LONGEST_LOGIN).contains(&login.len()) && login.chars().all(fits) {
        return Ok(());
    }
    let what = "a login name has 1 to 32 letters a-z, digits, dots, hyphens or underscores";
    Err(problem::refused(422, "login_malformed", what))
}

fn check_name(name: &str) -> Result<()> {
    let plain = !name.trim().is_empty() && !name.chars().any(char::is_control);
    if plain && name.chars().count() <= LONGEST_NAME {
        return Ok(());
    }
    Err(problem::refused(422, "name_malformed", "a name has 1 to 64 characters on one line"))
}

fn check_roles(roles: &BTreeSet<Role>) -> Result<()> {
    let administrators = roles.iter().filter(|role| role.is_administrator()).count();
    if administrators > 1 || (administrators == 1 && roles.len() > 1) {
        let what = "system, security and audit administrators are three persons, \
                    and they hold no other role";
        return Err(problem::refused(422, "E_SOD", what));
    }
    Ok(())
}

fn save_entry(unit: &Unit<'_>, person: &Person, by: By, at: Instant) -> Result<()> {
    let mut desk = Desk::open(unit)?;
    let stamp = administrative(by, at);
    desk.append(Change { record: person.id, event: Event::PersonSaved(person.clone()) }, &stamp)?;
    desk.save()
}

/// The stamp of an event that no command gave.
pub fn administrative(by: By, at: Instant) -> Stamp {
    Stamp {
        at,
        claimed: at,
        received: Some(at),
        grade: Grade::Online,
        actor: by.user.unwrap_or(UserId(Uuid::nil())),
        role: None,
        device: by.device.unwrap_or(DeviceId(Uuid::nil())),
        command: CommandId(fresh::uuid()),
    }
}

fn audit(unit: &Unit<'_>, act: &str, person: &Person, by: By, at: Instant) -> Result<()> {
    let roles: Vec<&str> = person.roles.iter().map(|role| role.as_str()).collect();
    unit.audit(
        at,
        AuditEntry {
            act: act.to_owned(),
            actor: by.user,
            device: by.device,
            subject: Some(person.id.0),
            result: "ok".to_owned(),
            detail: Some(serde_json::json!({ "roles": roles, "active": person.active })),
            ..AuditEntry::default()
        },
    )
}
