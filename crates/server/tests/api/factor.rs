//! The second factor of administrators (P-13).

use lantian_protocol::{Problem, admin::UserChanged};
use lantian_server::identity::factor::Asked;
use reqwest::{Method, Response};
use serde_json::json;
use totp_rs::{Builder, Secret};

use crate::{
    company::{Company, PASSWORD},
    tablet::{Tablet, fresh_key, problem, read, sign_in_request},
};

const STEP_MS: i64 = 30_000;

async fn company(asked: Asked) -> Company {
    let mut company = Company::open().await;
    company.config.second_factor = asked;
    company.restart().await
}

async fn sign_in(company: &Company, login: &str, code: Option<&str>) -> Response {
    let mut request = sign_in_request(login, PASSWORD, &fresh_key());
    request.code = code.map(str::to_owned);
    let url = format!("{}/v1/session", company.server.url());
    reqwest::Client::new().post(url).json(&request).send().await.unwrap()
}

async fn refused(company: &Company, login: &str, code: Option<&str>) -> Problem {
    problem(sign_in(company, login, code).await).await
}

/// What an authenticator shows that was given this secret.
fn code(company: &Company, shown: &Problem) -> String {
    let secret = Secret::try_from_base32(&shown.params["secret"]).unwrap();
    let built = Builder::new().with_account_name("sys1").with_secret(secret).build().unwrap();
    built.generate(u64::try_from(company.clock.now().0).unwrap() / 1_000).to_string()
}

#[tokio::test]
async fn p_13_an_administrator_signs_in_with_a_code_that_works_once() {
    let company = company(Asked::Administrators).await;
    assert_eq!(sign_in(&company, "manager1", None).await.status(), 200, "nobody else is asked");
    let stale = refused(&company, "sys1", None).await;
    assert_eq!((stale.status, stale.code.as_str()), (403, "second_factor_setup"));
    assert!(stale.params["uri"].starts_with("otpauth://totp/"), "{:?}", stale.params);
    let shown = refused(&company, "sys1", None).await;
    assert_ne!(stale.params["secret"], shown.params["secret"], "what was seen before is void");
    let wrong = refused(&company, "sys1", Some(&code(&company, &stale))).await;
    assert_eq!((wrong.status, wrong.code.as_str()), (401, "second_factor_wrong"));

    let now = code(&company, &shown);
    let spaced = format!("{} {}", &now[..3], &now[3..]);
    assert_eq!(sign_in(&company, "sys1", Some(&spaced)).await.status(), 200);
    assert_eq!(refused(&company, "sys1", Some(&now)).await.code, "second_factor_wrong");
    assert_eq!(refused(&company, "sys1", None).await.code, "second_factor_needed");
    company.clock.advance_ms(STEP_MS);
    let next = code(&company, &shown);
    assert_eq!(sign_in(&company, "sys1", Some(&next)).await.status(), 200);
    company.clock.advance_ms(10 * STEP_MS);
    assert_eq!(refused(&company, "sys1", Some(&next)).await.code, "second_factor_wrong");
}

#[tokio::test]
async fn p_13_p_12_codes_are_guessed_as_rarely_as_passwords() {
    let company = company(Asked::Administrators).await;
    let shown = refused(&company, "sys1", None).await;
    for _ in 0..5 {
        // The password is right each time, and takes nothing back.
        let answer = sign_in(&company, "sys1", Some("not it")).await;
        assert_eq!(answer.status(), 401);
    }
    let right = code(&company, &shown);
    assert_eq!(refused(&company, "sys1", Some(&right)).await.code, "rate_limited");
    company.clock.advance_ms(15 * 60_000);
    let right = code(&company, &shown);
    assert_eq!(sign_in(&company, "sys1", Some(&right)).await.status(), 200);
}

#[tokio::test]
async fn p_13_who_lost_the_authenticator_is_reset_by_another_administrator() {
    let company = company(Asked::Nobody).await;
    let admin = Tablet::of(&company, "sys1").await;
    let audit1 = Tablet::of(&company, "audit1").await.me.person.user();
    let mut company = company;
    company.config.second_factor = Asked::Everybody;
    let company = company.restart().await;
    let shown = refused(&company, "audit1", None).await;
    let first = code(&company, &shown);
    assert_eq!(sign_in(&company, "audit1", Some(&first)).await.status(), 200);
    assert_eq!(refused(&company, "audit1", None).await.code, "second_factor_needed");

    let path = format!("/v1/admin/users/{audit1}");
    let url = company.server.url();
    let reset = json!({ "reset_password": true });
    let request = admin.http.request(Method::PATCH, format!("{url}{path}")).json(&reset);
    let answer = request.bearer_auth(&admin.me.tokens.access).send().await.unwrap();
    let changed: UserChanged = read(answer).await;
    let change = json!({
        "login": "audit1", "password": changed.one_time_password, "new_password": PASSWORD,
    });
    admin.http.post(format!("{url}/v1/session/password")).json(&change).send().await.unwrap();
    company.clock.advance_ms(STEP_MS);
    let again = refused(&company, "audit1", Some(&code(&company, &shown))).await;
    assert_eq!(again.code, "second_factor_setup", "the old one is forgotten");
    assert_eq!(sign_in(&company, "audit1", Some(&code(&company, &again))).await.status(), 200);
}
