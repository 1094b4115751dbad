//! `/v1/records`: records whole, for a mirror that doubts its copy.

use std::sync::Arc;

use axum::extract::{Path, State};
use lantian_domain::ids::RecordId;
use lantian_protocol::{
    Item,
    feed::{MAX_REPAIRS, RepairRequest, RepairResponse},
};

use super::{
    body::{Body, Reads},
    problem::{Answer, not_found, refused_with},
    session::Session,
};
use crate::{feed::record_item, serve::App};

/// `POST /v1/records`: one item for each record asked for, in order.
pub(super) async fn post(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
    Body(request): Body<RepairRequest>,
) -> Answer {
    if request.ids.len() > MAX_REPAIRS {
        let params = [("limit", MAX_REPAIRS.to_string())];
        let detail = "too many records at once; ask in several requests";
        return Err(refused_with(413, "too_large", detail, params).into());
    }
    let reader = session.reader();
    let answer = app
        .store
        .read(move |unit| {
            let mut items = Vec::with_capacity(request.ids.len());
            for id in request.ids {
                items.push(match record_item(unit, &reader, id)? {
                    Some(item) => item.decode()?,
                    None => Item::Left { id },
                });
            }
            Ok(RepairResponse { items })
        })
        .await?;
    reads.answer(&answer)
}

/// `GET /v1/records/{id}`: one record whole.
pub(super) async fn get(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
    Path(id): Path<String>,
) -> Answer {
    let id: RecordId = id.parse().map_err(|_| not_found("record"))?;
    let reader = session.reader();
    let found = app.store.read(move |unit| record_item(unit, &reader, id)).await?;
    let item = found.ok_or_else(|| not_found("record"))?.decode()?;
    reads.answer(&item)
}
