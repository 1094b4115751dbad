//! Users, devices, and the tokens of their sessions.

use lantian_domain::{
    ids::{DeviceId, UserId},
    record::Person,
    time::Instant,
};
use rusqlite::{OptionalExtension as _, params};
use uuid::Uuid;

use super::{
    Unit,
    ledger::{key, signed, unsigned, uuid},
};
use crate::error::Result;

/// A user's account.
#[derive(Clone)]
pub struct UserRow {
    /// The directory entry.
    pub person: Person,
    /// Argon2id, PHC string.
    pub password: String,
    /// When the password was set.
    pub password_set: Instant,
    /// Whether it is still the printed one.
    pub one_time: bool,
    /// Failures since the last success.
    pub failed: u32,
    /// Until when sign-in is refused.
    pub locked_until: Instant,
    /// Security stamp.
    pub stamp: u64,
    /// Counts changes of roles.
    pub grants: u64,
    /// When it was made.
    pub created: Instant,
    /// When a device of the user last synchronised.
    pub last_seen: Option<Instant>,
}

impl UserRow {
    /// The user's id.
    pub fn id(&self) -> UserId {
        self.person.user()
    }
}

/// An enrolled device.
#[derive(Clone, Debug)]
pub struct DeviceRow {
    /// Its identity.
    pub id: DeviceId,
    /// Its owner.
    pub user: UserId,
    /// What it calls itself.
    pub name: String,
    /// Ed25519, 32 bytes.
    pub public_key: Vec<u8>,
    /// Whether it may still be used.
    pub active: bool,
    /// When it was enrolled.
    pub enrolled: Instant,
    /// When it last synchronised.
    pub last_sync: Option<Instant>,
    /// Server minus device, as of the last sync.
    pub offset_ms: Option<i64>,
}

/// A line of refresh tokens, from one sign-in.
#[derive(Clone, Debug)]
pub struct FamilyRow {
    /// Its identity.
    pub id: Uuid,
    /// Whose.
    pub user: UserId,
    /// On which device.
    pub device: DeviceId,
    /// The user's security stamp at sign-in.
    pub stamp: u64,
    /// Of the newest refresh token.
    pub generation: u64,
    /// How often its predecessor was accepted again.
    pub grace: u64,
    /// The newest refresh token's end.
    pub expires: Instant,
    /// Whether it was ended.
    pub ended: bool,
}

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Requests.
    Access,
    /// New tokens.
    Refresh,
}

impl TokenKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
        }
    }
}

/// A token, by hash.
#[derive(Clone, Debug)]
pub struct TokenRow {
    /// Its line.
    pub family: Uuid,
    /// Its place in the line.
    pub generation: u64,
    /// Its end.
    pub expires: Instant,
}

/// Accounts, devices, tokens.
pub trait Accounts {
    /// A user by login name (lower case).
    fn user_by_login(&self, login: &str) -> Result<Option<UserRow>>;
    /// A user.
    fn user(&self, id: UserId) -> Result<Option<UserRow>>;
    /// All users by login name.
    fn users(&self) -> Result<Vec<UserRow>>;
    /// Writes a user whole.
    fn put_user(&self, row: &UserRow) -> Result<()>;
    /// A device.
    fn device(&self, id: DeviceId) -> Result<Option<DeviceRow>>;
    /// All devices, newest first.
    fn devices(&self) -> Result<Vec<DeviceRow>>;
    /// Writes a device whole.
    fn put_device(&self, row: &DeviceRow) -> Result<()>;
    /// Notes a sync: when, and the device's clock offset if it was measured.
    fn note_sync(&self, device: &DeviceRow, at: Instant, offset_ms: Option<i64>) -> Result<()>;
    /// A line of refresh tokens.
    fn family(&self, id: Uuid) -> Result<Option<FamilyRow>>;
    /// Writes a line whole.
    fn put_family(&self, row: &FamilyRow) -> Result<()>;
    /// Ends the lines of a device.
    fn end_families_of(&self, device: DeviceId) -> Result<()>;
    /// A token by its hash.
    fn token(&self, kind: TokenKind, hash: &[u8]) -> Result<Option<TokenRow>>;
    /// Adds a token.
    fn put_token(&self, kind: TokenKind, hash: &[u8], row: &TokenRow) -> Result<()>;
    /// Removes tokens of a line of this generation.
    fn drop_tokens(&self, family: Uuid, generation: u64) -> Result<()>;
    /// Removes tokens that ended before `at`.
    fn drop_expired(&self, at: Instant) -> Result<()>;
}

