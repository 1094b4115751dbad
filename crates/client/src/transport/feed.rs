//! Pull, push and the digest of the scope.

use lantian_domain::{ids::RecordId, time::Instant};
use lantian_protocol::{
    Item, Page, PullRequest, PushRequest, PushResponse,
    account::{AccountResponse, SignedAccount},
    departure::DepartureAnswer,
    feed::{RepairRequest, RepairResponse},
    identity::{Identity, ScopeDigest},
};
use reqwest::Method;

use super::{Transport, failure::Failure, login::Login, request::Received, route};

impl Transport {
    /// Reads a page of the feed. A server that has nothing new answers by a
    /// status: the page is then the empty one that it did not have to send.
    ///
    /// # Errors
    /// [`Failure`]; the cursor stays where it is.
    pub async fn pull(
        &self,
        login: &Login,
        request: &PullRequest,
    ) -> Result<Received<Page>, Failure> {
        let answer = self.exchange_if_any(login, Method::POST, route::PULL, request).await?;
        let Received { value, bytes_up, bytes_down } = answer;
        let value = match value {
            Ok(page) => page,
            Err(at) => nothing_after(request, at).ok_or(Failure::Unreadable)?,
        };
        Ok(Received { value, bytes_up, bytes_down })
    }

    /// Offers commands.
    ///
    /// # Errors
    /// [`Failure`]; the commands stay in the outbox and are offered again.
    pub async fn push(
        &self,
        login: &Login,
        request: &PushRequest,
    ) -> Result<Received<PushResponse>, Failure> {
        let answer: Received<PushResponse> =
            self.exchange(login, Method::POST, route::PUSH, request).await?;
        // One answer for each command, or none is believed.
        if answer.value.outcomes.len() == request.commands.len() {
            Ok(answer)
        } else {
            Err(Failure::Unreadable)
        }
    }

    /// Reads records whole, as many as the server takes at once.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn records(&self, login: &Login, ids: Vec<RecordId>) -> Result<Vec<Item>, Failure> {
        let asked = ids.len();
        let answer: Received<RepairResponse> =
            self.exchange(login, Method::POST, route::RECORDS, &RepairRequest { ids }).await?;
        // One item for each record, or none is believed.
        if answer.value.items.len() == asked {
            Ok(answer.value.items)
        } else {
            Err(Failure::Unreadable)
        }
    }

    /// Asks for the company's word that it holds a record with all its files.
    ///
    /// # Errors
    /// [`Failure::Denied`] when the record is not in scope.
    pub async fn departure(
        &self,
        login: &Login,
        record: RecordId,
    ) -> Result<DepartureAnswer, Failure> {
        let route = format!("{}/{record}/departure", route::RECORDS);
        Ok(self.exchange(login, Method::POST, &route, &()).await?.value)
    }

    /// Tells what this tablet accounts for.
    ///
    /// # Errors
    /// [`Failure`]; telling it again is harmless.
    pub async fn account(
        &self,
        login: &Login,
        account: &SignedAccount,
    ) -> Result<AccountResponse, Failure> {
        Ok(self.exchange(login, Method::POST, route::ACCOUNT, account).await?.value)
    }

    /// Asks for the digest of everything in scope.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn digest(&self, login: &Login) -> Result<ScopeDigest, Failure> {
        Ok(self.exchange(login, Method::POST, route::DIGEST, &()).await?.value)
    }

    /// Asks the server who it takes this device for.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn identity(&self, login: &Login) -> Result<Identity, Failure> {
        self.fetch(login, route::SIGN_IN).await
    }
}

/// The page that leaves the mirror where it stands; only who stands somewhere
/// can stay there.
fn nothing_after(request: &PullRequest, at: Instant) -> Option<Page> {
    let cursor = request.cursor.clone()?;
    Some(Page {
        from: Some(cursor.clone()),
        items: Vec::new(),
        cursor,
        more: false,
        reset: false,
        total: None,
        server_time: at,
    })
}
