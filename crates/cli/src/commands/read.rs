//! Looking: lists, a record, its files, colleagues, deadlines.

use std::{io::Write as _, path::Path};

use lantian_client::{
    App, Error,
    domain::{clock::RuleId, role::Role, time::Instant},
    view::{DueQuestion, ListQuestion},
};
use serde_json::json;

use super::desk;
use crate::{
    answer::Answer,
    args::{Due, Kind, List, Show},
};

/// Records, the most urgent first.
pub(super) async fn list(app: &App, list: List) -> Result<Answer, Error> {
    let kind = match list.kind {
        Kind::Records(kind) => Some(kind),
        Kind::Permits => None,
        Kind::People => return people(app, None).await,
        Kind::Attention => return desk::attention(app).await,
    };
    let due_before = list.due_before.as_deref().map(|text| instant("due-before", text));
    let question = ListQuestion {
        kind,
        state: list.state,
        segment: list.segment,
        flag: list.flag,
        search: list.search,
        due_before: due_before.transpose()?,
        late: list.late.then_some(true),
        limit: list.limit,
        after: list.after,
        manager: None,
    };
    match kind {
        Some(_) => Answer::done(&app.list(question).await?),
        None => Answer::done(&app.permits(question).await?),
    }
}

/// One record: its page, its time line, or what is confirmed.
pub(super) async fn show(app: &App, show: &Show) -> Result<Answer, Error> {
    let id = app.find(&show.id).await?;
    if show.confirmed {
        return Answer::done(&json!({ "id": id, "body": app.confirmed(id).await? }));
    }
    let page = app.record(id).await?;
    if show.timeline {
        return Answer::done(&json!({ "id": id, "items": page.trail }));
    }
    Answer::done(&page)
}

/// Colleagues.
pub(super) async fn people(app: &App, role: Option<&str>) -> Result<Answer, Error> {
    let role = role
        .map(|code| Role::parse(code).ok_or_else(|| bad("role", "没有这种角色")))
        .transpose()?;
    Answer::done(&json!({ "items": app.people(role).await? }))
}

/// The deadline calculator.
pub(super) async fn due(app: &App, due: &Due) -> Result<Answer, Error> {
    let rule = RuleId::ALL.into_iter().find(|rule| rule.code() == due.rule);
    let question = DueQuestion {
        rule: rule.ok_or_else(|| bad("rule", "没有这条时限，形如 D-08"))?,
        start: instant("start", &due.start)?,
        stop: due.stop.as_deref().map(|text| instant("stop", text)).transpose()?,
    };
    Answer::done(&app.due(question).await?)
}

/// The files of a record.
pub(super) async fn files(app: &App, id: &str) -> Result<Answer, Error> {
    let id = app.find(id).await?;
    Answer::done(&json!({ "items": app.files(id).await? }))
}

/// Writes a file's content, whole or not at all.
pub(super) async fn fetch(app: &App, file: &str, out: &Path) -> Result<Answer, Error> {
    let id = file.parse().map_err(|_| bad("file", "须为文件编号"))?;
    let content = app.file(id).await?;
    let unwritable = |_| bad("out", "文件无法写入，请检查目录与空间");
    let mut written = std::fs::File::create(out).map_err(unwritable)?;
    written.write_all(&content.bytes).and_then(|()| written.sync_all()).map_err(unwritable)?;
    Answer::done(
        &json!({ "file": id, "out": out, "size": content.bytes.len(), "mime": content.mime }),
    )
}

fn instant(field: &str, text: &str) -> Result<Instant, Error> {
    Instant::parse(text).ok_or_else(|| bad(field, "须为带时区的时间，如 2026-02-14T16:20:30+08:00"))
}

pub(super) fn bad(field: &str, why: &str) -> Error {
    Error::BadInput { field: field.to_owned(), why: why.to_owned() }
}