const USER: &str = "SELECT person, password, password_set, one_time, failed, locked_until, stamp, \
     grants, created, last_seen FROM users";
const DEVICE: &str = "SELECT id, user, name, public_key, state, enrolled, last_sync, offset_ms \
     FROM devices";

fn user_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<UserRow> {
    let person: String = row.get(0)?;
    let person = serde_json::from_str(&person).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
    })?;
    Ok(UserRow {
        person,
        password: row.get(1)?,
        password_set: Instant(row.get(2)?),
        one_time: row.get(3)?,
        failed: row.get(4)?,
        locked_until: Instant(row.get(5)?),
        stamp: unsigned(row.get(6)?),
        grants: unsigned(row.get(7)?),
        created: Instant(row.get(8)?),
        last_seen: row.get::<_, Option<i64>>(9)?.map(Instant),
    })
}

fn device_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<DeviceRow> {
    let state: String = row.get(4)?;
    Ok(DeviceRow {
        id: DeviceId(uuid(row, 0)?),
        user: UserId(uuid(row, 1)?),
        name: row.get(2)?,
        public_key: row.get(3)?,
        active: state == "active",
        enrolled: Instant(row.get(5)?),
        last_sync: row.get::<_, Option<i64>>(6)?.map(Instant),
        offset_ms: row.get(7)?,
    })
}

