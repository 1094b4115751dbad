//! Users and devices; the server decides who may.

use lantian_client::{
    App, Error,
    view::{NewUser, UserChange},
};
use serde_json::{Value, json};

use super::read::bad;
use crate::{answer::Answer, args::Admin};

/// Carries out an administrator's command.
pub(super) async fn run(app: &App, admin: Admin) -> Result<Answer, Error> {
    match admin {
        Admin::Users => Answer::done(&json!({ "items": app.admin_users().await? })),
        Admin::Devices => Answer::done(&json!({ "items": app.admin_devices().await? })),
        Admin::Create { login, name, role, org } => {
            let new = NewUser { login, name, roles: coded("role", &role)?, org: one("org", &org)? };
            Answer::done(&app.admin_user_create(&new).await?)
        }
        Admin::Update { id, name, role, active, reset_password } => {
            let id = id.parse().map_err(|_| bad("id", "须为用户编号"))?;
            let roles = if role.is_empty() { None } else { Some(coded("role", &role)?) };
            let change = UserChange {
                id,
                name,
                roles,
                active,
                reset_password: reset_password.then_some(true),
            };
            Answer::done(&app.admin_user_update(id, &change).await?)
        }
        Admin::Revoke { id } => {
            let id = id.parse().map_err(|_| bad("id", "须为设备编号"))?;
            app.admin_device_revoke(id).await?;
            Answer::done(&json!({ "id": id, "state": "revoked" }))
        }
    }
}

fn coded<T: serde::de::DeserializeOwned>(field: &str, codes: &[String]) -> Result<Vec<T>, Error> {
    codes.iter().map(|code| one(field, code)).collect()
}

fn one<T: serde::de::DeserializeOwned>(field: &str, code: &str) -> Result<T, Error> {
    serde_json::from_value(Value::from(code)).map_err(|_| bad(field, "没有这个代码"))
}
