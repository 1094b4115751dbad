//! `/v1/archives/{case}`: the archive package of a case (P-22), for those who
//! keep the archive and have the case in their scope.
//!
//! - `POST` makes it and notes its hash in the audit; answers its texts;
//! - `GET` tells which packages left the company before;
//! - `GET …/files/{sha256}` gives one attachment of it.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use lantian_domain::{
    ids::RecordId,
    privacy::ARCHIVISTS,
    record::{Person, Record},
};

use super::{
    body::Reads,
    problem::{Answer, not_found},
    session::Session,
};
use crate::{
    error::{Error, Result},
    files::content_of,
    pipeline::visible,
    privacy::archive,
    serve::App,
    store::Store,
};

/// Makes the package.
pub(super) async fn post(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
    Path(case): Path<String>,
) -> Answer {
    let by = session.administer(ARCHIVISTS)?;
    let (store, at) = (app.store.clone(), app.clock.now());
    let package = blocking(move || {
        let id = own(&store, &session.person, &case)?.id;
        let package = archive::pack(&store, id, at)?;
        archive::register(&store, id, &package, by, at)?;
        Ok(package)
    })
    .await?;
    reads.answer(&package)
}

/// The packages that left the company.
pub(super) async fn get(
    State(app): State<Arc<App>>,
    session: Session,
    reads: Reads,
    Path(case): Path<String>,
) -> Answer {
    session.administer(ARCHIVISTS)?;
    let store = app.store.clone();
    let known = blocking(move || {
        let id = own(&store, &session.person, &case)?.id;
        store.read_now(|unit| archive::registered(unit, id))
    })
    .await?;
    reads.answer(&known)
}

/// One attachment.
pub(super) async fn file(
    State(app): State<Arc<App>>,
    session: Session,
    Path((case, sha256)): Path<(String, String)>,
) -> Answer<Response> {
    session.administer(ARCHIVISTS)?;
    let store = app.store.clone();
    let bytes = blocking(move || {
        let case = own(&store, &session.person, &case)?;
        let named = case.files.iter().any(|file| file.sha256 == sha256);
        let bytes = if named { content_of(&store, &sha256)? } else { None };
        bytes.ok_or_else(|| not_found("file"))
    })
    .await?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    let plain = HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, plain);
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}

/// The case, if this person has it in scope.
fn own(store: &Store, person: &Person, case: &str) -> Result<lantian_domain::case::Case> {
    let id: RecordId = case.parse().map_err(|_| not_found("case"))?;
    match store.read_now(|unit| visible(unit, person, id))? {
        Some(Record::Case(case)) => Ok(*case),
        _ => Err(not_found("case")),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Error::damaged("work on an archive stopped unexpectedly"))?
}
