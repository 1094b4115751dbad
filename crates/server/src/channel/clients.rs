//! Clients: making them, changing them, their secrets.
//!
//! Invariant: a secret is shown once, when it is made; an authority's system is
//! told nothing without a legal basis (P-09).

use std::net::IpAddr;

use lantian_domain::{
    case::Channel,
    ids::UserId,
    role::{OrgUnit, Role},
    time::Instant,
};
use lantian_protocol::channel::{ChannelChange, ChannelClient, NewChannel};
use rusqlite::{OptionalExtension as _, params};
use serde_json::json;
use uuid::Uuid;

use super::signature::Algorithm;
use crate::{
    api::problem,
    error::{Error, Result},
    identity::{
        accounts::{self, By, NewAccount},
        password::{Cost, hash_at, random},
    },
    seal::SealKey,
    store::{Accounts as _, AuditEntry, Journal as _, Store, Unit},
};

const COLUMNS: &str = "id, channel, name, account, algorithm, secret, basis, addresses, per_minute,
     webhook, rating_url, active, created";
/// Requests a minute unless something else is agreed.
const PER_MINUTE: u32 = 120;
/// The longest address of a webhook or page.
const MAX_URL: usize = 300;

/// An outside system.
#[derive(Clone, Debug)]
pub struct Client {
    /// Client id.
    pub id: String,
    /// Its channel.
    pub channel: Channel,
    /// Its name.
    pub name: String,
    /// Its interface account.
    pub account: UserId,
    /// How it signs and is signed to.
    pub algorithm: Algorithm,
    /// Sealed.
    secret: Vec<u8>,
    /// The legal basis of telling it anything.
    pub basis: String,
    /// Where it may call from; anywhere when there are none.
    pub addresses: Vec<IpAddr>,
    /// Requests a minute.
    pub per_minute: u32,
    /// Where it is told of changes.
    pub webhook: Option<String>,
    /// Where a user rates.
    pub rating_url: Option<String>,
    /// Whether it is admitted.
    pub active: bool,
    /// When it was made.
    pub created: Instant,
}

/// A new client, checked.
#[derive(Clone, Debug)]
pub struct NewClient(Client);

/// A change of a client; what is absent stays, an empty text takes away.
pub type Alteration = ChannelChange;

impl NewClient {
    /// Checks what is asked for.
    ///
    /// # Errors
    /// A problem that names the field.
    pub fn of(asked: &NewChannel, now: Instant) -> Result<Self> {
        let channel = Channel::parse(&asked.channel)
            .filter(|channel| channel.is_online())
            .ok_or_else(|| wrong("channel", "one of the four online channels"))?;
        let algorithm = match asked.algorithm.as_deref() {
            None => Algorithm::Sha256,
            Some(name) => Algorithm::parse(name)
                .ok_or_else(|| wrong("algorithm", "hmac-sha256 or hmac-sm3"))?,
        };
        let client = Client {
            id: asked.id.trim().to_lowercase(),
            channel,
            name: asked.name.trim().to_owned(),
            account: UserId::NOBODY,
            algorithm,
            secret: Vec::new(),
            basis: asked.basis.clone().unwrap_or_default().trim().to_owned(),
            addresses: addresses(&asked.addresses)?,
            per_minute: asked.per_minute.unwrap_or(PER_MINUTE).clamp(1, 60_000),
            webhook: asked.webhook.as_deref().map(url).transpose()?,
            rating_url: asked.rating_url.as_deref().map(url).transpose()?,
            active: true,
            created: now,
        };
        check(&client)?;
        Ok(Self(client))
    }
}

/// Makes a client with its interface account; its secret, shown once.
///
/// # Errors
/// A problem when the id is taken or a field is wrong; the store's.
pub fn create(store: &Store, new: NewClient, by: By) -> Result<(ChannelClient, String)> {
    let NewClient(mut client) = new;
    let (secret, sealed) = fresh_secret(store, &client.id)?;
    client.secret = sealed;
    // Nobody signs in as an interface: its password is random and forgotten.
    let password = hash_at(&hex::encode(random::<24>()?), Cost::LEAST)?;
    let made = store.write_now(move |unit| {
        if find(unit, &client.id)?.is_some() {
            return Err(problem::refused(409, "exists", "there is a client with this id already"));
        }
        client.account = match unit.user_by_login(&client.id)? {
            Some(user) if user.person.roles.contains(&Role::Integration) => user.id(),
            Some(_) => {
                let advice = "a colleague has this login name; choose another client id";
                return Err(problem::refused(409, "exists", advice));
            }
            None => {
                let account = NewAccount {
                    login: client.id.clone(),
                    name: client.name.clone(),
                    roles: [Role::Integration].into(),
                    org: OrgUnit::External,
                    password,
                    one_time: false,
                };
                accounts::create_by(unit, account, by, client.created)?.user()
            }
        };
        put(unit, &client)?;
        audit(unit, "channel_client_created", &client, by, client.created)?;
        Ok(client)
    })?;
    Ok((made.shown(), secret))
}

