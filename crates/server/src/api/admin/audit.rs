//! `GET /v1/admin/audit`: whether the audit chain holds, and where it ends.

use std::sync::Arc;

use axum::extract::State;
use lantian_domain::role::Role;

use super::super::{body::Reads, problem::Answer, session::Session};
use crate::{audit, serve::App};

/// Verifies the chain.
pub(in crate::api) async fn get(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
) -> Answer {
    session.administer(&[Role::AuditAdmin])?;
    reads.answer(&app.store.read(audit::verify_chain).await?)
}
