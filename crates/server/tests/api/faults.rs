//! Bad input from the network: each is named, nothing is changed.

use lantian_domain::refusal::Code;
use lantian_protocol::{VERSION_HEADER, Verdict};
use reqwest::{Method, header};

use crate::{
    company::Company,
    tablet::{Tablet, fresh, note, problem, project},
};

#[tokio::test]
async fn f09_bodies_that_are_no_bodies_are_refused() {
    let company = Company::open().await;
    let tablet = Tablet::of(&company, "manager1").await;
    let send = async |media_type: &str, encoding: &str, body: Vec<u8>| {
        let answer = tablet
            .http
            .post(format!("{}/v1/commands", tablet.url))
            .bearer_auth(&tablet.me.tokens.access)
            .header(header::CONTENT_TYPE, media_type)
            .header(header::CONTENT_ENCODING, encoding)
            .body(body)
            .send()
            .await
            .unwrap();
        let problem = problem(answer).await;
        (problem.status, problem.code)
    };
    let malformed = (400, "malformed".to_owned());
    let html = b"<!DOCTYPE html><html><body>Login</body></html>".to_vec();
    let binary = "application/vnd.lantian+msgpack";
    assert_eq!(send("text/html", "identity", html.clone()).await, malformed);
    assert_eq!(send("application/json", "identity", b"{\"commands\":".to_vec()).await, malformed);
    assert_eq!(send(binary, "identity", html).await, malformed);
    assert_eq!(send(binary, "identity", vec![0xdf, 0xff, 0xff, 0xff, 0xff]).await, malformed);
    assert_eq!(send(binary, "zstd", vec![1, 2, 3]).await, malformed);
    assert_eq!(send(binary, "zstd", Vec::new()).await, malformed);
    assert_eq!(send(binary, "gzip", vec![1]).await.1, "encoding_unsupported");
    let bomb = zstd::bulk::compress(&vec![0; 80 << 20], 3).unwrap();
    assert_eq!(send(binary, "zstd", bomb).await, (413, "too_large".to_owned()));
    assert_eq!(send(binary, "identity", vec![0; 17 << 20]).await.1, "too_large");
}

#[tokio::test]
async fn a_44_too_many_commands_are_refused_whole() {
    let company = Company::open().await;
    let mut tablet = Tablet::of(&company, "hall1").await;
    let one = tablet.sign(fresh(), project("A1"));
    let request = lantian_protocol::PushRequest {
        witness: None,
        since: None,
        offset_ms: 0,
        commands: vec![one; 501],
        preview: false,
    };
    let refused = tablet.refused("/v1/commands", &request).await;
    assert_eq!((refused.status, refused.code.as_str()), (413, "too_large"));
}

#[tokio::test]
async fn a_44_a_record_that_is_full_takes_no_more_and_can_be_read() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let (full, other) = (fresh(), fresh());
    hall.give(full, project("A1")).await;
    hall.give(other, project("A2")).await;
    let longest = "长".repeat(500);
    let (mut taken, mut refused) = (0, None);
    for _ in 0..30 {
        let commands = (0..500).map(|_| hall.sign(full, note(&longest))).collect();
        let outcomes = hall.push(commands).await;
        for outcome in outcomes {
            match outcome.verdict {
                Verdict::Accepted { .. } => taken += 1,
                Verdict::Refused { refusal } => refused = Some(refusal.code),
                Verdict::Deferred => {}
                Verdict::Quarantined { .. } => panic!("{:?}", outcome.verdict),
            }
        }
        if refused.is_some() {
            break;
        }
    }
    assert_eq!(refused, Some(Code::TooLarge), "{taken} were taken");
    assert!(taken >= 5_000, "{taken} were taken");
    hall.give(other, note("其他照常")).await;
    hall.sync().await;
    assert!(hall.mirror.contains_key(&full) && hall.mirror.contains_key(&other));
    // One that no record has room for is set aside by itself.
    let huge = hall.sign(other, note(&"长".repeat(1 << 20)));
    let outcomes = hall.push(vec![huge]).await;
    assert!(
        matches!(&outcomes[0].verdict, Verdict::Quarantined { code, .. } if code == "E_FORMAT")
    );
}

#[tokio::test]
async fn other_versions_of_the_protocol_are_told_to_update() {
    let company = Company::open().await;
    let tablet = Tablet::of(&company, "manager1").await;
    for version in ["0", "2", "99", "x"] {
        let answer = tablet
            .http
            .post(format!("{}/v1/feed", tablet.url))
            .header(VERSION_HEADER, version)
            .send()
            .await
            .unwrap();
        let problem = problem(answer).await;
        assert_eq!((problem.status, problem.code.as_str()), (426, "protocol_unsupported"));
        assert_eq!(problem.params["newest"], "1");
    }
}

#[tokio::test]
async fn t04_no_token_no_answer_wherever() {
    let company = Company::open().await;
    let http = reqwest::Client::new();
    let url = company.server.url();
    for (method, path) in [
        (Method::GET, "/v1/session"),
        (Method::POST, "/v1/session/end"),
        (Method::POST, "/v1/commands"),
        (Method::POST, "/v1/feed"),
        (Method::POST, "/v1/records"),
        (Method::GET, "/v1/records/019c0000-0000-7000-8000-000000000000"),
        (Method::POST, "/v1/digest"),
        (Method::GET, "/v1/wake"),
        (Method::GET, "/v1/admin/users"),
        (Method::POST, "/v1/admin/users"),
        (Method::GET, "/v1/admin/devices"),
        (Method::GET, "/v1/admin/audit"),
        (Method::POST, "/v1/files"),
        (Method::POST, "/v1/intake/gonggai"),
    ] {
        for token in [None, Some("x"), Some("")] {
            let request = http.request(method.clone(), format!("{url}{path}"));
            let request = match token {
                Some(token) => request.bearer_auth(token),
                None => request,
            };
            let problem = problem(request.send().await.unwrap()).await;
            assert_eq!(problem.code, "unauthenticated", "{method} {path}");
        }
    }
}

#[tokio::test]
async fn unknown_addresses_are_problems_too_and_requests_have_numbers() {
    let company = Company::open().await;
    let url = company.server.url();
    let answer = reqwest::get(format!("{url}/v1/nothing")).await.unwrap();
    assert!(answer.headers().contains_key("x-request-id"));
    assert_eq!(problem(answer).await.code, "not_found");
    let answer = reqwest::get(format!("{url}/v1/feed")).await.unwrap();
    assert_eq!(problem(answer).await.code, "method_not_allowed");
    assert_eq!(reqwest::get(format!("{url}/healthz")).await.unwrap().status(), 200);
    assert_eq!(reqwest::get(format!("{url}/readyz")).await.unwrap().status(), 200);
}
