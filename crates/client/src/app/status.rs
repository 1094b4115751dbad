//! The short status of the command line, the outbox, and the checks of
//! `doctor`.

use std::time::Duration;

use lantian_domain::{ids::DeviceId, role::Role, time::Instant};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::App;
use crate::{
    error::Result,
    present,
    view::{Check, DraftView, Online, PendingView},
};

/// How long the server may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(5);
/// A clock further off than this makes offline evidence late (domain c.4).
const CLOCK_LIMIT_MS: i64 = 120_000;

/// Who, where, and what is waiting.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct StatusView {
    /// Login name.
    pub user: String,
    /// Name.
    pub name: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// The device.
    pub device: DeviceId,
    /// The company server's address.
    pub server: String,
    /// Whether the server answered just now.
    pub online: Online,
    /// Why it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Commands on this device only.
    pub pending: u64,
    /// Commands that the server refused.
    pub refused: u64,
    /// Commands that wait because they build on a refused one.
    pub parked: u64,
    /// Commands set aside by the server.
    pub quarantined: u64,
    /// Conflicts that wait for a person.
    pub conflicts: u64,
    /// Files on this device only.
    pub files_pending: u64,
    /// Records on this device.
    pub records: u64,
    /// When the last full synchronisation ended well.
    pub last_success: Option<Instant>,
    /// The server store's epoch.
    pub epoch: Option<u64>,
    /// The mirror's position in the feed.
    pub cursor: Option<u64>,
    /// Until when the device opens without contact to the server.
    pub lease_until: Option<Instant>,
    /// Bytes of the stores and the files.
    pub store_bytes: u64,
}

impl App {
    /// Who, where, and what is waiting; asks the server whether it is there.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn status(&self) -> Result<StatusView> {
        let open = self.open()?;
        let reason = self.reach().await.err();
        let lease_until = open.courier.login.lease_until().await;
        let (user, device, server) = (open.user.clone(), open.device.id, open.server.clone());
        self.0
            .desk
            .ask(move |replica| {
                let (tally, cursor) = (replica.tally()?, replica.cursor()?);
                Ok(StatusView {
                    user: user.login,
                    name: user.name,
                    roles: user.roles.into_iter().collect(),
                    device,
                    server,
                    online: if reason.is_none() { Online::Online } else { Online::Offline },
                    reason,
                    pending: tally.pending as u64,
                    refused: tally.refused as u64,
                    parked: tally.parked as u64,
                    quarantined: tally.quarantined as u64,
                    conflicts: tally.conflicts as u64,
                    files_pending: tally.files_pending as u64,
                    records: tally.records as u64,
                    last_success: present::last_success(replica)?,
                    epoch: cursor.as_ref().map(|cursor| cursor.epoch),
                    cursor: cursor.as_ref().map(|cursor| cursor.seq),
                    lease_until,
                    store_bytes: replica.store_bytes()?,
                })
            })
            .await
    }

    /// Commands that the server has not confirmed, or all that are kept.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn outbox(&self, kept: Kept) -> Result<Vec<PendingView>> {
        self.0
            .desk
            .ask(move |replica| {
                let entries = replica.outbox(kept == Kept::All)?;
                Ok(entries.iter().map(present::pending).collect())
            })
            .await
    }

    /// What is being edited.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn drafts(&self) -> Result<Vec<DraftView>> {
        self.0
            .desk
            .ask(|replica| {
                let drafts = replica.drafts()?;
                Ok(drafts
                    .into_iter()
                    .map(|draft| DraftView { key: draft.key, saved_at: draft.saved_at })
                    .collect())
            })
            .await
    }

    /// Looks at store, keys, clock, disk and server.
    ///
    /// # Errors
    /// When the store cannot be asked at all.
    pub async fn check(&self) -> Result<Vec<Check>> {
        let server = self.reach().await;
        let offset_ms = self.0.clock.offset_ms();
        let mut checks = self.0.desk.ask(|replica| present::health(replica)).await?;
        checks.push(Check {
            name: "clock".to_owned(),
            ok: offset_ms.abs() <= CLOCK_LIMIT_MS,
            detail: format!("offset_ms={offset_ms}"),
        });
        checks.push(Check {
            name: "server".to_owned(),
            ok: server.is_ok(),
            detail: server.err().unwrap_or_else(|| "reached".to_owned()),
        });
        Ok(checks)
    }

    /// Asks the server whether it is there and knows this device.
    async fn reach(&self) -> Result<(), String> {
        let Ok(open) = self.open() else { return Err("locked".to_owned()) };
        let asked = open.courier.transport.identity(&open.courier.login);
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(failure)) => Err(failure.code().to_owned()),
            Err(_) => Err("timeout".to_owned()),
        }
    }
}

/// Which commands of the outbox are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Those that the server has not confirmed.
    Waiting,
    /// Also the confirmed ones that are still kept.
    All,
}
