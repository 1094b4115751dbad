//! The coming visits: what the tablet lacks, and how it is fetched.

use std::time::Duration;

use lantian_client::{
    App, Credentials, Work,
    view::{FileState, Gap, NewFile, ReadinessView, VisitDay},
};
use lantian_domain::{file::FileKind, ids::RecordId};

use crate::{
    company::{Company, PASSWORD, PIN},
    lead, lead_by_hall, sync,
};

fn photo(record: RecordId, kind: FileKind) -> NewFile {
    let mut bytes = b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec();
    bytes.resize(600_000, 9);
    NewFile {
        id: record,
        kind,
        name: "现场.jpg".to_owned(),
        mime: String::new(),
        bytes,
        taken_at: None,
        geo: None,
    }
}

fn files(ready: &ReadinessView) -> (u64, u64) {
    (ready.files_here, ready.files_needed)
}

/// What the network can bring; whether calendar and lease reach the next
/// working day depends on the day on which the test runs.
fn gaps(ready: &ReadinessView) -> Vec<Gap> {
    let all = ready.visits[0].gaps.iter().copied();
    all.filter(|gap| !matches!(gap, Gap::Calendar | Gap::Lease)).collect()
}

async fn state(app: &App, lead: RecordId) -> FileState {
    app.files(lead).await.unwrap()[0].state
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lacks_for_a_visit_is_named_and_fetched() {
    let mut company = Company::open().await;
    let (hall, manager) = (company.tablet("hall").await, company.tablet("manager").await);
    let lead = lead(&company, &hall, &manager, "1").await;
    let office = company.tablet("lead").await;
    office.attach(photo(lead, FileKind::PhotoSite)).await.unwrap();
    sync(&office).await;
    sync(&manager).await;

    let ready = manager.readiness().await.unwrap();
    assert_eq!(ready.visits.len(), 1, "the first contact is due within a day");
    let visit = &ready.visits[0];
    assert_eq!((visit.id, visit.day, visit.ready), (lead, VisitDay::Next, false));
    let lack = Gap::Files { files: 1, bytes: 600_000 };
    assert_eq!(gaps(&ready), [lack]);
    assert_eq!((files(&ready), ready.bytes_left), ((0, 1), 600_000));

    company.close().await;
    assert!(manager.make_ready().await.is_err(), "without network nothing is fetched");
    assert_eq!(gaps(&manager.readiness().await.unwrap()), [lack]);
    company.reopen().await;
    let ready = manager.make_ready().await.unwrap();
    assert_eq!((files(&ready), ready.bytes_left), ((1, 1), 0));
    assert_eq!(gaps(&ready), []);
    assert_eq!(state(&manager, lead).await, FileState::Delivered);
    // Nobody else has it among his visits.
    assert!(office.readiness().await.unwrap().visits.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_background_tablet_gets_ready_by_itself() {
    let company = Company::open().await;
    let hall = company.tablet("hall").await;
    let lead = lead_by_hall(&company, &hall).await;
    let office = company.tablet("lead").await;
    office.attach(photo(lead, FileKind::PhotoTieIn)).await.unwrap();
    sync(&office).await;
    let manager = company.blank("manager", Work::Background);
    manager.sign_in(company.url(), &Credentials::new("manager", PASSWORD), PIN).await.unwrap();
    let mut changes = manager.changes();
    let ready = async {
        loop {
            let ready = manager.readiness().await.unwrap();
            if files(&ready) == (1, 1) {
                return ready;
            }
            let _ = tokio::time::timeout(Duration::from_secs(2), changes.recv()).await;
        }
    };
    let ready = tokio::time::timeout(Duration::from_mins(1), ready).await.unwrap();
    assert_eq!(gaps(&ready), []);
}
