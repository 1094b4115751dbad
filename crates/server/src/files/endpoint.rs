//! The routes of attachments.
//!
//! - `POST /v1/files` announces an upload, or asks where it stands;
//! - `POST /v1/files/held` asks which of many have to be brought again;
//! - `HEAD /v1/files/{id}` asks where it stands, as tus does;
//! - `PATCH /v1/files/{id}` sends a chunk with its checksum;
//! - `GET /v1/files/{id}` reads the content or one range of it.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State, rejection::BytesRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use lantian_domain::ids::FileId;
use lantian_protocol::file::{CHUNK, HeldRequest, MAX_FILE, TUS_VERSION, UploadOffer, UploadState};

use super::{
    download,
    fault::{malformed, too_large},
    upload::{self, Chunk},
};
use crate::{
    api::{
        body::{Body, Reads},
        problem::Answer,
        session::Session,
    },
    error::{Error, Result},
    serve::App,
};

const OFFSET: &str = "upload-offset";
const LENGTH: &str = "upload-length";
const CHECKSUM: &str = "upload-checksum";
const PATCH_TYPE: &str = "application/offset+octet-stream";

/// The routes of attachments.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/v1/files", post(offer).options(abilities))
        .route("/v1/files/held", post(held))
        .route("/v1/files/{id}", get(read).head(stand).patch(take))
        // A byte more than a chunk, so that a larger one gets our own answer.
        .layer(DefaultBodyLimit::max(CHUNK + 1))
}

async fn abilities() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert("tus-resumable", HeaderValue::from_static(TUS_VERSION));
    headers.insert("tus-version", HeaderValue::from_static(TUS_VERSION));
    headers.insert("tus-extension", HeaderValue::from_static("creation,expiration,checksum"));
    headers.insert("tus-checksum-algorithm", HeaderValue::from_static("sha256"));
    headers.insert("tus-max-size", HeaderValue::from(MAX_FILE));
    response
}

async fn offer(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
    Body(offer): Body<UploadOffer>,
) -> Answer {
    let (store, at) = (app.store.clone(), app.clock.now());
    let state = blocking(move || upload::offer(&store, &session.person, &offer, at)).await?;
    let mut response = answer(reads, &state)?;
    if state.offset == 0 {
        *response.status_mut() = StatusCode::CREATED;
    }
    Ok(response)
}

async fn held(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
    Body(asked): Body<HeldRequest>,
) -> Answer {
    let (store, at) = (app.store.clone(), app.clock.now());
    let answer = blocking(move || super::held(&store, &session.person, &asked.files, at)).await?;
    reads.answer(&answer)
}

async fn stand(
    State(app): State<Arc<App>>,
    session: Session,
    Path(id): Path<String>,
) -> Result<Response> {
    let file = file_id(&id)?;
    let (store, at) = (app.store.clone(), app.clock.now());
    let state = blocking(move || upload::state(&store, &session.person, file, at)).await?;
    let mut response = StatusCode::OK.into_response();
    progress(&mut response, &state);
    Ok(response)
}

async fn take(
    State(app): State<Arc<App>>,
    session: Session,
    Path(id): Path<String>,
    reads: Reads,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    if text(&headers, header::CONTENT_TYPE.as_str()) != Some(PATCH_TYPE) {
        return Err(malformed("a chunk has the type application/offset+octet-stream").into());
    }
    let body = body.map_err(|rejection| unread(&rejection))?;
    let chunk = Chunk {
        file: file_id(&id)?,
        offset: text(&headers, OFFSET)
            .and_then(|offset| offset.parse().ok())
            .ok_or_else(|| malformed("upload-offset is missing or no number"))?,
        sha256: checksum(&headers)?,
        bytes: body.to_vec(),
    };
    let (store, at) = (app.store.clone(), app.clock.now());
    let state = blocking(move || upload::take(&store, &session.person, &chunk, at)).await?;
    answer(reads, &state)
}

/// A chunk that did not arrive whole: too large, or the connection was cut.
fn unread(rejection: &BytesRejection) -> Error {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        too_large(CHUNK as u64)
    } else {
        malformed("the chunk was cut off; send it again")
    }
}

async fn read(
    State(app): State<Arc<App>>,
    session: Session,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let file = file_id(&id)?;
    let (store, at) = (app.store.clone(), app.clock.now());
    let opened = blocking(move || download::open(&store, &session.person, file, at)).await?;
    opened.answer(&headers).await
}

fn file_id(text: &str) -> Result<FileId> {
    text.parse().map_err(|_| malformed("the file's id is malformed"))
}

/// `sha256 <base64>`, as tus writes it.
fn checksum(headers: &HeaderMap) -> Result<Vec<u8>> {
    let refuse = || malformed("upload-checksum is missing; it is `sha256 BASE64` of the chunk");
    let value = text(headers, CHECKSUM).ok_or_else(refuse)?;
    let (algorithm, digest) = value.split_once(' ').ok_or_else(refuse)?;
    if algorithm != "sha256" {
        return Err(malformed("the only checksum algorithm is sha256"));
    }
    STANDARD.decode(digest.trim()).map_err(|_| refuse())
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn answer(reads: Reads, state: &UploadState) -> Answer {
    let mut response = reads.answer(state)?;
    progress(&mut response, state);
    if let Ok(place) = HeaderValue::from_str(&format!("/v1/files/{}", state.file)) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

fn progress(response: &mut Response, state: &UploadState) {
    let headers = response.headers_mut();
    headers.insert("tus-resumable", HeaderValue::from_static(TUS_VERSION));
    headers.insert(OFFSET, HeaderValue::from(state.offset));
    headers.insert(LENGTH, HeaderValue::from(state.size));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Error::damaged("work on a file stopped unexpectedly"))?
}
