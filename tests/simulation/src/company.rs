//! The company: the real store and the real pipeline, which may be killed,
//! restarted, put aside and restored.

mod books;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use lantian_domain::ids::{DeviceId, RecordId};
use lantian_domain::role::Role;
use lantian_domain::time::{DAY_MS, Instant};
use lantian_protocol::account::{AccountResponse, SignedAccount};
use lantian_protocol::file::{HeldResponse, UploadOffer, UploadState};
use lantian_protocol::{Cursor, Item, Page, PullRequest, PushRequest, PushResponse};
use lantian_server::feed::{RawItem, Reader, check_witness, pull, record_item, rider, witness};
use lantian_server::files::{self, Chunk, Inventory};
use lantian_server::identity::accounts::{self, Alteration, By};
use lantian_server::pipeline::{Keep, Pusher, authenticate, find, push};
use lantian_server::store::{Accounts as _, DeviceRow, Ledger as _, Store};
use lantian_server::{Error, account};
use lantian_sync::{Failure, FileFailure};

pub(crate) use books::Effect;

use crate::chance::Source;
use crate::stage::{copy, copy_store};

/// What a commit of the company comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Commit {
    Kept,
    /// The store could not commit: all of it is undone.
    RolledBack,
}

/// What became of the contents beside a store that is put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contents {
    /// They are those of today.
    Stay,
    /// They are those of the backup.
    PutBack,
    /// They are gone.
    Lost,
}

/// What a tablet asks about an attachment.
pub(crate) enum FileRequest {
    /// Announces it, or asks where it stands.
    Offer(UploadOffer),
    /// Sends bytes of it.
    Chunk(Chunk),
}

/// The company's side of a history.
pub(crate) struct Company {
    folder: PathBuf,
    aside: PathBuf,
    store: Option<Store>,
    has_backup: bool,
    put_back: bool,
    /// The highest epoch that any tablet may have seen.
    epoch: u64,
    /// How often it was started, from which the identities that it gives come.
    starts: u64,
}

impl Company {
    /// Opens the store of a history.
    pub(crate) fn open(folder: &Path, aside: &Path) -> Result<Self> {
        let (folder, aside) = (folder.to_owned(), aside.to_owned());
        let mut company = Self {
            folder,
            aside,
            store: None,
            has_backup: false,
            put_back: false,
            epoch: 0,
            starts: 0,
        };
        company.start()?;
        company.epoch = company.up()?.read_now(|unit| Ok(unit.org_row()?.epoch))?;
        Ok(company)
    }

    /// Whether it answers.
    pub(crate) fn is_up(&self) -> bool {
        self.store.is_some()
    }

    /// Whether there is something to restore.
    pub(crate) fn has_backup(&self) -> bool {
        self.has_backup
    }

    /// Whether an earlier store was ever put in its place.
    pub(crate) fn was_put_back(&self) -> bool {
        self.put_back
    }

    /// It is killed: whatever was answered is durable, nothing else counts.
    pub(crate) fn kill(&mut self) {
        self.store = None;
    }

    /// It is started again.
    pub(crate) fn start(&mut self) -> Result<()> {
        if self.store.is_none() {
            let store = Store::open(&self.folder)?;
            self.starts += 1;
            let source = Source::Company { start: self.starts };
            store.write_now(move |_| {
                source.draw();
                Ok(())
            })?;
            self.store = Some(store);
        }
        Ok(())
    }

    /// A backup is taken.
    pub(crate) fn back_up(&mut self) -> Result<()> {
        self.kill();
        copy_store(&self.folder, &self.aside)?;
        self.put_contents(&self.folder, &self.aside)?;
        self.has_backup = true;
        self.start()
    }

    /// The backup is put in place of the store; with `properly` its epoch is
    /// one that no tablet has seen.
    pub(crate) fn restore(&mut self, properly: bool, contents: Contents) -> Result<()> {
        self.kill();
        self.put_back = true;
        copy_store(&self.aside, &self.folder)?;
        match contents {
            Contents::Stay => {}
            Contents::PutBack => self.put_contents(&self.aside, &self.folder)?,
            Contents::Lost => self.lose_contents(&self.folder)?,
        }
        self.start()?;
        if properly { self.new_epoch() } else { Ok(()) }
    }

    /// The contents are lost, the store is not.
    pub(crate) fn lose(&mut self) -> Result<()> {
        self.kill();
        self.lose_contents(&self.folder)?;
        self.start()
    }

    fn lose_contents(&self, of: &Path) -> Result<()> {
        let folder = of.join(files::FOLDER);
        if folder.exists() { Ok(std::fs::remove_dir_all(folder)?) } else { Ok(()) }
    }

