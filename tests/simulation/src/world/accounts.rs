//! What tablets account for: attachments that they doubt, records that they let
//! go of.
//!
//! Invariant (I4): once everything is at rest, the company has the receipt of
//! each record that left a tablet and has not come back.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use lantian_domain::ids::RecordId;
use lantian_protocol::account::AccountResponse;
use lantian_protocol::file::{HeldResponse, UploadOffer};
use lantian_replica::Accounting;
use lantian_sync::{Failure, Input, Ticket};

use super::World;
use super::way::Request;

impl World {
    /// The tablet asks or tells the next.
    pub(super) fn account(&mut self, tablet: usize, ticket: Ticket) -> Result<()> {
        let now = self.now;
        let replica = &mut self.tablets[tablet].running()?.replica;
        let doubted = replica.doubted()?;
        let request = if doubted.is_empty() {
            Request::Account(replica.account(now)?)
        } else {
            Request::Held(doubted)
        };
        self.send(tablet, ticket, request)
    }

    /// Tells the engine how much is to be accounted for.
    pub(super) fn admit_account(&mut self, tablet: usize) -> Result<()> {
        let count = self.tablets[tablet].running()?.replica.unaccounted()?;
        if count > 0 { self.hear(tablet, Input::Unaccounted { count }) } else { Ok(()) }
    }

    /// The company has said which attachments it lacks.
    pub(super) fn confirm(
        &mut self,
        tablet: usize,
        ticket: Ticket,
        (asked, result): (&[UploadOffer], Result<HeldResponse, Failure>),
    ) -> Result<()> {
        self.learn_manners(tablet, (3, ticket), result.as_ref().err());
        let now = self.now;
        let result = match result {
            Ok(answer) => {
                let replica = &mut self.tablets[tablet].running()?.replica;
                for file in asked.iter().filter(|file| answer.missing.contains(&file.file)) {
                    // What was lost goes up once more.
                    self.sent.entry(file.file).or_default().begun_anew = true;
                    self.tally.probe("file asked for after a restore");
                }
                Ok(replica.confirm(asked, &answer, now)?)
            }
            Err(failure) => Err(failure),
        };
        self.hear(tablet, Input::Accounted { ticket, result })?;
        self.admit_uploads(tablet)
    }

    /// The company has taken note of what left.
    pub(super) fn noted(
        &mut self,
        tablet: usize,
        ticket: Ticket,
        (told, result): (&Accounting, Result<AccountResponse, Failure>),
    ) -> Result<()> {
        self.learn_manners(tablet, (3, ticket), result.as_ref().err());
        let result = match result {
            Ok(answer) => {
                self.tally.probe("company told of what left");
                Ok(self.tablets[tablet].running()?.replica.accounted(told, &answer)?)
            }
            Err(failure) => Err(failure),
        };
        self.hear(tablet, Input::Accounted { ticket, result })
    }

    /// A page was taken: what was held before and is not now has left.
    pub(super) fn let_go(&mut self, tablet: usize, held: &BTreeSet<RecordId>) -> Result<()> {
        let now = self.tablets[tablet].records()?;
        for id in held.difference(&now) {
            self.left.insert((tablet, *id));
            if self.tablets[tablet].running()?.replica.shown(*id)?.is_some() {
                self.tally.probe("record read while its work goes out");
            }
        }
        for id in now {
            self.left.remove(&(tablet, id));
        }
        Ok(())
    }

    /// An older copy of a folder has let go of less.
    pub(super) fn forget_left(&mut self, tablet: usize) {
        self.left.retain(|(one, _)| *one != tablet);
    }

    /// Once everything is at rest: each record that left has its receipt at the
    /// company (I4).
    pub(super) fn accounted_for(&mut self) -> Result<()> {
        for (tablet, record) in &self.left {
            let device = self.tablets[*tablet].device.id;
            let purged = self.company.has_receipt(device, *record)?;
            ensure!(purged, "I4: {record} left tablet {tablet} without a receipt");
        }
        for tablet in &mut self.tablets {
            let number = tablet.number;
            let open = tablet.running()?.replica.unaccounted()?;
            ensure!(open == 0, "I9: tablet {number} has {open} things to account for still");
        }
        Ok(())
    }
}
