//! Outside systems and what they are told: online only, by the server's own
//! rules.

use uuid::Uuid;

use super::App;
use crate::{
    error::Result,
    view::{ChannelChange, ChannelClient, ChannelSecret, Deliveries, Delivery, NewChannel},
};

impl App {
    /// All outside systems.
    ///
    /// # Errors
    /// The failure of the way, or the server's no.
    pub async fn admin_channels(&self) -> Result<Vec<ChannelClient>> {
        let open = self.open()?;
        Ok(open.courier.transport.channels(&open.courier.login).await?)
    }

    /// Makes an outside system; its secret is shown once.
    ///
    /// # Errors
    /// The failure of the way, or the server's no.
    pub async fn admin_channel_create(&self, new: &NewChannel) -> Result<ChannelSecret> {
        self.0.rest.touch();
        let open = self.open()?;
        Ok(open.courier.transport.create_channel(&open.courier.login, new).await?)
    }

    /// Changes an outside system.
    ///
    /// # Errors
    /// The failure of the way, or the server's no.
    pub async fn admin_channel_update(
        &self,
        id: &str,
        change: &ChannelChange,
    ) -> Result<ChannelClient> {
        self.0.rest.touch();
        let open = self.open()?;
        Ok(open.courier.transport.change_channel(&open.courier.login, id, change).await?)
    }

    /// Gives an outside system a fresh secret, shown once.
    ///
    /// # Errors
    /// The failure of the way, or the server's no.
    pub async fn admin_channel_secret(&self, id: &str) -> Result<ChannelSecret> {
        self.0.rest.touch();
        let open = self.open()?;
        Ok(open.courier.transport.renew_channel_secret(&open.courier.login, id).await?)
    }

    /// What outside systems are told.
    ///
    /// # Errors
    /// The failure of the way, or the server's no.
    pub async fn admin_deliveries(&self) -> Result<Deliveries> {
        let open = self.open()?;
        Ok(open.courier.transport.deliveries(&open.courier.login).await?)
    }

    /// Sends something again.
    ///
    /// # Errors
    /// The failure of the way, or the server's no.
    pub async fn admin_delivery_resend(&self, delivery: Uuid) -> Result<Delivery> {
        self.0.rest.touch();
        let open = self.open()?;
        Ok(open.courier.transport.resend(&open.courier.login, delivery).await?)
    }
}
