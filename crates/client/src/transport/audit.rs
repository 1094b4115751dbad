//! The audit log and retention: read online only, by the server's own rules.

use lantian_protocol::{
    audit::{AuditCheck, AuditPage, AuditQuestion},
    retention::Retention,
};
use reqwest::Method;

use super::{Transport, answer, failure::Failure, login::Login, route};

impl Transport {
    /// A page of the audit log.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the right is missing.
    pub async fn audit_rows(
        &self,
        login: &Login,
        asked: &AuditQuestion,
    ) -> Result<AuditPage, Failure> {
        let route = format!("{}/rows", route::AUDIT);
        let response =
            self.with_login(login, || Ok(self.request(Method::GET, &route)?.query(asked))).await?;
        Ok(answer::value(response).await?.0)
    }

    /// The same rows as a workbook.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the right is missing, or they are too many.
    pub async fn audit_workbook(
        &self,
        login: &Login,
        asked: &AuditQuestion,
    ) -> Result<Vec<u8>, Failure> {
        let route = format!("{}/rows.xlsx", route::AUDIT);
        let response =
            self.with_login(login, || Ok(self.request(Method::GET, &route)?.query(asked))).await?;
        let bytes = response.bytes().await.map_err(|error| Failure::of(&error))?;
        Ok(bytes.to_vec())
    }

    /// Whether the audit chain holds.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the right is missing.
    pub async fn audit_check(&self, login: &Login) -> Result<AuditCheck, Failure> {
        self.fetch(login, route::AUDIT).await
    }

    /// Where retention stands.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the right is missing.
    pub async fn retention(&self, login: &Login) -> Result<Retention, Failure> {
        self.fetch(login, route::RETENTION).await
    }
}
