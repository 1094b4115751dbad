//! What a person does: judge, do, drafts.
//!
//! Invariant: data that cannot be read is a refusal of the rulebook like any
//! other (`E_FORMAT`), so that a form has one way of showing what is wrong.

use lantian_domain::{
    case::fee::NoteBlockedFee,
    command::{self, Command, CommandName},
    ids::RecordId,
    refusal::{Code, Refusal},
    time::Instant,
};
use lantian_replica::{Replica, Submission};
use serde_json::{Map, Value};

use super::App;
use crate::{
    error::{Error, Result},
    present,
    view::{DoneView, JudgeView},
};

impl App {
    /// The JSON Schema of a command's data.
    pub fn schema(&self, command: CommandName) -> Value {
        command::schema(command).to_value()
    }

    /// What the rulebook says to a command; nothing is stored.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn judge(
        &self,
        record: Option<RecordId>,
        name: CommandName,
        data: Value,
    ) -> Result<JudgeView> {
        self.0.rest.touch();
        let now = self.0.clock.now();
        self.0
            .desk
            .ask(move |replica| {
                let judged = match prepare(replica, record, name, data) {
                    Ok((record, command)) => replica.judge(record, &command, now)?,
                    Err(Error::Refused(refusal)) => Err(*refusal),
                    Err(other) => return Err(other),
                };
                Ok(present::judgement(judged))
            })
            .await
    }

    /// Judges a command and stores it durably; its effect shows at once.
    ///
    /// # Errors
    /// [`Error::Refused`] when a rule says no: nothing is stored then.
    pub async fn submit(
        &self,
        record: Option<RecordId>,
        name: CommandName,
        data: Value,
    ) -> Result<DoneView> {
        let now = self.0.clock.now();
        self.act(move |replica| {
            let (record, command) = prepare(replica, record, name, data)?;
            let submission = replica.submit(record, command, now)?;
            if let Submission::Refused(refusal) = &submission {
                count_blocked(replica, record, refusal, now)?;
            }
            done(submission)
        })
        .await
    }

    /// Keeps what a person has filled in so far.
    ///
    /// # Errors
    /// When it could not be made durable.
    pub async fn draft_save(&self, key: &str, data: &Value) -> Result<()> {
        self.0.rest.touch();
        let (key, text, now) = (key.to_owned(), data.to_string(), self.0.clock.now());
        self.0.desk.ask(move |replica| Ok(replica.draft_save(&key, &text, now)?)).await
    }

    /// What was kept under this key.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn draft_load(&self, key: &str) -> Result<Option<Value>> {
        let key = key.to_owned();
        let draft = self.0.desk.ask(move |replica| Ok(replica.draft_load(&key)?)).await?;
        Ok(draft.and_then(|draft| serde_json::from_str(&draft.data).ok()))
    }

    /// Gives up what was kept under this key.
    ///
    /// # Errors
    /// When it could not be removed.
    pub async fn draft_drop(&self, key: &str) -> Result<()> {
        self.0.rest.touch();
        let key = key.to_owned();
        self.0.desk.ask(move |replica| Ok(replica.draft_drop(&key)?)).await
    }
}

/// Keeps count of an attempt to charge a forbidden fee (H-7): a refusal leaves
/// nothing behind by itself. Where the case does not take the note, there was
/// no case to charge.
fn count_blocked(
    replica: &mut Replica,
    record: RecordId,
    refusal: &Refusal,
    now: Instant,
) -> Result<()> {
    if refusal.code == Code::ForbiddenFee
        && let Some(name) = refusal.params.get("name")
    {
        let note = NoteBlockedFee { name: name.clone() };
        let _noted = replica.submit(record, Command::NoteBlockedFee(note), now)?;
    }
    Ok(())
}

/// What a stored command is answered with; a refused one is an error.
pub(super) fn done(submission: Submission) -> Result<DoneView> {
    match submission {
        Submission::Saved(saved) => Ok(DoneView {
            record_id: saved.record,
            command_id: saved.command,
            events: present::event_names(&saved.changes),
            saved_at: saved.saved_at,
            pending: true,
        }),
        Submission::Refused(refusal) => Err(refusal.into()),
    }
}