/// Gives a client a fresh secret, shown once; the old one ends at once.
///
/// # Errors
/// A problem when there is no such client; the store's.
pub fn rotate(store: &Store, id: &str, by: By, at: Instant) -> Result<(ChannelClient, String)> {
    let id = id.to_lowercase();
    let (secret, sealed) = fresh_secret(store, &id)?;
    let client = store.write_now(move |unit| {
        let mut client = find(unit, &id)?.ok_or_else(|| problem::not_found("client"))?;
        client.secret = sealed;
        put(unit, &client)?;
        audit(unit, "channel_secret_renewed", &client, by, at)?;
        Ok(client)
    })?;
    Ok((client.shown(), secret))
}

/// Changes a client.
///
/// # Errors
/// A problem that names the field; the store's.
pub fn alter(
    unit: &Unit<'_>,
    id: &str,
    change: &Alteration,
    by: By,
    at: Instant,
) -> Result<ChannelClient> {
    let mut client = find(unit, &id.to_lowercase())?.ok_or_else(|| problem::not_found("client"))?;
    let text = |text: &String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    if let Some(name) = &change.name {
        name.trim().clone_into(&mut client.name);
    }
    if let Some(basis) = &change.basis {
        basis.trim().clone_into(&mut client.basis);
    }
    if let Some(given) = &change.addresses {
        client.addresses = addresses(given)?;
    }
    if let Some(per_minute) = change.per_minute {
        client.per_minute = per_minute.clamp(1, 60_000);
    }
    if let Some(webhook) = &change.webhook {
        client.webhook = text(webhook).as_deref().map(url).transpose()?;
    }
    if let Some(page) = &change.rating_url {
        client.rating_url = text(page).as_deref().map(url).transpose()?;
    }
    if let Some(active) = change.active {
        client.active = active;
    }
    check(&client)?;
    put(unit, &client)?;
    audit(unit, "channel_client_changed", &client, by, at)?;
    Ok(client.shown())
}

/// A client.
///
/// # Errors
/// The store's.
pub fn find(unit: &Unit<'_>, id: &str) -> Result<Option<Client>> {
    let sql = format!("SELECT {COLUMNS} FROM channel_clients WHERE org = ?1 AND id = ?2");
    let mut find = unit.connection().prepare_cached(&sql)?;
    let found = find.query_row(params![unit.org(), id], |row| Ok(of_row(row))).optional()?;
    found.transpose()
}

/// All clients by id.
///
/// # Errors
/// The store's.
pub(super) fn all(unit: &Unit<'_>) -> Result<Vec<Client>> {
    let sql = format!("SELECT {COLUMNS} FROM channel_clients WHERE org = ?1 ORDER BY id");
    let mut find = unit.connection().prepare_cached(&sql)?;
    let rows = find.query_map([unit.org()], |row| Ok(of_row(row)))?;
    rows.collect::<rusqlite::Result<Vec<_>>>()?.into_iter().collect()
}

/// All clients as their administrator sees them.
///
/// # Errors
/// The store's.
pub fn list(unit: &Unit<'_>) -> Result<Vec<ChannelClient>> {
    Ok(all(unit)?.iter().map(Client::shown).collect())
}

impl Client {
    /// A sender without an entry of its own: whoever brings a file.
    pub(super) fn bare(id: String, account: UserId, algorithm: Algorithm) -> Self {
        Self {
            id,
            channel: Channel::OnSite,
            name: String::new(),
            account,
            algorithm,
            secret: Vec::new(),
            basis: String::new(),
            addresses: Vec::new(),
            per_minute: PER_MINUTE,
            webhook: None,
            rating_url: None,
            active: true,
            created: Instant(0),
        }
    }

    /// Its secret.
    ///
    /// # Errors
    /// A problem when the key beside the store is not the one that sealed it.
    pub(super) fn open_secret(&self, key: &SealKey) -> Result<Vec<u8>> {
        let lost = || {
            let advice = "the client's secret was sealed with another channels.key; \
                          give the client a fresh one with `lantian-server channel rotate`";
            problem::refused(503, "secret_unreadable", advice)
        };
        key.open(&self.id, &self.secret).ok_or_else(lost)
    }

    fn shown(&self) -> ChannelClient {
        ChannelClient {
            id: self.id.clone(),
            channel: self.channel.as_str().to_owned(),
            name: self.name.clone(),
            algorithm: self.algorithm.as_str().to_owned(),
            basis: self.basis.clone(),
            addresses: self.addresses.iter().map(ToString::to_string).collect(),
            per_minute: self.per_minute,
            webhook: self.webhook.clone(),
            rating_url: self.rating_url.clone(),
            active: self.active,
            created: self.created,
        }
    }
}

