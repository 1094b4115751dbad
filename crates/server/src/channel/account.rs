//! Accounts of applicants at an outside system: registered by identity number,
//! of which only a keyed hash is kept.

use lantian_domain::{time::Instant, validate};
use lantian_protocol::fresh;
use rusqlite::{OptionalExtension as _, params};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    reply::{Rejected, Reply},
    telling::Fields,
};
use crate::{error::Result, seal::SealKey, store::Unit};

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Registered {
    /// The account, as applications and lists name it.
    pub account_id: String,
}

/// A registration, checked.
pub(super) struct Registration {
    wanted: Option<String>,
    person: Vec<u8>,
}

/// Reads a registration.
///
/// # Errors
/// Every field that is missing or wrong.
pub(super) fn read(
    object: &Map<String, Value>,
    key: &SealKey,
    now: Instant,
) -> Result<Registration, Rejected> {
    let mut fields = Fields::of(object);
    let wanted = fields.short("account_id", 64);
    let number = fields.need("id_no", 18);
    let clean = validate::resident_id(&number, now.date());
    if !number.is_empty() && clean.is_err() {
        fields.fault("id_no", "check_digit", "身份证号码有误,请核对");
    }
    let faults = fields.faults();
    match clean {
        Ok(clean) if faults.is_empty() => {
            Ok(Registration { wanted, person: key.mark(&clean.value) })
        }
        _ => Err(Rejected::fields(faults)),
    }
}

/// Registers an account; a person who has one gets the same again.
///
/// # Errors
/// The store's; an account of somebody else is a value.
pub(super) fn register(
    unit: &Unit<'_>,
    client: &str,
    asked: &Registration,
    now: Instant,
) -> Result<Result<Reply<Registered>, Rejected>> {
    const OWN: &str =
        "SELECT account FROM channel_accounts WHERE org = ?1 AND client = ?2 AND person = ?3";
    const ADD: &str = "INSERT OR IGNORE INTO channel_accounts (org, client, account, person, made)
         VALUES (?1, ?2, ?3, ?4, ?5)";
    let connection = unit.connection();
    let known: Option<String> = connection
        .prepare_cached(OWN)?
        .query_row(params![unit.org(), client, asked.person], |row| row.get(0))
        .optional()?;
    if let Some(account_id) = known {
        return Ok(Ok(Reply::before(Registered { account_id })));
    }
    let account_id = asked.wanted.clone().unwrap_or_else(|| fresh::uuid().simple().to_string());
    let row = params![unit.org(), client, account_id, asked.person, now.0];
    if connection.prepare_cached(ADD)?.execute(row)? == 0 {
        return Ok(Err(Rejected::state("该账号已由其他申请人使用,请换用其他账号")));
    }
    Ok(Ok(Reply::done(Registered { account_id })))
}
