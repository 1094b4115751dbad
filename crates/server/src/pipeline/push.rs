//! A batch of a tablet's commands: each is answered, none is lost.
//!
//! Words: a *lane* is the commands of one record. When one of them fails, the
//! later ones of its lane in the same batch are deferred, and so is what was
//! built on them; everything else flows.

use std::collections::BTreeSet;

use lantian_domain::{
    command::{Command, CommandName},
    evidence::{Grade, effective_time},
    ids::{CommandId, RecordId},
    proposal::{self, PROPOSAL},
    record::Person,
    refusal::Refusal,
    stamp::Stamp,
    time::Instant,
};
use lantian_protocol::{
    Envelope, Outcome, Problem, Verdict,
    planted::{Bug, planted},
};

use super::{
    authentic::Parsed,
    chain::Chains,
    desk::{Accepted, Desk, Given},
};
use crate::{
    audit::{ANSWER, answer_digest},
    channel,
    error::{Error, Result},
    store::{Accounts, AuditEntry, DeviceRow, Journal, OutcomeRow, QuarantineRow, Unit},
};

/// Envelopes of one device kept aside at the most.
const MAX_QUARANTINED: u64 = 10_000;

/// Whose batch it is.
#[derive(Clone, Debug)]
pub struct Pusher {
    /// The person of the session, with the roles held now.
    pub person: Person,
    /// The device of the session.
    pub device: DeviceRow,
    /// When the batch came.
    pub received: Instant,
    /// The offset (server minus device, ms) measured just now.
    pub offset_ms: i64,
}

/// Judges a batch. With `keep` false nothing is written: the answers tell what
/// would happen.
///
/// # Errors
/// The store's; then nothing of the batch was done.
pub fn push(unit: &Unit<'_>, who: &Pusher, batch: &[Parsed], keep: Keep) -> Result<Vec<Outcome>> {
    unit.work_of(Some(who.device.id));
    let mut desk = Desk::open(unit)?;
    desk.lay_out(batch.iter().filter_map(|parsed| parsed.content.as_ref().ok()))?;
    let mut run = Run {
        unit,
        who,
        keep,
        desk,
        chains: Chains::load(unit, who.device.id, batch)?,
        stopped: BTreeSet::new(),
        failed: BTreeSet::new(),
        demands: Vec::new(),
    };
    let mut outcomes = Vec::with_capacity(batch.len());
    for parsed in batch {
        let verdict = run.answer(parsed)?;
        if !matches!(verdict, Verdict::Accepted { .. }) {
            run.failed.insert(parsed.id());
            // What is handed on breaks no lane: the rest of it follows.
            run.stopped.extend(parsed.record().filter(|_| !is_handed_on(&verdict)));
        }
        outcomes.push(Outcome { id: parsed.id(), verdict });
    }
    if keep == Keep::Everything {
        for record in std::mem::take(&mut run.demands) {
            channel::share_out(&mut run.desk, record, who.received)?;
        }
        if !(planted(Bug::AckWithoutEffect) && batch.len() > 1) {
            run.desk.save()?;
        }
        unit.note_sync(&who.device, who.received, Some(who.offset_ms))?;
    }
    Ok(outcomes)
}

/// Whether a batch leaves traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Outcomes, events, audit: everything.
    Everything,
    /// Nothing: a preview.
    Nothing,
}

struct Run<'u, 'c> {
    unit: &'u Unit<'c>,
    who: &'u Pusher,
    keep: Keep,
    desk: Desk<'u, 'c>,
    chains: Chains,
    /// Lanes in which a command failed.
    stopped: BTreeSet<RecordId>,
    /// Commands that did not take effect.
    failed: BTreeSet<CommandId>,
    /// Cases that began without a manager, to be shared out by rule.
    demands: Vec<RecordId>,
}