    fn put_contents(&self, from: &Path, to: &Path) -> Result<()> {
        self.lose_contents(to)?;
        let from = from.join(files::FOLDER);
        if from.exists() { copy(&from, &to.join(files::FOLDER)) } else { Ok(()) }
    }

    /// The administrator gives the store a new epoch.
    pub(crate) fn new_epoch(&mut self) -> Result<()> {
        self.epoch += 1;
        let epoch = self.epoch;
        self.up()?.write_now(move |unit| unit.set_epoch(epoch))?;
        Ok(())
    }

    /// The owner takes a second role, or gives it up again.
    pub(crate) fn change_grants(&self, device: &DeviceRow, now: Instant) -> Result<()> {
        let user = device.user;
        self.up()?.write_now(move |unit| {
            let Some(row) = unit.user(user)? else { return Ok(()) };
            let mut roles = row.person.roles;
            let first =
                if row.person.login == "lead1" { Role::CmLead } else { Role::CustomerManager };
            if roles.len() == 1 {
                roles.extend([Role::CmLead, Role::CustomerManager]);
            } else {
                roles = [first].into();
            }
            let change = Alteration { roles: Some(roles), ..Alteration::default() };
            accounts::change(unit, user, change, By::default(), now).map(drop)
        })?;
        Ok(())
    }

    /// The feed's head.
    pub(crate) fn head(&self) -> u64 {
        self.up().ok().and_then(|store| store.read_now(|unit| unit.head()).ok()).unwrap_or(0)
    }

    /// Answers a pull.
    pub(crate) fn pull(
        &self,
        device: &DeviceRow,
        request: &PullRequest,
        now: Instant,
    ) -> Result<Result<Page, Failure>> {
        let Some(store) = &self.store else { return Ok(Err(Failure::Offline)) };
        let reader = self.reader(device)?;
        match store.read_now(|unit| pull(unit, &reader, request, now)) {
            Ok(page) => Ok(Ok(page.decode()?)),
            Err(error) => failure(error, Commit::Kept).map(Err),
        }
    }

