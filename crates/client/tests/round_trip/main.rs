//! Tablets against a company server in the same process: sign-in, work
//! offline, synchronisation, what needs a person, files, the lock.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod archive;
mod bundle;
mod company;
mod cut;
mod departure;
mod device;
mod files;
mod readiness;

use std::time::Duration;

use company::{Company, PASSWORD, PIN};
use lantian_client::{
    App, Changed, Credentials, Error, Extent, Kept, Options, StoreError, Work,
    transport::Failure,
    view::{
        ItemKind, ListQuestion, NewFile, Online, PreviewVerdict, Resolution, SessionState,
        SyncReport, SyncState,
    },
};
use lantian_domain::{command::CommandName, file::FileKind, ids::RecordId, record::RecordKind};
use serde_json::{Value, json};
use tokio::sync::broadcast::Receiver;

const ALL: Extent = Extent { push: true, pull: true, files: true };

async fn sync(app: &App) -> SyncReport {
    app.sync(ALL).await.unwrap()
}

fn push(key: &str) -> Value {
    json!({
        "source": "gonggai", "source_key": key, "pushed_at": "2026-11-20T09:00:00+08:00",
        "region_code": "410184", "site_region": "410184", "project_name": format!("往返家园{key}"),
        "builder_name": "往返置业", "contact_name": "周工", "contact_phone": "13800000000",
    })
}

fn contact() -> Value {
    json!({"channel": "phone", "result": "reached", "summary": "周四上门"})
}

/// A lead of `manager` that everybody concerned has.
async fn lead(company: &Company, hall: &App, manager: &App, key: &str) -> RecordId {
    let lead = hall.submit(None, CommandName::ReceivePush, push(key)).await.unwrap().record_id;
    let to = json!({"manager": company.user("manager")});
    hall.submit(Some(lead), CommandName::HandOverLead, to).await.unwrap();
    assert_eq!(sync(hall).await.accepted, 2);
    sync(manager).await;
    lead
}

