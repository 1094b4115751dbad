//! The routes of attachments.
//!
//! - `POST /v1/files` announces an upload, or asks where it stands;
//! - `HEAD /v1/files/{id}` asks where it stands, as tus does;
//! - `PATCH /v1/files/{id}` sends a chunk with its checksum;
//! - `GET /v1/files/{id}` reads the content or one range of it.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use lantian_domain::ids::FileId;
use lantian_protocol::{
    encoding::Encoding,
    file::{CHUNK, MAX_FILE, TUS_VERSION, UploadOffer, UploadState},
};

use super::{
    download,
    fault::malformed,
    upload::{self, Chunk},
};
use crate::{
    api::session::Session,
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
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response> {
    let encoding = Encoding::of(text(&headers, header::CONTENT_TYPE.as_str()).unwrap_or_default());
    let offer: UploadOffer =
        encoding.read(&body).map_err(|_| malformed("an upload offer was expected"))?;
    let (store, at) = (app.store.clone(), app.clock.now());
    let state = blocking(move || upload::offer(&store, &session.person, &offer, at)).await?;
    let status = if state.offset == 0 { StatusCode::CREATED } else { StatusCode::OK };
    answer(&headers, status, &state)
}

async fn stand(
    State(app): State<Arc<App>>,
    session: Session,
    Path(id): Path<String>,
) -> Result<Response> {
    let file = file_id(&id)?;
    let store = app.store.clone();
    let state = blocking(move || upload::state(&store, &session.person, file)).await?;
    let mut response = StatusCode::OK.into_response();
    progress(&mut response, &state);
    Ok(response)
}

async fn take(
    State(app): State<Arc<App>>,
    session: Session,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response> {
    if text(&headers, header::CONTENT_TYPE.as_str()) != Some(PATCH_TYPE) {
        return Err(malformed("a chunk has the type application/offset+octet-stream"));
    }
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
    answer(&headers, StatusCode::OK, &state)
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

fn answer(headers: &HeaderMap, status: StatusCode, state: &UploadState) -> Result<Response> {
    let encoding = Encoding::of(text(headers, header::ACCEPT.as_str()).unwrap_or_default());
    let mut response = (status, encoding.write(state)?).into_response();
    let media_type = HeaderValue::from_static(encoding.media_type());
    response.headers_mut().insert(header::CONTENT_TYPE, media_type);
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