/// The target and the command that the data describe.
pub(super) fn prepare(
    replica: &mut Replica,
    record: Option<RecordId>,
    name: CommandName,
    data: Value,
) -> Result<(RecordId, Command)> {
    let record = match (record, name.creates()) {
        (Some(record), _) => record,
        (None, Some(_)) => RecordId(replica.new_id()?),
        (None, None) => return Err(Refusal::field("id", "missing").into()),
    };
    let Value::Object(mut fields) = data else {
        return Err(Refusal::field("data", "object expected").into());
    };
    fill_new_records(replica, name, &mut fields)?;
    fill_file(replica, name, &mut fields)?;
    Ok((record, read(name, fields)?))
}

/// Reads a command from its name and its fields.
pub(super) fn read(name: CommandName, mut fields: Map<String, Value>) -> Result<Command> {
    fields.insert("type".to_owned(), name.as_str().into());
    serde_json::from_value(Value::Object(fields)).map_err(|fault| unreadable(&fault).into())
}

/// What is wrong with the data, without repeating any of it: the reader's own
/// text would carry what a person typed.
fn unreadable(fault: &serde_json::Error) -> Refusal {
    let text = fault.to_string();
    let named = text.split('`').nth(1);
    match named {
        Some(field) if text.starts_with("missing field") => Refusal::field(field, "missing"),
        Some(field) if text.starts_with("unknown field") => Refusal::field(field, "unknown"),
        _ if text.starts_with("unknown variant") => {
            let expected = text.split_once("expected ").map(|(_, words)| words.to_owned());
            Refusal::field("data", format!("expected {}", expected.unwrap_or_default()))
        }
        _ => {
            let expected = text.rsplit_once("expected ").map_or("another form", |(_, words)| words);
            Refusal::field("data", format!("expected {expected}"))
        }
    }
}

/// Gives the records that a command creates besides its target their identity.
fn fill_new_records(
    replica: &mut Replica,
    name: CommandName,
    fields: &mut Map<String, Value>,
) -> Result<()> {
    let schema = command::schema(name).to_value();
    let Some(properties) = schema["properties"].as_object() else { return Ok(()) };
    for (field, property) in properties {
        let absent = fields.get(field).is_none_or(Value::is_null);
        if absent && property["x-widget"] == "new_record" {
            fields.insert(field.clone(), replica.new_id()?.to_string().into());
        }
    }
    Ok(())
}

/// A file that is named by its id alone is described from the store.
fn fill_file(
    replica: &mut Replica,
    name: CommandName,
    fields: &mut Map<String, Value>,
) -> Result<()> {
    if name != CommandName::AttachFile {
        return Ok(());
    }
    let named = fields.get("file").and_then(|file| file.as_str().or(file["id"].as_str()));
    let Some(file) = named.and_then(|id| id.parse().ok()) else { return Ok(()) };
    if let Some((_, known)) = present::find_file(replica, file, None)? {
        let known = serde_json::to_value(known).map_err(|_| Error::Closing)?;
        fields.insert("file".to_owned(), known);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(name: CommandName, data: &Value) -> Refusal {
        match read(name, data.as_object().unwrap().clone()) {
            Err(Error::Refused(refusal)) => *refusal,
            Err(other) => panic!("{other}"),
            Ok(command) => panic!("{:?}", command.name()),
        }
    }

    #[test]
    fn a_missing_field_is_named() {
        let refusal = refused(CommandName::AddNote, &json!({}));
        assert_eq!(refusal.params["field"], "text");
        assert_eq!(refusal.code.as_str(), "E_FORMAT");
    }

    #[test]
    fn what_was_typed_is_not_repeated() {
        let wrong = json!({"channel": "张三的电话", "result": "reached"});
        let refusal = refused(CommandName::RecordContactAttempt, &wrong);
        assert!(!format!("{refusal:?}").contains("张三"), "{refusal:?}");
        let refusal = refused(CommandName::AddNote, &json!({"text": {"name": "李四"}}));
        assert!(!format!("{refusal:?}").contains("李四"), "{refusal:?}");
    }
}
