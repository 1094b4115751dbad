//! Outside systems and what they are told.

use lantian_client::{
    App,
    domain::ids::CommandId,
    view::{ChannelChange, ChannelClient, ChannelSecret, Deliveries, Delivery},
};
use serde::Deserialize;
use tauri::{State, ipc::Request};

use super::{Answer, read};

/// A change, and which outside system it is about.
#[derive(Deserialize)]
struct Change {
    id: String,
    #[serde(flatten)]
    change: ChannelChange,
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn admin_channels(app: State<'_, App>) -> Answer<Vec<ChannelClient>> {
    Ok(app.admin_channels().await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn admin_channel_create(
    app: State<'_, App>,
    request: Request<'_>,
) -> Answer<ChannelSecret> {
    Ok(app.admin_channel_create(&read(&request)?).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn admin_channel_update(
    app: State<'_, App>,
    request: Request<'_>,
) -> Answer<ChannelClient> {
    let asked: Change = read(&request)?;
    Ok(app.admin_channel_update(&asked.id, &asked.change).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn admin_channel_secret(app: State<'_, App>, id: String) -> Answer<ChannelSecret> {
    Ok(app.admin_channel_secret(&id).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn admin_deliveries(app: State<'_, App>) -> Answer<Deliveries> {
    Ok(app.admin_deliveries().await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn admin_delivery_resend(app: State<'_, App>, id: CommandId) -> Answer<Delivery> {
    Ok(app.admin_delivery_resend(id.0).await?)
}
