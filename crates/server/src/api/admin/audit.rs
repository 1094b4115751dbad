//! `/v1/admin/audit`: whether the audit chain holds, its rows, and a workbook
//! of them. For the audit administrator alone (P-14).

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use lantian_domain::role::Role;
use lantian_protocol::audit::AuditQuestion;

use super::super::{body::Reads, problem::Answer, session::Session};
use crate::{
    audit,
    serve::App,
    store::{AuditEntry, Journal as _},
};

const READERS: &[Role] = &[Role::AuditAdmin];
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Verifies the chain.
pub(in crate::api) async fn get(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
) -> Answer {
    session.administer(READERS)?;
    reads.answer(&app.store.read(audit::verify_chain).await?)
}

/// `GET /rows?actor&subject&act&from&to&before&limit`: a page of it.
pub(in crate::api) async fn rows(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
    Query(asked): Query<AuditQuestion>,
) -> Answer {
    session.administer(READERS)?;
    reads.answer(&app.store.read(move |unit| audit::read::page(unit, &asked)).await?)
}

/// `GET /rows.xlsx`: the same as a workbook; who took it out is noted.
pub(in crate::api) async fn export(
    State(app): State<Arc<App>>,
    session: Session,
    Query(asked): Query<AuditQuestion>,
) -> Answer<Response> {
    let by = session.administer(READERS)?;
    let question = asked.clone();
    let bytes = app.store.read(move |unit| audit::read::workbook(unit, &question)).await?;
    let now = app.clock.now();
    let entry = AuditEntry {
        act: "audit_exported".to_owned(),
        actor: by.user,
        device: by.device,
        result: "ok".to_owned(),
        detail: serde_json::to_value(&asked).ok(),
        ..AuditEntry::default()
    };
    app.store.write(move |unit| unit.audit(now, entry)).await?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(XLSX));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"audit.xlsx\""),
    );
    Ok(response)
}
