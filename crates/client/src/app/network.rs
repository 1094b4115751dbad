//! The network that files go over, as a person steers it, and the care of the
//! files that are here.

use std::collections::BTreeSet;

use lantian_domain::{file::FileRef, ids::RecordId, record::RecordKind};
use lantian_replica::{Filter, Flaw, Replica};
use lantian_sync::{FileInput, Haste, Input};

use super::{App, Open};
use crate::{
    drive::{Changed, file::want},
    error::Result,
    network::{NetworkWish, Uplink},
    present,
    view::{FileFault, FileOutcome, FilesCheck},
};

/// Records looked through in one visit to the store: other work gets its turn
/// between.
const STEP: usize = 20;
/// Lines of a list read at a time.
const PAGE: usize = 500;

impl App {
    /// Sets the rule, or says whether the present network is metered; survives
    /// a restart.
    ///
    /// # Errors
    /// When the wish could not be made durable.
    pub async fn network(&self, wish: NetworkWish) -> Result<()> {
        self.0.rest.touch();
        let open = self.open()?;
        self.0.desk.ask(move |replica| Uplink::keep(replica, wish)).await?;
        open.courier.network.wish(wish);
        let on = open.courier.network.look().await;
        self.steer(&open, [FileInput::Spare { on }]).await;
        Ok(())
    }

    /// Sends the files that wait for another network over this one, until the
    /// program ends; says how many.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn upload_anyway(&self) -> Result<u64> {
        self.0.rest.touch();
        let open = self.open()?;
        let network = open.courier.network.clone();
        network.look().await;
        let release = move |replica: &mut Replica| {
            let unsent = replica.unsent_files().into_iter().map(|(_, file, _)| file);
            let held = unsent.filter(|file| network.holds(file.id, file.kind, file.size));
            let held: Vec<_> = held.map(|file| file.id).collect();
            network.let_go(held.iter().copied());
            Ok(held.len() as u64)
        };
        let released = self.0.desk.ask(release).await?;
        self.steer(&open, [FileInput::Anyway, FileInput::Hurry]).await;
        Ok(released)
    }

    /// Reads every file that is here and proves it; damaged copies of what the
    /// server has are let go and fetched again.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn verify_files(&self) -> Result<FilesCheck> {
        self.0.rest.touch();
        let open = self.open()?;
        let ids: Vec<RecordId> =
            self.0.desk.ask(|replica| with_files(replica)).await?.into_iter().collect();
        let mut check = FilesCheck::default();
        for some in ids.chunks(STEP) {
            let some = some.to_vec();
            let found = self.0.desk.ask(move |replica| verify(replica, &some)).await?;
            check.checked += found.checked;
            check.bytes += found.bytes;
            for (fault, file) in found.faults {
                check.faults.push(mend(&open, fault, file).await);
            }
        }
        Ok(check)
    }

    /// Tells the engine, and whoever shows it.
    async fn steer(&self, open: &Open, inputs: impl IntoIterator<Item = FileInput>) {
        if let Some(driver) = &open.driver {
            for input in inputs {
                driver.tell(Input::File(input)).await;
            }
        }
        // Nobody listening is no fault.
        let _ = self.0.changes.send(Changed { sync: true, ..Changed::default() });
    }
}

/// Fetches a copy again that was let go: now, or with the network.
async fn mend(open: &Open, mut fault: FileFault, file: FileRef) -> FileFault {
    if fault.outcome != FileOutcome::Fetching {
        return fault;
    }
    if let Some(driver) = &open.driver {
        driver.tell(want(&open.courier, (fault.record_id, file), 0, Haste::Usual)).await;
    } else if open.courier.download(fault.record_id, file).await.is_ok() {
        fault.outcome = FileOutcome::Fetched;
    }
    fault
}

/// Every record that may have files here.
fn with_files(replica: &Replica) -> Result<BTreeSet<RecordId>> {
    let unsent = replica.unsent_files();
    let mut ids: BTreeSet<RecordId> = unsent.into_iter().map(|(record, ..)| record).collect();
    let kinds = RecordKind::WORK.iter().copied().collect();
    let filter = Filter { kinds, ..Filter::default() };
    let mut after = None;
    loop {
        let page = replica.list(&filter, PAGE, after.as_deref())?;
        ids.extend(page.items.iter().map(|line| line.card.id));
        after = page.next;
        if after.is_none() {
            return Ok(ids);
        }
    }
}

#[derive(Default)]
struct Found {
    checked: u64,
    bytes: u64,
    faults: Vec<(FileFault, FileRef)>,
}

fn verify(replica: &mut Replica, records: &[RecordId]) -> Result<Found> {
    let mut all = Found::default();
    for record in records {
        let found = replica.verify_files(*record)?;
        all.checked += found.files;
        all.bytes += found.bytes;
        for (file, flaw) in found.flaws {
            let fault = FileFault {
                id: file.id,
                record_id: *record,
                title: present::title(replica, *record)?,
                kind: file.kind,
                name: file.name.clone(),
                outcome: match flaw {
                    Flaw::Lost => FileOutcome::Lost,
                    Flaw::Spoilt => FileOutcome::Spoilt,
                    Flaw::Dropped => FileOutcome::Fetching,
                },
            };
            all.faults.push((fault, file));
        }
    }
    Ok(all)
}
