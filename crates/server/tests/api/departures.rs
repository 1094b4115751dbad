//! The company's receipt for a whole record: to whom, for what, and when not.

use lantian_protocol::departure::{DepartureAnswer, files_hash};
use serde_json::json;

use crate::{
    company::Company,
    files::{offer_of, photo},
    tablet::{Tablet, fresh, hand_over, note, project},
};

#[tokio::test]
async fn i8_a_receipt_is_signed_for_what_is_there_and_nothing_else() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let mut manager = Tablet::of(&company, "manager1").await;
    let lead = fresh();
    hall.give(lead, project("甲")).await;
    hall.give(lead, hand_over(&company, "manager1")).await;
    let bytes = photo();
    let offer = offer_of(&bytes, lead);
    manager
        .give(
            lead,
            json!({ "type": "attach_file", "file": {
                "id": offer.file, "kind": "drawing", "name": "施工图.pdf", "mime": offer.mime,
                "size": offer.size, "sha256": offer.sha256,
            }}),
        )
        .await;
    let path = format!("/v1/records/{lead}/departure");
    let early: DepartureAnswer = manager.post(&path, &()).await;
    assert_eq!((early.files, early.missing, early.receipt), (1, vec![offer.file], None));

    manager.upload(&offer, &bytes).await;
    let answer: DepartureAnswer = manager.post(&path, &()).await;
    let receipt = answer.receipt.unwrap();
    assert!(receipt.holds());
    manager.sync().await;
    let record = &manager.mirror[&lead];
    assert_eq!((receipt.record, receipt.files, receipt.device), (lead, 1, manager.me.device));
    assert_eq!(receipt.files_hash, files_hash(receipt.suite, record.files()));
    manager.give(lead, note("又一句")).await;
    let later: DepartureAnswer = manager.post(&path, &()).await;
    assert!(later.receipt.unwrap().version > receipt.version);

    // Content that is gone is not there, whatever was promised for it.
    let sha = &offer.sha256;
    let content = company.config.data.join("files/content").join(&sha[..2]).join(sha);
    std::fs::remove_file(content).unwrap();
    let gone: DepartureAnswer = manager.post(&path, &()).await;
    assert_eq!((gone.missing, gone.receipt), (vec![offer.file], None));
}

#[tokio::test]
async fn t04_nobody_hears_of_a_record_that_is_not_theirs() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let other = Tablet::of(&company, "manager2").await;
    let lead = fresh();
    hall.give(lead, project("甲")).await;
    hall.give(lead, hand_over(&company, "manager1")).await;
    let theirs = other.refused(&format!("/v1/records/{lead}/departure"), &()).await;
    let none = other.refused(&format!("/v1/records/{}/departure", fresh()), &()).await;
    assert_eq!((theirs.status, &theirs.code), (404, &none.code));
    let malformed = other.refused("/v1/records/x/departure", &()).await;
    assert_eq!(malformed.status, 404);
    let leaves = other.http.post(format!("{}/v1/records/{lead}/departure", other.url)).send();
    assert_eq!(leaves.await.unwrap().status(), 401);
}
