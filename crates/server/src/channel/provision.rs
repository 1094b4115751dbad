//! The log of what outside systems were told (P-09): one audit row for each
//! call, with its fields, and never their values.

use std::collections::BTreeSet;

use lantian_domain::{ids::RecordId, time::Instant};
use serde::Serialize;
use serde_json::{Value, json};

use super::clients::Client;
use crate::{
    error::Result,
    store::{AuditEntry, Journal as _, Unit},
};

/// What a client is told.
pub(super) struct Told<'a> {
    /// By which call, as `status`, `webhook`.
    pub(super) call: &'a str,
    /// What came of it.
    pub(super) result: &'a str,
    /// About which case, if it is one.
    pub(super) record: Option<RecordId>,
    /// What it is told.
    pub(super) body: &'a Value,
}

/// Logs what a client is told.
///
/// # Errors
/// The store's; then nothing may be told.
pub(super) fn log(unit: &Unit<'_>, client: &Client, told: &Told<'_>, at: Instant) -> Result<()> {
    let mut names = BTreeSet::new();
    fields("", told.body, &mut names);
    let entry = AuditEntry {
        act: "channel_told".to_owned(),
        actor: Some(client.account),
        subject: told.record.map(|record| record.0),
        result: told.result.to_owned(),
        detail: Some(json!({
            "client": client.id,
            "channel": client.channel.as_str(),
            "call": told.call,
            "fields": names,
            "basis": client.basis,
        })),
        ..AuditEntry::default()
    };
    unit.audit(at, entry)
}

/// A value as JSON, for the log and the wire alike.
///
/// # Errors
/// When it cannot be written.
pub(super) fn value<T: Serialize>(told: &T) -> Result<Value> {
    Ok(serde_json::to_value(told)?)
}

/// The names of all fields, as `materials_owed[].code`.
fn fields(place: &str, value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, inner) in object {
                let place = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
                fields(&place, inner, names);
            }
        }
        Value::Array(items) => {
            for item in items {
                fields(&format!("{place}[]"), item, names);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            names.insert(place.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_09_fields_are_named_and_values_are_not() {
        let mut names = BTreeSet::new();
        let told = json!({ "case_no": "X", "owed": [{ "code": "MT01" }, { "code": "MT02" }] });
        fields("", &told, &mut names);
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["case_no", "owed[].code"]);
    }
}
