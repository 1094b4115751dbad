//! Second factors of accounts, as they are stored.

use lantian_domain::ids::UserId;
use rusqlite::{OptionalExtension as _, params};

use super::{
    Unit,
    ledger::{key, signed, unsigned},
};
use crate::error::Result;

/// A second factor.
#[derive(Clone, PartialEq, Eq)]
pub struct FactorRow {
    /// The shared secret, sealed.
    pub sealed: Vec<u8>,
    /// Whether a code has come from it.
    pub confirmed: bool,
    /// The time step of the last code that was taken.
    pub last_step: u64,
}

/// Second factors in the store.
pub trait Factors {
    /// The factor of an account.
    fn factor(&self, user: UserId) -> Result<Option<FactorRow>>;
    /// Writes the factor of an account whole.
    fn put_factor(&self, user: UserId, row: &FactorRow) -> Result<()>;
    /// Forgets the factor of an account; whether there was one.
    fn drop_factor(&self, user: UserId) -> Result<bool>;
}

impl Factors for Unit<'_> {
    fn factor(&self, user: UserId) -> Result<Option<FactorRow>> {
        const SQL: &str = "SELECT sealed, confirmed, last_step FROM second_factors
             WHERE org = ?1 AND user = ?2";
        let mut find = self.connection().prepare_cached(SQL)?;
        let row = find.query_row(params![self.org(), key(user.0)], |row| {
            Ok(FactorRow {
                sealed: row.get(0)?,
                confirmed: row.get(1)?,
                last_step: unsigned(row.get(2)?),
            })
        });
        Ok(row.optional()?)
    }

    fn put_factor(&self, user: UserId, row: &FactorRow) -> Result<()> {
        const SQL: &str = "INSERT OR REPLACE INTO second_factors
               (org, user, sealed, confirmed, last_step) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.connection().prepare_cached(SQL)?.execute(params![
            self.org(),
            key(user.0),
            row.sealed,
            row.confirmed,
            signed(row.last_step),
        ])?;
        Ok(())
    }

    fn drop_factor(&self, user: UserId) -> Result<bool> {
        const SQL: &str = "DELETE FROM second_factors WHERE org = ?1 AND user = ?2";
        let mut drop = self.connection().prepare_cached(SQL)?;
        Ok(drop.execute(params![self.org(), key(user.0)])? > 0)
    }
}
