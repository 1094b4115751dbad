//! Sign-in, PIN, recovery, lock.

use lantian_client::{App, Credentials, view::SessionView};
use serde::Deserialize;
use tauri::{State, ipc::Request};

use super::{Answer, read};

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn session(app: State<'_, App>) -> Answer<SessionView> {
    Ok(app.session().await?)
}

/// What a person types at the door.
#[derive(Deserialize)]
struct Given {
    server: String,
    login: String,
    password: String,
    #[serde(default)]
    new_password: Option<String>,
    #[serde(default)]
    code: Option<String>,
    pin: String,
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn sign_in(app: State<'_, App>, request: Request<'_>) -> Answer<SessionView> {
    let Given { server, login, password, new_password, code, pin } = read(&request)?;
    // A one-time password is replaced before anything is enrolled with it.
    let password = match new_password {
        Some(new) => {
            app.change_password(&server, &login, &password, &new).await?;
            new
        }
        None => password,
    };
    let credentials = Credentials { login: &login, password: &password, code: code.as_deref() };
    Ok(app.sign_in(&server, &credentials, &pin).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn unlock(app: State<'_, App>, pin: String) -> Answer<SessionView> {
    Ok(app.unlock(&pin).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn lock(app: State<'_, App>) -> Answer<SessionView> {
    Ok(app.lock().await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn change_pin(app: State<'_, App>, old: String, new: String) -> Answer<()> {
    Ok(app.change_pin(&old, &new).await?)
}

#[tauri::command(rename_all = "snake_case")]
pub(crate) async fn recover(
    app: State<'_, App>,
    recovery_key: String,
    pin: String,
) -> Answer<SessionView> {
    Ok(app.recover(&recovery_key, &pin).await?)
}
