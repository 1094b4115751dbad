//! `/v1/session`: who is asking, renewal of tokens, signing out; and the
//! extractor by which every other endpoint learns who is asking.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, State},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use lantian_domain::{
    ids::{DeviceId, OrgId, UserId},
    record::Person,
    role::Role,
    time::Instant,
};
use lantian_protocol::identity::{Identity, Refresh};

use super::{
    body::{Body, Reads},
    problem::{Answer, Failed, forbidden, unauthenticated},
};
use crate::{
    error::Result,
    feed::Reader,
    identity::{
        accounts::By,
        tokens::{self, Bearer, Refreshed},
    },
    pipeline::Pusher,
    serve::App,
    store::{Ledger as _, Store},
};

/// Who is asking, by access token, with the roles held now.
#[derive(Clone)]
pub struct Session {
    /// The account.
    pub user: UserId,
    /// The device.
    pub device: DeviceId,
    /// The company.
    pub org: OrgId,
    /// The directory entry.
    pub person: Person,
    bearer: Bearer,
    token: String,
}

impl FromRequestParts<Arc<App>> for Session {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Failed> {
        let token = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.strip_prefix("Bearer "))
            .ok_or_else(unauthenticated)?;
        Ok(Self::of(&app.store, token.trim().to_owned(), app.clock.now()).await?)
    }
}

impl Session {
    async fn of(store: &Store, token: String, now: Instant) -> Result<Self> {
        store
            .read(move |unit| {
                let bearer = tokens::bearer(unit, &token, now)?;
                Ok(Self {
                    user: bearer.user.id(),
                    device: bearer.device.id,
                    org: unit.org_row()?.id,
                    person: bearer.user.person.clone(),
                    bearer,
                    token,
                })
            })
            .await
    }

    /// The same session as it stands now.
    pub(super) async fn renewed(&self, app: &App) -> Result<Self> {
        Self::of(&app.store, self.token.clone(), app.clock.now()).await
    }

    /// The session as a reader of the feed.
    pub fn reader(&self) -> Reader {
        Reader { person: self.person.clone(), grants: self.bearer.user.grants }
    }

    pub(super) fn pusher(&self, received: Instant, offset_ms: i64) -> Pusher {
        let device = self.bearer.device.clone();
        Pusher { person: self.person.clone(), device, received, offset_ms }
    }

    /// The key that the device signs with.
    pub(super) fn public_key(&self) -> Vec<u8> {
        self.bearer.device.public_key.clone()
    }

    /// When the device last synchronised.
    pub(super) fn last_sync(&self) -> Option<Instant> {
        self.bearer.device.last_sync
    }

    /// Notes that the device has synchronised.
    pub(super) fn device_row(&self) -> crate::store::DeviceRow {
        self.bearer.device.clone()
    }

    /// The session as an administrator.
    ///
    /// # Errors
    /// A problem `forbidden` without one of the roles.
    pub fn administer(&self, roles: &[Role]) -> Result<By> {
        if self.person.active && roles.iter().any(|role| self.person.roles.contains(role)) {
            return Ok(By { user: Some(self.user), device: Some(self.device) });
        }
        Err(forbidden())
    }
}

/// `GET /v1/session`: who is asking.
pub(super) async fn get(session: Session, reads: Reads) -> Answer {
    reads.answer(&Identity { user: session.user, device: session.device, org: session.org })
}

/// `POST /v1/session/refresh`: new tokens for a refresh token.
pub(super) async fn refresh(
    State(app): State<Arc<App>>,
    reads: Reads,
    Body(request): Body<Refresh>,
) -> Answer {
    let (lifetimes, now) = (app.lifetimes, app.clock.now());
    let done = app.store.write(move |unit| tokens::refresh(unit, &request, lifetimes, now)).await?;
    match done {
        Refreshed::Renewed(tokens) => reads.answer(&tokens),
        Refreshed::Reused => Err(unauthenticated().into()),
    }
}

/// `POST /v1/session/end`: signs out; the tokens end.
pub(super) async fn end(State(app): State<Arc<App>>, session: Session) -> Answer<Response> {
    let now = app.clock.now();
    app.store.write(move |unit| tokens::end(unit, &session.bearer, now)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
