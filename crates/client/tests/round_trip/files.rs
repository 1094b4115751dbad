//! Files that wait for another network, and files that are proved and mended.

use std::{path::Path, time::Duration};

use lantian_client::{
    App, Credentials, NetworkWish, Work,
    view::{FileOutcome, FileState, Metered, NetworkRule, NewFile, SyncStatus},
};
use lantian_domain::{file::FileKind, ids::RecordId};

use crate::{
    company::{Company, PASSWORD, PIN},
    lead, lead_by_hall, sync,
};

fn photo(record: RecordId, size: usize) -> NewFile {
    let mut bytes = b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec();
    bytes.resize(size, 7);
    NewFile {
        id: record,
        kind: FileKind::PhotoSite,
        name: "现场.jpg".to_owned(),
        mime: String::new(),
        bytes,
        taken_at: None,
        geo: None,
    }
}

async fn until(app: &App, what: &str, holds: impl Fn(&SyncStatus) -> bool) -> SyncStatus {
    let mut changes = app.changes();
    let seen = async {
        loop {
            let status = app.sync_status().await.unwrap();
            if holds(&status) {
                return status;
            }
            // A change may have been told before it was listened for.
            let _ = tokio::time::timeout(Duration::from_secs(2), changes.recv()).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), seen).await.unwrap_or_else(|_| panic!("{what}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn c_03_an_original_waits_for_another_network_and_what_a_step_needs_goes() {
    let company = Company::open().await;
    let (hall, manager) = (company.tablet("hall").await, company.tablet("manager").await);
    let lead = lead(&company, &hall, &manager, "1").await;
    manager.network(NetworkWish::Rule(NetworkRule::Unmetered)).await.unwrap();
    manager.network(NetworkWish::Metered(true)).await.unwrap();
    manager.attach(photo(lead, 400_000)).await.unwrap();
    manager.attach(photo(lead, 20_000)).await.unwrap();
    let scan = NewFile { kind: FileKind::Notice, ..photo(lead, 300_000) };
    manager.attach(scan).await.unwrap();

    let report = sync(&manager).await;
    assert_eq!((report.accepted, report.files_up, report.files_held), (3, 2, 1));
    let network = manager.sync_status().await.unwrap().network;
    assert_eq!((network.metered, network.declared), (Metered::Yes, true));
    assert_eq!((network.held.len(), network.held_bytes), (1, 400_000));
    assert_eq!(network.held[0].name, "现场.jpg");
    // The wish is kept over a restart of the program.
    manager.lock().await.unwrap();
    manager.unlock(PIN).await.unwrap();
    assert_eq!(sync(&manager).await.files_held, 1);

    assert_eq!(manager.upload_anyway().await.unwrap(), 1);
    assert!(manager.sync_status().await.unwrap().network.held.is_empty());
    let report = sync(&manager).await;
    assert_eq!((report.files_up, report.files_held), (1, 0));
    // What is taken after that waits again.
    manager.attach(photo(lead, 500_000)).await.unwrap();
    assert_eq!(sync(&manager).await.files_held, 1);
    manager.network(NetworkWish::Metered(false)).await.unwrap();
    assert_eq!(sync(&manager).await.files_up, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn c_03_a_background_tablet_sends_what_waited_when_the_network_changes() {
    let company = Company::open().await;
    let hall = company.tablet("hall").await;
    let lead = lead_by_hall(&company, &hall).await;
    let manager = company.blank("manager", Work::Background);
    manager.sign_in(company.url(), &Credentials::new("manager", PASSWORD), PIN).await.unwrap();
    manager.network(NetworkWish::Rule(NetworkRule::Unmetered)).await.unwrap();
    manager.network(NetworkWish::Metered(true)).await.unwrap();
    until(&manager, "the lead arrives", |status| status.last_success_at.is_some()).await;
    manager.attach(photo(lead, 900_000)).await.unwrap();
    let status =
        until(&manager, "the command is taken", |status| status.pending_commands == 0).await;
    assert_eq!((status.network.held.len(), status.pending_files), (1, 1));
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(manager.sync_status().await.unwrap().pending_files, 1, "it waits");
    manager.network(NetworkWish::Metered(false)).await.unwrap();
    until(&manager, "it goes by itself", |status| status.pending_files == 0).await;
}

/// Changes a byte in the middle of every content in a tablet's cache.
fn spoil(folder: &Path) -> usize {
    let mut spoilt = 0;
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            spoilt += spoil(&path);
        } else if path.parent().is_some_and(|dir| dir.ends_with("files")) {
            let mut bytes = std::fs::read(&path).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            std::fs::write(&path, bytes).unwrap();
            spoilt += 1;
        }
    }
    spoilt
}

#[tokio::test(flavor = "multi_thread")]
async fn i8_a_damaged_copy_is_fetched_again_and_a_damaged_original_is_named() {
    let company = Company::open().await;
    let (hall, manager) = (company.tablet("hall").await, company.tablet("manager").await);
    let lead = lead(&company, &hall, &manager, "1").await;
    let sent = manager.attach(photo(lead, 400_000)).await.unwrap();
    sync(&manager).await;
    let check = manager.verify_files().await.unwrap();
    assert_eq!((check.checked, check.bytes, check.faults.len()), (1, 400_000, 0));

    let unsent = manager.attach(photo(lead, 300_000)).await.unwrap();
    let home = company.options("manager", Work::OnDemand).home;
    assert_eq!(spoil(&home), 2);
    assert!(manager.file(sent.id).await.is_err(), "damaged content is never shown");
    let check = manager.verify_files().await.unwrap();
    assert_eq!(check.checked, 2);
    let mut outcomes: Vec<_> = check.faults.iter().map(|fault| (fault.id, fault.outcome)).collect();
    outcomes.sort_by_key(|(id, _)| *id != sent.id);
    assert_eq!(outcomes, [(sent.id, FileOutcome::Fetched), (unsent.id, FileOutcome::Spoilt)]);
    assert_eq!(manager.file(sent.id).await.unwrap().bytes.len(), 400_000);
    let again = manager.verify_files().await.unwrap();
    assert_eq!(again.faults.len(), 1, "the only copy is left as it is, and named again");
    let files = manager.files(lead).await.unwrap();
    assert!(files.iter().any(|file| file.id == unsent.id && file.state == FileState::Local));
}
