//! Attachments over HTTP, as a tablet sends and fetches them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lantian_domain::ids::{FileId, RecordId};
use lantian_protocol::{
    VERSION, VERSION_HEADER,
    file::{CHUNK, HeldRequest, HeldResponse, UploadOffer, UploadState},
};
use reqwest::{Method, Response, StatusCode};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    company::Company,
    tablet::{Tablet, fresh, hand_over, problem, project, read, reassign},
};

pub(crate) fn photo() -> Vec<u8> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/files/drawing.pdf");
    std::fs::read(path).unwrap()
}

pub(crate) fn offer_of(bytes: &[u8], record: RecordId) -> UploadOffer {
    UploadOffer {
        file: FileId(Uuid::now_v7()),
        record,
        sha256: hex::encode(Sha256::digest(bytes)),
        size: bytes.len() as u64,
        mime: "application/pdf".to_owned(),
    }
}

impl Tablet {
    async fn chunk(&self, file: FileId, offset: usize, bytes: &[u8]) -> Response {
        let checksum = format!("sha256 {}", STANDARD.encode(Sha256::digest(bytes)));
        self.http
            .patch(format!("{}/v1/files/{file}", self.url))
            .header(VERSION_HEADER, VERSION)
            .header("tus-resumable", "1.0.0")
            .header("content-type", "application/offset+octet-stream")
            .header("upload-offset", offset)
            .header("upload-checksum", checksum)
            .bearer_auth(&self.me.tokens.access)
            .body(bytes.to_vec())
            .send()
            .await
            .unwrap()
    }

    async fn fetch(&self, file: FileId, range: &str) -> Response {
        self.http
            .get(format!("{}/v1/files/{file}", self.url))
            .header(VERSION_HEADER, VERSION)
            .header("range", range)
            .bearer_auth(&self.me.tokens.access)
            .send()
            .await
            .unwrap()
    }

    pub(crate) async fn upload(&self, offer: &UploadOffer, bytes: &[u8]) -> UploadState {
        let answer = self.send(Method::POST, "/v1/files", offer).await;
        assert!(answer.status().is_success());
        let mut state: UploadState = read(answer).await;
        while state.receipt.is_none() {
            let from = usize::try_from(state.offset).unwrap();
            let part = &bytes[from..bytes.len().min(from + CHUNK)];
            let answer = self.chunk(offer.file, from, part).await;
            assert_eq!(answer.status(), 200);
            state = read(answer).await;
        }
        state
    }
}

fn attach(offer: &UploadOffer) -> serde_json::Value {
    json!({ "type": "attach_file", "file": {
        "id": offer.file, "kind": "drawing", "name": "施工图.pdf", "mime": offer.mime,
        "size": offer.size, "sha256": offer.sha256,
    }})
}

#[tokio::test]
async fn a_file_goes_up_in_chunks_and_comes_down_by_range() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let mut manager = Tablet::of(&company, "manager1").await;
    let lead = fresh();
    hall.give(lead, project("甲")).await;
    hall.give(lead, hand_over(&company, "manager1")).await;
    let bytes = photo();
    let offer = offer_of(&bytes, lead);
    let state = manager.upload(&offer, &bytes).await;
    assert_eq!(state.receipt.unwrap().sha256, offer.sha256);
    manager.give(lead, attach(&offer)).await;
    // Another of the same scope reads it whole, in parts.
    let leader = Tablet::of(&company, "lead1").await;
    let mut got = Vec::new();
    while got.len() < bytes.len() {
        let answer = leader
            .fetch(offer.file, &format!("bytes={}-{}", got.len(), got.len() + CHUNK - 1))
            .await;
        assert_eq!(answer.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(answer.headers()["etag"], format!("\"{}\"", offer.sha256));
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        got.extend(answer.bytes().await.unwrap());
    }
    assert_eq!(got, bytes);
    let whole = leader.fetch(offer.file, "none").await;
    assert_eq!((whole.status(), whole.bytes().await.unwrap().to_vec()), (StatusCode::OK, bytes));
    let outside = leader.fetch(offer.file, "bytes=99999999-").await;
    assert_eq!(outside.status(), StatusCode::RANGE_NOT_SATISFIABLE);
}

