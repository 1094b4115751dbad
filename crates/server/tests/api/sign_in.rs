//! Signing in, tokens and their renewal, passwords, revocation.

use ed25519_dalek::Signer as _;
use lantian_protocol::identity::{Identity, PasswordChange, SignedIn, Tokens};
use reqwest::{Response, StatusCode};

use crate::{
    company::{Company, PASSWORD},
    tablet::{Tablet, fresh, fresh_key, problem, project, sign_in_request},
};

async fn sign_in(company: &Company, login: &str, password: &str) -> Response {
    let request = sign_in_request(login, password, &fresh_key());
    let url = format!("{}/v1/session", company.server.url());
    reqwest::Client::new().post(url).json(&request).send().await.unwrap()
}

#[tokio::test]
async fn a_sign_in_enrols_the_device_and_says_what_it_needs() {
    let company = Company::open().await;
    let tablet = Tablet::of(&company, "Manager1").await;
    assert_eq!(tablet.me.person.login, "manager1");
    assert!(tablet.me.recovery_recipient.starts_with("age1"));
    assert_eq!(tablet.me.epoch, 1);
    let url = format!("{}/v1/session", company.server.url());
    let answer = tablet.http.get(url).bearer_auth(&tablet.me.tokens.access).send().await.unwrap();
    let who: Identity = answer.json().await.unwrap();
    assert_eq!((who.user, who.device), (tablet.me.person.user(), tablet.me.device));
    // The same device signs in again and stays itself.
    let mut request = sign_in_request("manager1", PASSWORD, &tablet.key);
    request.device = Some(tablet.me.device);
    let url = format!("{}/v1/session", company.server.url());
    let again: SignedIn =
        tablet.http.post(url).json(&request).send().await.unwrap().json().await.unwrap();
    assert_eq!(again.device, tablet.me.device);
}

#[tokio::test]
async fn p_12_t09_unknown_and_mistyped_are_answered_alike_and_guessing_is_slowed() {
    let company = Company::open().await;
    let wrong = problem(sign_in(&company, "manager1", "nicht das Richtige").await).await;
    let unknown = problem(sign_in(&company, "nobody", "nicht das Richtige").await).await;
    assert_eq!((wrong.status, wrong.code.as_str()), (401, "bad_credentials"));
    assert_eq!(wrong, unknown);
    for _ in 0..4 {
        sign_in(&company, "manager1", "nicht das Richtige").await;
    }
    let answer = sign_in(&company, "manager1", PASSWORD).await;
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.headers()["retry-after"], "900");
    assert_eq!(problem(answer).await.code, "rate_limited");
    company.clock.advance_ms(900_000);
    assert_eq!(sign_in(&company, "manager1", PASSWORD).await.status(), 200);
}

#[tokio::test]
async fn f54_an_expired_token_is_renewed_and_work_goes_on() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let work = hall.sign(fresh(), project("A1"));
    company.clock.advance_ms(16 * 60_000);
    let request = lantian_protocol::PushRequest {
        witness: None,
        since: None,
        offset_ms: 0,
        commands: vec![work.clone()],
        preview: false,
    };
    assert_eq!(hall.refused("/v1/commands", &request).await.code, "unauthenticated");
    hall.refresh().await.unwrap();
    assert_eq!(hall.push(vec![work]).await.len(), 1);
    company.clock.advance_ms(31 * 24 * 3_600_000);
    assert_eq!(hall.refresh().await.unwrap_err().code, "unauthenticated");
}

#[tokio::test]
async fn f55_a_lost_answer_signs_nobody_out_and_reuse_does() {
    let company = Company::open().await;
    let mut tablet = Tablet::of(&company, "manager1").await;
    let first = tablet.me.tokens.refresh.clone();
    // The answers to two renewals are lost on the way.
    for _ in 0..2 {
        assert_eq!(tablet.refresh_with(&first).await.status(), 200);
    }
    tablet.refresh().await.unwrap();
    tablet.refresh().await.unwrap();
    // Long after, the first token turns up once more: two hold the line.
    assert_eq!(problem(tablet.refresh_with(&first).await).await.code, "unauthenticated");
    assert_eq!(tablet.refresh().await.unwrap_err().code, "unauthenticated");
    assert_eq!(tablet.refused("/v1/digest", &()).await.code, "unauthenticated");
}

#[tokio::test]
async fn t08_a_refresh_token_is_nothing_without_the_devices_key() {
    let company = Company::open().await;
    let tablet = Tablet::of(&company, "manager1").await;
    let mut thief = Tablet::of(&company, "manager1").await;
    thief.me.device = tablet.me.device;
    let answer = thief.refresh_with(&tablet.me.tokens.refresh).await;
    assert_eq!(problem(answer).await.code, "unauthenticated");
    assert_eq!(tablet.refresh_with(&tablet.me.tokens.refresh).await.status(), 200);
}

#[tokio::test]
async fn signing_out_ends_the_tokens() {
    let company = Company::open().await;
    let mut tablet = Tablet::of(&company, "manager1").await;
    let url = format!("{}/v1/session/end", company.server.url());
    let answer = tablet.http.post(url).bearer_auth(&tablet.me.tokens.access).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert_eq!(tablet.refused("/v1/digest", &()).await.code, "unauthenticated");
    assert_eq!(tablet.refresh().await.unwrap_err().code, "unauthenticated");
}

#[tokio::test]
async fn f56_a_changed_password_ends_every_token_of_the_account() {
    let company = Company::open().await;
    let mut tablet = Tablet::of(&company, "manager1").await;
    let change = |new: &str| PasswordChange {
        login: "manager1".to_owned(),
        password: PASSWORD.to_owned(),
        new_password: new.to_owned(),
    };
    let url = format!("{}/v1/session/password", company.server.url());
    let post = |change| reqwest::Client::new().post(url.clone()).json(&change).send();
    let weak = post(change("kurz")).await.unwrap();
    assert_eq!(problem(weak).await.code, "password_weak");
    let done = post(change("另一个足够长的口令-2026a")).await.unwrap();
    assert_eq!(done.status(), StatusCode::NO_CONTENT);
    assert_eq!(tablet.refused("/v1/digest", &()).await.code, "unauthenticated");
    assert_eq!(tablet.refresh().await.unwrap_err().code, "unauthenticated");
    assert_eq!(sign_in(&company, "manager1", PASSWORD).await.status(), 401);
    assert_eq!(sign_in(&company, "manager1", "另一个足够长的口令-2026a").await.status(), 200);
}

#[tokio::test]
async fn a_renewal_answers_in_both_encodings() {
    let company = Company::open().await;
    let tablet = Tablet::of(&company, "manager1").await;
    let refresh = tablet.me.tokens.refresh.clone();
    let request = lantian_protocol::identity::Refresh {
        device: tablet.me.device,
        proof: tablet.key.sign(refresh.as_bytes()).to_bytes().to_vec(),
        refresh,
    };
    let tokens: Tokens = tablet.post("/v1/session/refresh", &request).await;
    assert!(tokens.access_until > company.clock.now());
    assert!(tokens.lease_until > tokens.access_until);
}
