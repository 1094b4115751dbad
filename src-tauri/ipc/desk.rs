//! What needs a person.

use lantian_client::{
    App,
    domain::ids::CommandId,
    view::{AttentionItem, Resolution},
};
use serde_json::Value;
use tauri::State;

use super::Answer;

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn attention(app: State<'_, App>) -> Answer<Vec<AttentionItem>> {
    Ok(app.attention().await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn resolve(
    app: State<'_, App>,
    item: CommandId,
    action: Resolution,
    data: Option<Value>,
) -> Answer<Vec<AttentionItem>> {
    Ok(app.resolve(item, action, data).await?)
}