impl Run<'_, '_> {
    fn answer(&mut self, parsed: &Parsed) -> Result<Verdict> {
        if !parsed.authentic && !planted(Bug::ForgedAccepted) {
            return self.quarantine(parsed, "E_SIGNATURE", "the signature does not fit the device");
        }
        let envelope = match &parsed.content {
            Ok(envelope) => envelope,
            Err(unreadable) => return self.quarantine(parsed, "E_FORMAT", &unreadable.message),
        };
        if envelope.user != self.who.person.user() || envelope.device != self.who.device.id {
            let message = "the envelope names another user or device than the session";
            return self.quarantine(parsed, "E_SIGNATURE", message);
        }
        let known = self.unit.outcome(envelope.id)?.filter(|_| !planted(Bug::DedupeSkipped));
        if let Some((hash, outcome)) = known {
            if hash == parsed.hash && planted(Bug::RepeatDiffers) {
                let at = self.who.received;
                return Ok(Verdict::Accepted { seq: 1, at, grade: Grade::Late });
            }
            if hash == parsed.hash {
                let stored: Outcome = serde_json::from_slice(&outcome)?;
                return Ok(stored.verdict);
            }
            return self.quarantine(parsed, "E_FORK", "another envelope had this command's id");
        }
        if !self.chains.fits(envelope, &parsed.hash) && !planted(Bug::ForkUnseen) {
            let message = "the replica's chain has forked; a copy of it was in use elsewhere";
            return self.quarantine(parsed, "E_FORK", message);
        }
        let waits = envelope.after.is_some_and(|after| self.failed.contains(&after));
        if (waits || self.stopped.contains(&envelope.record)) && !planted(Bug::FailedLaneFlows) {
            return Ok(Verdict::Deferred);
        }
        self.judge(parsed, envelope)
    }

    fn judge(&mut self, parsed: &Parsed, envelope: &Envelope) -> Result<Verdict> {
        let stamp = self.stamp(envelope);
        let given = Given {
            person: &self.who.person,
            record: envelope.record,
            command: &envelope.command,
            stamp: &stamp,
        };
        let verdict = match self.desk.give(&given)? {
            Ok(Accepted { seq, .. }) => {
                if envelope.command.name() == CommandName::SubmitDemand {
                    self.demands.push(envelope.record);
                }
                Verdict::Accepted { seq, at: stamp.at, grade: stamp.grade }
            }
            Err(refusal) => Verdict::Refused { refusal: self.hand_on(envelope, &stamp, refusal)? },
        };
        self.chains.add(envelope, &parsed.hash);
        if self.keep == Keep::Everything && !planted(Bug::OutcomeForgotten) {
            self.keep_outcome(parsed, envelope, &verdict)?;
        }
        Ok(verdict)
    }

    /// Offers work on a record that went to somebody else to them, and says so
    /// in the refusal; any other refusal stays as it is.
    fn hand_on(&mut self, envelope: &Envelope, stamp: &Stamp, refusal: Refusal) -> Result<Refusal> {
        let record = self.desk.lay(envelope.record)?;
        let offered = record.and_then(|record| {
            proposal::late(&refusal, envelope.id, record, &envelope.command, stamp)
        });
        let Some(change) = offered else { return Ok(refusal) };
        let id = change.record;
        self.desk.append(change, stamp)?;
        Ok(refusal.with(PROPOSAL, id))
    }

    /// The instant that counts. The envelope's time was corrected by the offset
    /// signed with it; the rule wants the device's own reading.
    fn stamp(&self, envelope: &Envelope) -> Stamp {
        let reading = envelope.at.plus_ms(envelope.offset_ms.saturating_neg());
        let evidence = effective_time(
            reading,
            self.who.received,
            self.who.device.offset_ms.unwrap_or(envelope.offset_ms),
            self.who.offset_ms,
            true,
        );
        Stamp {
            at: if planted(Bug::ClaimTrusted) { reading } else { evidence.at },
            claimed: envelope.at,
            received: Some(self.who.received),
            grade: evidence.grade,
            actor: envelope.user,
            role: None,
            device: envelope.device,
            command: envelope.id,
        }
    }

