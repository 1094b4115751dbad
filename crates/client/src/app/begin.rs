//! Beginning a session over an open store: the lease, the way to the server,
//! the engine, and the watch that locks a tablet left lying.

use std::sync::Arc;

use lantian_domain::{ids::UserId, record::Person, time::Instant};

use super::{App, Open, Work};
use crate::{
    courier::{Courier, SEEN_AT, StoredKey, StoredTokens, read_tokens},
    drive::Driver,
    error::{Error, Result},
    network::Uplink,
    transport::{Failure, Login, Transport},
    view::{DeviceRef, SessionState, SessionView, UserView},
};

/// The setting that holds whether a person has paused synchronisation.
pub(super) const PAUSED: &str = "sync_paused";

impl App {
    /// Opens the session if the lease holds, or the server renews it.
    pub(super) async fn begin_within_lease(&self, transport: Transport) -> Result<SessionView> {
        let courier = self.courier(transport.clone()).await?;
        if let Some(until) = courier.login.lease_until().await {
            let now = self.latest_instant().await?;
            if now > until {
                match courier.login.refresh(&courier.transport).await {
                    Ok(()) => {}
                    Err(told @ (Failure::SignInNeeded | Failure::Revoked)) => {
                        return Err(told.into());
                    }
                    Err(_) => return Err(Error::LeaseOver { until }),
                }
            }
        }
        self.begin_with(courier).await
    }

    /// The present, but never before what this device has seen.
    async fn latest_instant(&self) -> Result<Instant> {
        let now = self.0.clock.now();
        let seen = self.0.desk.ask(|replica| Ok(replica.setting(SEEN_AT)?)).await?;
        Ok(seen.and_then(|text| Instant::parse(&text)).map_or(now, |seen| seen.max(now)))
    }

    pub(super) async fn begin(&self, transport: Transport) -> Result<SessionView> {
        let courier = self.courier(transport).await?;
        self.begin_with(courier).await
    }

    async fn courier(&self, transport: Transport) -> Result<Courier> {
        let (device, tokens, offset_ms, network) = self
            .0
            .desk
            .ask(|replica| {
                let network = Uplink::of(replica)?;
                Ok((replica.device().device, read_tokens(replica)?, replica.offset_ms(), network))
            })
            .await?;
        self.0.clock.set_offset_ms(offset_ms);
        let desk = self.0.desk.clone();
        let login = Login::new(
            device,
            tokens,
            Arc::new(StoredKey(desk.clone())),
            Arc::new(StoredTokens(desk.clone())),
            self.0.clock.clone(),
        );
        Ok(Courier {
            transport,
            login: Arc::new(login),
            desk,
            clock: self.0.clock.clone(),
            network: Arc::new(network),
            asking: Arc::default(),
            wanted: Arc::default(),
        })
    }

    async fn begin_with(&self, courier: Courier) -> Result<SessionView> {
        let seen = self.latest_instant().await?.to_string();
        let (user, device, paused) = self
            .0
            .desk
            .ask(move |replica| {
                replica.set_setting(SEEN_AT, Some(&seen))?;
                let device = replica.device();
                let name = DeviceRef { id: device.device, name: device.device_name.clone() };
                Ok((user_view(&device.person), name, replica.setting(PAUSED)?.is_some()))
            })
            .await?;
        let background = self.0.options.work == Work::Background;
        let driver = if background { Some(self.drive(&courier, paused)?) } else { None };
        let mut watches = Vec::new();
        if let Some(driver) = &driver {
            watches = vec![self.lock_at_rest(), self.wipe_when_revoked(driver)];
        }
        let open = Open {
            server: courier.transport.server().to_owned(),
            courier,
            driver,
            user,
            device,
            watches,
        };
        self.0.rest.touch();
        let view = open.view().await;
        self.set_open(Some(open));
        Ok(view)
    }

    fn drive(&self, courier: &Courier, paused: bool) -> Result<Driver> {
        let mut seed = [0; 8];
        getrandom::fill(&mut seed).map_err(|_| lantian_replica::Error::Random)?;
        let (journal, changes) = (self.0.journal.clone(), self.0.changes.clone());
        let seed = u64::from_le_bytes(seed);
        Ok(Driver::start(courier.clone(), journal, changes, seed, paused))
    }

    /// Locks the store once the person has rested for long enough.
    fn lock_at_rest(&self) -> tokio::task::AbortHandle {
        let (inner, limit) = (Arc::downgrade(&self.0), self.0.options.auto_lock);
        let watching = async move {
            loop {
                let Some(left) = inner.upgrade().map(|inner| inner.rest.left(limit)) else {
                    return;
                };
                if left.is_zero() {
                    break;
                }
                tokio::time::sleep(left).await;
            }
            let Some(inner) = inner.upgrade() else { return };
            // Locking ends the session and with it this watch: it must run on
            // a task of its own.
            tokio::spawn(async move { App(inner).lock().await });
        };
        tokio::spawn(watching).abort_handle()
    }
}

impl Open {
    pub(super) async fn view(&self) -> SessionView {
        SessionView {
            user: Some(self.user.clone()),
            device: Some(self.device.clone()),
            server: Some(self.server.clone()),
            lease_until: self.courier.login.lease_until().await,
            ..SessionView::of(SessionState::Open)
        }
    }
}

fn user_view(person: &Person) -> UserView {
    UserView {
        id: UserId(person.id.0),
        login: person.login.clone(),
        name: person.name.clone(),
        roles: person.roles.clone(),
        org: person.org,
    }
}
