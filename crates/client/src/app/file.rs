//! Attachments: added offline, read from the device, fetched when they are
//! not here.

use lantian_domain::{
    command::{AttachFile, Command},
    file::FileRef,
    ids::{FileId, RecordId},
};
use lantian_replica::Submission;

use super::App;
use crate::{
    error::{Error, Result},
    picture, present,
    transport::Failure,
    view::{FileContent, FileView, NewFile},
};

impl App {
    /// Puts a file into the store and adds it to its record; both are durable
    /// before it returns.
    ///
    /// # Errors
    /// [`Error::Refused`] when the record takes no such file; the store's, as
    /// a file that is too large or a disk that is full.
    pub async fn attach(&self, new: NewFile) -> Result<FileView> {
        let now = self.0.clock.now();
        if new.bytes.is_empty() {
            return Err(Error::bad_input("bytes", "文件是空的"));
        }
        self.act(move |replica| {
            let mime = picture::media_type(&new.bytes, &new.name);
            let file = lantian_replica::NewFile {
                id: FileId(replica.new_id()?),
                record: new.id,
                kind: new.kind,
                name: new.name.chars().take(120).collect(),
                mime: mime.to_owned(),
                taken_at: new.taken_at.or(Some(now)),
                geo: new.geo,
            };
            let file = replica.attach(file, &new.bytes, now)?;
            let command = Command::AttachFile(AttachFile { file: file.clone() });
            match replica.submit(new.id, command, now)? {
                Submission::Saved(_) => present::file(replica, &file, None),
                Submission::Refused(refusal) => Err(refusal.into()),
            }
        })
        .await
    }

    /// The files of a record.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not on this device.
    pub async fn files(&self, record: RecordId) -> Result<Vec<FileView>> {
        self.0
            .desk
            .ask(move |replica| {
                let shown = replica.shown(record)?.ok_or(Error::NotFound { what: "record" })?;
                present::files(replica, &shown)
            })
            .await
    }

    /// A file's content; fetched from the server when it is not here, from
    /// where an earlier attempt ended.
    ///
    /// # Errors
    /// [`Error::NotFound`], or the failure of the way.
    pub async fn file(&self, id: FileId) -> Result<FileContent> {
        let open = self.open()?;
        let (record, file) = self.known(id).await?;
        if let Some(content) = self.content(&file).await? {
            return Ok(content);
        }
        match open.courier.download(record, file.clone()).await {
            Ok(_) => {}
            Err(Error::Way(Failure::Denied(problem))) if problem.status == 404 => {
                return Err(Error::NotFound { what: "file" });
            }
            Err(other) => return Err(other),
        }
        self.content(&file).await?.ok_or(Error::NotFound { what: "file" })
    }

    /// A small picture of a photo that is on the device; nothing is fetched
    /// for it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the photo is not here, or is none.
    pub async fn file_preview(&self, id: FileId) -> Result<FileContent> {
        let (_, file) = self.known(id).await?;
        let content = self.content(&file).await?.ok_or(Error::NotFound { what: "file" })?;
        let drawn =
            tokio::task::spawn_blocking(move || picture::preview(&content.bytes, &content.mime));
        let drawn = drawn.await.map_err(|_| Error::Closing)?;
        let bytes = drawn.ok_or(Error::NotFound { what: "preview" })?;
        Ok(FileContent { bytes, mime: "image/jpeg".to_owned() })
    }

    async fn known(&self, id: FileId) -> Result<(RecordId, FileRef)> {
        let seen = self.0.seen.record_of(id);
        let known = self.0.desk.ask(move |replica| present::find_file(replica, id, seen)).await?;
        known.ok_or(Error::NotFound { what: "file" })
    }

    async fn content(&self, file: &FileRef) -> Result<Option<FileContent>> {
        let wanted = file.clone();
        let read = self.0.desk.ask(move |replica| Ok(replica.file_bytes(&wanted)?)).await;
        match read {
            Ok(bytes) => Ok(Some(FileContent { bytes, mime: file.mime.clone() })),
            Err(Error::Store(lantian_replica::Error::FileMissing(_))) => Ok(None),
            Err(other) => Err(other),
        }
    }
}
