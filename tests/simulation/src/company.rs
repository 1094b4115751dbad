//! The company: the real store and the real pipeline, which may be killed,
//! restarted, put aside and restored.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use lantian_domain::ids::{CommandId, RecordId};
use lantian_domain::time::Instant;
use lantian_protocol::feed::Witness;
use lantian_protocol::identity::ScopeDigest;
use lantian_protocol::{Item, Page, PullRequest, PushResponse, SignedCommand};
use lantian_server::feed::{
    RawItem, Reader, check_witness, pull, record_item, scope_digest, witness,
};
use lantian_server::pipeline::{Keep, Pusher, authenticate, push};
use lantian_server::store::{Accounts as _, DeviceRow, Journal as _, Ledger as _, Store};
use lantian_server::{Error, audit};
use lantian_sync::Failure;

use crate::stage::copy_store;

/// The company's side of a history.
pub(crate) struct Company {
    folder: PathBuf,
    aside: PathBuf,
    store: Option<Store>,
    has_backup: bool,
    put_back: bool,
    /// The highest epoch that any tablet may have seen.
    epoch: u64,
}

impl Company {
    /// Opens the store of a history.
    pub(crate) fn open(folder: &Path, aside: &Path) -> Result<Self> {
        let store = Store::open(folder)?;
        let epoch = store.read_now(|unit| Ok(unit.org_row()?.epoch))?;
        let (folder, aside) = (folder.to_owned(), aside.to_owned());
        Ok(Self { folder, aside, store: Some(store), has_backup: false, put_back: false, epoch })
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
            self.store = Some(Store::open(&self.folder)?);
        }
        Ok(())
    }

    /// A backup is taken.
    pub(crate) fn back_up(&mut self) -> Result<()> {
        self.kill();
        copy_store(&self.folder, &self.aside)?;
        self.has_backup = true;
        self.start()
    }

    /// The backup is put in place of the store; with `properly` its epoch is
    /// one that no tablet has seen.
    pub(crate) fn restore(&mut self, properly: bool) -> Result<()> {
        self.kill();
        self.put_back = true;
        copy_store(&self.aside, &self.folder)?;
        self.start()?;
        if properly { self.new_epoch() } else { Ok(()) }
    }

    /// The administrator gives the store a new epoch.
    pub(crate) fn new_epoch(&mut self) -> Result<()> {
        self.epoch += 1;
        let epoch = self.epoch;
        self.up()?.write_now(move |unit| unit.set_epoch(epoch))?;
        Ok(())
    }

    /// The owner's grants are given anew: the mirrors begin again.
    pub(crate) fn change_grants(&self, device: &DeviceRow) -> Result<()> {
        let user = device.user;
        self.up()?.write_now(move |unit| {
            if let Some(mut row) = unit.user(user)? {
                row.grants += 1;
                unit.put_user(&row)?;
            }
            Ok(())
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
            Err(Error::Refused(problem)) if problem.code == "cursor_ahead" => {
                Ok(Err(Failure::CursorAhead))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Judges a batch.
    pub(crate) fn push(
        &self,
        device: &DeviceRow,
        commands: &[SignedCommand],
        offset_ms: i64,
        told: Option<Witness>,
        now: Instant,
    ) -> Result<Result<PushResponse, Failure>> {
        let Some(store) = &self.store else { return Ok(Err(Failure::Offline)) };
        let who = Pusher {
            person: self.reader(device)?.person,
            device: device.clone(),
            received: now,
            offset_ms,
        };
        let batch = authenticate(commands, &device.public_key);
        let taken = store.write_now(move |unit| {
            check_witness(unit, told.as_ref())?;
            Ok((push(unit, &who, &batch, Keep::Everything)?, witness(unit)?))
        });
        match taken {
            Ok((outcomes, witness)) => Ok(Ok(PushResponse { outcomes, server_time: now, witness })),
            Err(Error::Refused(problem)) if problem.code == "cursor_ahead" => {
                Ok(Err(Failure::CursorAhead))
            }
            Err(error) => Err(error.into()),
        }
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

    /// The digest of what a device's owner may see.
    pub(crate) fn digest(&self, device: &DeviceRow) -> Result<ScopeDigest> {
        let reader = self.reader(device)?;
        Ok(self.up()?.read_now(|unit| scope_digest(unit, &reader))?)
    }

    /// How often the log holds a command's effect, in records; and whether an
    /// answer to it is stored.
    pub(crate) fn effects(&self) -> Result<std::collections::BTreeMap<CommandId, usize>> {
        let mut found = std::collections::BTreeMap::new();
        let logs = self.up()?.read_now(|unit| {
            let mut logs = Vec::new();
            for kind in lantian_domain::record::RecordKind::WORK {
                for id in unit.records_of(*kind)? {
                    logs.push(unit.events_after(id, 0)?);
                }
            }
            Ok(logs)
        })?;
        for log in logs {
            let mut here = std::collections::BTreeMap::<CommandId, usize>::new();
            let mut last = None;
            for row in log {
                let stamp: lantian_domain::stamp::Stamp = serde_json::from_str(&row.stamp)?;
                // One command's events of a record stand together.
                if last != Some(stamp.command) {
                    *here.entry(stamp.command).or_default() += 1;
                }
                last = Some(stamp.command);
            }
            for (command, runs) in here {
                let most = found.entry(command).or_insert(0);
                *most = (*most).max(runs);
            }
        }
        Ok(found)
    }

    /// Whether an answer to a command is stored.
    pub(crate) fn has_answered(&self, command: CommandId) -> Result<bool> {
        Ok(self.up()?.read_now(|unit| Ok(unit.outcome(command)?.is_some()))?)
    }

    /// Audit, logs and records fit together.
    pub(crate) fn verify(&self) -> Result<audit::Report> {
        Ok(self.up()?.read_now(audit::verify)?)
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
