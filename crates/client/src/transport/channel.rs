//! Outside systems and what they are told: administration is online only.

use lantian_protocol::channel::{
    ChannelChange, ChannelClient, ChannelSecret, Deliveries, Delivery, NewChannel,
};
use reqwest::Method;
use uuid::Uuid;

use super::{Transport, failure::Failure, login::Login, route};

impl Transport {
    /// Reads all outside systems.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn channels(&self, login: &Login) -> Result<Vec<ChannelClient>, Failure> {
        self.fetch(login, route::CHANNELS).await
    }

    /// Makes an outside system.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the id is taken or the right is missing.
    pub async fn create_channel(
        &self,
        login: &Login,
        new: &NewChannel,
    ) -> Result<ChannelSecret, Failure> {
        Ok(self.exchange(login, Method::POST, route::CHANNELS, new).await?.value)
    }

    /// Changes an outside system.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the right is missing.
    pub async fn change_channel(
        &self,
        login: &Login,
        id: &str,
        change: &ChannelChange,
    ) -> Result<ChannelClient, Failure> {
        let route = format!("{}/{id}", route::CHANNELS);
        Ok(self.exchange(login, Method::PATCH, &route, change).await?.value)
    }

    /// Gives an outside system a fresh secret.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the right is missing.
    pub async fn renew_channel_secret(
        &self,
        login: &Login,
        id: &str,
    ) -> Result<ChannelSecret, Failure> {
        let route = format!("{}/{id}/secret", route::CHANNELS);
        Ok(self.exchange(login, Method::POST, &route, &()).await?.value)
    }

    /// Reads what outside systems are told.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn deliveries(&self, login: &Login) -> Result<Deliveries, Failure> {
        self.fetch(login, route::DELIVERIES).await
    }

    /// Sends something again.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the right is missing.
    pub async fn resend(&self, login: &Login, delivery: Uuid) -> Result<Delivery, Failure> {
        let route = format!("{}/{delivery}/resend", route::DELIVERIES);
        Ok(self.exchange(login, Method::POST, &route, &()).await?.value)
    }
}
