//! What people do: commands that the rulebook offers, with plausible data.

use anyhow::{Context, Result};
use lantian_domain::command::{AddNote, Command, CommandName};
use lantian_domain::file::FileKind;
use lantian_domain::ids::FileId;
use lantian_domain::ids::RecordId;
use lantian_domain::record::{Person, RecordKind};
use lantian_domain::role::Role;
use lantian_domain::time::Instant;
use lantian_replica::NewFile;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::chance::Chance;

/// Whether people here work on records of this kind.
pub(crate) fn works_on(kind: RecordKind) -> bool {
    matches!(kind, RecordKind::Lead | RecordKind::Case)
}

/// Whether people here give this command.
pub(crate) fn gives(name: CommandName) -> bool {
    matches!(
        name,
        CommandName::RecordContactAttempt
            | CommandName::AddNote
            | CommandName::AttachFile
            | CommandName::HandOverLead
            | CommandName::ReassignLead
            | CommandName::CloseLead
            | CommandName::ReopenLead
            | CommandName::ConvertLead
            | CommandName::Withdraw
            | CommandName::UpdateBasic
    )
}

/// One of the possible commands with data, if it is one that people here give.
pub(crate) fn command(
    chance: &mut Chance,
    possible: &[CommandName],
    people: &[Person],
    now: Instant,
) -> Result<Option<Command>> {
    let Some(name) = chance.of(possible).copied() else { return Ok(None) };
    let managers: Vec<&Person> =
        people.iter().filter(|one| one.roles.contains(&Role::CustomerManager)).collect();
    let manager = chance.of(&managers).map(|one| one.user());
    let data = match name {
        CommandName::RecordContactAttempt => json!({
            "channel": "phone", "result": if chance.hits(700) { "reached" } else { "no_answer" },
            "summary": "约定明日踏勘", "counterpart_role": "建设单位",
        }),
        CommandName::AddNote => return Ok(Some(note(chance))),
        CommandName::HandOverLead => json!({ "manager": manager }),
        CommandName::ReassignLead => json!({ "manager": manager, "reason": "片区调整" }),
        CommandName::CloseLead => json!({ "reason": "no_demand", "note": "建设单位来函：缓建" }),
        CommandName::ReopenLead => json!({ "reason": "恢复建设", "manager": manager }),
        CommandName::ConvertLead => convert(chance, now),
        CommandName::Withdraw => json!({ "reason": "用户撤回", "costs_settled": true }),
        CommandName::UpdateBasic => json!({ "remark": format!("门牌已核对{}", chance.below(9)) }),
        _ => return Ok(None),
    };
    let mut whole = json!({ "type": name.as_str() });
    if let (Value::Object(whole), Value::Object(data)) = (&mut whole, data) {
        whole.extend(data);
    }
    serde_json::from_value(whole).map(Some).with_context(|| format!("data of {}", name.as_str()))
}

/// A remark, which is possible nearly everywhere.
pub(crate) fn note(chance: &mut Chance) -> Command {
    Command::AddNote(AddNote { text: format!("备注{}", chance.below(1_000)) })
}

fn convert(chance: &mut Chance, now: Instant) -> Value {
    let case = RecordId(Uuid::from_u128(u128::from(chance.next()) << 64 | 0xca5e));
    json!({
        "case": case, "segment": "residential_scattered",
        "basic": {
            "party_type": "person", "name": "王小明", "phone": "13800138000",
            "address": "新郑市新华路66号院3号楼2单元501", "use_kind": "dwelling", "want": "new",
            "consent": { "text_version": "PI-2026-1", "at": now },
        },
    })
}

/// A photo for a record, and its content: mostly small, now and then of several
/// chunks.
pub(crate) fn photo(chance: &mut Chance, record: RecordId) -> (NewFile, Vec<u8>) {
    let size = if chance.hits(150) { 600_000 } else { 40 + chance.below(400) };
    // What chance writes may begin like a program, which the company refuses.
    let mut content = b"photo ".to_vec();
    while content.len() < size {
        content.extend(chance.next().to_le_bytes());
    }
    let new = NewFile {
        id: FileId(Uuid::from_u128(u128::from(chance.next()) << 64 | 0xf11e)),
        record,
        kind: FileKind::PhotoSite,
        name: "现场.bin".to_owned(),
        mime: "application/octet-stream".to_owned(),
        taken_at: None,
        geo: None,
    };
    (new, content)
}

/// The hash by which a content is named.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
