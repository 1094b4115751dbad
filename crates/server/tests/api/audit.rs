//! The audit log, read by its administrator alone (P-14).

use lantian_protocol::audit::{AuditCheck, AuditLine, AuditPage};
use reqwest::{Method, StatusCode};

use crate::{
    company::Company,
    tablet::{Tablet, fresh, hand_over, note, problem, project, read},
};

const ROWS: &str = "/v1/admin/audit/rows";

async fn page(admin: &Tablet, path: &str) -> AuditPage {
    read(admin.send(Method::GET, path, &()).await).await
}

#[tokio::test]
async fn p_14_the_audit_says_who_when_what_result_and_source_and_is_read_by_one_role() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let lead = fresh();
    hall.give(lead, project("A1")).await;
    hall.give(lead, note("一")).await;
    hall.give(lead, hand_over(&company, "manager1")).await;
    for login in ["sys1", "sec1", "lead1", "manager1"] {
        let other = Tablet::of(&company, login).await;
        for path in [ROWS, "/v1/admin/audit/rows.xlsx", "/v1/admin/audit"] {
            let told = problem(other.send(Method::GET, path, &()).await).await;
            assert_eq!(told.code, "forbidden", "{login} {path}");
        }
    }
    let admin = Tablet::of(&company, "audit1").await;
    let all = page(&admin, ROWS).await;
    assert!(all.lines.windows(2).all(|two| two[0].n == two[1].n + 1), "newest first, no gap");
    let of_lead = page(&admin, &format!("{ROWS}?subject={lead}")).await.lines;
    let acts: Vec<&str> = of_lead.iter().rev().map(|line| line.act.as_str()).collect();
    assert_eq!(acts, ["receive_push", "add_note", "hand_over_lead"]);
    for AuditLine { actor_name, device, device_name, result, claimed, .. } in &of_lead {
        assert_eq!(actor_name.as_deref(), Some("员工hall1"));
        assert_eq!(result, "accepted");
        assert!(device.is_some() && device_name.is_some() && claimed.is_some());
    }
    let check: AuditCheck = read(admin.send(Method::GET, "/v1/admin/audit", &()).await).await;
    assert!(check.holds && check.audit_rows >= all.lines[0].n && !check.audit_head.is_empty());
}

#[tokio::test]
async fn p_14_the_audit_is_narrowed_by_person_record_act_and_day_and_paged() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    for i in 0..4 {
        hall.give(fresh(), project(&format!("A{i}"))).await;
    }
    let admin = Tablet::of(&company, "audit1").await;
    let who = company.person("hall1").user();
    let mut seen = Vec::new();
    let mut path = format!("{ROWS}?actor={who}&act=receive_push&limit=3");
    loop {
        let page = page(&admin, &path).await;
        seen.extend(page.lines.iter().map(|line| line.n));
        let Some(before) = page.next else { break };
        path = format!("{ROWS}?actor={who}&act=receive_push&limit=3&before={before}");
    }
    assert_eq!(seen.len(), 4);
    assert!(seen.windows(2).all(|two| two[0] > two[1]), "each row once");
    let day = format!("{ROWS}?from=2026-03-02&to=2026-03-02");
    assert!(!page(&admin, &day).await.lines.is_empty());
    assert!(page(&admin, &format!("{ROWS}?from=2026-03-03")).await.lines.is_empty());
    assert!(page(&admin, &format!("{ROWS}?to=2026-03-01")).await.lines.is_empty());
    let told = problem(admin.send(Method::GET, &format!("{ROWS}?subject=XZLT-0"), &()).await).await;
    assert_eq!((told.status, told.code.as_str()), (404, "not_found"));
    let answer = admin.send(Method::GET, "/v1/admin/audit/rows.xlsx?act=receive_push", &()).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.bytes().await.unwrap().starts_with(b"PK"));
    let noted = page(&admin, &format!("{ROWS}?act=audit_exported")).await.lines;
    assert_eq!(noted.len(), 1, "who took it out is in the log");
}

#[tokio::test]
async fn p_05_the_security_administrator_sees_where_retention_stands() {
    let company = Company::open().await;
    let path = "/v1/admin/retention";
    let admin = Tablet::of(&company, "sec1").await;
    let standing: serde_json::Value = read(admin.send(Method::GET, path, &()).await).await;
    assert_eq!(standing["terms"].as_array().unwrap().len(), 8);
    let manager = Tablet::of(&company, "manager1").await;
    assert_eq!(problem(manager.send(Method::GET, path, &()).await).await.code, "forbidden");
}