    /// What is new for a tablet, where it is little.
    pub(crate) fn rider(
        &self,
        device: &DeviceRow,
        since: &Cursor,
        now: Instant,
    ) -> Result<Option<Box<Page>>> {
        let Some(store) = &self.store else { return Ok(None) };
        let reader = self.reader(device)?;
        match store.read_now(|unit| rider(unit, &reader, since, now)) {
            Ok(page) => Ok(page.map(Box::new)),
            Err(Error::Refused(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Judges a batch.
    pub(crate) fn push(
        &self,
        device: &DeviceRow,
        request: &PushRequest,
        (now, commit): (Instant, Commit),
    ) -> Result<Result<PushResponse, Failure>> {
        let Some(store) = &self.store else { return Ok(Err(Failure::Offline)) };
        let who = Pusher {
            person: self.reader(device)?.person,
            device: device.clone(),
            received: now,
            offset_ms: request.offset_ms,
        };
        let told = request.witness.clone();
        let batch = authenticate(&request.commands, &device.public_key);
        let taken = store.write_now(move |unit| {
            check_witness(unit, told.as_ref())?;
            let answers = (push(unit, &who, &batch, Keep::Everything)?, witness(unit)?);
            if commit == Commit::RolledBack { Err(Error::Stopped) } else { Ok(answers) }
        });
        match taken {
            Ok((outcomes, witness)) => {
                Ok(Ok(PushResponse { outcomes, server_time: now, witness, page: None }))
            }
            Err(error) => failure(error, commit).map(Err),
        }
    }

    /// Says which attachments it lacks.
    pub(crate) fn held(
        &self,
        device: &DeviceRow,
        asked: &[UploadOffer],
        now: Instant,
    ) -> Result<Result<HeldResponse, Failure>> {
        let Some(store) = &self.store else { return Ok(Err(Failure::Offline)) };
        let person = self.reader(device)?.person;
        Ok(Ok(files::held(store, &person, asked, now)?))
    }

    /// Takes note of what a tablet has let go of.
    pub(crate) fn account(
        &self,
        device: &DeviceRow,
        signed: &SignedAccount,
        (now, commit): (Instant, Commit),
    ) -> Result<Result<AccountResponse, Failure>> {
        let Some(store) = &self.store else { return Ok(Err(Failure::Offline)) };
        let (device, signed) = (device.clone(), signed.clone());
        let taken = store.write_now(move |unit| {
            let answer = account::take(unit, &device, &signed, now)?;
            if commit == Commit::RolledBack { Err(Error::Stopped) } else { Ok(answer) }
        });
        match taken {
            Ok(answer) => Ok(Ok(answer)),
            Err(error) => failure(error, commit).map(Err),
        }
    }

    /// Whether a tablet has said that a record is gone.
    pub(crate) fn has_receipt(&self, device: DeviceId, record: RecordId) -> Result<bool> {
        Ok(self.up()?.read_now(|unit| account::is_purged(unit, device, record, (0, 0)))?)
    }

    /// The attachments that it lacks, as an administrator is told.
    pub(crate) fn inventory(&self, now: Instant) -> Result<Inventory> {
        Ok(files::inventory(self.up()?, now)?)
    }

    /// A content, for a person who sees a record that names it.
    pub(crate) fn serve(
        &self,
        device: &DeviceRow,
        record: RecordId,
        sha256: &str,
    ) -> Result<Option<Vec<u8>>> {
        let Some(store) = &self.store else { return Ok(None) };
        let found = store.read_now(|unit| find(unit, record))?;
        let Some(found) = found else { return Ok(None) };
        let named = found.files().iter().any(|file| file.sha256 == sha256);
        if !named || !self.may_see(device, &found)? {
            return Ok(None);
        }
        Ok(files::content_of(store, sha256)?)
    }

    /// What the server does once a day, after a restore too: takes content
    /// whose receipt was lost for what it is.
    pub(crate) fn look_after_contents(&self, now: Instant) -> Result<()> {
        files::adopt(self.up()?, now)?;
        Ok(())
    }

    /// Takes a step of an upload.
    pub(crate) fn file(
        &self,
        device: &DeviceRow,
        request: &FileRequest,
        now: Instant,
    ) -> Result<Result<UploadState, FileFailure>> {
        let Some(store) = &self.store else {
            return Ok(Err(FileFailure::Transport(Failure::Offline)));
        };
        let person = self.reader(device)?.person;
        let taken = match request {
            FileRequest::Offer(offer) => files::offer(store, &person, offer, now),
            FileRequest::Chunk(chunk) => files::take(store, &person, chunk, now),
        };
        Ok(match taken {
            Ok(state) => Ok(state),
            Err(Error::Refused(problem)) => Err(match problem.status {
                409 | 460 => FileFailure::Conflict,
                404 | 410 => FileFailure::Expired,
                _ => FileFailure::Refused(problem.code),
            }),
            Err(error) => return Err(error.into()),
        })
    }

    /// Uploads that wait for two weeks are dropped.
    pub(crate) fn expire_uploads(&self, now: Instant) -> Result<u64> {
        Ok(files::sweep(self.up()?, now.plus_ms(15 * DAY_MS))?)
    }

    /// Whether it holds a content that has the hash it is named by.
    pub(crate) fn holds_content(&self, sha256: &str) -> Result<bool> {
        let bytes = files::content_of(self.up()?, sha256)?;
        Ok(bytes.is_some_and(|bytes| crate::people::sha256(&bytes) == sha256))
    }

    /// Serves records whole.
    pub(crate) fn records(
        &self,
        device: &DeviceRow,
        ids: &[RecordId],
    ) -> Result<Result<Vec<Item>, Failure>> {
        let Some(store) = &self.store else { return Ok(Err(Failure::Offline)) };
        let reader = self.reader(device)?;
        let items = store.read_now(|unit| {
            ids.iter()
                .map(|id| {
                    let item = record_item(unit, &reader, *id)?;
                    item.map_or(Ok(Item::Left { id: *id }), RawItem::decode)
                })
                .collect::<lantian_server::Result<Vec<_>>>()
        })?;
        Ok(Ok(items))
    }

    fn reader(&self, device: &DeviceRow) -> Result<Reader> {
        let user = device.user;
        let row =
            self.up()?.read_now(|unit| unit.user(user))?.context("the owner has an account")?;
        Ok(Reader { grants: row.grants, person: row.person })
    }

    fn up(&self) -> Result<&Store> {
        self.store.as_ref().context("the company is down")
    }
}

/// What a tablet hears of an error that belongs to the history; any other ends
/// it.
fn failure(error: Error, commit: Commit) -> Result<Failure> {
    match error {
        Error::Refused(problem) if problem.code == "cursor_ahead" => Ok(Failure::CursorAhead),
        Error::Stopped if commit == Commit::RolledBack => {
            Ok(Failure::Server { status: 500, code: "stopped".to_owned(), retry_after_ms: None })
        }
        error => Err(error.into()),
    }
}
