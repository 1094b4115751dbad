//! One tablet: the application without a screen over a folder of its own.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use lantian_client::view::{ListQuestion, NewFile, SyncReport, SyncStatus};
use lantian_client::{App, Changed, Credentials, Extent, KeyStore, Options, Wish, Work};
use lantian_domain::command::CommandName;
use lantian_domain::file::FileKind;
use lantian_domain::ids::RecordId;
use lantian_domain::record::RecordKind;
use serde_json::json;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{interval, timeout};

use super::{PASSWORD, Way};
use crate::documents;

const PIN: &str = "246810";
/// How long a tablet may take to show what another has done.
const PATIENCE: Duration = Duration::from_secs(180);
/// The pause between two looks at what is waited for.
pub(crate) const TURN: Duration = Duration::from_millis(10);

/// A tablet that is signed in.
pub(crate) struct Tablet {
    app: App,
}

impl Tablet {
    /// Enrols a new device of `login` in `folder`.
    pub(crate) async fn enrol(folder: &Path, login: &str, way: &Way, work: Work) -> Result<Self> {
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
        std::fs::create_dir_all(folder)?;
        let mut options = Options::new(folder.join("home"), "benchmark", work);
        options.key_store = Some(KeyStore::File(folder.join("key")));
        options.auto_lock = Duration::from_secs(3_600 * 24);
        options.authority = Some(way.authority.clone());
        let app = App::new(options)?;
        app.sign_in(&way.url(), &Credentials::new(login, PASSWORD), PIN).await?;
        Ok(Self { app })
    }

    /// Fetches everything; returns how many records came.
    pub(crate) async fn pull(&self) -> Result<u64> {
        let report = self.app.sync(Extent { push: false, pull: true, files: false }).await?;
        Ok(report.pulled_records)
    }

    /// Sends everything; the bytes of the bodies sent. An error when something
    /// was refused or is left.
    pub(crate) async fn push(&self, expected: usize) -> Result<u64> {
        let report = self.app.sync(Extent { push: true, pull: false, files: false }).await?;
        ensure!(
            report.accepted == expected as u64,
            "{} of {expected} commands were accepted, {} refused",
            report.accepted,
            report.refused
        );
        Ok(report.bytes_up)
    }

    /// Sends and fetches everything, files too.
    pub(crate) async fn sync(&self) -> Result<SyncReport> {
        Ok(self.app.sync(Extent { push: true, pull: true, files: true }).await?)
    }

    /// Lets synchronisation stand still, or run.
    pub(crate) async fn wish(&self, wish: Wish) -> Result<()> {
        Ok(self.app.sync_pause(wish).await?)
    }

    /// Keeps an unfinished form: a small durable write.
    pub(crate) async fn draft(&self, turn: usize) -> Result<()> {
        Ok(self.app.draft_save("benchmark", &json!({ "turn": turn })).await?)
    }

    /// Attaches a photo to a lead.
    pub(crate) async fn attach(&self, lead: RecordId, bytes: Vec<u8>) -> Result<()> {
        let photo = NewFile {
            id: lead,
            kind: FileKind::PhotoSite,
            name: "现场.jpg".to_owned(),
            mime: "image/jpeg".to_owned(),
            bytes,
            taken_at: None,
            geo: None,
        };
        self.app.attach(photo).await?;
        Ok(())
    }

    /// Waits until no file waits to be sent.
    pub(crate) async fn delivered(&self) -> Result<()> {
        let done = |status: &SyncStatus| status.pending_files == 0;
        self.until("the files were not delivered", TURN, done).await
    }

    /// Notes an attempt to reach the user of a lead; the lead stays in the
    /// state that the lists show, whatever the round.
    pub(crate) async fn contact(&self, lead: RecordId) -> Result<()> {
        let data = serde_json::to_value(documents::attempt())?;
        self.app.submit(Some(lead), CommandName::RecordContactAttempt, data).await?;
        Ok(())
    }

    /// The 50 most urgent leads, of one state or with some text; how many
    /// there are on the page.
    pub(crate) async fn list(&self, state: Option<&str>, search: Option<&str>) -> Result<usize> {
        let page = self
            .app
            .list(ListQuestion {
                kind: Some(RecordKind::Lead),
                state: state.into_iter().map(str::to_owned).collect(),
                search: search.map(str::to_owned),
                limit: Some(50),
                ..ListQuestion::default()
            })
            .await?;
        Ok(page.items.len())
    }

    /// Listens to what changes on this tablet's screen.
    pub(crate) fn changes(&self) -> Changes {
        Changes(self.app.changes())
    }

    /// Waits until everything has been fetched by the tablet itself.
    pub(crate) async fn filled(&self) -> Result<()> {
        let done =
            |status: &SyncStatus| status.last_success_at.is_some() && status.first_sync.is_none();
        self.until("the first synchronisation did not end", TURN, done).await
    }

    /// Waits until nothing waits to be sent, with `pause` between two looks:
    /// a look is work for the tablet.
    pub(crate) async fn settled(&self, pause: Duration) -> Result<()> {
        let done = |status: &SyncStatus| status.pending_commands == 0;
        self.until("the outbox did not empty", pause, done).await
    }

    /// An error when a command was refused or waits for a person.
    pub(crate) async fn unrefused(&self) -> Result<()> {
        let status = self.app.sync_status().await?;
        ensure!(status.refused == 0 && status.conflicts == 0, "{} were refused", status.refused);
        Ok(())
    }

    /// Asks again and again: outside what is timed, and what is asked for is
    /// not always told as a change.
    async fn until(
        &self,
        late: &'static str,
        pause: Duration,
        done: impl Fn(&SyncStatus) -> bool,
    ) -> Result<()> {
        let mut turns = interval(pause);
        let waiting = async {
            while !done(&self.app.sync_status().await?) {
                turns.tick().await;
            }
            anyhow::Ok(())
        };
        timeout(PATIENCE, waiting).await.context(late)?
    }
}

/// What changes on a tablet's screen.
pub(crate) struct Changes(Receiver<Changed>);

impl Changes {
    /// Waits until `record` has changed.
    pub(crate) async fn of(&mut self, record: RecordId) -> Result<()> {
        let seen = async {
            loop {
                match self.0.recv().await {
                    Ok(changed) if changed.records.contains(&record) => return Ok(()),
                    Ok(_) => {}
                    Err(RecvError::Lagged(count)) => {
                        anyhow::bail!("{count} changes were told faster than they were read")
                    }
                    Err(RecvError::Closed) => anyhow::bail!("the tablet ended"),
                }
            }
        };
        timeout(PATIENCE, seen).await.context("the other tablet did not show the change")?
    }
}
