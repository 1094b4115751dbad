//! `POST /v1/intake/{source}`: a platform's interface account, or the hall,
//! brings a push; the answer has the result of each row.
//!
//! The body is the push as it stands: JSON, CSV or XLSX, told by content.

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, Query, State, rejection::BytesRejection},
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::post,
};
use lantian_domain::lead::Source;
use lantian_protocol::Problem;
use serde::Deserialize;

use super::{
    MAX_BYTES,
    fault::FileFault,
    hand_over::HandOver,
    result::ImportReport,
    run::{ImportOrder, may_import, run_import},
};
use crate::{
    api::session::Session,
    channel,
    error::{Error, Result},
    serve::App,
};

/// The source of files of users' applications.
pub(crate) const CHANNEL: &str = "channel";

/// The routes of intake.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/v1/intake/{source}", post(take))
        // One byte more than is taken, so that too large a push gets our own
        // answer with what to do.
        .layer(DefaultBodyLimit::max(MAX_BYTES + 1))
}

#[derive(Deserialize)]
struct Wish {
    hand_over: Option<String>,
}

async fn take(
    State(app): State<Arc<App>>,
    session: Session,
    Path(source): Path<String>,
    Query(wish): Query<Wish>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response> {
    if !may_import(&session.person) {
        return Err(problem(StatusCode::FORBIDDEN, "forbidden", "没有导入推送的权限"));
    }
    let of_channel = source == CHANNEL;
    let source = source_named(&source);
    if source.is_none() && !of_channel {
        let known = "来源只能是 gonggai、duogui 或 channel";
        return Err(problem(StatusCode::NOT_FOUND, "not_found", known));
    }
    let bytes = match body {
        Ok(body) => body.to_vec(),
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return Err(whole_file(&FileFault::too_large(MAX_BYTES >> 20)));
        }
        Err(_) => return Err(problem(StatusCode::BAD_REQUEST, "malformed", "推送没有传完,请重发")),
    };
    let (store, received) = (app.store.clone(), app.clock.now());
    let Some(source) = source else {
        let job = move || channel::run_import(&store, &bytes, &session.person, received);
        return answer(tokio::task::spawn_blocking(job).await);
    };
    let order = ImportOrder {
        source,
        bytes,
        person: session.person,
        device: session.device,
        hand_over: wish.hand_over.as_deref().map(HandOver::parse),
        received,
    };
    answer(tokio::task::spawn_blocking(move || run_import(&store, &order)).await)
}

type Done = Result<Result<ImportReport, FileFault>>;

fn answer(done: std::result::Result<Done, tokio::task::JoinError>) -> Result<Response> {
    match done.map_err(|_| Error::damaged("an import stopped unexpectedly"))?? {
        Ok(report) => Ok(Json(report).into_response()),
        Err(fault) => Err(whole_file(&fault)),
    }
}

/// The platform with this code.
pub fn source_named(code: &str) -> Option<Source> {
    match code {
        "gonggai" => Some(Source::Gonggai),
        "duogui" => Some(Source::Duogui),
        _ => None,
    }
}

fn whole_file(fault: &FileFault) -> Error {
    let status = if fault.code == "E_INTAKE_TOO_LARGE" {
        StatusCode::PAYLOAD_TOO_LARGE
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    problem(status, fault.code, &fault.message)
}

fn problem(status: StatusCode, code: &str, detail: &str) -> Error {
    Error::Refused(Box::new(Problem {
        status: status.as_u16(),
        code: code.to_owned(),
        detail: detail.to_owned(),
        params: std::collections::BTreeMap::new(),
    }))
}
