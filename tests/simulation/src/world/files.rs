//! Attachments on their way: the engine's transfers over the real cache and the
//! company's real content.
//!
//! Invariants: a receipt is for content that the company holds (I8); after a
//! cut at most one chunk is sent again (I13).

use anyhow::{Result, bail, ensure};
use lantian_domain::command::{AttachFile, Command};
use lantian_domain::ids::{FileId, RecordId};
use lantian_domain::time::Instant;
use lantian_protocol::file::CHUNK;
use lantian_replica::{Error, FileState, Filter};
use lantian_server::files::Chunk;
use lantian_sync::{FileEffect, FileFailure, FileInput, Input, Weight};
use sha2::{Digest as _, Sha256};

use super::World;
use super::way::Request;
use crate::company::FileRequest;
use crate::people;

/// What was sent of a file.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sent {
    tablet: usize,
    size: u64,
    bytes: u64,
    /// Cuts, each of which may cost a chunk.
    cuts: u64,
    /// The company let go of what it held.
    pub(super) begun_anew: bool,
}

impl World {
    /// Somebody takes a photo and attaches it.
    pub(super) fn attach(&mut self, tablet: usize, id: RecordId, now: Instant) -> Result<Command> {
        let (new, content) = people::photo(&mut self.chance, id);
        let file = self.tablets[tablet].running()?.replica.attach(new, &content, now)?;
        let sent = Sent { tablet, size: file.size, ..Sent::default() };
        self.sent.insert(file.id, sent);
        Ok(Command::AttachFile(AttachFile { file }))
    }

    /// Somebody wants room: the files that the company has may go.
    pub(super) fn make_room(&mut self, tablet: usize) -> Result<()> {
        let replica = &mut self.tablets[tablet].running()?.replica;
        let mut kept = false;
        for entry in replica.outbox(true)? {
            for file in entry.command.files() {
                kept |= matches!(replica.forget_file(file), Err(Error::NoReceipt(_)));
            }
        }
        if kept {
            self.tally.probe("file kept until its receipt");
        }
        Ok(())
    }

    /// Somebody looks at a photo that a colleague took: from now on it lies on
    /// this tablet too.
    pub(super) fn look(&mut self, tablet: usize) -> Result<()> {
        if !self.tablets[tablet].online || self.tablets[tablet].expired {
            return Ok(());
        }
        let replica = &self.tablets[tablet].running()?.replica;
        let mut remote = Vec::new();
        for line in replica.list(&Filter::default(), 50, None)?.items {
            let Some(record) = replica.confirmed(line.card.id)? else { continue };
            for file in record.files() {
                if replica.file_state(file)?.0 == FileState::Remote {
                    remote.push((record.id(), file.clone()));
                }
            }
        }
        let Some((record, file)) = self.chance.of(&remote).cloned() else { return Ok(()) };
        let device = self.tablets[tablet].device.clone();
        let Some(content) = self.company.serve(&device, record, &file.sha256)? else {
            return Ok(());
        };
        let now = self.now;
        let replica = &mut self.tablets[tablet].running()?.replica;
        for (n, part) in (0..).zip(content.chunks(CHUNK)) {
            replica.store_range((record, &file), (n * CHUNK as u64, part), now)?;
        }
        self.tally.probe("photo of a colleague fetched");
        Ok(())
    }

    /// What nobody holds any more, once everything is at rest.
    pub(super) fn count_missing(&mut self) -> Result<()> {
        if self.company.inventory(self.now)?.lacking > 0 {
            self.tally.probe("file on the missing list");
        }
        Ok(())
    }

    /// Tells the engine of every upload that is not complete, and of what is to
    /// be accounted for.
    pub(super) fn admit_uploads(&mut self, tablet: usize) -> Result<()> {
        if !self.tablets[tablet].is_on() {
            return Ok(());
        }
        self.admit_account(tablet)?;
        for upload in self.tablets[tablet].running()?.replica.uploads()? {
            let (file, size, offset) = (upload.file, upload.size, upload.offset);
            let weight = Weight::of(upload.kind, size);
            self.hear(tablet, Input::File(FileInput::Upload { file, size, offset, weight }))?;
        }
        Ok(())
    }

    pub(super) fn move_file(&mut self, tablet: usize, effect: FileEffect) -> Result<()> {
        let replica = &mut self.tablets[tablet].running()?.replica;
        match effect {
            FileEffect::Offer { file } | FileEffect::AskOffset { file } => {
                match replica.upload_offer(file) {
                    Ok(offer) => {
                        self.send(tablet, 0, Request::File(file, FileRequest::Offer(offer)))
                    }
                    Err(error) => self.fails_here(tablet, file, &error),
                }
            }
            FileEffect::SendChunk { file, offset, len } => {
                match replica.upload_chunk(file, offset, len) {
                    Ok(bytes) => self.send_chunk(tablet, file, offset, bytes),
                    Err(error) => self.fails_here(tablet, file, &error),
                }
            }
            FileEffect::Progress { file, offset } => {
                if offset > 0 {
                    self.tally.probe("upload resumed where it stood");
                }
                Ok(replica.upload_progress(file, offset)?)
            }
            FileEffect::Done { receipt } => {
                replica.upload_done(&receipt)?;
                self.tally.probe("file delivered");
                let sent = self.sent.get(&receipt.file).copied().unwrap_or_default();
                if sent.size > CHUNK as u64 {
                    self.tally.probe("file of several chunks delivered");
                }
                Ok(())
            }
            FileEffect::Trouble { file, code } => bail!("I9: file {file} stands still: {code}"),
            FileEffect::Fetch { .. } | FileEffect::Arrived { .. } => Ok(()),
        }
    }

    fn send_chunk(
        &mut self,
        tablet: usize,
        file: FileId,
        offset: u64,
        bytes: Vec<u8>,
    ) -> Result<()> {
        self.sent.entry(file).or_default().bytes += bytes.len() as u64;
        let sha256 = Sha256::digest(&bytes).to_vec();
        let chunk = Chunk { file, offset, sha256, bytes };
        self.send(tablet, 0, Request::File(file, FileRequest::Chunk(chunk)))
    }

    fn fails_here(&mut self, tablet: usize, file: FileId, error: &Error) -> Result<()> {
        let result = Err(FileFailure::Local(error.code().to_owned()));
        self.hear(tablet, Input::File(FileInput::Upped { file, result }))
    }

    /// What is under way from a tablet is cut.
    pub(super) fn excuse(&mut self, tablet: usize) {
        for sent in self.sent.values_mut().filter(|sent| sent.tablet == tablet) {
            sent.cuts += 1;
        }
    }

    /// A request about a file failed.
    pub(super) fn excuse_file(&mut self, file: FileId) {
        if let Some(sent) = self.sent.get_mut(&file) {
            sent.cuts += 1;
        }
    }

    /// The company lets go of uploads: they may begin anew.
    pub(super) fn uploads_begin_anew(&mut self) {
        self.sent.values_mut().for_each(|sent| sent.begun_anew = true);
    }

    /// Once everything is at rest: no file was sent much more than once.
    pub(super) fn sent_little_again(&self) -> Result<()> {
        for (file, sent) in self.sent.iter().filter(|(_, sent)| !sent.begun_anew) {
            let most = sent.size + sent.cuts * CHUNK as u64;
            ensure!(
                sent.bytes <= most,
                "I13: {} bytes sent of file {file}, {most} would do",
                sent.bytes
            );
        }
        Ok(())
    }
}
