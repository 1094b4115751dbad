//! Work that changes hands: what a colleague did on a record that one answers
//! for, and one's own that goes to somebody else.
//!
//! Invariant: a proposal is settled after its work was given again, so that a
//! crash between the two leaves it open and never loses it.

use std::{collections::BTreeSet, sync::Arc};

use lantian_domain::{
    card::card,
    command::Command,
    file::FileRef,
    ids::CommandId,
    proposal::{self, OfferWork, Proposal, ProposalState, SettleProposal, Settled},
    record::{Record, RecordKind},
    refusal::Code,
    time::Instant,
};

use super::{AttentionItem, AttentionKind, Choice, Replica, Resolution, Resolved, Submission};
use crate::{
    error::{Error, Result},
    outbox::Fate,
    read::Filter,
};

impl Replica {
    /// Colleagues' work that waits for the one who works here.
    pub(super) fn proposed(&self) -> Result<Vec<AttentionItem>> {
        let mut all = Vec::new();
        for one in self.open_proposals()? {
            let Record::Proposal(proposal) = &*one else { continue };
            // What a newer version gave waits for an update, and is kept.
            let Some(command) = proposal.work.given() else { continue };
            let confirmed = self.mirror.record(proposal.work.target)?;
            all.push(AttentionItem {
                id: proposal.work.source,
                record: proposal.work.target,
                kind: AttentionKind::Proposed,
                command,
                at: proposal.work.given_at,
                card: self.shelf.get(proposal.work.target).cloned(),
                confirmed_state: confirmed.map(|record| card(&record).state),
                refusal: None,
                from: Some(proposal.by),
                quarantine: None,
                choices: vec![Choice::Resend, Choice::Edit, Choice::Discard],
                files: proposal.files.clone(),
            });
        }
        Ok(all)
    }

    /// The open proposal that a colleague's command became.
    pub(super) fn proposal(&self, source: CommandId) -> Result<Option<Proposal>> {
        let found = self.shown(proposal::identity(source))?;
        Ok(match found.as_deref() {
            Some(Record::Proposal(one)) if self.waits_here(one) => Some((**one).clone()),
            _ => None,
        })
    }

    /// Whether an open proposal brings this file: the server has it, or gets
    /// it from whose work it is.
    pub(super) fn is_proposed(&self, file: &FileRef) -> Result<bool> {
        let all = self.open_proposals()?;
        Ok(all.iter().any(|one| one.files().iter().any(|named| named.id == file.id)))
    }

    /// Takes a colleague's work over, corrected or not, or declines it.
    pub(super) fn decide_on(
        &mut self,
        proposal: &Proposal,
        resolution: Resolution,
        now: Instant,
    ) -> Result<Resolved> {
        let as_it_was = || proposal.work.given().ok_or(Error::UnknownItem(proposal.work.source));
        let (how, command) = match resolution {
            Resolution::Resend => (Settled::TakenOver, as_it_was()?),
            Resolution::Edit(command) => (Settled::Corrected, command),
            Resolution::HandOver { .. } => return Err(Error::UnknownItem(proposal.work.source)),
            Resolution::Discard { reason } => {
                let declined = SettleProposal { how: Settled::Declined, given: None, reason };
                return self.settle_proposal(proposal, declined, now);
            }
        };
        let saved = match self.submit(proposal.work.target, command, now)? {
            Submission::Saved(saved) => saved,
            Submission::Refused(refusal) => return Ok(Resolved::Refused(refusal)),
        };
        let settled = SettleProposal { how, given: Some(saved.command), reason: None };
        let told = self.settle_proposal(proposal, settled, now)?;
        Ok(if told == Resolved::Closed { Resolved::Submitted(saved) } else { told })
    }

    /// Hands one's own command over; its data go along as a command of their
    /// own, the files with them.
    pub(super) fn hand_over(&mut self, offered: OfferWork, now: Instant) -> Result<Resolved> {
        let (source, target) = (offered.source, offered.target);
        let offer = Command::OfferWork(Box::new(offered));
        match self.submit(proposal::identity(source), offer, now)? {
            Submission::Saved(_) => {}
            // It was handed over before, and not closed.
            Submission::Refused(no) if no.code == Code::Duplicate => {}
            Submission::Refused(no) => return Ok(Resolved::Refused(no)),
        }
        self.close(source, target, Fate::Handed)
    }

    fn settle_proposal(
        &mut self,
        proposal: &Proposal,
        settled: SettleProposal,
        now: Instant,
    ) -> Result<Resolved> {
        Ok(match self.submit(proposal.id, Command::SettleProposal(settled), now)? {
            Submission::Saved(_) => Resolved::Closed,
            Submission::Refused(refusal) => Resolved::Refused(refusal),
        })
    }

    fn open_proposals(&self) -> Result<Vec<Arc<Record>>> {
        let open = Filter {
            kinds: BTreeSet::from([RecordKind::Proposal]),
            states: BTreeSet::from([ProposalState::Offered.as_str().to_owned()]),
            ..Filter::default()
        };
        let (cards, _) = self.shelf.list(&open, usize::MAX, None, &|_| true);
        let mut all = Vec::new();
        for line in cards {
            let record = self.shown(line.id)?;
            all.extend(record.filter(
                |record| matches!(&**record, Record::Proposal(one) if self.waits_here(one)),
            ));
        }
        Ok(all)
    }

    fn waits_here(&self, proposal: &Proposal) -> bool {
        proposal.state == ProposalState::Offered && proposal.owner == self.actor.user
    }
}
