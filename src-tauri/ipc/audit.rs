//! The audit log, retention, and the archive package of a case.

use lantian_client::{
    App,
    domain::ids::RecordId,
    view::{ArchiveProgress, ArchiveView, AuditCheck, AuditPage, Retention, SavedView},
};
use tauri::{State, ipc::Request};

use super::{Answer, read};

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn audit_rows(app: State<'_, App>, request: Request<'_>) -> Answer<AuditPage> {
    Ok(app.audit_rows(&read(&request)?).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn audit_check(app: State<'_, App>) -> Answer<AuditCheck> {
    Ok(app.audit_check().await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn audit_export(app: State<'_, App>, request: Request<'_>) -> Answer<SavedView> {
    Ok(app.audit_export(&read(&request)?).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn retention(app: State<'_, App>) -> Answer<Retention> {
    Ok(app.retention().await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn archive_export(app: State<'_, App>, id: RecordId) -> Answer<ArchiveView> {
    Ok(app.archive_export(id).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn archive_progress(
    app: State<'_, App>,
    id: RecordId,
) -> Answer<Option<ArchiveProgress>> {
    Ok(app.archive_progress(id))
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn archive_verify(app: State<'_, App>, id: RecordId) -> Answer<Vec<ArchiveView>> {
    Ok(app.archive_verify(id).await?)
}