fn fresh_secret(store: &Store, id: &str) -> Result<(String, Vec<u8>)> {
    let secret = hex::encode(random::<32>()?);
    let sealed = SealKey::of(store.folder())?.seal(store.suite(), id, secret.as_bytes())?;
    Ok((secret, sealed))
}

fn wrong(field: &str, advice: &str) -> Error {
    problem::refused_with(422, "field", advice, [("field", field.to_owned())])
}

fn check(client: &Client) -> Result<()> {
    if client.name.is_empty() || client.name.chars().count() > 64 {
        return Err(wrong("name", "the outside system's name, at most 64 characters"));
    }
    if client.basis.chars().count() > 300 {
        return Err(wrong("basis", "at most 300 characters"));
    }
    if client.channel.is_of_government() && client.basis.is_empty() {
        let advice = "name the legal basis on which this authority's system is told of cases";
        return Err(wrong("basis", advice));
    }
    Ok(())
}

fn addresses(given: &[String]) -> Result<Vec<IpAddr>> {
    let read = |text: &String| {
        text.trim().parse().map_err(|_| wrong("addresses", "IP addresses, as 10.1.2.3"))
    };
    given.iter().filter(|text| !text.trim().is_empty()).map(read).collect()
}

/// An address that may be called: HTTPS, or this machine.
fn url(text: &str) -> Result<String> {
    let text = text.trim();
    let advice = "an https address without user name, at most 300 characters";
    let parsed =
        reqwest::Url::parse(&text.replace("{case_no}", "X")).map_err(|_| wrong("url", advice))?;
    let here = matches!(parsed.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    let fits = text.len() <= MAX_URL
        && parsed.username().is_empty()
        && parsed.password().is_none()
        && (parsed.scheme() == "https" || (parsed.scheme() == "http" && here));
    if fits { Ok(text.to_owned()) } else { Err(wrong("url", advice)) }
}

fn put(unit: &Unit<'_>, client: &Client) -> Result<()> {
    const PUT: &str = "INSERT OR REPLACE INTO channel_clients (org, id, channel, name, account,
           algorithm, secret, basis, addresses, per_minute, webhook, rating_url, active, created)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
    unit.connection().prepare_cached(PUT)?.execute(params![
        unit.org(),
        client.id,
        client.channel.as_str(),
        client.name,
        client.account.0.as_bytes().as_slice(),
        client.algorithm.as_str(),
        client.secret,
        client.basis,
        serde_json::to_string(&client.addresses)?,
        client.per_minute,
        client.webhook,
        client.rating_url,
        client.active,
        client.created.0,
    ])?;
    Ok(())
}

fn of_row(row: &rusqlite::Row<'_>) -> Result<Client> {
    let damaged = || Error::damaged("a channel's client is unreadable");
    let (channel, algorithm): (String, String) = (row.get(1)?, row.get(4)?);
    let account: Vec<u8> = row.get(3)?;
    let addresses: String = row.get(7)?;
    Ok(Client {
        id: row.get(0)?,
        channel: Channel::parse(&channel).ok_or_else(damaged)?,
        name: row.get(2)?,
        account: UserId(Uuid::from_slice(&account).map_err(|_| damaged())?),
        algorithm: Algorithm::parse(&algorithm).ok_or_else(damaged)?,
        secret: row.get(5)?,
        basis: row.get(6)?,
        addresses: serde_json::from_str(&addresses)?,
        per_minute: row.get(8)?,
        webhook: row.get(9)?,
        rating_url: row.get(10)?,
        active: row.get(11)?,
        created: Instant(row.get(12)?),
    })
}

fn audit(unit: &Unit<'_>, act: &str, client: &Client, by: By, at: Instant) -> Result<()> {
    let entry = AuditEntry {
        act: act.to_owned(),
        actor: by.user,
        device: by.device,
        subject: Some(client.account.0),
        result: "ok".to_owned(),
        detail: Some(json!({
            "client": client.id,
            "channel": client.channel.as_str(),
            "active": client.active,
            "webhook": client.webhook.is_some(),
        })),
        ..AuditEntry::default()
    };
    unit.audit(at, entry)
}

/// The account on whose behalf a client applies.
///
/// # Errors
/// The store's; [`Error::Damaged`] when it is gone.
pub(super) fn person(unit: &Unit<'_>, client: &Client) -> Result<lantian_domain::record::Person> {
    let found = unit.user(client.account)?;
    found
        .map(|user| user.person)
        .ok_or_else(|| Error::damaged("a client's interface account is missing"))
}
