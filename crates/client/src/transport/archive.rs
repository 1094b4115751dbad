//! Archive packages: made by the server, fetched piece by piece.

use lantian_domain::ids::RecordId;
use lantian_protocol::{
    archive::{Package, Registered},
    file::MAX_FILE,
};
use reqwest::Method;

use super::{Transport, answer, failure::Failure, login::Login, route};

impl Transport {
    /// Has the package of a case made; its attachments are fetched one by one.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the right is missing.
    pub async fn make_archive(&self, login: &Login, case: RecordId) -> Result<Package, Failure> {
        let route = format!("{}/{case}", route::ARCHIVES);
        Ok(self.exchange(login, Method::POST, &route, &()).await?.value)
    }

    /// The packages of a case that left the company.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the right is missing.
    pub async fn registered_archives(
        &self,
        login: &Login,
        case: RecordId,
    ) -> Result<Vec<Registered>, Failure> {
        self.fetch(login, &format!("{}/{case}", route::ARCHIVES)).await
    }

    /// An attachment of the package, whole.
    ///
    /// # Errors
    /// [`Failure::Denied`] when it is not there any more.
    pub async fn archive_file(
        &self,
        login: &Login,
        case: RecordId,
        sha256: &str,
    ) -> Result<Vec<u8>, Failure> {
        let route = format!("{}/{case}/files/{sha256}", route::ARCHIVES);
        let response = self.with_login(login, || self.request(Method::GET, &route)).await?;
        answer::bytes(response, usize::try_from(MAX_FILE).unwrap_or(usize::MAX)).await
    }
}
