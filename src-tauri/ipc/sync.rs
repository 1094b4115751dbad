//! The state of synchronisation.

use lantian_client::{
    App, NetworkWish, Wish,
    domain::ids::RecordId,
    view::{DepartureView, FilesCheck, NetworkRule, PreviewItem, ReadinessView, SavedView, SyncStatus},
};
use tauri::State;

use super::Answer;

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn sync_status(app: State<'_, App>) -> Answer<SyncStatus> {
    Ok(app.sync_status().await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn sync_now(app: State<'_, App>) -> Answer<()> {
    Ok(app.sync_now().await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn sync_pause(app: State<'_, App>, paused: bool) -> Answer<()> {
    Ok(app.sync_pause(if paused { Wish::Pause } else { Wish::Run }).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn sync_bundle(app: State<'_, App>) -> Answer<SavedView> {
    Ok(app.sync_bundle().await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn preview(app: State<'_, App>) -> Answer<Vec<PreviewItem>> {
    Ok(app.preview().await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn network(
    app: State<'_, App>,
    rule: Option<NetworkRule>,
    metered: Option<bool>,
) -> Answer<SyncStatus> {
    if let Some(rule) = rule {
        app.network(NetworkWish::Rule(rule)).await?;
    }
    if let Some(metered) = metered {
        app.network(NetworkWish::Metered(metered)).await?;
    }
    Ok(app.sync_status().await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn upload_anyway(app: State<'_, App>) -> Answer<u64> {
    Ok(app.upload_anyway().await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn verify_files(app: State<'_, App>) -> Answer<FilesCheck> {
    Ok(app.verify_files().await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn depart(app: State<'_, App>, id: RecordId) -> Answer<DepartureView> {
    Ok(app.depart(id).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn readiness(app: State<'_, App>) -> Answer<ReadinessView> {
    Ok(app.readiness().await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn make_ready(app: State<'_, App>) -> Answer<ReadinessView> {
    Ok(app.make_ready().await?)
}
