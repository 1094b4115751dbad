//! What waits, what needs a person, what would happen, and whether all is
//! well.

use lantian_client::{App, Error, Kept, view::Resolution};
use serde_json::json;

use super::{act::json_of, read::bad};
use crate::{
    answer::Answer,
    args::{Action, Resolve},
    exit,
};

/// The checks whose failure means damage.
const STORES: [&str; 3] = ["outbox", "mirror", "files"];

/// Commands that the server has not confirmed.
pub(super) async fn outbox(app: &App, all: bool) -> Result<Answer, Error> {
    let kept = if all { Kept::All } else { Kept::Waiting };
    Answer::done(&json!({ "items": app.outbox(kept).await? }))
}

/// What needs a person.
pub(super) async fn attention(app: &App) -> Result<Answer, Error> {
    Answer::done(&json!({ "items": app.attention().await? }))
}

/// Decides on an item.
pub(super) async fn resolve(app: &App, resolve: &Resolve) -> Result<Answer, Error> {
    let item = resolve.item.parse().map_err(|_| bad("item", "须为待处理事项的编号"))?;
    let action = match resolve.action {
        Action::Resend => Resolution::Resend,
        Action::Edit => Resolution::Edit,
        Action::HandOver => Resolution::HandOver,
        Action::Discard => Resolution::Discard,
    };
    let data = resolve.data.as_deref().map(json_of).transpose()?;
    Answer::done(&json!({ "items": app.resolve(item, action, data).await? }))
}

/// What the server would answer now.
pub(super) async fn preview(app: &App) -> Result<Answer, Error> {
    Answer::done(&json!({ "items": app.preview().await? }))
}

/// Checks of store, keys, clock, disk, server.
pub(super) async fn check(app: &App) -> Result<Answer, Error> {
    let checks = app.check().await?;
    let damaged = checks.iter().any(|check| !check.ok && STORES.contains(&check.name.as_str()));
    let ok = checks.iter().all(|check| check.ok);
    let code = match (ok, damaged) {
        (true, _) => exit::DONE,
        (false, true) => exit::DAMAGED,
        (false, false) => exit::OTHER,
    };
    Ok(Answer { code, ..Answer::done(&json!({ "ok": ok, "checks": checks }))? })
}
