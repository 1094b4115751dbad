//! The device's identity at the server: tokens, their renewal, and the proof
//! by the device key.
//!
//! Invariant: renewed tokens are durable before they are used, and only one
//! renewal runs at a time. If the device dies between the server's renewal
//! and our saving, the old refresh token with the device's proof still
//! renews once (T8).

use std::{future::Future, pin::Pin, sync::Arc};

use lantian_domain::{ids::DeviceId, time::Instant};
use lantian_protocol::identity::{Refresh, SignIn, SignedIn, Tokens};
use serde::Serialize;
use tokio::sync::Mutex;

use super::{Transport, failure::Failure, route};

/// Tokens this close to their end are renewed before they are used.
const EARLY_MS: i64 = 30_000;

/// An answer that takes its time.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Signs with the device's key.
pub trait Proof: Send + Sync {
    /// The Ed25519 signature over `text`; [`Failure::SignInNeeded`] when the
    /// key is not at hand.
    fn sign(&self, text: Vec<u8>) -> Later<'_, Result<Vec<u8>, Failure>>;
}

/// Keeps renewed tokens where they survive a power cut.
pub trait TokenStore: Send + Sync {
    /// Stores the tokens durably.
    fn keep(&self, tokens: Tokens) -> Later<'_, Result<(), Failure>>;
}

/// The device's identity at the server.
pub struct Login {
    device: DeviceId,
    tokens: Mutex<Option<Tokens>>,
    proof: Arc<dyn Proof>,
    store: Arc<dyn TokenStore>,
    clock: Arc<dyn crate::clock::Clock>,
}

impl Login {
    /// The identity of an enrolled device; without tokens every request asks
    /// for a sign-in.
    pub fn new(
        device: DeviceId,
        tokens: Option<Tokens>,
        proof: Arc<dyn Proof>,
        store: Arc<dyn TokenStore>,
        clock: Arc<dyn crate::clock::Clock>,
    ) -> Self {
        Self { device, tokens: Mutex::new(tokens), proof, store, clock }
    }

    /// Until when the device may be unlocked without contact to the server.
    pub async fn lease_until(&self) -> Option<Instant> {
        self.tokens.lock().await.as_ref().map(|tokens| tokens.lease_until)
    }

    /// Takes the tokens of a new sign-in.
    pub async fn replace(&self, tokens: Tokens) {
        *self.tokens.lock().await = Some(tokens);
    }

    /// Renews the tokens, whether or not they still hold.
    ///
    /// # Errors
    /// [`Failure::SignInNeeded`] when the server does not renew them.
    pub async fn refresh(&self, transport: &Transport) -> Result<(), Failure> {
        let held = self.held().await?.access;
        self.renew(transport, &held).await.map(|_| ())
    }

    /// An access token that is believed to hold.
    pub(super) async fn access(&self, transport: &Transport) -> Result<String, Failure> {
        let held = self.held().await?;
        if self.clock.now().plus_ms(EARLY_MS) < held.access_until {
            return Ok(held.access);
        }
        self.renew(transport, &held.access).await
    }

    /// Renews the tokens, unless somebody else did since `stale` was read.
    pub(super) async fn renew(
        &self,
        transport: &Transport,
        stale: &str,
    ) -> Result<String, Failure> {
        let mut held = self.tokens.lock().await;
        let tokens = held.as_ref().ok_or(Failure::SignInNeeded)?;
        if tokens.access != stale {
            return Ok(tokens.access.clone());
        }
        let refresh = tokens.refresh.clone();
        let proof = self.proof.sign(refresh.clone().into_bytes()).await?;
        let request = Refresh { device: self.device, refresh, proof };
        let renewed: Tokens = match transport.post_open(route::REFRESH, &request).await {
            Ok(renewed) => renewed,
            Err(Failure::Denied(_)) => return Err(Failure::SignInNeeded),
            Err(failure) => return Err(failure),
        };
        self.store.keep(renewed.clone()).await?;
        let access = renewed.access.clone();
        *held = Some(renewed);
        Ok(access)
    }

    async fn held(&self) -> Result<Tokens, Failure> {
        self.tokens.lock().await.clone().ok_or(Failure::SignInNeeded)
    }
}

/// Sets another password, as a one-time password demands it.
#[derive(Serialize)]
struct PasswordChange<'a> {
    login: &'a str,
    password: &'a str,
    new_password: &'a str,
}

impl Transport {
    /// Sets another password.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the old one is wrong or the new one too weak.
    pub async fn change_password(
        &self,
        login: &str,
        password: &str,
        new_password: &str,
    ) -> Result<(), Failure> {
        let change = PasswordChange { login, password, new_password };
        self.post_silent(route::PASSWORD, &change).await
    }

    /// Signs in with a password and enrols the device.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the server says no.
    pub async fn sign_in(&self, sign_in: &SignIn) -> Result<SignedIn, Failure> {
        self.post_open(route::SIGN_IN, sign_in).await
    }
}