impl Accounts for Unit<'_> {
    fn user_by_login(&self, login: &str) -> Result<Option<UserRow>> {
        let sql = format!("{USER} WHERE org = ?1 AND login = ?2");
        let mut find = self.connection().prepare_cached(&sql)?;
        Ok(find.query_row(params![self.org(), login], user_row).optional()?)
    }

    fn user(&self, id: UserId) -> Result<Option<UserRow>> {
        let sql = format!("{USER} WHERE org = ?1 AND id = ?2");
        let mut find = self.connection().prepare_cached(&sql)?;
        Ok(find.query_row(params![self.org(), key(id.0)], user_row).optional()?)
    }

    fn users(&self) -> Result<Vec<UserRow>> {
        let sql = format!("{USER} WHERE org = ?1 ORDER BY login");
        let mut find = self.connection().prepare_cached(&sql)?;
        let rows = find.query_map([self.org()], user_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn put_user(&self, row: &UserRow) -> Result<()> {
        const SQL: &str = "INSERT INTO users (org, id, login, password, password_set, one_time,
               failed, locked_until, stamp, grants, person, created, last_seen)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
             ON CONFLICT (org, id) DO UPDATE SET login = ?3, password = ?4, password_set = ?5,
               one_time = ?6, failed = ?7, locked_until = ?8, stamp = ?9, grants = ?10,
               person = ?11, last_seen = ?13";
        self.connection().prepare_cached(SQL)?.execute(params![
            self.org(),
            key(row.id().0),
            row.person.login,
            row.password,
            row.password_set.0,
            row.one_time,
            row.failed,
            row.locked_until.0,
            signed(row.stamp),
            signed(row.grants),
            serde_json::to_string(&row.person)?,
            row.created.0,
            row.last_seen.map(|at| at.0),
        ])?;
        Ok(())
    }

    fn device(&self, id: DeviceId) -> Result<Option<DeviceRow>> {
        let sql = format!("{DEVICE} WHERE org = ?1 AND id = ?2");
        let mut find = self.connection().prepare_cached(&sql)?;
        Ok(find.query_row(params![self.org(), key(id.0)], device_row).optional()?)
    }

    fn devices(&self) -> Result<Vec<DeviceRow>> {
        let sql = format!("{DEVICE} WHERE org = ?1 ORDER BY enrolled DESC, id");
        let mut find = self.connection().prepare_cached(&sql)?;
        let rows = find.query_map([self.org()], device_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn put_device(&self, row: &DeviceRow) -> Result<()> {
        const SQL: &str = "INSERT INTO devices (org, id, user, name, public_key, state, enrolled,
               last_sync, offset_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (org, id) DO UPDATE SET name = ?4, state = ?6, last_sync = ?8,
               offset_ms = ?9";
        self.connection().prepare_cached(SQL)?.execute(params![
            self.org(),
            key(row.id.0),
            key(row.user.0),
            row.name,
            row.public_key,
            if row.active { "active" } else { "revoked" },
            row.enrolled.0,
            row.last_sync.map(|at| at.0),
            row.offset_ms,
        ])?;
        Ok(())
    }

    fn note_sync(&self, device: &DeviceRow, at: Instant, offset_ms: Option<i64>) -> Result<()> {
        const DEVICE: &str =
            "UPDATE devices SET last_sync = ?3, offset_ms = coalesce(?4, offset_ms)
             WHERE org = ?1 AND id = ?2";
        const USER: &str = "UPDATE users SET last_seen = ?3 WHERE org = ?1 AND id = ?2";
        let connection = self.connection();
        connection.prepare_cached(DEVICE)?.execute(params![
            self.org(),
            key(device.id.0),
            at.0,
            offset_ms
        ])?;
        connection.prepare_cached(USER)?.execute(params![self.org(), key(device.user.0), at.0])?;
        Ok(())
    }

    fn family(&self, id: Uuid) -> Result<Option<FamilyRow>> {
        const SQL: &str =
            "SELECT user, device, stamp, generation, grace, expires, ended IS NOT NULL
             FROM families WHERE org = ?1 AND id = ?2";
        let mut find = self.connection().prepare_cached(SQL)?;
        let found = find.query_row(params![self.org(), key(id)], |row| {
            Ok(FamilyRow {
                id,
                user: UserId(uuid(row, 0)?),
                device: DeviceId(uuid(row, 1)?),
                stamp: unsigned(row.get(2)?),
                generation: unsigned(row.get(3)?),
                grace: unsigned(row.get(4)?),
                expires: Instant(row.get(5)?),
                ended: row.get(6)?,
            })
        });
        Ok(found.optional()?)
    }

    fn put_family(&self, row: &FamilyRow) -> Result<()> {
        const SQL: &str = "INSERT INTO families (org, id, user, device, stamp, generation, grace,
               expires, ended) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (org, id) DO UPDATE SET generation = ?6, grace = ?7, expires = ?8,
               ended = ?9";
        self.connection().prepare_cached(SQL)?.execute(params![
            self.org(),
            key(row.id),
            key(row.user.0),
            key(row.device.0),
            signed(row.stamp),
            signed(row.generation),
            signed(row.grace),
            row.expires.0,
            row.ended.then_some(1_i64),
        ])?;
        Ok(())
    }

    fn end_families_of(&self, device: DeviceId) -> Result<()> {
        self.connection()
            .prepare_cached("UPDATE families SET ended = 1 WHERE org = ?1 AND device = ?2")?
            .execute(params![self.org(), key(device.0)])?;
        Ok(())
    }

    fn token(&self, kind: TokenKind, hash: &[u8]) -> Result<Option<TokenRow>> {
        const SQL: &str = "SELECT family, generation, expires FROM tokens
             WHERE org = ?1 AND hash = ?2 AND kind = ?3";
        let mut find = self.connection().prepare_cached(SQL)?;
        let found = find.query_row(params![self.org(), hash, kind.as_str()], |row| {
            Ok(TokenRow {
                family: uuid(row, 0)?,
                generation: unsigned(row.get(1)?),
                expires: Instant(row.get(2)?),
            })
        });
        Ok(found.optional()?)
    }

    fn put_token(&self, kind: TokenKind, hash: &[u8], row: &TokenRow) -> Result<()> {
        const SQL: &str = "INSERT INTO tokens (org, hash, kind, family, generation, expires)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        self.connection().prepare_cached(SQL)?.execute(params![
            self.org(),
            hash,
            kind.as_str(),
            key(row.family),
            signed(row.generation),
            row.expires.0,
        ])?;
        Ok(())
    }

    fn drop_tokens(&self, family: Uuid, generation: u64) -> Result<()> {
        const SQL: &str = "DELETE FROM tokens WHERE org = ?1 AND family = ?2 AND generation = ?3";
        self.connection().prepare_cached(SQL)?.execute(params![
            self.org(),
            key(family),
            signed(generation)
        ])?;
        Ok(())
    }

    fn drop_expired(&self, at: Instant) -> Result<()> {
        self.connection()
            .prepare_cached("DELETE FROM tokens WHERE org = ?1 AND expires < ?2")?
            .execute(params![self.org(), at.0])?;
        Ok(())
    }
}