async fn state(app: &App, lead: RecordId) -> Value {
    app.confirmed(lead).await.unwrap()["state"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_offline_arrives_when_the_server_is_there_again() {
    let mut company = Company::open().await;
    let (hall, manager) = (company.tablet("hall").await, company.tablet("manager").await);
    let lead = lead(&company, &hall, &manager, "1").await;
    let office = company.tablet("lead").await;
    company.close().await;

    let done = manager.submit(Some(lead), CommandName::RecordContactAttempt, contact()).await;
    assert!(done.unwrap().events.contains(&"lead_contacted".to_owned()));
    let page = manager.record(lead).await.unwrap();
    assert_eq!(page.card.state, "contacted");
    assert!(page.card.sync_state == SyncState::Pending && page.trail.last().unwrap().pending);
    assert_eq!(state(&manager, lead).await, "handed_over");
    let failed = manager.sync(ALL).await.err();
    assert!(matches!(failed, Some(Error::Way(Failure::Offline))), "{failed:?}");
    assert_eq!(manager.status().await.unwrap().online, Online::Offline);

    company.reopen().await;
    let report = sync(&manager).await;
    assert_eq!((report.pushed, report.accepted, report.refused), (1, 1, 0));
    assert_eq!(state(&manager, lead).await, "contacted");
    assert!(manager.outbox(Kept::Waiting).await.unwrap().is_empty());
    assert_eq!(sync(&office).await.pulled_records, 1);
    assert_eq!(state(&office, lead).await, "contacted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_26_late_work_reaches_the_new_owner_as_a_proposal_and_is_taken_over() {
    let mut company = Company::open().await;
    let (hall, manager) = (company.tablet("hall").await, company.tablet("manager").await);
    let office = company.tablet("lead").await;
    let lead = lead(&company, &hall, &manager, "1").await;
    sync(&office).await;
    company.close().await;
    manager.submit(Some(lead), CommandName::RecordContactAttempt, contact()).await.unwrap();
    let preview = manager.preview().await.unwrap();
    assert_eq!(preview[0].verdict, PreviewVerdict::Unknown);
    let away = json!({"manager": company.user("other"), "reason": "片区调整"});
    office.submit(Some(lead), CommandName::ReassignLead, away).await.unwrap();
    company.reopen().await;
    sync(&office).await;

    let preview = manager.preview().await.unwrap();
    assert_eq!(preview[0].verdict, PreviewVerdict::Refused);
    let report = sync(&manager).await;
    assert_eq!((report.refused, report.left_records), (1, 1));
    // Nothing is left for the one who did it to decide: the other one does.
    assert!(manager.attention().await.unwrap().is_empty());
    assert_eq!(manager.outbox(Kept::All).await.unwrap()[0].fate, "handed");
    let other = company.tablet("other").await;
    sync(&other).await;
    let desk = other.attention().await.unwrap();
    assert_eq!((desk.len(), desk[0].kind), (1, ItemKind::Proposed));
    assert_eq!(desk[0].data["summary"], "周四上门");
    assert_eq!(desk[0].from.as_ref().unwrap().id, company.user("manager"));
    assert_eq!(desk[0].actions, [Resolution::Resend, Resolution::Edit, Resolution::Discard]);
    let left = other.resolve(desk[0].id, Resolution::Resend, None).await.unwrap();
    assert!(left.is_empty());
    let report = sync(&other).await;
    assert_eq!((report.accepted, report.refused), (2, 0), "the work, and the decision");
    assert_eq!(state(&other, lead).await, "contacted");
    sync(&manager).await;
    let settled = proposals(&manager).await;
    assert_eq!(settled, ["adopted"], "the one who did it sees what became of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_15_a_refused_act_stays_with_its_data_until_a_person_decides() {
    let mut company = Company::open().await;
    let (hall, manager) = (company.tablet("hall").await, company.tablet("manager").await);
    let office = company.tablet("lead").await;
    let lead = lead(&company, &hall, &manager, "1").await;
    manager.submit(Some(lead), CommandName::RecordContactAttempt, contact()).await.unwrap();
    sync(&manager).await;
    sync(&office).await;
    company.close().await;
    manager.submit(Some(lead), CommandName::RecordContactAttempt, contact()).await.unwrap();
    let end = json!({"reason": "no_demand", "note": "项目取消"});
    office.submit(Some(lead), CommandName::CloseLead, end).await.unwrap();
    company.reopen().await;
    sync(&office).await;
    assert_eq!(sync(&manager).await.refused, 1);
    let desk = manager.attention().await.unwrap();
    assert_eq!((desk.len(), desk[0].kind), (1, ItemKind::Refused));
    assert_eq!(desk[0].data["summary"], "周四上门");
    let again = manager.resolve(desk[0].id, Resolution::Resend, None).await.err();
    assert!(matches!(again, Some(Error::Refused(_))), "{again:?}");
    let left = manager.resolve(desk[0].id, Resolution::Discard, None).await.unwrap();
    assert!(left.is_empty());
    assert_eq!(manager.outbox(Kept::All).await.unwrap()[1].fate, "discarded");
}

/// The states of the proposals that a tablet holds.
async fn proposals(app: &App) -> Vec<String> {
    let asked = ListQuestion { kind: Some(RecordKind::Proposal), ..ListQuestion::default() };
    let page = app.list(asked).await.unwrap();
    page.items.into_iter().map(|card| card.state).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_26_late_work_is_declined_with_a_word_for_whom_it_came_from() {
    let mut company = Company::open().await;
    let (hall, manager) = (company.tablet("hall").await, company.tablet("manager").await);
    let office = company.tablet("lead").await;
    let lead = lead(&company, &hall, &manager, "1").await;
    sync(&office).await;
    company.close().await;
    // Three acts, of which the server hears after the lead has gone.
    for _ in 0..3 {
        manager.submit(Some(lead), CommandName::RecordContactAttempt, contact()).await.unwrap();
    }
    let away = json!({"manager": company.user("other"), "reason": "片区调整"});
    office.submit(Some(lead), CommandName::ReassignLead, away).await.unwrap();
    company.reopen().await;
    sync(&office).await;
    sync(&manager).await;
    assert!(manager.attention().await.unwrap().is_empty());
    assert!(manager.outbox(Kept::Waiting).await.unwrap().is_empty());
    let other = company.tablet("other").await;
    sync(&other).await;
    let desk = other.attention().await.unwrap();
    assert_eq!(desk.len(), 3, "one lane, each act of it");
    let mute = other.resolve(desk[0].id, Resolution::Discard, None).await.err();
    assert!(matches!(mute, Some(Error::Refused(_))), "{mute:?}");
    let why = Some(json!({"reason": "已另行联系"}));
    let left = other.resolve(desk[0].id, Resolution::Discard, why).await.unwrap();
    assert_eq!(left.len(), 2);
    sync(&other).await;
    sync(&manager).await;
    let mut settled = proposals(&manager).await;
    settled.sort();
    assert_eq!(settled, ["declined", "offered", "offered"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_goes_to_the_server_and_to_another_tablet() {
    let company = Company::open().await;
    let (hall, manager) = (company.tablet("hall").await, company.tablet("manager").await);
    let lead = lead(&company, &hall, &manager, "1").await;
    // Three chunks, of which the last is not whole.
    let mut bytes = b"%PDF-1.4\n".to_vec();
    bytes.resize(600_000, b'x');
    let new = NewFile {
        id: lead,
        kind: FileKind::Notice,
        name: "告知书.pdf".to_owned(),
        mime: String::new(),
        bytes: bytes.clone(),
        taken_at: None,
        geo: None,
    };
    let file = manager.attach(new).await.unwrap();
    assert_eq!(manager.file(file.id).await.unwrap().bytes, bytes);
    let report = sync(&manager).await;
    assert_eq!((report.accepted, report.files_up), (1, 1));
    let status = manager.sync_status().await.unwrap();
    assert_eq!((status.pending_commands, status.pending_files), (0, 0));

    let office = company.tablet("lead").await;
    let fetched = office.file(file.id).await.unwrap();
    assert!(fetched.bytes == bytes && fetched.mime == "application/pdf");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_background_tablet_hears_of_a_change_by_itself() {
    let company = Company::open().await;
    let hall = company.tablet("hall").await;
    let manager = company.blank("manager", Work::Background);
    manager.sign_in(company.url(), &Credentials::new("manager", PASSWORD), PIN).await.unwrap();
    let mut changes = manager.changes();
    let lead = lead_by_hall(&company, &hall).await;
    let heard = async { while !changes.recv().await.unwrap().records.contains(&lead) {} };
    tokio::time::timeout(Duration::from_secs(30), heard).await.unwrap();
    assert_eq!(manager.record(lead).await.unwrap().card.state, "handed_over");

    manager.submit(Some(lead), CommandName::RecordContactAttempt, contact()).await.unwrap();
    let confirmed = async {
        while state(&manager, lead).await != "contacted" {
            changes.recv().await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(30), confirmed).await.unwrap();
    let status = manager.sync_status().await.unwrap();
    assert_eq!((status.online, status.pending_commands), (Online::Online, 0));
    assert!(status.last_success_at.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_background_tablet_notices_that_the_server_goes_and_comes() {
    let mut company = Company::open().await;
    let hall = company.tablet("hall").await;
    let manager = company.blank("manager", Work::Background);
    manager.sign_in(company.url(), &Credentials::new("manager", PASSWORD), PIN).await.unwrap();
    let lead = lead_by_hall(&company, &hall).await;
    let mut changes = manager.changes();
    online(&manager, &mut changes, Online::Online).await;
    company.close().await;
    online(&manager, &mut changes, Online::Offline).await;
    let status = manager.sync_status().await.unwrap();
    assert_eq!(status.reason.as_deref(), Some("offline"));
    assert!(status.log.iter().any(|entry| entry.code == "offline" && !entry.text.is_empty()));
    manager.submit(Some(lead), CommandName::RecordContactAttempt, contact()).await.unwrap();

    company.reopen().await;
    online(&manager, &mut changes, Online::Online).await;
    let confirmed = async {
        while state(&manager, lead).await != "contacted" {
            changes.recv().await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_mins(1), confirmed).await.unwrap();
}

async fn online(app: &App, changes: &mut Receiver<Changed>, wanted: Online) {
    let seen = async {
        while app.sync_status().await.unwrap().online != wanted {
            changes.recv().await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_mins(1), seen).await.unwrap();
}

async fn lead_by_hall(company: &Company, hall: &App) -> RecordId {
    let lead = hall.submit(None, CommandName::ReceivePush, push("9")).await.unwrap().record_id;
    let to = json!({"manager": company.user("manager")});
    hall.submit(Some(lead), CommandName::HandOverLead, to).await.unwrap();
    sync(hall).await;
    lead
}

#[tokio::test(flavor = "multi_thread")]
async fn the_door_opens_to_the_pin_alone() {
    let company = Company::open().await;
    let app = company.blank("manager", Work::OnDemand);
    assert!(app.session().await.unwrap().state == SessionState::Fresh);
    let refused =
        app.sign_in(company.url(), &Credentials::new("manager", "wrong"), PIN).await.err();
    let code = |error: Option<Error>| lantian_client::ApiError::from(error.unwrap()).code;
    assert_eq!(code(refused), "bad_credentials");
    assert!(app.session().await.unwrap().state == SessionState::Fresh);
    app.sign_in(company.url(), &Credentials::new("manager", PASSWORD), PIN).await.unwrap();
    sync(&app).await;

    assert!(app.lock().await.unwrap().state == SessionState::Locked);
    assert!(matches!(app.today().await, Err(Error::Locked)));
    let wrong = app.unlock("000000").await.err();
    assert!(matches!(wrong, Some(Error::Store(StoreError::WrongPin { failures: 1, .. }))));
    assert_eq!(app.session().await.unwrap().wrong_pins, Some(1));
    let second = company.blank("manager", Work::OnDemand);
    assert!(second.session().await.unwrap().state == SessionState::HeldElsewhere);
    let held = second.unlock(PIN).await.err();
    assert_eq!(code(held), "held_elsewhere");

    let view = app.unlock(PIN).await.unwrap();
    assert!(view.state == SessionState::Open && view.lease_until.is_some());
    app.change_pin(PIN, "975310").await.unwrap();
    app.lock().await.unwrap();
    assert!(app.unlock(PIN).await.is_err());
    app.unlock("975310").await.unwrap();
    let other =
        app.sign_in(company.url(), &Credentials::new("other", PASSWORD), "975310").await.err();
    assert_eq!(code(other), "other_account");
    app.sign_in(company.url(), &Credentials::new("manager", PASSWORD), "975310").await.unwrap();
    assert_eq!(sync(&app).await.refused, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_survive_and_lists_find() {
    let company = Company::open().await;
    let (hall, manager) = (company.tablet("hall").await, company.tablet("manager").await);
    let first = lead(&company, &hall, &manager, "1").await;
    lead(&company, &hall, &manager, "2").await;
    let data = json!({"summary": "写到一半"});
    manager.draft_save("k", &data).await.unwrap();
    manager.lock().await.unwrap();
    manager.unlock(PIN).await.unwrap();
    assert_eq!(manager.draft_load("k").await.unwrap(), Some(data));
    manager.draft_drop("k").await.unwrap();
    assert!(manager.drafts().await.unwrap().is_empty());

    let question = |search: &str, limit| ListQuestion {
        kind: Some(RecordKind::Lead),
        search: Some(search.to_owned()),
        limit: Some(limit),
        ..ListQuestion::default()
    };
    let found = manager.list(question("家园1", 10)).await.unwrap();
    assert_eq!(found.items.iter().map(|card| card.id).collect::<Vec<_>>(), [first]);
    let page = manager.list(question("往返家园", 1)).await.unwrap();
    assert_eq!((page.items.len(), page.total), (1, 2));
    let next = ListQuestion { after: page.next, ..question("往返家园", 1) };
    let rest = manager.list(next).await.unwrap();
    assert!(rest.items[0].id != page.items[0].id && rest.next.is_none());
    let today = manager.today().await.unwrap();
    assert_eq!(today.due.len() + today.later.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_left_lying_locks_itself() {
    let company = Company::open().await;
    let options = Options {
        auto_lock: Duration::from_millis(400),
        ..company.options("manager", Work::Background)
    };
    let app = App::new(options).unwrap();
    let mut changes = app.changes();
    app.sign_in(company.url(), &Credentials::new("manager", PASSWORD), PIN).await.unwrap();
    let locked = async { while !changes.recv().await.unwrap().locked {} };
    tokio::time::timeout(Duration::from_secs(20), locked).await.unwrap();
    assert!(app.session().await.unwrap().state == SessionState::Locked);
    assert!(matches!(app.today().await, Err(Error::Locked)));
    assert!(app.unlock(PIN).await.unwrap().state == SessionState::Open);
}

#[tokio::test(flavor = "multi_thread")]
async fn f46_a_lost_key_leads_to_recovery_with_everything_still_there() {
    let company = Company::open().await;
    let (hall, manager) = (company.tablet("hall").await, company.tablet("manager").await);
    let lead = lead(&company, &hall, &manager, "1").await;
    manager.submit(Some(lead), CommandName::RecordContactAttempt, contact()).await.unwrap();
    manager.lock().await.unwrap();
    std::fs::remove_file(company.key_file("manager")).unwrap();
    let lost = manager.unlock(PIN).await.err();
    assert!(matches!(lost, Some(Error::Store(StoreError::KeyringEntryMissing { .. }))));
    assert!(manager.session().await.unwrap().state == SessionState::RecoveryNeeded);
    let again = manager.sign_in(company.url(), &Credentials::new("manager", PASSWORD), PIN).await;
    assert!(again.is_err(), "a sign-in must not make a new key over the store");

    let key = company.recovery_key();
    let view = manager.recover(&key, "975310").await.unwrap();
    assert!(view.state == SessionState::Open);
    assert_eq!(sync(&manager).await.accepted, 1);
    assert_eq!(state(&manager, lead).await, "contacted");
    manager.lock().await.unwrap();
    manager.unlock("975310").await.unwrap();
}
