//! May the device leave a record? What is missing, and the company's receipt.
//!
//! ```text
//!  something waits ──► all accepted, own files there ──► asked ──► receipt
//!        ▲                                                 │ files missing
//!        └───────────── a new act, a new epoch ◄───────────┴────────┘
//! ```
//!
//! Invariant: a receipt counts only while nothing was given on the record since
//! it was asked for, nothing waits, and the company's store is of its epoch.

use lantian_domain::{ids::RecordId, time::Instant};
use lantian_protocol::departure::{DepartureAnswer, DepartureReceipt, files_hash};

use super::Replica;
use crate::{
    error::{Error, Result},
    outbox::Departed,
};

/// How a record stands for leaving.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Departure {
    /// Whether anything was given on it here.
    pub worked: bool,
    /// Commands without an answer.
    pub pending: u32,
    /// Commands that a rule refused, or that were set aside.
    pub stopped: u32,
    /// Own files with a receipt.
    pub files_done: u32,
    /// Own files in all.
    pub files_total: u32,
    /// Files of others that the company lacked when it was last asked.
    pub lacking: u64,
    /// The receipt that counts.
    pub receipt: Option<DepartureReceipt>,
    /// When a receipt was given that no longer counts.
    pub void: Option<Instant>,
}

impl Departure {
    /// Whether nothing of this device is missing, so that the company can be
    /// asked.
    pub fn is_complete(&self) -> bool {
        self.pending == 0 && self.stopped == 0 && self.files_done == self.files_total
    }
}

/// A question under way: what it was asked upon.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The record.
    pub record: RecordId,
    mark: i64,
}

impl Replica {
    /// How a record stands for leaving.
    pub fn departure(&self, record: RecordId) -> Departure {
        let (files_done, files_total) = self.marks.files(record);
        let mark = self.outbox.departures.mark(record);
        let standing = Departure {
            worked: mark.is_some(),
            pending: self.marks.pending(record),
            stopped: self.marks.stopped(record),
            files_done,
            files_total,
            lacking: self.lacking.get(&record).map_or(0, |(_, files)| *files),
            ..Departure::default()
        };
        let Some(kept) = self.outbox.departures.kept(record) else { return standing };
        let epoch = self.mirror.cursor().map(|cursor| cursor.epoch);
        let counts = standing.is_complete()
            && mark.is_none_or(|mark| mark <= kept.mark)
            && epoch == Some(kept.receipt.epoch);
        if counts {
            Departure { receipt: Some(kept.receipt.clone()), ..standing }
        } else {
            Departure { void: Some(kept.receipt.at), ..standing }
        }
    }

    /// When the receipt that counts was given.
    pub fn left_at(&self, record: RecordId) -> Option<Instant> {
        self.outbox.departures.kept(record)?;
        self.departure(record).receipt.map(|receipt| receipt.at)
    }

    /// The records that the company is to be asked about: worked on here,
    /// complete, without a receipt, and not asked about since the last act.
    pub fn departures_due(&self, most: usize) -> Vec<RecordId> {
        let due = self.outbox.departures.worked_on().filter(|(record, mark)| {
            let asked = self.lacking.get(record).is_some_and(|(upto, _)| upto == mark);
            !asked && self.mirror.version_of(*record) > 0 && {
                let standing = self.departure(*record);
                standing.is_complete() && standing.receipt.is_none()
            }
        });
        due.map(|(record, _)| record).take(most).collect()
    }

    /// Begins to ask; nothing while something of this device is missing.
    pub fn ask_departure(&self, record: RecordId) -> Option<Asked> {
        let known = self.mirror.version_of(record) > 0;
        let mark = self.outbox.departures.mark(record).unwrap_or(0);
        (known && self.departure(record).is_complete()).then_some(Asked { record, mark })
    }

    /// Takes the company's answer, and proves it.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the receipt is not what it says, or not for what
    /// is here; the store's.
    pub fn take_departure(&mut self, asked: Asked, answer: &DepartureAnswer) -> Result<()> {
        let Asked { record, mark } = asked;
        let Some(receipt) = &answer.receipt else {
            self.lacking.insert(record, (mark, answer.missing.len() as u64));
            self.changes.insert(record);
            return Ok(());
        };
        self.prove(record, receipt)?;
        self.lacking.remove(&record);
        let departed = Departed { receipt: receipt.clone(), mark };
        self.with_reserve(|replica| replica.outbox.keep_departure(&departed))?;
        self.changes.insert(record);
        Ok(())
    }

    /// Whether a receipt is signed, for this device and record, and for what
    /// this device holds of it; one of a later version is for what comes.
    fn prove(&self, record: RecordId, receipt: &DepartureReceipt) -> Result<()> {
        let wrong = |what: &str| Err(Error::corrupt("receipt", what));
        if !receipt.holds() || receipt.record != record || receipt.device != self.device().device {
            return wrong("it is not signed for this record and device");
        }
        let version = self.mirror.version_of(record);
        if receipt.version < version {
            return wrong("it is for an older version than the one here");
        }
        let Some(held) = self.mirror.record(record)? else { return Ok(()) };
        let same = receipt.version == version;
        let files = held.files();
        let fits = receipt.files == files.len() as u64
            && receipt.files_hash == files_hash(receipt.suite, files)
            && self
                .mirror
                .digest_of(record)
                .is_some_and(|digest| hex::encode(&digest) == receipt.digest);
        if same && !fits {
            return wrong("it is for another record than the one here");
        }
        Ok(())
    }
}
