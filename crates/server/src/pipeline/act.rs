//! Commands that the server itself gives: intake accounts, demonstration data.

use lantian_domain::{
    command::Command,
    evidence::Grade,
    ids::{CommandId, DeviceId, RecordId},
    record::Person,
    refusal::Refusal,
    stamp::Stamp,
    time::Instant,
};
use lantian_protocol::{Outcome, Verdict};
use sha2::{Digest as _, Sha256};

use super::{
    desk::{Accepted, Desk, Given},
    push::{detail, result, word},
};
use crate::{
    error::{Error, Result},
    store::{AuditEntry, Journal, OutcomeRow, Unit, packed},
};

/// A command given by the server on behalf of an account.
#[derive(Clone, Debug)]
pub struct Act {
    /// The command's identity: the same one has one effect.
    pub id: CommandId,
    /// On whose behalf.
    pub person: Person,
    /// The device, or the nil device for an interface.
    pub device: DeviceId,
    /// The record it is given on.
    pub record: RecordId,
    /// The instant that counts.
    pub at: Instant,
    /// When the server took it.
    pub received: Instant,
    /// The command.
    pub command: Command,
}

/// Carries out one act in a unit of its own: judge, events, membership,
/// outcome, audit. A repeat answers as before and changes nothing.
///
/// # Errors
/// The store's; a refusal is a value.
pub fn perform(unit: &Unit<'_>, act: &Act) -> Result<Result<Accepted, Refusal>> {
    let mut desk = Desk::open(unit)?;
    let done = desk.perform(act)?;
    desk.save()?;
    Ok(done)
}

impl Desk<'_, '_> {
    /// Carries out one act among others; [`Desk::save`] writes them all.
    ///
    /// # Errors
    /// The store's; a refusal is a value.
    pub fn perform(&mut self, act: &Act) -> Result<Result<Accepted, Refusal>> {
        if let Some((_, outcome)) = self.unit().outcome(act.id)? {
            return repeat(&outcome, act.record);
        }
        let stamp = Stamp {
            at: act.at,
            claimed: act.at,
            received: Some(act.received),
            grade: Grade::Online,
            actor: act.person.user(),
            role: None,
            device: act.device,
            command: act.id,
        };
        let given =
            Given { person: &act.person, record: act.record, command: &act.command, stamp: &stamp };
        let done = self.give(&given)?;
        let verdict = match &done {
            Ok(accepted) => {
                Verdict::Accepted { seq: accepted.seq, at: act.at, grade: Grade::Online }
            }
            Err(refusal) => Verdict::Refused { refusal: refusal.clone() },
        };
        keep(self.unit(), act, &verdict)?;
        Ok(done)
    }
}

fn repeat(outcome: &[u8], record: RecordId) -> Result<Result<Accepted, Refusal>> {
    let stored: Outcome = serde_json::from_slice(outcome)?;
    match stored.verdict {
        Verdict::Accepted { seq, .. } => Ok(Ok(Accepted { seq, records: vec![record] })),
        Verdict::Refused { refusal } => Ok(Err(refusal)),
        Verdict::Deferred | Verdict::Quarantined { .. } => {
            Err(Error::damaged("a stored outcome is neither accepted nor refused"))
        }
    }
}

fn keep(unit: &Unit<'_>, act: &Act, verdict: &Verdict) -> Result<()> {
    let envelope = serde_json::to_vec(&serde_json::json!({
        "id": act.id,
        "record": act.record,
        "user": act.person.user(),
        "device": act.device,
        "at": act.at,
        "command": act.command,
    }))?;
    unit.put_outcome(&OutcomeRow {
        command: act.id,
        device: act.device,
        incarnation: act.id.0,
        n: 1,
        prev: Vec::new(),
        hash: Sha256::digest(&envelope).to_vec(),
        record: act.record,
        verdict: word(verdict),
        outcome: serde_json::to_vec(&Outcome { id: act.id, verdict: verdict.clone() })?,
        envelope: packed(&envelope)?,
        signature: Vec::new(),
        received: act.received,
    })?;
    unit.audit(
        act.received,
        AuditEntry {
            act: act.command.name().as_str().to_owned(),
            actor: Some(act.person.user()),
            device: Some(act.device),
            subject: Some(act.record.0),
            command: Some(act.id),
            claimed: Some(act.at),
            result: result(verdict),
            detail: detail(&act.command),
        },
    )
}
