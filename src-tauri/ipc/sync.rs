//! The state of synchronisation.

use lantian_client::{
    App, Wish,
    view::{PreviewItem, SavedView, SyncStatus},
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