    fn keep_outcome(&self, parsed: &Parsed, envelope: &Envelope, verdict: &Verdict) -> Result<()> {
        let outcome = Outcome { id: envelope.id, verdict: verdict.clone() };
        let outcome = serde_json::to_vec(&outcome)?;
        let mut said = detail(&envelope.command).unwrap_or_else(|| serde_json::json!({}));
        said[ANSWER] = answer_digest(&parsed.hash, &outcome).into();
        self.unit.put_outcome(&OutcomeRow {
            command: envelope.id,
            device: envelope.device,
            incarnation: envelope.incarnation,
            n: envelope.n,
            prev: hex::decode(&envelope.prev).unwrap_or_default(),
            hash: parsed.hash.clone(),
            record: envelope.record,
            verdict: word(verdict),
            outcome,
            envelope: parsed.kept()?,
            signature: parsed.signed.signature.clone(),
            received: self.who.received,
        })?;
        if planted(Bug::AuditSkipped) && envelope.n % 4 == 3 {
            return Ok(());
        }
        self.unit.audit(
            self.who.received,
            AuditEntry {
                act: envelope.command.name().as_str().to_owned(),
                actor: Some(envelope.user),
                device: Some(envelope.device),
                subject: Some(envelope.record.0),
                command: Some(envelope.id),
                claimed: Some(envelope.at),
                result: result(verdict),
                detail: Some(said),
            },
        )
    }

    fn quarantine(&self, parsed: &Parsed, code: &str, message: &str) -> Result<Verdict> {
        if self.keep == Keep::Everything {
            self.set_aside(parsed, code, message)?;
        }
        Ok(Verdict::Quarantined { code: code.to_owned(), message: message.to_owned() })
    }

    fn set_aside(&self, parsed: &Parsed, code: &str, message: &str) -> Result<()> {
        let device = self.who.device.id;
        if self.unit.quarantined(device)? >= MAX_QUARANTINED {
            return Err(Error::Refused(Box::new(Problem {
                status: 429,
                code: "quarantine_full".to_owned(),
                detail: "too much of this device waits in quarantine; call the administrator"
                    .to_owned(),
                params: std::collections::BTreeMap::new(),
            })));
        }
        let added = self.unit.put_quarantine(&QuarantineRow {
            hash: parsed.hash.clone(),
            user: self.who.person.user(),
            device,
            code: code.to_owned(),
            message: message.to_owned(),
            envelope: parsed.kept()?,
            signature: parsed.signed.signature.clone(),
            received: self.who.received,
        })?;
        if !added {
            return Ok(());
        }
        self.unit.audit(
            self.who.received,
            AuditEntry {
                act: "quarantine".to_owned(),
                actor: Some(self.who.person.user()),
                device: Some(device),
                subject: parsed.record().map(|id| id.0),
                command: Some(parsed.id()),
                result: code.to_owned(),
                ..AuditEntry::default()
            },
        )
    }
}

fn is_handed_on(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Refused { refusal } if proposal::handed_on(refusal).is_some())
}

pub(super) fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Accepted { .. } => "accepted",
        Verdict::Refused { .. } => "refused",
        Verdict::Deferred => "deferred",
        Verdict::Quarantined { .. } => "quarantined",
    }
}

pub(super) fn result(verdict: &Verdict) -> String {
    if let Verdict::Refused { refusal: Refusal { code, .. } } = verdict {
        return code.as_str().to_owned();
    }
    word(verdict).to_owned()
}

/// What the audit says besides: which datum of a person was read (P-14).
#[expect(clippy::wildcard_enum_match_arm, reason = "the other commands say all by their name")]
pub(super) fn detail(command: &Command) -> Option<serde_json::Value> {
    match command {
        Command::Unmask(asked) => Some(serde_json::json!({ "field": asked.field })),
        Command::EraseData(asked) => Some(serde_json::json!({ "because": asked.because })),
        _ => None,
    }
}
