//! Founding a company: the store, the recovery key, the rules, and the first
//! three administrators.

use std::path::{Path, PathBuf};

use lantian_domain::{
    event::{Change, Event},
    privacy::register::PiRegister,
    record::Rules,
    role::{OrgUnit, Role},
};

use crate::{
    config::Config,
    error::{Error, Result},
    identity::{
        accounts::{self, By, NewAccount, administrative},
        password, recovery,
    },
    pipeline::Desk,
    store::{self, AuditEntry, Journal, NewOrg, Store},
};

/// The administrators of a new company: three persons (SOD-6).
const ADMINISTRATORS: [(&str, &str, Role); 3] = [
    ("sysadmin", "系统管理员", Role::SysAdmin),
    ("secadmin", "安全管理员", Role::SecAdmin),
    ("auditadmin", "审计管理员", Role::AuditAdmin),
];

/// A company just founded.
pub struct Founded {
    /// Its store, open.
    pub store: Store,
    /// The administrators' logins with their one-time passwords.
    pub administrators: Vec<(String, String)>,
    /// Where the recovery key's private part lies.
    pub recovery_file: PathBuf,
    /// The recovery key's public part.
    pub recovery_recipient: String,
}

/// Founds a company in the data folder.
///
/// # Errors
/// [`Error::StoreExists`]: a store is never overwritten; [`Error::Folder`].
pub fn found(config: &Config, name: &str) -> Result<Founded> {
    let folder = &config.data;
    if folder.join(store::FILE).exists() {
        return Err(Error::StoreExists(folder.clone()));
    }
    make_folder(folder).map_err(Error::io(format!("{} could not be created", folder.display())))?;
    let recovery = recovery::create(folder)?;
    let at = config.clock.now();
    let store = Store::create(folder, &NewOrg { name, recipient: &recovery.recipient, at })?
        .by(config.suite);
    let mut administrators = Vec::new();
    let mut accounts = Vec::new();
    for (login, name, role) in ADMINISTRATORS {
        let plain = password::one_time()?;
        accounts.push(NewAccount {
            login: login.to_owned(),
            name: name.to_owned(),
            roles: [role].into(),
            org: OrgUnit::It,
            password: password::hash_at(&plain, config.password_cost)?,
            one_time: true,
        });
        administrators.push((login.to_owned(), plain));
    }
    store.write_now(move |unit| {
        let founded = AuditEntry {
            act: "company_founded".to_owned(),
            result: "ok".to_owned(),
            ..AuditEntry::default()
        };
        unit.audit(at, founded)?;
        let mut desk = Desk::open(unit)?;
        let rules = Change { record: Rules::ID, event: Event::RulesSaved(Box::new(Rules::seed())) };
        desk.append(rules, &administrative(By::default(), at))?;
        let register = Event::PiRegisterOpened(Box::new(PiRegister::empty()));
        let register = Change { record: PiRegister::ID, event: register };
        desk.append(register, &administrative(By::default(), at))?;
        desk.save()?;
        for account in accounts {
            accounts::create(unit, account, at)?;
        }
        Ok(())
    })?;
    Ok(Founded {
        store,
        administrators,
        recovery_file: recovery.file,
        recovery_recipient: recovery.recipient,
    })
}

/// Makes the folder, if it is not there, for its owner alone.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}
