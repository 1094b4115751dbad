//! Pushes of the platforms over HTTP.

use lantian_protocol::{Problem, VERSION, VERSION_HEADER};
use reqwest::Response;
use serde_json::Value;

use crate::{
    company::Company,
    tablet::{Tablet, problem},
};

fn fixture(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/intake/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

impl Tablet {
    async fn bring(&self, route: &str, bytes: Vec<u8>) -> Response {
        self.http
            .post(format!("{}/v1/intake/{route}", self.url))
            .header(VERSION_HEADER, VERSION)
            .bearer_auth(&self.me.tokens.access)
            .body(bytes)
            .send()
            .await
            .unwrap()
    }

    async fn refuse(&self, route: &str, bytes: Vec<u8>) -> Problem {
        problem(self.bring(route, bytes).await).await
    }
}

#[tokio::test]
async fn a_push_is_answered_row_by_row_and_reaches_the_managers() {
    let company = Company::open().await;
    let hall = Tablet::of(&company, "hall1").await;
    let answer = hall.bring("gonggai?hand_over=auto", fixture("gonggai-100.xlsx")).await;
    assert_eq!(answer.status(), 200);
    let report: Value = answer.json().await.unwrap();
    assert_eq!((&report["accepted"], &report["handed_over"]), (&95.into(), &94.into()));
    for login in ["manager1", "manager2"] {
        let mut manager = Tablet::of(&company, login).await;
        manager.sync().await;
        let leads = manager
            .mirror
            .values()
            .filter(|record| matches!(record, lantian_domain::record::Record::Lead(_)))
            .count();
        assert_eq!(leads, 47, "{login}");
    }
}

#[tokio::test]
async fn what_cannot_be_taken_is_told_with_what_to_do() {
    let company = Company::open().await;
    let hall = Tablet::of(&company, "hall1").await;
    let broken = hall.refuse("gonggai", fixture("broken.xlsx")).await;
    assert_eq!((broken.status, broken.code.as_str()), (422, "E_INTAKE_TRUNCATED"));
    let other = hall.refuse("duogui", fixture("gonggai-batch.json")).await;
    assert_eq!(other.code, "E_INTAKE_SOURCE");
    assert_eq!(hall.refuse("elsewhere", fixture("duogui.csv")).await.status, 404);
    let large = hall.refuse("gonggai", vec![b'a'; (20 << 20) + 9_999]).await;
    assert_eq!((large.status, large.code.as_str()), (413, "E_INTAKE_TOO_LARGE"));
    let manager = Tablet::of(&company, "manager1").await;
    assert_eq!(manager.refuse("gonggai", fixture("duogui.csv")).await.status, 403);
    let mut lead = Tablet::of(&company, "lead1").await;
    lead.sync().await;
    assert!(!lead.mirror.values().any(|r| matches!(r, lantian_domain::record::Record::Lead(_))));
}
