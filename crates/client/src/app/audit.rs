//! The audit log and retention: online only, by the server's own rules.

use super::{App, downloads};
use crate::{
    error::Result,
    view::{AuditCheck, AuditPage, AuditQuestion, Retention, SavedView},
};

impl App {
    /// A page of the audit log.
    ///
    /// # Errors
    /// The failure of the way, or the server's no.
    pub async fn audit_rows(&self, asked: &AuditQuestion) -> Result<AuditPage> {
        self.0.rest.touch();
        let open = self.open()?;
        Ok(open.courier.transport.audit_rows(&open.courier.login, asked).await?)
    }

    /// Whether the audit chain holds.
    ///
    /// # Errors
    /// The failure of the way, or the server's no.
    pub async fn audit_check(&self) -> Result<AuditCheck> {
        self.0.rest.touch();
        let open = self.open()?;
        Ok(open.courier.transport.audit_check(&open.courier.login).await?)
    }

    /// Saves rows of the audit log as a workbook among the person's downloads.
    ///
    /// # Errors
    /// The failure of the way, or the server's no;
    /// [`Error::BadInput`](crate::Error::BadInput) when there is no place to
    /// save it.
    pub async fn audit_export(&self, asked: &AuditQuestion) -> Result<SavedView> {
        self.0.rest.touch();
        let open = self.open()?;
        let bytes = open.courier.transport.audit_workbook(&open.courier.login, asked).await?;
        let stem = format!("audit-{}", self.0.clock.now().date());
        let path = downloads::save(&self.downloads(), &stem, &bytes)?;
        Ok(SavedView { path: path.display().to_string() })
    }

    /// Where retention stands.
    ///
    /// # Errors
    /// The failure of the way, or the server's no.
    pub async fn retention(&self) -> Result<Retention> {
        self.0.rest.touch();
        let open = self.open()?;
        Ok(open.courier.transport.retention(&open.courier.login).await?)
    }
}