#[tokio::test]
async fn a_file_stays_in_the_scope_of_its_record() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let mut first = Tablet::of(&company, "manager1").await;
    let mut leader = Tablet::of(&company, "lead1").await;
    let second = Tablet::of(&company, "manager2").await;
    let lead = fresh();
    hall.give(lead, project("甲")).await;
    hall.give(lead, hand_over(&company, "manager1")).await;
    let bytes = photo();
    let offer = offer_of(&bytes, lead);
    first.give(lead, attach(&offer)).await;
    // Named, but not there yet.
    assert_eq!(problem(leader.fetch(offer.file, "bytes=0-9").await).await.status, 404);
    leader.give(lead, reassign(&company, "manager2")).await;
    // Who lost the lead still delivers what was accepted from them.
    first.upload(&offer, &bytes).await;
    assert_eq!(second.fetch(offer.file, "bytes=0-9").await.status(), 206);
    let surveyor = Tablet::of(&company, "surveyor1").await;
    assert_eq!(problem(surveyor.fetch(offer.file, "bytes=0-9").await).await.status, 404);
    let nobody =
        first.http.get(format!("{}/v1/files/{}", first.url, offer.file)).send().await.unwrap();
    assert_eq!(problem(nobody).await.status, 401);
}

#[tokio::test]
async fn an_upload_goes_on_after_the_server_was_restarted() {
    let company = Company::open().await;
    let tablet = Tablet::of(&company, "manager1").await;
    let bytes = photo();
    let offer = offer_of(&bytes, fresh());
    let begun: UploadState = read(tablet.send(Method::POST, "/v1/files", &offer).await).await;
    assert_eq!(begun.offset, 0);
    assert_eq!(tablet.chunk(offer.file, 0, &bytes[..CHUNK]).await.status(), 200);
    let company = company.restart().await;
    let tablet = Tablet { url: company.server.url(), ..tablet };
    let head = tablet
        .http
        .head(format!("{}/v1/files/{}", tablet.url, offer.file))
        .header(VERSION_HEADER, VERSION)
        .bearer_auth(&tablet.me.tokens.access)
        .send()
        .await
        .unwrap();
    assert_eq!(head.headers()["upload-offset"], CHUNK.to_string());
    assert!(tablet.upload(&offer, &bytes).await.receipt.is_some());
}

#[tokio::test]
async fn what_is_wrong_with_a_chunk_is_told_as_a_problem() {
    let company = Company::open().await;
    let tablet = Tablet::of(&company, "manager1").await;
    let bytes = photo();
    let offer = offer_of(&bytes, fresh());
    tablet.send(Method::POST, "/v1/files", &offer).await;
    let large = problem(tablet.chunk(offer.file, 0, &bytes[..CHUNK + 9_000]).await).await;
    assert_eq!((large.status, large.code.as_str()), (413, "too_large"));
    let ahead = problem(tablet.chunk(offer.file, 7, &bytes[..9]).await).await;
    assert_eq!((ahead.status, ahead.params["offset"].as_str()), (409, "0"));
    let bare = tablet
        .http
        .patch(format!("{}/v1/files/{}", tablet.url, offer.file))
        .header(VERSION_HEADER, VERSION)
        .bearer_auth(&tablet.me.tokens.access)
        .body("x")
        .send()
        .await
        .unwrap();
    assert_eq!(problem(bare).await.code, "malformed");
    let mut huge = offer.clone();
    huge.size = 51 << 20;
    assert_eq!(tablet.refused("/v1/files", &huge).await.code, "too_large");
}

#[tokio::test]
async fn f25_t04_what_the_server_lacks_is_told_only_of_ones_own_scope() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let mut first = Tablet::of(&company, "manager1").await;
    let second = Tablet::of(&company, "manager2").await;
    let lead = fresh();
    hall.give(lead, project("甲")).await;
    hall.give(lead, hand_over(&company, "manager1")).await;
    let bytes = photo();
    let offer = offer_of(&bytes, lead);
    let unknown = offer_of(b"nobody has it", lead);
    first.give(lead, attach(&offer)).await;
    first.upload(&offer, &bytes).await;
    let asked = HeldRequest { files: vec![offer.clone(), unknown.clone()] };
    let answer: HeldResponse = first.post("/v1/files/held", &asked).await;
    assert_eq!(answer.missing, [unknown.file]);
    // To a stranger the two look alike.
    let answer: HeldResponse = second.post("/v1/files/held", &asked).await;
    assert_eq!(answer.missing, [offer.file, unknown.file]);
    let mut wrong = asked;
    wrong.files[0].sha256 = "no hash".to_owned();
    assert_eq!(first.refused("/v1/files/held", &wrong).await.code, "malformed");
}
