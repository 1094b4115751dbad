//! Wiping a device that the company has taken out of use (P-17).
//!
//! The company's server is the one to say it, to a device that asks it for
//! something; a device that never asks again is shut by the end of its lease.
//! Wiping destroys the keyring's secret, without which the PIN opens nothing:
//! the databases stay as noise. What had not been sent yet is not lost to the
//! company, whose recovery key still opens them.

use tokio::task::AbortHandle;

use super::App;
use crate::{
    desk::Held,
    drive::{Changed, Driver},
    error::{Error, Result},
    transport::Failure,
};

/// Whether the server said that the device is out of use.
pub(super) fn is_revoked(error: &Error) -> bool {
    matches!(error, Error::Way(Failure::Revoked))
}

impl App {
    /// Locks the store and destroys the device's way into it.
    ///
    /// # Errors
    /// When the keyring cannot be asked: then it is tried again at the next
    /// contact.
    pub(super) async fn wipe(&self) -> Result<()> {
        let mut door = self.0.door.lock().await;
        self.set_open(None);
        self.destroy_key().await?;
        door.wiped();
        drop(door);
        // Nobody listening is no fault.
        let _ = self.0.changes.send(Changed { locked: true, ..Changed::default() });
        Ok(())
    }

    /// Closes the store and destroys the keyring's secret.
    pub(super) async fn destroy_key(&self) -> Result<()> {
        let keys = self.keys()?;
        let destroy = move |held: &mut Held| {
            held.replica = None;
            let home = held.home.as_ref().ok_or(Error::Locked)?;
            Ok(home.wipe(&*keys)?)
        };
        self.0.desk.hold(destroy).await
    }

    /// Wipes the device as soon as the background exchange hears that it is
    /// out of use.
    pub(super) fn wipe_when_revoked(&self, driver: &Driver) -> AbortHandle {
        let (inner, revoked) = (std::sync::Arc::downgrade(&self.0), driver.revoked());
        let watching = async move {
            if !revoked.await {
                return;
            }
            let Some(inner) = inner.upgrade() else { return };
            // Wiping ends the session and with it this watch: it must run on a
            // task of its own.
            tokio::spawn(async move {
                // A keyring that cannot be asked is asked again next time.
                let _ = App(inner).wipe().await;
            });
        };
        tokio::spawn(watching).abort_handle()
    }
}
