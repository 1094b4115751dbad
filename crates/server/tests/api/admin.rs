//! Accounts and devices, by those who may.

use lantian_domain::record::Record;
use lantian_protocol::admin::{Device, User, UserChanged, UserCreated};
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::{
    company::Company,
    tablet::{Tablet, fresh, fresh_key, problem, project, read, sign_in_request},
};

#[tokio::test]
async fn sod_6_p_13_one_administrator_makes_an_account_and_another_puts_it_into_use() {
    let company = Company::open().await;
    let admin = Tablet::of(&company, "sys1").await;
    let mut colleague = Tablet::of(&company, "manager1").await;
    colleague.sync().await;
    let new = json!({
        "login": "designer9", "name": "设计九", "roles": ["designer"], "org": "tech_dept",
    });
    let made: UserCreated = admin.post("/v1/admin/users", &new).await;
    assert_eq!(made.user.login, "designer9");
    assert!(!made.user.active, "nobody works before a second person has looked");
    let url = format!("{}/v1/session", company.server.url());
    let request = sign_in_request("designer9", &made.one_time_password, &fresh_key());
    let answer = admin.http.post(&url).json(&request).send().await.unwrap();
    assert_eq!(problem(answer).await.code, "bad_credentials");
    let path = format!("/v1/admin/users/{}", made.user.id);
    let answer = admin.send(Method::PATCH, &path, &json!({ "active": true })).await;
    assert_eq!(problem(answer).await.code, "E_SOD");
    let security = Tablet::of(&company, "sec1").await;
    let answer = security.send(Method::PATCH, &path, &json!({ "roles": ["cm_lead"] })).await;
    assert_eq!(problem(answer).await.code, "E_SOD");
    let used: UserChanged =
        read(security.send(Method::PATCH, &path, &json!({ "active": true })).await).await;
    assert!(used.user.active);
    company.clock.advance_ms(1);
    let request = sign_in_request("designer9", &made.one_time_password, &fresh_key());
    let answer = admin.http.post(&url).json(&request).send().await.unwrap();
    assert_eq!(problem(answer).await.code, "password_expired");
    let change = json!({
        "login": "designer9",
        "password": made.one_time_password,
        "new_password": "长而好记-一句话-2026a",
    });
    let answer = admin.http.post(format!("{url}/password")).json(&change).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    let request = sign_in_request("designer9", "长而好记-一句话-2026a", &fresh_key());
    assert_eq!(admin.http.post(&url).json(&request).send().await.unwrap().status(), 200);
    // Everybody knows the new colleague.
    colleague.sync().await;
    let known = colleague
        .mirror
        .values()
        .any(|record| matches!(record, Record::Person(person) if person.login == "designer9"));
    assert!(known);
    let all: Vec<User> = read(admin.send(Method::GET, "/v1/admin/users", &()).await).await;
    assert!(all.iter().any(|user| user.login == "designer9" && user.devices == 1));
    let other: UserChanged =
        read(admin.send(Method::PATCH, &path, &json!({ "roles": ["cm_lead"] })).await).await;
    assert!(!other.user.active, "other roles wait for the second person as well");
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_its_reason() {
    let company = Company::open().await;
    let admin = Tablet::of(&company, "sys1").await;
    let refused = async |new: serde_json::Value| admin.refused("/v1/admin/users", &new).await.code;
    let with = |login: &str, roles: &[&str]| json!({ "login": login, "name": "某", "roles": roles, "org": "it" });
    assert_eq!(refused(with("manager1", &["designer"])).await, "login_taken");
    assert_eq!(refused(with("mana ger", &["designer"])).await, "login_malformed");
    assert_eq!(refused(with("x1", &["sys_admin", "audit_admin"])).await, "E_SOD");
    assert_eq!(refused(with("x1", &["sys_admin", "cm_lead"])).await, "E_SOD");
    let own = format!("/v1/admin/users/{}", admin.me.person.user());
    let answer = admin.send(Method::PATCH, &own, &json!({ "roles": ["cm_lead"] })).await;
    assert_eq!(problem(answer).await.code, "forbidden");
}

#[tokio::test]
async fn t25_nobody_else_administers() {
    let company = Company::open().await;
    for login in ["manager1", "lead1", "hall1"] {
        let tablet = Tablet::of(&company, login).await;
        for path in ["/v1/admin/users", "/v1/admin/devices", "/v1/admin/audit"] {
            let answer = tablet.send(Method::GET, path, &()).await;
            assert_eq!(problem(answer).await.code, "forbidden", "{login} {path}");
        }
        let path = format!("/v1/admin/devices/{}/revoke", tablet.me.device);
        assert_eq!(problem(tablet.send(Method::POST, &path, &()).await).await.code, "forbidden");
    }
    // The auditor reads and changes nothing.
    let auditor = Tablet::of(&company, "audit1").await;
    assert_eq!(auditor.send(Method::GET, "/v1/admin/audit", &()).await.status(), 200);
    let new = json!({ "login": "x1", "name": "某", "roles": ["designer"], "org": "it" });
    assert_eq!(auditor.refused("/v1/admin/users", &new).await.code, "forbidden");
}

#[tokio::test]
async fn p_17_t03_a_revoked_device_is_served_nothing_and_its_work_is_not_applied() {
    let company = Company::open().await;
    let mut tablet = Tablet::of(&company, "hall1").await;
    let admin = Tablet::of(&company, "sys1").await;
    let work = tablet.sign(fresh(), project("A1"));
    let devices: Vec<Device> = read(admin.send(Method::GET, "/v1/admin/devices", &()).await).await;
    let mine = devices.iter().find(|device| device.id == tablet.me.device).unwrap();
    assert_eq!(mine.state, "active");
    let path = format!("/v1/admin/devices/{}/revoke", mine.id);
    assert_eq!(admin.send(Method::POST, &path, &()).await.status(), 204);
    let request = lantian_protocol::PushRequest {
        witness: None,
        since: None,
        offset_ms: 0,
        commands: vec![work],
        preview: false,
    };
    assert_eq!(tablet.refused("/v1/commands", &request).await.code, "device_revoked");
    assert_eq!(tablet.refused("/v1/digest", &()).await.code, "device_revoked");
    assert_eq!(tablet.refresh().await.unwrap_err().code, "device_revoked");
    // Neither as itself nor as a new device does its key come in again.
    for device in [Some(tablet.me.device), None] {
        let mut request = sign_in_request("hall1", crate::company::PASSWORD, &tablet.key);
        request.device = device;
        let url = format!("{}/v1/session", company.server.url());
        let answer = tablet.http.post(url).json(&request).send().await.unwrap();
        assert_eq!(problem(answer).await.code, "device_revoked");
    }
}

#[tokio::test]
async fn f56_an_account_out_of_use_is_out_at_once() {
    let company = Company::open().await;
    let tablet = Tablet::of(&company, "manager2").await;
    let admin = Tablet::of(&company, "sys1").await;
    let path = format!("/v1/admin/users/{}", tablet.me.person.user());
    let answer = admin.send(Method::PATCH, &path, &json!({ "active": false })).await;
    let changed: UserChanged = read(answer).await;
    assert!(!changed.user.active);
    assert_eq!(tablet.refused("/v1/digest", &()).await.code, "unauthenticated");
    let url = format!("{}/v1/session", company.server.url());
    let request = sign_in_request("manager2", crate::company::PASSWORD, &fresh_key());
    let answer = tablet.http.post(url).json(&request).send().await.unwrap();
    assert_eq!(problem(answer).await.code, "bad_credentials");
}
