//! Users and devices.

use lantian_client::{
    App,
    domain::ids::DeviceId,
    view::{AdminDevice, AdminUser, UserChange, UserChanged, UserCreated},
};
use tauri::{State, ipc::Request};

use super::{Answer, read};

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn admin_users(app: State<'_, App>) -> Answer<Vec<AdminUser>> {
    Ok(app.admin_users().await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn admin_user_create(
    app: State<'_, App>,
    request: Request<'_>,
) -> Answer<UserCreated> {
    Ok(app.admin_user_create(&read(&request)?).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn admin_user_update(
    app: State<'_, App>,
    request: Request<'_>,
) -> Answer<UserChanged> {
    let change: UserChange = read(&request)?;
    Ok(app.admin_user_update(change.id, &change).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn admin_devices(app: State<'_, App>) -> Answer<Vec<AdminDevice>> {
    Ok(app.admin_devices().await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn admin_device_revoke(app: State<'_, App>, id: DeviceId) -> Answer<()> {
    Ok(app.admin_device_revoke(id).await?)
}
