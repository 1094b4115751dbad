//! `/v1/reports`: indicators, the records behind them, the monthly report,
//! and the workbook.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use lantian_domain::{
    kpi::{self, Dimension, Figure, Month},
    time::Instant,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{CaseQuestion, Outlook, cases, figures, forecast, ledger, span, workbook};
use crate::{
    api::{
        body::Reads,
        problem::{Answer, malformed},
        session::Session,
    },
    error::{Error, Result},
    serve::App,
    store::{AuditEntry, Journal as _, Store},
};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The addresses of reports.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/v1/reports/kpi", get(kpi))
        .route("/v1/reports/kpi.xlsx", get(export))
        .route("/v1/reports/ledger.xlsx", get(visits))
        .route("/v1/reports/cases", get(behind))
        .route("/v1/reports/month", get(month))
        .route("/v1/reports/forecast", get(ahead))
}

/// The days of a report.
#[derive(Deserialize)]
struct Days {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

/// What is behind a figure.
#[derive(Deserialize)]
struct Behind {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    figure: String,
    by: Option<String>,
    key: Option<String>,
}

/// How far to look ahead, in days, and when a tablet is silent, in hours.
#[derive(Deserialize)]
struct Ahead {
    days: Option<u16>,
    hours: Option<u16>,
}

#[derive(Deserialize)]
struct OfMonth {
    #[serde(default)]
    month: String,
}

/// `GET kpi?from&to`.
async fn kpi(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
    Query(days): Query<Days>,
) -> Answer {
    session.administer(kpi::READERS)?;
    let span = span(&days.from, &days.to)?;
    let made = compute(&app, move |store, now| figures::kpi(store, span, now)).await?;
    reads.answer(&made)
}

/// `GET cases?figure&from&to&by&key`.
async fn behind(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
    Query(asked): Query<Behind>,
) -> Answer {
    session.administer(kpi::READERS)?;
    let figure = Figure::parse(&asked.figure)
        .ok_or_else(|| malformed("name a figure, as figure=K-08/rate"))?;
    let group = match (asked.by.as_deref(), asked.key) {
        (Some(by), Some(key)) => {
            let by = Dimension::parse(by).ok_or_else(|| {
                malformed("group by org, person, segment, channel, contractor, town or kind")
            })?;
            Some((by, key))
        }
        _ => None,
    };
    let question = CaseQuestion { figure, span: span(&asked.from, &asked.to)?, group };
    let found = compute(&app, move |store, now| cases(store, &question, now)).await?;
    reads.answer(&found)
}

/// `GET month?month=2026-03`.
async fn month(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
    Query(asked): Query<OfMonth>,
) -> Answer {
    session.administer(kpi::READERS)?;
    let month =
        Month::parse(&asked.month).ok_or_else(|| malformed("name a month, as month=2026-03"))?;
    let made = compute(&app, move |store, now| figures::month(store, month, now)).await?;
    reads.answer(&made)
}

/// `GET forecast?days&hours`: what breaches unless a silent tablet reports.
async fn ahead(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
    Query(asked): Query<Ahead>,
) -> Answer {
    session.administer(&forecast::READERS.concat())?;
    let usual = Outlook::default();
    let outlook = Outlook {
        days: asked.days.unwrap_or(usual.days),
        hours: asked.hours.unwrap_or(usual.hours),
    };
    let reader = session.person;
    let made = compute(&app, move |store, now| forecast(store, &reader, outlook, now)).await?;
    reads.answer(&made)
}

/// `GET kpi.xlsx?from&to`: the workbook; who took it out is noted.
async fn export(
    State(app): State<Arc<App>>,
    session: Session,
    Query(days): Query<Days>,
) -> Answer<Response> {
    session.administer(kpi::EXPORTERS)?;
    let span = span(&days.from, &days.to)?;
    let bytes = compute(&app, move |store, now| {
        let bytes = workbook(&figures::kpi(store, span, now)?)?;
        Ok(bytes)
    })
    .await?;
    let detail = json!({ "from": span.from, "to": span.to });
    taken_out(&app, &session, detail, bytes, "attachment; filename=\"kpi.xlsx\"").await
}

/// `GET ledger.xlsx?month`: the ledger of return visits as a workbook (LG-7);
/// who took it out is noted.
async fn visits(
    State(app): State<Arc<App>>,
    session: Session,
    Query(asked): Query<OfMonth>,
) -> Answer<Response> {
    session.administer(kpi::EXPORTERS)?;
    let month =
        Month::parse(&asked.month).ok_or_else(|| malformed("name a month, as month=2026-03"))?;
    let bytes = compute(&app, move |store, _| ledger(store, month)).await?;
    let detail = json!({ "ledger": month.to_string() });
    taken_out(&app, &session, detail, bytes, "attachment; filename=\"ledger.xlsx\"").await
}

/// Notes who takes a workbook out, and hands it over.
async fn taken_out(
    app: &App,
    session: &Session,
    detail: Value,
    bytes: Vec<u8>,
    name: &'static str,
) -> Answer<Response> {
    let (user, device, now) = (session.user, session.device, app.clock.now());
    app.store
        .write(move |unit| {
            unit.audit(
                now,
                AuditEntry {
                    act: "report_exported".to_owned(),
                    actor: Some(user),
                    device: Some(device),
                    result: "ok".to_owned(),
                    detail: Some(detail),
                    ..AuditEntry::default()
                },
            )
        })
        .await?;
    let mut response = bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(XLSX));
    response.headers_mut().insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
    Ok(response)
}

/// Computes beside the threads that answer.
async fn compute<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&Store, Instant) -> Result<T> + Send + 'static,
) -> Result<T> {
    let (store, now) = (app.store.clone(), app.clock.now());
    tokio::task::spawn_blocking(move || work(&store, now))
        .await
        .map_err(|_| Error::damaged("a report stopped unexpectedly"))?
}
