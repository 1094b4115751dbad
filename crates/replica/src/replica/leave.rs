//! Scope exit: a record that left is read while work on it goes out, then
//! sealed, then purged, and the company gets the receipt.
//!
//! Words: a record is *busy* while a command on it may be sent, or a content of
//! it is not safe at the company; what a person has to decide on keeps nothing
//! here but its own data. Invariants: nothing of a record that is busy is
//! purged from what its work needs; a receipt says what is true: nothing of the
//! record is here any more; every step that was interrupted is taken again.

use std::collections::BTreeSet;

use lantian_domain::{ids::RecordId, record::Record, time::Instant};
use lantian_protocol::{
    account::{Account, AccountResponse, MAX_ACCOUNTED, SignedAccount},
    feed::Witness,
    planted::{Bug, planted},
};

use super::{Replica, attach, recall::is_doubted};
use crate::{
    error::{Error, Result},
    files::Cache,
    mirror::Leaving,
    outbox::{Exit, Fate, Outbox, Stage},
};

/// What is told to the company, and which receipts that settles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accounting {
    /// The word, signed.
    pub signed: SignedAccount,
    /// What was shown to the company of what it had said.
    shown: Option<Witness>,
    receipts: Vec<i64>,
    picture: BTreeSet<RecordId>,
}

/// Writes down what a page takes away, before it does.
pub(super) struct Departures<'a> {
    pub(super) outbox: &'a mut Outbox,
    pub(super) cache: &'a Cache,
    pub(super) busy: BTreeSet<RecordId>,
    /// The epoch and the place in the feed to which the page leads.
    pub(super) stands: (u64, u64),
    pub(super) now: Instant,
    pub(super) exits: Vec<Exit>,
}

impl Leaving for Departures<'_> {
    fn leaves(&mut self, record: &Record, bytes: u64) -> Result<()> {
        let (epoch, seq) = self.stands;
        let files = attach::forget_files(self.outbox, self.cache, epoch, record)?;
        let busy = self.busy.contains(&record.id());
        self.exits.push(Exit {
            record: record.id(),
            version: record.version(),
            epoch,
            seq,
            left_at: self.now,
            stage: if busy { Stage::Leaving } else { Stage::Sealed },
            body: busy.then(|| record.clone()),
            bytes,
            files,
            purged_at: None,
        });
        Ok(())
    }

    fn commits(&mut self) -> Result<()> {
        if planted(Bug::ExitUnnoted) {
            return Ok(());
        }
        self.outbox.note_exits(std::mem::take(&mut self.exits))
    }
}

impl Replica {
    /// A record that left while work on it goes out, as it was: to be read.
    pub(super) fn leaving(&self, id: RecordId) -> Option<&Record> {
        let all = self.outbox.exits.values();
        let mut open = all.filter(|exit| exit.record == id && exit.stage == Stage::Leaving);
        open.find_map(|exit| exit.body.as_ref()).filter(|_| self.mirror.version_of(id) == 0)
    }

    /// The records on which work goes out, or whose contents are not safe.
    pub(super) fn busy(&self) -> BTreeSet<RecordId> {
        let going = self
            .outbox
            .open_commands()
            .filter(|open| open.fate == Fate::Pending && !self.lanes.parked.contains(&open.id()));
        let epoch = self.epoch();
        let unsafe_here = self.outbox.uploads.values().filter(|staged| {
            is_doubted(staged, epoch) || staged.receipt.is_none() && self.goes_up(staged)
        });
        going
            .map(|open| open.envelope.record)
            .chain(unsafe_here.map(|staged| staged.record))
            .collect()
    }

    /// Takes every leaving that can go on a step further.
    pub(super) fn finish_exits(&mut self, now: Instant) -> Result<()> {
        let open = |exit: &Exit| exit.stage != Stage::Purged;
        if !self.outbox.exits.values().any(open) {
            return Ok(());
        }
        let busy = self.busy();
        let (mut void, mut gone, mut records) = (Vec::new(), Vec::new(), Vec::new());
        for (n, exit) in self.outbox.exits.iter().filter(|(_, exit)| open(exit)) {
            if self.mirror.version_of(exit.record) != 0 {
                void.push(*n);
            } else if !busy.contains(&exit.record) {
                gone.push(*n);
                records.push(exit.record);
            }
        }
        let epoch = self.epoch();
        attach::forget_uploads(&mut self.outbox, epoch, &records)?;
        self.outbox.void_exits(&void)?;
        self.outbox.purge_exits(&gone, now)?;
        for record in records {
            self.refresh_line(record)?;
        }
        Ok(())
    }

    /// What this tablet has to account for: receipts that the company does not
    /// have, and whether what it holds back has changed since it was told.
    pub(super) fn untold(&self) -> usize {
        let receipts = self.outbox.exits.values().filter(|exit| exit.stage != Stage::Leaving);
        receipts.count() + usize::from(self.picture() != self.told)
    }

    /// The tablet's word to the company.
    ///
    /// # Errors
    /// The store's.
    pub fn account(&mut self, now: Instant) -> Result<Accounting> {
        self.finish_exits(now)?;
        let purged = self.outbox.exits.iter().filter_map(|(n, exit)| Some((*n, exit.receipt()?)));
        let (receipts, purged) = purged.take(MAX_ACCOUNTED).unzip();
        let waits = self.outbox.open_commands().filter(|open| open.fate == Fate::Pending);
        let waits: Vec<RecordId> = waits.map(|open| open.envelope.record).collect();
        let on: BTreeSet<RecordId> = waits.iter().copied().collect();
        let leaving = self.outbox.exits.values().filter(|exit| exit.stage == Stage::Leaving);
        let stands = self.mirror.cursor();
        let shown = self.witness()?;
        let account = Account {
            at: now,
            witness: shown.clone(),
            epoch: stands.map_or(0, |cursor| cursor.epoch),
            seq: stands.map_or(0, |cursor| cursor.seq),
            unsent: waits.len() as u64,
            on: on.into_iter().take(MAX_ACCOUNTED).collect(),
            leaving: leaving.map(|exit| exit.record).take(MAX_ACCOUNTED).collect(),
            purged,
        };
        let account = serde_json::to_string(&account)
            .map_err(|e| Error::Form(lantian_protocol::Error::Encode(e.into())))?;
        let signature = self.outbox.identity.sign(account.as_bytes());
        let signed = SignedAccount { account, signature };
        Ok(Accounting { signed, shown, receipts, picture: self.picture() })
    }

    /// Writes down that the company has taken note; says how much this tablet
    /// still has to account for.
    ///
    /// # Errors
    /// The store's; then it is told again.
    pub fn accounted(&mut self, told: &Accounting, answer: &AccountResponse) -> Result<usize> {
        // What an earlier store took note of may be lost with it.
        if answer.epoch >= self.epoch() && self.still_holds(told.shown.as_ref())? {
            self.outbox.tell_exits(&told.receipts, answer.epoch)?;
            self.told.clone_from(&told.picture);
            if let Some(witness) = &answer.witness {
                self.with_reserve(|replica| replica.outbox.keep_witness(witness))?;
            }
        }
        self.unaccounted()
    }

    /// The records that are here though they left, and those whose work stands
    /// still.
    fn picture(&self) -> BTreeSet<RecordId> {
        if planted(Bug::ExitsUntold) {
            return self.told.clone();
        }
        let leaving = self.outbox.exits.values().filter(|exit| exit.stage == Stage::Leaving);
        let parked = self.lanes.parked.iter().filter_map(|id| self.outbox.get(*id));
        leaving.map(|exit| exit.record).chain(parked.map(|open| open.envelope.record)).collect()
    }
}
