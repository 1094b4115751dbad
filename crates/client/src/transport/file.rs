//! Attachments on the wire: resumable upload in chunks, download by range.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lantian_domain::ids::FileId;
use lantian_protocol::file::{
    CHUNK, HeldRequest, HeldResponse, TUS_VERSION, UploadOffer, UploadState,
};
use reqwest::{Method, header};
use sha2::{Digest as _, Sha256};

use super::{Transport, answer, failure::Failure, login::Login, route};

/// A part of a file.
#[derive(Clone, PartialEq, Eq)]
pub struct Chunk {
    /// Where it begins.
    pub offset: u64,
    /// Its bytes, at most [`CHUNK`].
    pub bytes: Vec<u8>,
}

impl Transport {
    /// Announces an upload, or asks where an announced one stands.
    ///
    /// # Errors
    /// [`Failure`]; announcing again is harmless.
    pub async fn offer_file(
        &self,
        login: &Login,
        offer: &UploadOffer,
    ) -> Result<UploadState, Failure> {
        Ok(self.exchange(login, Method::POST, route::FILES, offer).await?.value)
    }

    /// Asks which of these attachments the server lacks.
    ///
    /// # Errors
    /// [`Failure`]; asking again is harmless.
    pub async fn held(
        &self,
        login: &Login,
        files: Vec<UploadOffer>,
    ) -> Result<HeldResponse, Failure> {
        Ok(self.exchange(login, Method::POST, route::HELD, &HeldRequest { files }).await?.value)
    }

    /// Sends one chunk with its checksum and reads where the upload stands.
    ///
    /// # Errors
    /// [`Failure::Denied`] with `offset` when the server stands elsewhere: ask
    /// again by [`Transport::offer_file`].
    pub async fn send_chunk(
        &self,
        login: &Login,
        file: FileId,
        chunk: &Chunk,
    ) -> Result<UploadState, Failure> {
        debug_assert!(chunk.bytes.len() <= CHUNK);
        let checksum = format!("sha256 {}", STANDARD.encode(Sha256::digest(&chunk.bytes)));
        let route = format!("{}/{file}", route::FILES);
        let response = self
            .with_login(login, || {
                Ok(self
                    .request(Method::PATCH, &route)?
                    .header("tus-resumable", TUS_VERSION)
                    .header("upload-offset", chunk.offset)
                    .header("upload-checksum", &checksum)
                    .header(header::CONTENT_TYPE, "application/offset+octet-stream")
                    .body(chunk.bytes.clone()))
            })
            .await?;
        Ok(answer::value(response).await?.0)
    }

    /// Reads the part of a file that begins at `offset`, [`CHUNK`] bytes at
    /// the most. An answer of another content than `sha256` is not believed.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn fetch_chunk(
        &self,
        login: &Login,
        file: FileId,
        sha256: &str,
        offset: u64,
    ) -> Result<Chunk, Failure> {
        let route = format!("{}/{file}", route::FILES);
        let range = format!("bytes={offset}-{}", offset + CHUNK as u64 - 1);
        let tag = format!("\"{sha256}\"");
        let response = self
            .with_login(login, || {
                Ok(self
                    .request(Method::GET, &route)?
                    .header(header::RANGE, &range)
                    .header(header::IF_RANGE, &tag))
            })
            .await?;
        let answered =
            response.headers().get(header::ETAG).is_some_and(|have| have == tag.as_str());
        if response.status() != reqwest::StatusCode::PARTIAL_CONTENT || !answered {
            return Err(Failure::Unreadable);
        }
        let bytes = answer::bytes(response, CHUNK).await?;
        Ok(Chunk { offset, bytes })
    }
}
