//! Doing: commands, drafts, attachments.

use std::path::PathBuf;

use lantian_client::{
    App, Error,
    domain::{command::CommandName, file::FileKind, ids::RecordId},
    view::NewFile,
};
use serde_json::{Value, json};

use super::read::bad;
use crate::{
    answer::Answer,
    args::{Attach, Do, Draft},
    exit,
};

/// Judges and stores a command.
pub(super) async fn submit(app: &App, given: &Do) -> Result<Answer, Error> {
    let (on, name, data) = read(app, given).await?;
    Answer::done(&app.submit(on, name, data).await?)
}

/// Judges a command; nothing is stored.
pub(super) async fn judge(app: &App, given: &Do) -> Result<Answer, Error> {
    let (on, name, data) = read(app, given).await?;
    let judged = app.judge(on, name, data).await?;
    let code = if judged.ok { exit::DONE } else { exit::REFUSED };
    Ok(Answer { code, ..Answer::done(&judged)? })
}

async fn read(app: &App, given: &Do) -> Result<(Option<RecordId>, CommandName, Value), Error> {
    let name = CommandName::parse(&given.command)
        .ok_or_else(|| bad("command", "没有这条命令；lantian commands 列出全部命令"))?;
    let on = match &given.on {
        Some(named) => Some(app.find(named).await?),
        None => None,
    };
    Ok((on, name, json_of(&given.data)?))
}

/// What is being edited.
pub(super) async fn draft(app: &App, draft: Draft) -> Result<Answer, Error> {
    match draft {
        Draft::List => Answer::done(&json!({ "items": app.drafts().await? })),
        Draft::Save { key, data } => {
            app.draft_save(&key, &json_of(&data)?).await?;
            Answer::done(&json!({ "key": key, "saved": true }))
        }
        Draft::Load { key } => {
            let data = app.draft_load(&key).await?;
            Answer::done(&json!({ "key": key, "data": data }))
        }
        Draft::Drop { key } => {
            app.draft_drop(&key).await?;
            Answer::done(&json!({ "key": key, "dropped": true }))
        }
    }
}

/// Adds a file to a record.
pub(super) async fn attach(app: &App, attach: &Attach) -> Result<Answer, Error> {
    let kind: FileKind = serde_json::from_value(Value::from(attach.kind.as_str()))
        .map_err(|_| bad("kind", "没有这种文件类别，如 photo_site、drawing、signature"))?;
    let bytes = std::fs::read(&attach.file).map_err(|_| bad("file", "文件无法读取"))?;
    let name = attach.file.file_name().map(|name| name.to_string_lossy().into_owned());
    let taken_at = attach.taken_at.as_deref().map(|text| {
        lantian_client::domain::time::Instant::parse(text)
            .ok_or_else(|| bad("taken-at", "须为带时区的时间"))
    });
    let new = NewFile {
        id: app.find(&attach.id).await?,
        kind,
        name: name.unwrap_or_default(),
        mime: String::new(),
        bytes,
        taken_at: taken_at.transpose()?,
        geo: None,
    };
    Answer::done(&app.attach(new).await?)
}

/// Reads JSON, or the file that `@` names.
pub(super) fn json_of(text: &str) -> Result<Value, Error> {
    let read = match text.strip_prefix('@') {
        Some(path) => {
            std::fs::read_to_string(PathBuf::from(path)).map_err(|_| bad("data", "文件无法读取"))?
        }
        None => text.to_owned(),
    };
    serde_json::from_str(&read).map_err(|_| bad("data", "不是 JSON"))
}
