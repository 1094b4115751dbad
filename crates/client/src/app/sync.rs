//! Synchronisation as a person sees and steers it.

use std::{collections::BTreeSet, time::Duration};

use lantian_domain::ids::RecordId;
use lantian_replica::{Replica, Upload};
use lantian_sync::Input;

use super::{App, begin::PAUSED, wipe::is_revoked};
use crate::{
    courier::Extent,
    drive::{Changed, Driver, announce},
    error::{Error, Result},
    journal::words,
    present,
    transport::Failure,
    view::{DepartureView, LogLevel, PreviewItem, SyncReport, SyncStatus},
};

/// What a person wants of synchronisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// That it stands still.
    Pause,
    /// That it runs.
    Run,
}

impl App {
    /// Everything about synchronisation.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn sync_status(&self) -> Result<SyncStatus> {
        let open = self.open()?;
        let progress = open.driver.as_ref().map(Driver::progress);
        open.courier.network.look().await;
        let network = open.courier.network.clone();
        let held = self.0.desk.ask(move |replica| present::held(replica, &network)).await?;
        let mut status = present::sync_status(held, progress.as_ref());
        status.clock_offset_ms = self.0.clock.offset_ms();
        status.lease_until = open.courier.login.lease_until().await;
        status.server.clone_from(&open.server);
        status.log = self.0.journal.entries();
        Ok(status)
    }

    /// Synchronises now, in the background.
    ///
    /// # Errors
    /// [`Error::Locked`].
    pub async fn sync_now(&self) -> Result<()> {
        self.0.rest.touch();
        let open = self.open()?;
        if let Some(driver) = &open.driver {
            driver.tell(Input::SyncNow).await;
        }
        Ok(())
    }

    /// Pauses synchronisation, or lets it run again; survives a restart.
    ///
    /// # Errors
    /// When the wish could not be made durable.
    pub async fn sync_pause(&self, wish: Wish) -> Result<()> {
        self.0.rest.touch();
        let open = self.open()?;
        let value = (wish == Wish::Pause).then_some("yes");
        self.0.desk.ask(move |replica| Ok(replica.set_setting(PAUSED, value)?)).await?;
        if let Some(driver) = &open.driver {
            let input = if wish == Wish::Pause { Input::Pause } else { Input::Resume };
            driver.tell(input).await;
        }
        Ok(())
    }

    /// One full synchronisation from beginning to end.
    ///
    /// # Errors
    /// The failure of the way that ended it; what was done before it counts.
    pub async fn sync(&self, extent: Extent) -> Result<SyncReport> {
        let open = self.open()?;
        let mut report = open.courier.run(extent).await;
        let changed = announce(&open.courier, &self.0.changes).await;
        if let Ok(report) = &mut report
            && extent.files
            && extent.pull
        {
            open.courier.fetch_papers(changed, report).await?;
        }
        if let Err(Error::Way(failure)) = &report {
            let now = self.0.clock.now();
            self.0.journal.note(
                now,
                LogLevel::Warn,
                failure.code(),
                words(failure.code()).to_owned(),
            );
        }
        if report.as_ref().is_err_and(is_revoked) {
            self.wipe().await?;
        }
        report
    }

    /// Asks the company whether the device may leave a record; what of this
    /// device is missing is said without the network.
    ///
    /// # Errors
    /// The failure of the way; [`Error::NotFound`] when nobody worked on the
    /// record here.
    pub async fn depart(&self, record: RecordId) -> Result<DepartureView> {
        self.0.rest.touch();
        let open = self.open()?;
        open.courier.ask_departure(record).await?;
        announce(&open.courier, &self.0.changes).await;
        let standing = self.0.desk.ask(move |replica| present::departure(replica, record)).await?;
        standing.ok_or(Error::NotFound { what: "record" })
    }

    /// Waits until the server tells of something behind `seq`, or the wait is
    /// over.
    ///
    /// # Errors
    /// The failure of the way.
    pub async fn watch(&self, seq: u64, patience: Duration) -> Result<()> {
        let open = self.open()?;
        let waiting = async {
            let mut wake = open.courier.transport.wake(&open.courier.login, None).await?;
            // The first word is the head as it stands.
            while wake.next().await?.head <= seq {}
            Ok::<(), Failure>(())
        };
        match tokio::time::timeout(patience, waiting).await {
            Ok(Ok(())) | Err(_) => Ok(()),
            Ok(Err(failure)) => Err(failure.into()),
        }
    }

    /// What the server would answer to each pending command; where it cannot
    /// be asked, what the rulebook says here.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn preview(&self) -> Result<Vec<PreviewItem>> {
        self.0.rest.touch();
        let open = self.open()?;
        let answers = match open.courier.preview().await {
            Ok(response) => Some(response),
            Err(Error::Way(failure)) if failure.is_passing() => None,
            Err(other) => return Err(other),
        };
        self.0
            .desk
            .ask(move |replica| {
                let mut items = Vec::new();
                for entry in replica.outbox(false)? {
                    items.push(present::preview(replica, &entry, answers.as_ref())?);
                }
                Ok(items)
            })
            .await
    }

    /// Carries out an act of a person on the store, and tells the engine and
    /// the listeners what it changed.
    pub(super) async fn act<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Replica) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.0.rest.touch();
        let work = move |replica: &mut Replica| Ok((act(replica)?, Aftermath::of(replica)));
        let (done, aftermath) = self.0.desk.ask(work).await?;
        if !aftermath.records.is_empty() {
            let changed = Changed { records: aftermath.records, sync: true, locked: false };
            // Nobody listening is no fault.
            let _ = self.0.changes.send(changed);
        }
        if let Ok(open) = self.open()
            && let Some(driver) = &open.driver
        {
            driver.tell(Input::LocalCommand { sendable: aftermath.sendable }).await;
            for upload in &aftermath.uploads {
                driver.tell(Input::File(open.courier.admission(upload))).await;
            }
        }
        Ok(done)
    }
}

/// What an act leaves to be told: read in the act's own job, because each
/// visit to the store's thread costs a person a wait.
struct Aftermath {
    /// The records that look different.
    records: BTreeSet<RecordId>,
    /// Commands that may be sent now.
    sendable: usize,
    /// Files whose upload is not complete.
    uploads: Vec<Upload>,
}

impl Aftermath {
    fn of(replica: &mut Replica) -> Self {
        Self {
            records: replica.take_changes(),
            sendable: replica.sendable_ids().len(),
            uploads: replica.uploads().unwrap_or_default(),
        }
    }
}
