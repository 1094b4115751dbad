//! Download: the whole content or one range of it, named by its hash.

use std::{fs::File, path::PathBuf};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use futures_util::stream;
use lantian_domain::{file::FileKind, ids::FileId, record::Person, time::Instant};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

use super::{
    access::{self, Readable},
    content::Content,
    fault,
};
use crate::{
    error::{Error, Result},
    store::{AuditEntry, Journal as _, Store},
};

const BLOCK: usize = 64 << 10;

/// Content ready to be sent.
#[derive(Debug)]
pub(crate) struct Opened {
    readable: Readable,
    path: PathBuf,
}

/// What part of the content is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Whole,
    /// First and last byte.
    Range(u64, u64),
    /// No byte of it.
    Outside,
}

/// Opens a file for this person, noting the reading of sensitive papers.
///
/// # Errors
/// A coded refusal when there is no such file in the person's scope.
pub(crate) fn open(store: &Store, person: &Person, file: FileId, at: Instant) -> Result<Opened> {
    let reader = person.clone();
    let readable = store
        .read_now(move |unit| access::readable(unit, &reader, file))?
        .ok_or_else(fault::not_found)?;
    let content = Content::of(store.folder());
    if !content.has(&readable.upload.sha256, readable.upload.size) {
        tracing::error!(%file, "the content of a file is missing in the data folder");
        return Err(fault::refuse(503, "unavailable", "the file is being restored; try again"));
    }
    if is_sensitive(&readable) && readable.upload.user != person.user() {
        note_reading(store, person, &readable, at)?;
    }
    let path = content.place(&readable.upload.sha256);
    Ok(Opened { readable, path })
}

impl Opened {
    /// The answer to a request with these headers.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub(crate) async fn answer(self, headers: &HeaderMap) -> Result<Response> {
        let upload = &self.readable.upload;
        let tag = format!("\"{}\"", upload.sha256);
        let (status, from, to) = match wanted(headers, upload.size, &tag) {
            Wanted::Whole => (StatusCode::OK, 0, upload.size - 1),
            Wanted::Range(from, to) => (StatusCode::PARTIAL_CONTENT, from, to),
            Wanted::Outside => return outside(upload.size),
        };
        let mut response = Response::new(body(self.path.clone(), from, to).await?);
        *response.status_mut() = status;
        let mut set = |name, text: &str| {
            if let Ok(value) = HeaderValue::from_str(text) {
                response.headers_mut().insert(name, value);
            }
        };
        set(header::CONTENT_TYPE, &upload.mime);
        set(header::CONTENT_LENGTH, &(to - from + 1).to_string());
        set(header::ETAG, &tag);
        set(header::ACCEPT_RANGES, "bytes");
        set(header::CACHE_CONTROL, "private, no-store");
        // Never shown by a browser as a page of this server.
        set(header::CONTENT_DISPOSITION, "attachment");
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
        if status == StatusCode::PARTIAL_CONTENT {
            set(header::CONTENT_RANGE, &format!("bytes {from}-{to}/{}", upload.size));
        }
        Ok(response)
    }
}

fn is_sensitive(readable: &Readable) -> bool {
    readable.named.as_ref().is_some_and(|file| {
        matches!(
            file.kind,
            FileKind::Material | FileKind::Signature | FileKind::Contract | FileKind::Recording
        )
    })
}

fn note_reading(store: &Store, person: &Person, readable: &Readable, at: Instant) -> Result<()> {
    let entry = AuditEntry {
        act: "read_file".to_owned(),
        actor: Some(person.user()),
        subject: Some(readable.upload.record.0),
        result: "ok".to_owned(),
        detail: Some(serde_json::json!({ "file": readable.upload.file })),
        ..AuditEntry::default()
    };
    store.write_now(move |unit| unit.audit(at, entry))
}

/// Reads the range asked for; several ranges, or a range of other content
/// than the one expected, are answered by the whole.
fn wanted(headers: &HeaderMap, size: u64, tag: &str) -> Wanted {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    if text(header::IF_RANGE).is_some_and(|expected| expected != tag) {
        return Wanted::Whole;
    }
    let Some(range) = text(header::RANGE).and_then(|range| range.strip_prefix("bytes=")) else {
        return Wanted::Whole;
    };
    let Some((from, to)) = range.split_once('-') else { return Wanted::Whole };
    let last = size - 1;
    match (from.trim().parse::<u64>(), to.trim().parse::<u64>()) {
        (Ok(from), Ok(to)) if from <= to && from <= last => Wanted::Range(from, to.min(last)),
        (Ok(from), Err(_)) if to.trim().is_empty() && from <= last => Wanted::Range(from, last),
        (Err(_), Ok(tail)) if from.trim().is_empty() && tail > 0 => {
            Wanted::Range(size.saturating_sub(tail), last)
        }
        (Ok(_), Err(_)) if !to.trim().is_empty() => Wanted::Whole,
        (Ok(_), _) | (Err(_), Ok(0)) => Wanted::Outside,
        _ => Wanted::Whole,
    }
}

fn outside(size: u64) -> Result<Response> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
    let value = HeaderValue::from_str(&format!("bytes */{size}"))
        .map_err(|_| Error::damaged("a file's size cannot be written"))?;
    response.headers_mut().insert(header::CONTENT_RANGE, value);
    Ok(response)
}

async fn body(path: PathBuf, from: u64, to: u64) -> Result<Body> {
    let what = "a file could not be read";
    let file = File::open(path).map_err(Error::io(what))?;
    let mut file = tokio::fs::File::from_std(file);
    file.seek(std::io::SeekFrom::Start(from)).await.map_err(Error::io(what))?;
    let blocks = stream::try_unfold((file, to - from + 1), |(mut file, left)| async move {
        let next = usize::try_from(left).map_or(BLOCK, |left| left.min(BLOCK));
        if next == 0 {
            return Ok(None);
        }
        let mut block = vec![0; next];
        file.read_exact(&mut block).await?;
        Ok::<_, std::io::Error>(Some((Bytes::from(block), (file, left - next as u64))))
    });
    Ok(Body::from_stream(blocks))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(range: &str, expected: Wanted) {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, range.parse().unwrap());
        assert_eq!(wanted(&headers, 100, "\"a\""), expected, "{range}");
    }

    #[test]
    fn ranges_are_read_as_http_says() {
        check("bytes=0-9", Wanted::Range(0, 9));
        check("bytes=90-200", Wanted::Range(90, 99));
        check("bytes=99-", Wanted::Range(99, 99));
        check("bytes=-10", Wanted::Range(90, 99));
        check("bytes=-200", Wanted::Range(0, 99));
        check("bytes=100-", Wanted::Outside);
        check("bytes=100-200", Wanted::Outside);
        check("bytes=-0", Wanted::Outside);
        check("bytes=0-1,5-6", Wanted::Whole);
        check("lines=0-1", Wanted::Whole);
    }

    #[test]
    fn a_range_of_other_content_is_answered_by_the_whole() {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, "bytes=5-9".parse().unwrap());
        headers.insert(header::IF_RANGE, "\"b\"".parse().unwrap());
        assert_eq!(wanted(&headers, 100, "\"a\""), Wanted::Whole);
    }
}
