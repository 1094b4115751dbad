//! One full synchronisation from beginning to end, for the command line.

use std::collections::BTreeSet;

use lantian_domain::ids::RecordId;
use lantian_replica::Upload;
use lantian_sync::engine::{BATCH, PageSize};

use super::{Courier, Sent};
use crate::{
    error::{Error, Result},
    transport::Failure,
    view::SyncReport,
};

/// What a run covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Send commands.
    pub push: bool,
    /// Read the feed.
    pub pull: bool,
    /// Move attachments.
    pub files: bool,
}

impl Courier {
    /// Sends, receives and moves files until nothing is left to do.
    pub(crate) async fn run(&self, extent: Extent) -> Result<SyncReport> {
        let started = std::time::Instant::now();
        let mut report = SyncReport::default();
        if extent.push {
            self.push_all(&mut report).await?;
        }
        if extent.pull {
            self.pull_all(&mut report).await?;
        }
        if extent.push && extent.pull {
            // A new epoch makes acknowledged commands pending again.
            self.push_all(&mut report).await?;
        }
        if extent.files && extent.push {
            self.account_all().await?;
            self.upload_all(&mut report).await?;
            // What was delivered may have been the last of what left.
            self.account_all().await?;
        }
        if extent.push && extent.pull {
            self.ask_departures().await?;
            self.note_success(self.clock.now()).await?;
        }
        let cursor = self.desk.ask(|replica| Ok(replica.cursor()?)).await?;
        report.parked = self.desk.ask(|replica| Ok(replica.tally()?.parked as u64)).await?;
        report.cursor = cursor.as_ref().map(|cursor| cursor.seq);
        report.epoch = cursor.as_ref().map(|cursor| cursor.epoch);
        report.ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        Ok(report)
    }

    async fn push_all(&self, report: &mut SyncReport) -> Result<()> {
        loop {
            let Sent { settled: result, pushed, page: _ } = self.push(BATCH).await?;
            report.pushed += pushed.sent;
            report.accepted += pushed.accepted;
            report.refused += pushed.refused;
            report.bytes_up += pushed.bytes_up;
            report.bytes_down += pushed.bytes_down;
            if result.settled == 0 || result.sendable == 0 {
                return Ok(());
            }
        }
    }

    async fn pull_all(&self, report: &mut SyncReport) -> Result<()> {
        let mut size = PageSize::default();
        loop {
            let (page, bytes) = match self.pull(size.bytes()).await {
                Err(Error::Way(Failure::Denied(problem))) if problem.code == "epoch_changed" => {
                    let epoch = problem.params.get("epoch").and_then(|text| text.parse().ok());
                    let Some(epoch) = epoch else { return Err(Failure::Denied(problem).into()) };
                    self.reoffer(epoch).await?;
                    continue;
                }
                other => other?,
            };
            report.bytes_down += bytes;
            let left = page.items.iter().filter(|item| is_left(item)).count() as u64;
            report.left_records += left;
            report.pulled_records += page.items.len() as u64 - left;
            let applied = self.apply(page).await?;
            size = size.after(applied.more);
            if !applied.more {
                self.repair_all(applied.repairs).await?;
                return Ok(());
            }
        }
    }

    async fn repair_all(&self, mut repairs: usize) -> Result<()> {
        while repairs > 0 {
            let left = self.repair().await?;
            if left >= repairs {
                return Err(Failure::Unreadable.into());
            }
            repairs = left;
        }
        Ok(())
    }

    /// Fetches the papers of the changed records; one that the server does
    /// not hold yet comes with a later run.
    pub(crate) async fn fetch_papers(
        &self,
        changed: BTreeSet<RecordId>,
        report: &mut SyncReport,
    ) -> Result<()> {
        for (record, file, _) in self.missing_papers(changed).await? {
            match self.download(record, file).await {
                Ok(bytes) => {
                    report.files_down += 1;
                    report.bytes_down += bytes;
                }
                Err(Error::Way(Failure::Denied(problem))) if problem.status < 500 => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn upload_all(&self, report: &mut SyncReport) -> Result<()> {
        for Upload { file, kind, size, .. } in self.uploads().await? {
            self.network.look().await;
            if self.network.holds(file, kind, size) {
                report.files_held += 1;
                continue;
            }
            match self.upload(file, size).await {
                Ok(bytes) => {
                    report.files_up += 1;
                    report.bytes_up += bytes;
                }
                // A file that the server will not take holds back no other.
                Err(Error::Way(Failure::Denied(problem))) if problem.status < 500 => {
                    let code = problem.code;
                    self.desk.ask(move |replica| Ok(replica.upload_trouble(file, &code)?)).await?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn is_left(item: &lantian_protocol::Item) -> bool {
    matches!(item, lantian_protocol::Item::Left { .. })
}
