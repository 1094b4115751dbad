//! Signing in: a password, for some a second factor, then a device, then
//! tokens.

use std::net::IpAddr;

use lantian_domain::time::Instant;
use lantian_protocol::identity::{PasswordChange, SignIn, SignedIn};

use super::{
    accounts,
    attempts::Attempts,
    devices,
    factor::{self, Asked, Shown},
    password::{Hashed, Passwords, is_expired, weakness},
    tokens::{self, Lifetimes},
};
use crate::{
    api::problem,
    error::Result,
    seal::SealKey,
    store::{Accounts, AuditEntry, Journal, Ledger, Store, Unit, UserRow},
};

/// What signing in works with.
pub struct Desk<'a> {
    /// The store.
    pub store: &'a Store,
    /// Hashing.
    pub passwords: &'a Passwords,
    /// Failures before.
    pub attempts: &'a Attempts,
    /// Who shows a second factor.
    pub second_factor: Asked,
    /// How long tokens last.
    pub lifetimes: Lifetimes,
    /// From where the attempt comes.
    pub address: Option<IpAddr>,
    /// When.
    pub now: Instant,
}

impl Desk<'_> {
    /// Signs in and enrols the device.
    ///
    /// # Errors
    /// A problem `bad_credentials`, `rate_limited`, `password_expired`,
    /// `second_factor_setup`, `second_factor_needed`, `second_factor_wrong` or
    /// `device_revoked`; the store's.
    pub async fn sign_in(&self, request: SignIn) -> Result<SignedIn> {
        let user = self.identify(&request.login, &request.password).await?;
        if user.one_time || is_expired(user.password_set, self.now) {
            let what = "the password has to be changed first: it works once, or is 90 days old";
            return Err(problem::refused(403, "password_expired", what));
        }
        if self.second_factor.asks(&user.person) {
            self.second(&user, request.code.clone()).await?;
        }
        self.attempts.succeeded(&request.login);
        let (lifetimes, now) = (self.lifetimes, self.now);
        self.store.write(move |unit| admit(unit, &user, &request, lifetimes, now)).await
    }

    /// Replaces a password by another one.
    ///
    /// # Errors
    /// A problem `bad_credentials`, `rate_limited` or `password_weak`; the
    /// store's.
    pub async fn change_password(&self, request: PasswordChange) -> Result<()> {
        let user = self.identify(&request.login, &request.password).await?;
        if let Some(weakness) = weakness(&request.new_password, &user.person.login) {
            return Err(problem::refused(422, "password_weak", weakness.advice()));
        }
        if request.new_password == request.password {
            let what = "the password has to differ from the present one";
            return Err(problem::refused(422, "password_weak", what));
        }
        let hash = self.passwords.hash(request.new_password).await?;
        let now = self.now;
        self.store.write(move |unit| accounts::replace_password(unit, user.id(), &hash, now)).await
    }

    /// The account whose password was given. Every reason to refuse looks and
    /// lasts alike.
    async fn identify(&self, login: &str, password: &str) -> Result<UserRow> {
        if let Some(wait_ms) = self.attempts.wait_ms(login, self.address, self.now) {
            return Err(problem::rate_limited(wait_ms));
        }
        let name = login.to_lowercase();
        let found = self.store.read(move |unit| unit.user_by_login(&name)).await?;
        let hash = found.as_ref().map(|row| Hashed::stored(row.password.clone()));
        let fits = self.passwords.fits(password.to_owned(), hash).await?;
        match found {
            Some(user) if fits && user.person.active => Ok(user),
            found => {
                self.reject(login, found.as_ref(), "bad_credentials").await?;
                let what = "login name or password is wrong";
                Err(problem::refused(401, "bad_credentials", what))
            }
        }
    }

    /// Asks for the second factor of an account whose password was given.
    async fn second(&self, user: &UserRow, code: Option<String>) -> Result<()> {
        let key = SealKey::of(self.store.folder())?;
        let (account, now) = (user.clone(), self.now);
        let second = u64::try_from(now.0 / 1_000).unwrap_or_default();
        let look = move |unit: &Unit<'_>| {
            let shown = factor::look(unit, &key, &account, code.as_deref(), second)?;
            if matches!(shown, Shown::Fresh(_)) {
                unit.audit(now, entry("second_factor_shown", Some(&account), "ok"))?;
            }
            Ok(shown)
        };
        match self.store.write(look).await? {
            Shown::Right => Ok(()),
            Shown::Nothing => Err(factor::wanted()),
            Shown::Fresh(fresh) => Err(factor::set_up(fresh)),
            Shown::Wrong => {
                self.reject(&user.person.login, Some(user), "second_factor_wrong").await?;
                Err(factor::wrong())
            }
        }
    }

    /// Notes a failure, of a known account or not: it takes as long.
    async fn reject(&self, login: &str, found: Option<&UserRow>, result: &str) -> Result<()> {
        self.attempts.failed(login, self.address, self.now);
        let now = self.now;
        let entry = entry("sign_in", found, result);
        self.store.write(move |unit| unit.audit(now, entry)).await
    }
}

fn admit(
    unit: &Unit<'_>,
    user: &UserRow,
    request: &SignIn,
    lifetimes: Lifetimes,
    now: Instant,
) -> Result<SignedIn> {
    // What was read before the password was checked may have changed.
    let user = unit
        .user(user.id())?
        .filter(|row| row.person.active && row.stamp == user.stamp)
        .ok_or_else(problem::unauthenticated)?;
    let device = devices::enrol(unit, user.id(), request, now)?;
    let tokens = tokens::begin(unit, &user, device.id, lifetimes, now)?;
    let org = unit.org_row()?;
    unit.audit(now, AuditEntry { device: Some(device.id), ..entry("sign_in", Some(&user), "ok") })?;
    Ok(SignedIn {
        person: user.person,
        org: org.id,
        device: device.id,
        tokens,
        recovery_recipient: org.recipient,
        epoch: org.epoch,
        server_time: now,
    })
}

fn entry(act: &str, user: Option<&UserRow>, result: &str) -> AuditEntry {
    let user = user.map(UserRow::id);
    AuditEntry {
        act: act.to_owned(),
        actor: user,
        subject: user.map(|id| id.0),
        result: result.to_owned(),
        ..AuditEntry::default()
    }
}
