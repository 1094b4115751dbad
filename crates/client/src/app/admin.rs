//! Users and devices: online only, by the server's own rules.

use lantian_domain::ids::{DeviceId, UserId};

use super::App;
use crate::{
    error::Result,
    view::{AdminDevice, AdminUser, NewUser, UserChange, UserCreated, admin::UserChanged},
};

impl App {
    /// All accounts.
    ///
    /// # Errors
    /// The failure of the way, or the server's no.
    pub async fn admin_users(&self) -> Result<Vec<AdminUser>> {
        let open = self.open()?;
        Ok(open.courier.transport.users(&open.courier.login).await?)
    }

    /// Creates an account; its one-time password is shown once.
    ///
    /// # Errors
    /// The failure of the way, or the server's no.
    pub async fn admin_user_create(&self, new: &NewUser) -> Result<UserCreated> {
        self.0.rest.touch();
        let open = self.open()?;
        Ok(open.courier.transport.create_user(&open.courier.login, new).await?)
    }

    /// Changes an account.
    ///
    /// # Errors
    /// The failure of the way, or the server's no.
    pub async fn admin_user_update(
        &self,
        user: UserId,
        change: &UserChange,
    ) -> Result<UserChanged> {
        self.0.rest.touch();
        let open = self.open()?;
        Ok(open.courier.transport.change_user(&open.courier.login, user, change).await?)
    }

    /// All devices.
    ///
    /// # Errors
    /// The failure of the way, or the server's no.
    pub async fn admin_devices(&self) -> Result<Vec<AdminDevice>> {
        let open = self.open()?;
        Ok(open.courier.transport.devices(&open.courier.login).await?)
    }

    /// Revokes a device: it is served no longer.
    ///
    /// # Errors
    /// The failure of the way, or the server's no.
    pub async fn admin_device_revoke(&self, device: DeviceId) -> Result<()> {
        self.0.rest.touch();
        let open = self.open()?;
        Ok(open.courier.transport.revoke_device(&open.courier.login, device).await?)
    }
}
