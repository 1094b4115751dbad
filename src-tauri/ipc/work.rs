//! Looking and doing: lists, records, commands, drafts, files.

use lantian_client::{
    App,
    domain::{
        command::CommandName,
        ids::{FileId, RecordId},
        role::Role,
    },
    view::{
        AdviceView, CostView, DebtsView, DoneView, DueView, EstimateView, FileContent, FileView,
        JudgeView, ListPage, PermitPage, PersonView, RecordView, TodayView,
    },
};
use serde_json::Value;
use tauri::{State, ipc::Request};

use super::{Answer, read};

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn today(app: State<'_, App>) -> Answer<TodayView> {
    Ok(app.today().await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn list(app: State<'_, App>, request: Request<'_>) -> Answer<ListPage> {
    Ok(app.list(read(&request)?).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn permits(app: State<'_, App>, request: Request<'_>) -> Answer<PermitPage> {
    Ok(app.permits(read(&request)?).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn debts(app: State<'_, App>) -> Answer<DebtsView> {
    Ok(app.debts().await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn record(app: State<'_, App>, id: RecordId) -> Answer<RecordView> {
    Ok(app.record(id).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn schema(app: State<'_, App>, command: CommandName) -> Answer<Value> {
    Ok(app.schema(command))
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn judge(
    app: State<'_, App>,
    id: Option<RecordId>,
    command: CommandName,
    data: Value,
) -> Answer<JudgeView> {
    Ok(app.judge(id, command, data).await?)
}

#[tauri::command(rename_all = "snake_case", rename = "do")]
pub(crate) async fn give(
    app: State<'_, App>,
    id: Option<RecordId>,
    command: CommandName,
    data: Value,
) -> Answer<DoneView> {
    Ok(app.submit(id, command, data).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn draft_save(app: State<'_, App>, key: String, data: Value) -> Answer<()> {
    Ok(app.draft_save(&key, &data).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn draft_load(app: State<'_, App>, key: String) -> Answer<Option<Value>> {
    Ok(app.draft_load(&key).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn draft_drop(app: State<'_, App>, key: String) -> Answer<()> {
    Ok(app.draft_drop(&key).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn attach(app: State<'_, App>, request: Request<'_>) -> Answer<FileView> {
    Ok(app.attach(read(&request)?).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn file(
    app: State<'_, App>,
    file: FileId,
    preview: Option<bool>,
) -> Answer<FileContent> {
    Ok(if preview == Some(true) { app.file_preview(file).await? } else { app.file(file).await? })
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn people(app: State<'_, App>, role: Option<Role>) -> Answer<Vec<PersonView>> {
    Ok(app.people(role).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn due(app: State<'_, App>, request: Request<'_>) -> Answer<DueView> {
    Ok(app.due(read(&request)?).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn cost(
    app: State<'_, App>,
    id: RecordId,
    chosen: Option<Vec<u32>>,
) -> Answer<CostView> {
    Ok(app.cost(id, chosen.unwrap_or_default()).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn estimate(
    app: State<'_, App>,
    id: RecordId,
    data: Value,
) -> Answer<EstimateView> {
    Ok(app.estimate(id, data).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn advise(
    app: State<'_, App>,
    id: RecordId,
    command: CommandName,
    data: Value,
) -> Answer<AdviceView> {
    Ok(app.advise(id, command, data).await?)
}
