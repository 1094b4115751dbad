//! What was answered is there after a restart; one folder, one server.

use lantian_domain::record::Record;
use lantian_server::{Error, spawn};

use crate::{
    company::Company,
    tablet::{Tablet, fresh, hand_over, note, project},
};

#[tokio::test]
async fn f17_a_restart_keeps_everything() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let mut manager = Tablet::of(&company, "manager1").await;
    let lead = fresh();
    let received = hall.sign(lead, project("A1"));
    let first = hall.push(vec![received.clone()]).await;
    hall.give(lead, hand_over(&company, "manager1")).await;
    manager.sync().await;
    manager.give(lead, note("一")).await;
    let company = company.restart().await;
    for tablet in [&mut hall, &mut manager] {
        tablet.url = company.server.url();
    }
    // Tokens, outcomes, records and cursors go on.
    assert_eq!(hall.push(vec![received]).await, first);
    let page = manager.pull().await;
    assert!(!page.reset);
    manager.sync().await;
    assert!(matches!(manager.mirror.get(&lead), Some(Record::Lead(_))));
    manager.give(lead, note("二")).await;
}

#[tokio::test]
async fn f26_a_folder_is_held_by_one_server() {
    let company = Company::open().await;
    let second = spawn(company.config.clone()).await;
    assert!(matches!(second.err().unwrap(), Error::StoreHeld(_)));
    let company = company.restart().await;
    assert!(lantian_server::found(&company.config, "另一家").is_err());
    let empty = tempfile::tempdir().unwrap();
    let nothing = spawn(lantian_server::Config::throwaway(empty.path())).await;
    assert!(matches!(nothing.err().unwrap(), Error::NoStore(_)));
    assert!(std::fs::read_dir(empty.path()).unwrap().next().is_none());
}
