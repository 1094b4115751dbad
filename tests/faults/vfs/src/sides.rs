//! The two sides, open: the company's store and the tablet's replica, and the
//! way between them, which is a call.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, bail, ensure};
use lantian_domain::command::Command;
use lantian_domain::ids::{CommandId, RecordId};
use lantian_domain::record::{Person, RecordKind};
use lantian_domain::stamp::Stamp;
use lantian_domain::time::Instant;
use lantian_protocol::identity::ScopeDigest;
use lantian_protocol::{Item, Outcome, Page, PullRequest, PushResponse};
use lantian_replica::{Replica, Saved, Submission, simulation};
use lantian_server::audit;
use lantian_server::feed::{RawItem, Reader, pull, record_item, scope_digest, witness};
use lantian_server::pipeline::{Keep, Pusher, authenticate, perform, push};
use lantian_server::store::{Accounts as _, DeviceRow, FILE, Journal as _, Ledger as _, Store};

use crate::stage::{COMPANY, KEY, TABLET, act_of};

/// Rounds in which a synchronisation has to come to rest.
const ROUNDS: usize = 40;
/// A page's bytes at the most: several pages make a first synchronisation.
const PAGE: u32 = 4 << 10;

/// The company's store, open.
pub struct Company {
    store: Store,
    device: DeviceRow,
}

impl Company {
    /// Opens it by the server's own way.
    pub fn open(root: &Path, device: &DeviceRow) -> lantian_server::Result<Self> {
        Ok(Self { store: Store::open(&root.join(COMPANY))?, device: device.clone() })
    }

    /// Gives a command of the company's own.
    pub fn act(
        &self,
        person: &Person,
        record: RecordId,
        command: Command,
        now: Instant,
        n: u128,
    ) -> Result<()> {
        let act = act_of(person, record, command, now, n);
        let done = self.store.write_now(move |unit| perform(unit, &act))?;
        ensure!(done.is_ok(), "the company's own act is refused: {done:?}");
        Ok(())
    }

    /// Takes what a tablet sends; when this returns, it is durable.
    pub fn take(&self, replica: &Replica, now: Instant) -> Result<PushResponse> {
        let who = Pusher {
            person: self.reader()?.person,
            device: self.device.clone(),
            received: now,
            offset_ms: 0,
        };
        let batch = authenticate(&replica.sendable(500)?, &self.device.public_key);
        let (outcomes, witness) = self.store.write_now(move |unit| {
            Ok((push(unit, &who, &batch, Keep::Everything)?, witness(unit)?))
        })?;
        Ok(PushResponse { outcomes, server_time: now, witness, page: None })
    }

    /// The next page for a tablet.
    pub fn page(&self, replica: &Replica, now: Instant) -> Result<Page> {
        let request =
            PullRequest { cursor: replica.cursor()?, witness: replica.witness()?, max_bytes: PAGE };
        let reader = self.reader()?;
        Ok(self.store.read_now(|unit| pull(unit, &reader, &request, now))?.decode()?)
    }

    /// Mends what a tablet could not read.
    pub fn mend(&self, replica: &mut Replica, now: Instant) -> Result<usize> {
        let reader = self.reader()?;
        let ids = replica.repairs()?;
        let items = self.store.read_now(|unit| {
            ids.iter()
                .map(|id| {
                    let item = record_item(unit, &reader, *id)?;
                    item.map_or(Ok(Item::Left { id: *id }), RawItem::decode)
                })
                .collect::<lantian_server::Result<Vec<_>>>()
        })?;
        Ok(replica.repair(items, now)?)
    }

    /// The digest of what the tablet's owner may see.
    pub fn digest(&self) -> Result<ScopeDigest> {
        let reader = self.reader()?;
        Ok(self.store.read_now(|unit| scope_digest(unit, &reader))?)
    }

    /// The stored answer to a command.
    pub fn outcome(&self, command: CommandId) -> Result<Option<Outcome>> {
        let stored = self.store.read_now(|unit| unit.outcome(command))?;
        Ok(stored.map(|(_, text)| serde_json::from_slice(&text)).transpose()?)
    }

    /// The database itself is whole.
    pub fn ensure_whole(&self) -> Result<()> {
        let db = rusqlite::Connection::open(self.store.folder().join(FILE))?;
        let found: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        ensure!(found == "ok", "the company's database is not whole: {found}");
        Ok(())
    }

    /// Audit, logs and records fit together.
    pub fn verify(&self) -> Result<()> {
        let report = self.store.read_now(audit::verify)?;
        ensure!(report.holds, "the company's store contradicts itself: {:?}", report.found);
        Ok(())
    }

    /// How often each command has had its effect on a lead.
    pub fn effects(&self) -> Result<BTreeMap<CommandId, usize>> {
        let rows = self.store.read_now(|unit| {
            let mut rows = Vec::new();
            for id in unit.records_of(RecordKind::Lead)? {
                rows.extend(unit.events_after(id, 0)?);
            }
            Ok(rows)
        })?;
        let mut effects = BTreeMap::new();
        for row in rows {
            let stamp: Stamp = serde_json::from_str(&row.stamp)?;
            *effects.entry(stamp.command).or_default() += 1;
        }
        Ok(effects)
    }

    fn reader(&self) -> Result<Reader> {
        let user = self.device.user;
        let row = self.store.read_now(|unit| unit.user(user))?;
        let Some(row) = row else { bail!("the tablet's owner has no account any more") };
        Ok(Reader { grants: row.grants, person: row.person })
    }
}

/// Opens the tablet's store by its own way.
pub fn open_tablet(root: &Path) -> lantian_replica::Result<Replica> {
    simulation::open(&root.join(TABLET), KEY)
}

/// Gives a command that the rules must allow.
pub fn submit(
    replica: &mut Replica,
    record: RecordId,
    command: Command,
    now: Instant,
) -> Result<Saved> {
    match replica.submit(record, command, now)? {
        Submission::Saved(saved) => Ok(saved),
        Submission::Refused(refusal) => bail!("refused: {refusal:?}"),
    }
}

/// Takes one page; whether there are more.
pub fn fetch(replica: &mut Replica, company: &Company, now: Instant) -> Result<bool> {
    let page = company.page(replica, now)?;
    Ok(replica.apply_page(&page, now)?.more)
}

/// Synchronises until nothing moves any more.
pub fn rest(replica: &mut Replica, company: &Company, now: Instant) -> Result<()> {
    for _ in 0..ROUNDS {
        let sends = replica.sendable_count()? > 0;
        if sends {
            let answer = company.take(replica, now)?;
            replica.settle(&answer, now)?;
        }
        let more = fetch(replica, company, now)?;
        let broken = !replica.repairs()?.is_empty() && company.mend(replica, now)? > 0;
        if !sends && !more && !broken && replica.sendable_count()? == 0 {
            return Ok(());
        }
    }
    bail!("no rest after {ROUNDS} rounds")
}
