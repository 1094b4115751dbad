//! Numbers used once, kept in the store for ten minutes: a server that starts
//! anew knows them too.

use lantian_domain::time::Instant;
use rusqlite::params;

use crate::{error::Result, store::Unit};

/// How long a number is remembered: twice the window of the timestamp.
const KEPT_MS: i64 = 10 * 60_000;

/// Uses a number; `false` when it was used already.
///
/// # Errors
/// The store's.
pub(super) fn spend(unit: &Unit<'_>, client: &str, nonce: &str, now: Instant) -> Result<bool> {
    const OLD: &str = "DELETE FROM channel_nonces WHERE org = ?1 AND until <= ?2";
    const ADD: &str = "INSERT OR IGNORE INTO channel_nonces (org, client, nonce, until)
         VALUES (?1, ?2, ?3, ?4)";
    let connection = unit.connection();
    connection.prepare_cached(OLD)?.execute(params![unit.org(), now.0])?;
    let until = now.plus_ms(KEPT_MS).0;
    let added =
        connection.prepare_cached(ADD)?.execute(params![unit.org(), client, nonce, until])?;
    Ok(added == 1)
}
