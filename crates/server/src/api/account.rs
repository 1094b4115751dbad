//! `POST /v1/account`: a tablet's word on what it has let go of and holds back.

use std::sync::Arc;

use axum::extract::State;
use lantian_protocol::account::SignedAccount;

use super::{
    body::{Body, Reads},
    problem::Answer,
    session::Session,
};
use crate::{account, serve::App};

/// Takes the word of the device that is asking.
pub(super) async fn post(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
    Body(signed): Body<SignedAccount>,
) -> Answer {
    let (device, now) = (session.device_row(), app.clock.now());
    let answer = app.store.write(move |unit| account::take(unit, &device, &signed, now)).await?;
    reads.answer(&answer)
}
