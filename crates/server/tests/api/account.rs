//! What tablets account for: receipts of what they let go of.

use ed25519_dalek::Signer as _;
use lantian_domain::{ids::RecordId, time::Instant};
use lantian_protocol::{
    account::{Account, AccountResponse, Purged, SignedAccount},
    admin::Device,
    feed::Witness,
};
use lantian_server::store::Journal as _;
use reqwest::{Method, StatusCode};

use crate::{
    company::Company,
    tablet::{Tablet, fresh, hand_over, project, read, reassign},
};

fn signed(tablet: &Tablet, account: &Account) -> SignedAccount {
    let account = serde_json::to_string(account).unwrap();
    let signature = tablet.key.sign(account.as_bytes()).to_bytes().to_vec();
    SignedAccount { account, signature }
}

fn purged(record: RecordId, epoch: u64, seq: u64, at: Instant) -> Purged {
    Purged { record, version: 2, epoch, seq, left_at: at, purged_at: at, bytes: 900, files: 1 }
}

#[tokio::test]
async fn i4_a_receipt_stands_once_in_the_audit_and_tells_what_a_device_holds() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let mut first = Tablet::of(&company, "manager1").await;
    let mut leader = Tablet::of(&company, "lead1").await;
    let sys = Tablet::of(&company, "sys1").await;
    let lead = fresh();
    hall.give(lead, project("甲")).await;
    hall.give(lead, hand_over(&company, "manager1")).await;
    first.sync().await;
    let at = company.clock.now();
    let cursor = first.cursor.clone().unwrap();
    let (epoch, seq) = (cursor.epoch, cursor.seq);
    let held = Account {
        at,
        witness: None,
        epoch,
        seq,
        unsent: 3,
        on: vec![lead],
        leaving: Vec::new(),
        purged: Vec::new(),
    };
    let answer: AccountResponse = first.post("/v1/account", &signed(&first, &held)).await;
    assert_eq!(answer.epoch, epoch);
    // It left, and the device has not said that it is gone.
    leader.give(lead, reassign(&company, "manager2")).await;
    let word = word(&sys, &first).await;
    assert_eq!((word.unsent, word.outstanding.as_slice(), word.purged), (3, &[lead][..], 0));
    first.sync().await;
    let seq = first.cursor.clone().unwrap().seq;
    let gone = Account {
        seq,
        unsent: 0,
        on: Vec::new(),
        purged: vec![purged(lead, epoch, seq, at)],
        ..held
    };
    for _ in 0..3 {
        let _: AccountResponse = first.post("/v1/account", &signed(&first, &gone)).await;
    }
    let word = self::word(&sys, &first).await;
    assert_eq!((word.unsent, word.outstanding.len(), word.purged), (0, 0, 1));
    let store = &company.server.app().store;
    let rows = store.read_now(|unit| unit.audit_after(0, 1_000)).unwrap();
    let rows: Vec<_> = rows.iter().filter(|row| row.entry.act == "record_purged").collect();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].entry.subject, Some(lead.0));
    assert_eq!(rows[0].entry.detail.as_ref().unwrap()["bytes"], 900);
}

async fn word(admin: &Tablet, of: &Tablet) -> lantian_protocol::admin::DeviceWord {
    let all: Vec<Device> = read(admin.send(Method::GET, "/v1/admin/devices", &()).await).await;
    all.into_iter().find(|one| one.id == of.me.device).unwrap().word.unwrap()
}

#[tokio::test]
async fn f24_an_account_shows_what_the_company_said_and_a_store_that_lost_it_takes_none() {
    let company = Company::open().await;
    let tablet = Tablet::of(&company, "manager1").await;
    let at = company.clock.now();
    let lost = Witness { epoch: 1, row: 1_000_000, hash: vec![7; Witness::LEN] };
    let account = Account {
        at,
        witness: Some(lost),
        epoch: 1,
        seq: 1,
        unsent: 0,
        on: Vec::new(),
        leaving: Vec::new(),
        purged: Vec::new(),
    };
    let word = signed(&tablet, &account);
    assert_eq!(tablet.refused("/v1/account", &word).await.code, "cursor_ahead");
}

#[tokio::test]
async fn t06_an_account_that_the_device_did_not_sign_changes_nothing() {
    let company = Company::open().await;
    let first = Tablet::of(&company, "manager1").await;
    let second = Tablet::of(&company, "manager2").await;
    let at = company.clock.now();
    let account = Account {
        at,
        witness: None,
        epoch: 1,
        seq: 1,
        unsent: 0,
        on: Vec::new(),
        leaving: Vec::new(),
        purged: vec![purged(fresh(), 1, 1, at)],
    };
    let mut forged = signed(&first, &account);
    assert_eq!(second.refused("/v1/account", &forged).await.code, "signature");
    forged.account = forged.account.replace("900", "901");
    assert_eq!(first.refused("/v1/account", &forged).await.code, "signature");
    let many = vec![purged(fresh(), 1, 1, at); 501];
    let much = signed(&first, &Account { purged: many, ..account });
    let answer = first.send(Method::POST, "/v1/account", &much).await;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let store = &company.server.app().store;
    let rows = store.read_now(|unit| unit.audit_after(0, 1_000)).unwrap();
    assert!(rows.iter().all(|row| row.entry.act != "record_purged"));
}
