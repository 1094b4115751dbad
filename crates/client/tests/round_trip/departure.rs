//! 「可以离场」: the company's receipt for a record, and what is missing for it.

use std::time::Duration;

use lantian_client::{
    App, Credentials, Error, Extent, Work,
    transport::Failure,
    view::{DepartureState, DepartureView, ListQuestion, NewFile},
};
use lantian_domain::{command::CommandName, file::FileKind, ids::RecordId, record::RecordKind};
use tokio::time::{sleep, timeout};

use crate::{
    ALL,
    company::{Company, PASSWORD, PIN},
    contact, lead, lead_by_hall, sync,
};

fn scan(record: RecordId, size: usize) -> NewFile {
    let mut bytes = b"%PDF-1.4\n".to_vec();
    bytes.resize(size, b'x');
    NewFile {
        id: record,
        kind: FileKind::Notice,
        name: "告知书.pdf".to_owned(),
        mime: String::new(),
        bytes,
        taken_at: None,
        geo: None,
    }
}

async fn standing(app: &App, lead: RecordId) -> DepartureView {
    app.record(lead).await.unwrap().departure.unwrap()
}

/// Whether the list says that one may leave.
async fn listed(app: &App, lead: RecordId) -> bool {
    let asked = ListQuestion { kind: Some(RecordKind::Lead), ..ListQuestion::default() };
    let page = app.list(asked).await.unwrap();
    page.items.iter().find(|card| card.id == lead).unwrap().left_at.is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_background_the_receipt_comes_once_work_has_come_to_rest() {
    let company = Company::open().await;
    let hall = company.tablet("hall").await;
    let lead = lead_by_hall(&company, &hall).await;
    let manager = company.blank("manager", Work::Background);
    manager.sign_in(company.url(), &Credentials::new("manager", PASSWORD), PIN).await.unwrap();
    let here = async {
        while manager.record(lead).await.is_err() {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(Duration::from_mins(1), here).await.expect("the lead did not come");
    let act = || manager.submit(Some(lead), CommandName::RecordContactAttempt, contact());
    for _ in 0..3 {
        act().await.unwrap();
    }
    let ready = async {
        while standing(&manager, lead).await.state != DepartureState::Ready {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(Duration::from_mins(1), ready).await.expect("the receipt did not come");
}

#[tokio::test(flavor = "multi_thread")]
async fn i1_the_company_signs_that_it_has_everything_and_a_new_act_voids_it() {
    let mut company = Company::open().await;
    let (hall, manager) = (company.tablet("hall").await, company.tablet("manager").await);
    let lead = lead(&company, &hall, &manager, "1").await;
    assert!(manager.record(lead).await.unwrap().departure.is_none(), "nobody worked on it here");
    company.close().await;
    manager.submit(Some(lead), CommandName::RecordContactAttempt, contact()).await.unwrap();
    manager.attach(scan(lead, 300_000)).await.unwrap();
    // What is missing is said without the network.
    let told = manager.depart(lead).await.unwrap();
    assert_eq!((told.state, told.pending), (DepartureState::Incomplete, 2));
    assert_eq!((told.files_done, told.files_total), (0, 1));

    company.reopen().await;
    manager.sync(Extent { files: false, ..ALL }).await.unwrap();
    let told = standing(&manager, lead).await;
    assert_eq!((told.state, told.pending), (DepartureState::Incomplete, 0));
    assert!(!listed(&manager, lead).await, "a file is missing");
    sync(&manager).await;
    let told = standing(&manager, lead).await;
    assert_eq!((told.state, told.files), (DepartureState::Ready, Some(1)));
    assert!(told.at.is_some() && listed(&manager, lead).await);
    manager.lock().await.unwrap();
    manager.unlock(PIN).await.unwrap();
    assert_eq!(standing(&manager, lead).await, told, "it is durable");

    manager.submit(Some(lead), CommandName::RecordContactAttempt, contact()).await.unwrap();
    let void = standing(&manager, lead).await;
    assert_eq!((void.state, void.at, void.void_at), (DepartureState::Incomplete, None, told.at));
    assert!(!listed(&manager, lead).await);
    // The effect is known and the receipt of before stays void, also when the
    // program is started anew.
    manager.sync(Extent { push: true, pull: false, files: true }).await.unwrap();
    manager.lock().await.unwrap();
    manager.unlock(PIN).await.unwrap();
    let unasked = standing(&manager, lead).await;
    assert_eq!((unasked.state, unasked.void_at), (DepartureState::Unasked, told.at));

    company.close().await;
    let offline = manager.depart(lead).await.err();
    assert!(matches!(offline, Some(Error::Way(Failure::Offline))), "{offline:?}");
    company.reopen().await;
    let again = manager.depart(lead).await.unwrap();
    assert_eq!((again.state, again.void_at), (DepartureState::Ready, None));
    assert!(again.version > told.version);
}

#[tokio::test(flavor = "multi_thread")]
async fn i8_no_receipt_while_the_company_lacks_a_file_of_somebody_else() {
    let company = Company::open().await;
    let (hall, manager) = (company.tablet("hall").await, company.tablet("manager").await);
    let lead = lead(&company, &hall, &manager, "1").await;
    let office = company.tablet("lead").await;
    office.attach(scan(lead, 9_000)).await.unwrap();
    office.sync(Extent { files: false, ..ALL }).await.unwrap();
    sync(&manager).await;
    manager.submit(Some(lead), CommandName::RecordContactAttempt, contact()).await.unwrap();
    sync(&manager).await;
    let told = standing(&manager, lead).await;
    assert_eq!((told.state, told.lacking), (DepartureState::Lacking, 1));
    sync(&office).await;
    assert_eq!(manager.depart(lead).await.unwrap().state, DepartureState::Ready);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_15_a_refused_act_is_named_and_keeps_the_receipt_away() {
    let mut company = Company::open().await;
    let (hall, manager) = (company.tablet("hall").await, company.tablet("manager").await);
    let office = company.tablet("lead").await;
    let lead = lead(&company, &hall, &manager, "1").await;
    manager.submit(Some(lead), CommandName::RecordContactAttempt, contact()).await.unwrap();
    sync(&manager).await;
    sync(&office).await;
    company.close().await;
    manager.submit(Some(lead), CommandName::RecordContactAttempt, contact()).await.unwrap();
    let end = serde_json::json!({"reason": "no_demand", "note": "项目取消"});
    office.submit(Some(lead), CommandName::CloseLead, end).await.unwrap();
    company.reopen().await;
    sync(&office).await;
    sync(&manager).await;
    let told = manager.depart(lead).await.unwrap();
    assert_eq!(told.state, DepartureState::Incomplete);
    assert_eq!(told.refused, [CommandName::RecordContactAttempt], "it says which is refused");
}
