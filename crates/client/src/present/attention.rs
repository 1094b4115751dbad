//! What needs a person, with everything that the person has to decide on.

use lantian_domain::{ids::RecordId, record::Record, time::Instant};
use lantian_replica::{AttentionKind, Choice, Replica};
use serde_json::{Map, Value};

use super::{card::person, cost::sheet, file::file, record::body};
use crate::{
    error::{Error, Result},
    view::{AttentionItem, Difference, ItemKind, Resolution},
};

/// All items, the oldest first.
pub(crate) fn attention(replica: &Replica) -> Result<Vec<AttentionItem>> {
    let held = replica.attention()?;
    held.into_iter().map(|item| view(replica, item)).collect()
}

fn view(replica: &Replica, item: lantian_replica::AttentionItem) -> Result<AttentionItem> {
    let mut data = serde_json::to_value(&item.command).map_err(|_| Error::Closing)?;
    let fields = data.as_object_mut();
    if let Some(fields) = fields {
        fields.remove("type");
    }
    let files = item.files.iter().map(|named| file(replica, named, None)).collect::<Result<_>>()?;
    let diff = differences(replica, item.record, item.at, data.as_object())?;
    // On a record that has left, a command cannot be given again from here.
    let here = item.card.is_some();
    let gives_again = |choice: &Choice| matches!(choice, Choice::Resend | Choice::Edit);
    let (no, title) = item.card.map(|card| (card.no, card.title)).unwrap_or_default();
    Ok(AttentionItem {
        id: item.id,
        record_id: item.record,
        no,
        title,
        kind: kind(item.kind),
        command: item.command.name(),
        data,
        at: item.at,
        refusal: item.refusal.map(Into::into),
        from: item.from.map(|user| person(replica, user)).transpose()?,
        set_aside: item.quarantine.map(|(code, _)| code),
        server_state: item.confirmed_state,
        actions: item
            .choices
            .into_iter()
            .filter(|choice| here || !gives_again(choice))
            .map(action)
            .collect(),
        files,
        diff,
    })
}

/// The fields of the command that stand in the record with another value: in
/// the record itself, in its basic information, or on the cost sheet.
fn differences(
    replica: &Replica,
    id: RecordId,
    item_at: Instant,
    mine: Option<&Map<String, Value>>,
) -> Result<Vec<Difference>> {
    let (Some(mine), Some(record)) = (mine, replica.confirmed(id)?) else { return Ok(Vec::new()) };
    let whole = body(&replica.veiled(&record, item_at).0)?;
    let costs = if let Record::Case(case) = &*record {
        serde_json::to_value(sheet(case, &[])).unwrap_or_default()
    } else {
        Value::Null
    };
    let places = [&costs, &whole["basic"], &whole];
    Ok(compare(mine, &places))
}

fn compare(mine: &Map<String, Value>, places: &[&Value]) -> Vec<Difference> {
    let theirs = |field: &str| {
        let held = places.iter().map(|place| &place[field]);
        held.into_iter().find(|value| !value.is_null() && !value.is_object() && !value.is_array())
    };
    mine.iter()
        .filter_map(|(field, mine)| Some((field, mine, theirs(field)?)))
        .filter(|(_, mine, theirs)| *mine != *theirs)
        .map(|(field, mine, theirs)| Difference {
            field: field.clone(),
            mine: mine.clone(),
            theirs: theirs.clone(),
        })
        .collect()
}

fn kind(kind: AttentionKind) -> ItemKind {
    match kind {
        AttentionKind::Refused => ItemKind::Refused,
        AttentionKind::Parked => ItemKind::Parked,
        AttentionKind::Quarantined => ItemKind::Quarantined,
        AttentionKind::Conflict => ItemKind::Conflict,
        AttentionKind::Proposed => ItemKind::Proposed,
    }
}

fn action(choice: Choice) -> Resolution {
    match choice {
        Choice::Resend => Resolution::Resend,
        Choice::Edit => Resolution::Edit,
        Choice::HandOver => Resolution::HandOver,
        Choice::Discard => Resolution::Discard,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_fields_that_both_sides_have_and_that_differ_are_shown() {
        let mine = json!({"budget_version": 2, "place": "on_site", "signature": {"file": 1}});
        let sheet = json!({"budget_version": 3, "signature": {"file": 2}, "lines": []});
        let found = compare(mine.as_object().unwrap(), &[&sheet, &json!({"place": "on_site"})]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].field.as_str(), &found[0].theirs), ("budget_version", &json!(3)));
    }
}
