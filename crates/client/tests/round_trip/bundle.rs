//! The diagnostic bundle: complete, replayable, and without anything personal.

use lantian_client::{App, Credentials, Wish, Work};
use lantian_domain::command::CommandName;
use lantian_sync::Tape;
use serde_json::{Value, json};

use crate::{
    company::{Company, PASSWORD, PIN},
    contact, lead,
};

/// What people wrote and are called, and what is theirs.
const CANARIES: [&str; 7] =
    ["往返家园", "往返置业", "周工", "13800000000", "周四上门", "云在青天", "往返manager"];

#[tokio::test(flavor = "multi_thread")]
async fn i12_a_diagnostic_bundle_replays_and_names_nobody() {
    let company = Company::open().await;
    let folder = tempfile::tempdir().unwrap();
    let mut options = company.options("manager", Work::Background);
    options.downloads = Some(folder.path().to_owned());
    let app = App::new(options).unwrap();
    app.sign_in(company.url(), &Credentials::new("manager", PASSWORD), PIN).await.unwrap();
    let lead = lead(&company, &company.tablet("hall").await, &app, "1").await;
    app.sync_pause(Wish::Pause).await.unwrap();
    app.submit(Some(lead), CommandName::RecordContactAttempt, contact()).await.unwrap();
    app.submit(Some(lead), CommandName::AddNote, json!({"text": "云在青天"})).await.unwrap();
    let saved = app.sync_bundle().await.unwrap();
    let again = app.sync_bundle().await.unwrap();
    assert_ne!(saved.path, again.path, "nothing that is there is overwritten");
    let text = std::fs::read_to_string(&saved.path).unwrap();
    for canary in CANARIES {
        assert!(!text.contains(canary), "{canary}");
    }
    assert!(!text.contains(&lead.to_string()), "a record is a lane's number");
    let bundle: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(bundle["counts"]["pending"], 2);
    let outbox = bundle["outbox"].as_array().unwrap();
    let kinds: Vec<&str> = outbox.iter().filter_map(|one| one["command"].as_str()).collect();
    assert_eq!(kinds, ["record_contact_attempt", "add_note"]);
    assert_eq!((&outbox[0]["lane"], &outbox[1]["lane"]), (&json!(1), &json!(1)));
    let tape: Tape = serde_json::from_value(bundle["tape"].clone()).unwrap();
    let entries = tape.entries().count();
    assert!(entries > 0);
    assert_eq!(tape.replay(), Ok(entries));
}
