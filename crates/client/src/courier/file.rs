//! Attachments: one step of one transfer at a time.

use std::{collections::BTreeSet, sync::PoisonError};

use lantian_domain::{
    file::{FileKind, FileRef},
    ids::{FileId, RecordId, UserId},
};
use lantian_protocol::file::{CHUNK, Receipt, UploadState};
use lantian_replica::{FileState, Upload};
use lantian_sync::{FileFailure, FileInput};

use super::{Courier, to_failure};
use crate::{
    error::{Error, Result},
    transport::{Chunk, Failure},
};

impl Courier {
    /// An upload as the engine is told of it.
    pub(crate) fn admission(&self, upload: &Upload) -> FileInput {
        let Upload { file, kind, size, offset, .. } = *upload;
        FileInput::Upload { file, size, offset, weight: self.network.weight(file, kind, size) }
    }

    /// Announces an upload, or asks where it stands.
    pub(crate) async fn offer_file(&self, file: FileId) -> Result<UploadState> {
        let offer = self.desk.ask(move |replica| Ok(replica.upload_offer(file)?)).await?;
        Ok(self.transport.offer_file(&self.login, &offer).await?)
    }

    /// Sends the bytes from `offset`.
    pub(crate) async fn send_chunk(
        &self,
        file: FileId,
        offset: u64,
        len: u64,
    ) -> Result<UploadState> {
        let bytes =
            self.desk.ask(move |replica| Ok(replica.upload_chunk(file, offset, len)?)).await?;
        let chunk = Chunk { offset, bytes };
        Ok(self.transport.send_chunk(&self.login, file, &chunk).await?)
    }

    /// Whether an upload waits for another network, by the rule and the network
    /// of this moment.
    pub(crate) async fn is_held(&self, file: FileId) -> Result<bool> {
        if !self.network.look().await {
            return Ok(false);
        }
        let network = self.network.clone();
        let held = move |replica: &mut lantian_replica::Replica| {
            let upload = replica.uploads()?.into_iter().find(|one| one.file == file);
            Ok(upload.is_some_and(|one| network.holds(file, one.kind, one.size)))
        };
        self.desk.ask(held).await
    }

    /// Writes down how far an upload is.
    pub(crate) async fn upload_progress(&self, file: FileId, offset: u64) -> Result<()> {
        self.desk.ask(move |replica| Ok(replica.upload_progress(file, offset)?)).await
    }

    /// Writes down the server's receipt.
    pub(crate) async fn upload_done(&self, receipt: Receipt) -> Result<()> {
        self.desk.ask(move |replica| Ok(replica.upload_done(&receipt)?)).await
    }

    /// Fetches the bytes from `offset` and stores them; the bytes that are
    /// here afterwards.
    pub(crate) async fn fetch_chunk(
        &self,
        record: RecordId,
        file: FileRef,
        offset: u64,
    ) -> Result<u64> {
        let chunk = self.transport.fetch_chunk(&self.login, file.id, &file.sha256, offset).await?;
        let now = self.clock.now();
        let stored = move |replica: &mut lantian_replica::Replica| {
            let part = (chunk.offset, chunk.bytes.as_slice());
            Ok(replica.store_range((record, &file), part, now)?)
        };
        self.desk.ask(stored).await
    }

    /// The papers of a person's own records that are not on the device: what
    /// is shown or signed on site, without the photos.
    pub(crate) async fn missing_papers(
        &self,
        of: BTreeSet<RecordId>,
    ) -> Result<Vec<(RecordId, FileRef, u64)>> {
        self.desk
            .ask(move |replica| {
                let own = UserId(replica.device().person.id.0);
                let mut missing = Vec::new();
                for id in of {
                    let card = replica.card(id)?;
                    if card.is_none_or(|line| line.card.manager != Some(own)) {
                        continue;
                    }
                    let Some(record) = replica.shown(id)? else { continue };
                    for file in record.files().iter().filter(|file| is_paper(file.kind)) {
                        let (state, here) = replica.file_state(file)?;
                        if matches!(state, FileState::Remote | FileState::Downloading) {
                            missing.push((id, file.clone(), here));
                        }
                    }
                }
                Ok(missing)
            })
            .await
    }

    /// Remembers that a file is wanted, for the engine's transfers.
    pub(crate) fn want(&self, record: RecordId, file: FileRef) {
        let mut wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        wanted.insert(file.id, (record, file));
    }

    /// Forgets a wanted file that is here.
    pub(crate) fn arrived(&self, file: FileId) {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner).remove(&file);
    }

    /// Fetches the next bytes of a wanted file.
    pub(crate) async fn fetch_wanted(&self, file: FileId, offset: u64) -> Result<u64> {
        let wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner).get(&file).cloned();
        let (record, file) = wanted.ok_or(Error::NotFound { what: "file" })?;
        self.fetch_chunk(record, file, offset).await
    }

    /// Fetches what is missing of a record's file.
    pub(crate) async fn download(&self, record: RecordId, file: FileRef) -> Result<u64> {
        let wanted = file.clone();
        let mut offset =
            self.desk.ask(move |replica| Ok(replica.download_offset(&wanted)?)).await?;
        let from = offset;
        while offset < file.size {
            let reached = self.fetch_chunk(record, file.clone(), offset).await?;
            if reached <= offset {
                return Err(Failure::Unreadable.into());
            }
            offset = reached;
        }
        Ok(offset - from)
    }

    /// Uploads a file to its receipt; the bytes sent.
    pub(crate) async fn upload(&self, file: FileId, size: u64) -> Result<u64> {
        let mut sent = 0;
        let mut state = self.offer_file(file).await?;
        let mut conflicts = 0;
        while state.receipt.is_none() {
            if state.offset >= size {
                // Everything is there and the server still verifies.
                return Ok(sent);
            }
            let len = (size - state.offset).min(CHUNK as u64);
            state = match self.send_chunk(file, state.offset, len).await {
                Ok(state) => {
                    sent += len;
                    state
                }
                Err(error) if is_conflict(&error) && conflicts < 3 => {
                    conflicts += 1;
                    self.offer_file(file).await?
                }
                Err(error) => return Err(error),
            };
            self.upload_progress(file, state.offset).await?;
        }
        if let Some(receipt) = state.receipt {
            self.upload_done(receipt).await?;
        }
        Ok(sent)
    }
}

fn is_paper(kind: FileKind) -> bool {
    matches!(
        kind,
        FileKind::Drawing
            | FileKind::Budget
            | FileKind::Signature
            | FileKind::Contract
            | FileKind::Permit
            | FileKind::Notice
    )
}

fn is_conflict(error: &Error) -> bool {
    matches!(error, Error::Way(Failure::Denied(problem)) if matches!(problem.status, 409 | 460))
}

/// What the transfers are told of an error.
#[expect(clippy::wildcard_enum_match_arm, reason = "the engine tells only these apart")]
pub(crate) fn to_file_failure(error: Error) -> FileFailure {
    match error {
        Error::Way(Failure::Denied(problem)) => match problem.status {
            409 | 460 => FileFailure::Conflict,
            404 | 410 => FileFailure::Expired,
            400..=499 => FileFailure::Refused(problem.code),
            _ => FileFailure::Transport(to_failure(Failure::Denied(problem).into())),
        },
        Error::Way(failure) => FileFailure::Transport(failure.into()),
        Error::Store(lantian_replica::Error::Corrupt { what: "file", .. }) => FileFailure::Unlike,
        Error::Store(store) => FileFailure::Local(store.code().to_owned()),
        _ => FileFailure::Transport(lantian_sync::Failure::Offline),
    }
}
