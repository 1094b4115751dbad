//! Reports over HTTP: who may see them, and what a wrong question is told.

use lantian_domain::{ids::RecordId, time::Instant};
use lantian_protocol::encoding;
use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::{
    company::Company,
    tablet::{Tablet, fresh, hand_over, note, problem, project, read},
};

const KPI: &str = "/v1/reports/kpi?from=2026-03-01&to=2026-03-31";

#[tokio::test]
async fn a_lead_sees_every_indicator_and_a_manager_none() {
    let company = Company::open().await;
    let lead = Tablet::of(&company, "lead1").await;
    let made: Value = read(lead.send(Method::GET, KPI, &()).await).await;
    let figures = made["figures"].as_array().unwrap();
    for number in 1..=36 {
        let kpi = format!("K-{number:02}");
        assert!(figures.iter().any(|line| line["kpi"] == kpi.as_str()), "{kpi}");
    }
    let month: Value =
        read(lead.send(Method::GET, "/v1/reports/month?month=2026-03", &()).await).await;
    assert_eq!(month["figures"].as_array().unwrap().len(), 5);
    let behind = "/v1/reports/cases?figure=K-08/rate&from=2026-03-01&to=2026-03-31";
    let cases: Value = read(lead.send(Method::GET, behind, &()).await).await;
    assert_eq!(cases["count"], 0);
    let manager = Tablet::of(&company, "manager1").await;
    for path in [KPI, "/v1/reports/month?month=2026-03", behind] {
        let answer = manager.send(Method::GET, path, &()).await;
        assert_eq!(problem(answer).await.code, "forbidden", "{path}");
    }
}

#[tokio::test]
async fn a_wrong_question_is_told_how_to_ask() {
    let company = Company::open().await;
    let lead = Tablet::of(&company, "lead1").await;
    for path in [
        "/v1/reports/kpi",
        "/v1/reports/kpi?from=2026-03-31&to=2026-03-01",
        "/v1/reports/kpi?from=1990-01-01&to=2026-03-01",
        "/v1/reports/month?month=2026-13",
        "/v1/reports/cases?figure=K-99/rate&from=2026-03-01&to=2026-03-31",
        "/v1/reports/cases?figure=K-08/rate&from=2026-03-01&to=2026-03-31&by=shoe&key=1",
    ] {
        let told = problem(lead.send(Method::GET, path, &()).await).await;
        assert_eq!((told.status, told.code.as_str()), (400, "malformed"), "{path}");
    }
}

#[tokio::test]
async fn an_export_is_a_workbook_and_leaves_a_trace() {
    let company = Company::open().await;
    let lead = Tablet::of(&company, "lead1").await;
    let path = "/v1/reports/kpi.xlsx?from=2026-03-01&to=2026-03-31";
    let answer = lead.send(Method::GET, path, &()).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.bytes().await.unwrap().starts_with(b"PK"));
    let traces = company
        .server
        .app()
        .store
        .read_now(|unit| {
            use lantian_server::store::Journal as _;
            unit.audit_after(0, 1_000)
        })
        .unwrap();
    assert!(traces.iter().any(|row| row.entry.act == "report_exported"));
}

/// What the forecast tells.
#[derive(serde::Deserialize)]
struct Told {
    count: usize,
    threats: Vec<Threat>,
}

#[derive(serde::Deserialize)]
struct Threat {
    record: RecordId,
    since: Option<Instant>,
    said: bool,
}

const AHEAD: &str = "/v1/reports/forecast?days=30";

/// What is told, and the bytes that told it.
async fn ahead(tablet: &Tablet) -> (Told, Vec<u8>) {
    let told: Told = read(tablet.send(Method::GET, AHEAD, &()).await).await;
    let answer = tablet.send(Method::GET, AHEAD, &()).await;
    let packed = answer.headers().get("content-encoding").is_some();
    let bytes = answer.bytes().await.unwrap().to_vec();
    (
        told,
        if packed { encoding::Packing::Zstd.unpack(&bytes).unwrap().into_owned() } else { bytes },
    )
}

#[tokio::test]
async fn t04_the_forecast_of_silent_tablets_names_only_what_its_reader_sees() {
    let company = Company::open().await;
    let mut hall = Tablet::of(&company, "hall1").await;
    let mut manager = Tablet::of(&company, "manager1").await;
    let lead = fresh();
    hall.give(lead, project("金水河畔")).await;
    hall.give(lead, hand_over(&company, "manager1")).await;
    manager.give(lead, note("到了")).await;
    company.tamper("UPDATE devices SET last_sync = last_sync - 200000000");
    let leader = Tablet::of(&company, "lead1").await;
    let (told, bytes) = ahead(&leader).await;
    assert!(!told.threats.is_empty());
    assert!(told.threats.iter().all(|one| one.record == lead && !one.said));
    assert!(told.threats.iter().all(|one| one.since.is_some()));
    // Nothing names a customer.
    assert!(!String::from_utf8_lossy(&bytes).contains("金水河畔"));
    // It left the hall's scope: who sees no lead is told of none; who may not
    // ask is refused.
    assert_eq!(ahead(&hall).await.0.count, 0);
    let answer = manager.send(Method::GET, AHEAD, &()).await;
    assert_eq!(problem(answer).await.code, "forbidden");
    // Their tablet was heard of: nothing depends on it any more.
    manager.give(lead, note("还在")).await;
    assert_eq!(ahead(&leader).await.0.count, 0);
}
