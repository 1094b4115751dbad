//! Users and devices: administration is online only.

use lantian_domain::ids::{DeviceId, UserId};
use reqwest::Method;
use serde::Serialize;

use super::{Transport, failure::Failure, login::Login, route};
use crate::view::{AdminDevice, AdminUser, NewUser, UserChange, UserCreated, admin::UserChanged};

#[derive(Serialize)]
struct Change<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<&'a Vec<lantian_domain::role::Role>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reset_password: Option<bool>,
}

impl Transport {
    /// Reads all accounts.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn users(&self, login: &Login) -> Result<Vec<AdminUser>, Failure> {
        self.fetch(login, route::USERS).await
    }

    /// Creates an account.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the login is taken or the right is missing.
    pub async fn create_user(&self, login: &Login, new: &NewUser) -> Result<UserCreated, Failure> {
        Ok(self.exchange(login, Method::POST, route::USERS, new).await?.value)
    }

    /// Changes an account.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the right is missing.
    pub async fn change_user(
        &self,
        login: &Login,
        user: UserId,
        change: &UserChange,
    ) -> Result<UserChanged, Failure> {
        let body = Change {
            name: change.name.as_deref(),
            roles: change.roles.as_ref(),
            active: change.active,
            reset_password: change.reset_password,
        };
        let route = format!("{}/{user}", route::USERS);
        Ok(self.exchange(login, Method::PATCH, &route, &body).await?.value)
    }

    /// Reads all devices.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn devices(&self, login: &Login) -> Result<Vec<AdminDevice>, Failure> {
        self.fetch(login, route::DEVICES).await
    }

    /// Revokes a device.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the right is missing.
    pub async fn revoke_device(&self, login: &Login, device: DeviceId) -> Result<(), Failure> {
        let route = format!("{}/{device}/revoke", route::DEVICES);
        self.with_login(login, || self.request(Method::POST, &route)).await.map(|_| ())
    }
}
