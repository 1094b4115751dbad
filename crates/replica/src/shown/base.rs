//! Judging on a sight of the records: what is confirmed, what is shown, or
//! anything between.

use std::{collections::HashMap, sync::Arc};

use lantian_domain::{
    apply,
    command::Command,
    context::{Actor, Context, View},
    event::Change,
    evidence::Grade,
    ids::RecordId,
    judge,
    record::{Record, Rules},
    refusal::Refusal,
    role::givers,
    stamp::Stamp,
};
use lantian_protocol::{Envelope, Verdict};

use super::Overlay;
use crate::{error::Result, mirror::Mirror, outbox::Open};

/// What does not change while commands are judged.
#[derive(Clone, Copy)]
pub(crate) struct Base<'a> {
    pub(crate) mirror: &'a Mirror,
    pub(crate) rules: &'a Rules,
    pub(crate) actor: &'a Actor,
}

/// The records as they look at one point of the order.
pub(crate) struct Sight<'a> {
    base: Base<'a>,
    /// What lies on the confirmed records, if this sight begins with it.
    shown: Option<&'a Overlay>,
    /// Records that differ from that.
    over: HashMap<RecordId, Arc<Record>>,
}

impl<'a> Sight<'a> {
    /// The confirmed records with `over` in place of some.
    pub(crate) fn new(base: Base<'a>, over: HashMap<RecordId, Arc<Record>>) -> Self {
        Self { base, shown: None, over }
    }

    /// The records as shown.
    pub(crate) fn shown(base: Base<'a>, overlay: &'a Overlay) -> Self {
        Self { base, shown: Some(overlay), over: HashMap::new() }
    }

    pub(crate) fn record(&self, id: RecordId) -> Result<Option<Arc<Record>>> {
        let over = self.over.get(&id).or_else(|| self.shown?.record(id));
        match over {
            Some(record) => Ok(Some(Arc::clone(record))),
            None => self.base.mirror.record(id),
        }
    }

    /// Judges a command.
    pub(crate) fn judge(
        &self,
        record: RecordId,
        command: &Command,
        at: lantian_domain::time::Instant,
        new_no: &str,
    ) -> Result<Result<Vec<Change>, Refusal>> {
        let mut records = Vec::new();
        let target = self.record(record)?;
        let related = target.as_ref().map(|target| target.related()).unwrap_or_default();
        records.extend(target);
        for id in command.touches().into_iter().chain(related) {
            records.extend(self.record(id)?);
        }
        let view = records.iter().fold(View::new(), |view, record| view.with(record));
        let Base { rules, actor, .. } = self.base;
        Ok(judge(record, &view, command, &Context { now: at, actor, rules, new_no }))
    }

    /// Puts changes on top; the records that they made.
    pub(crate) fn put(&mut self, changes: &[Change], stamp: &Stamp) -> Result<Vec<Arc<Record>>> {
        let mut work: Vec<(RecordId, Option<Record>)> = Vec::new();
        for change in changes {
            let at = if let Some(at) = work.iter().position(|(id, _)| *id == change.record) {
                at
            } else {
                let before = self.record(change.record)?.map(|record| (*record).clone());
                work.push((change.record, before));
                work.len() - 1
            };
            let (id, record) = &mut work[at];
            *record = Some(apply(record.take(), *id, &change.event, stamp));
        }
        let made: Vec<Arc<Record>> =
            work.into_iter().filter_map(|(_, record)| record.map(Arc::new)).collect();
        for record in &made {
            self.over.insert(record.id(), Arc::clone(record));
        }
        Ok(made)
    }

    pub(crate) fn into_over(self) -> HashMap<RecordId, Arc<Record>> {
        self.over
    }
}

/// The circumstances in which an open command shows: those that it claims, or
/// those that the server has counted.
pub(crate) fn stamp(open: &Open, actor: &Actor) -> Stamp {
    let (at, grade) = match &open.verdict {
        Some(Verdict::Accepted { at, grade, .. }) => (*at, *grade),
        _ => (open.envelope.at, Grade::Offline),
    };
    Stamp { at, grade, ..claimed(&open.envelope, actor) }
}

/// The circumstances that an envelope claims.
pub(crate) fn claimed(envelope: &Envelope, actor: &Actor) -> Stamp {
    let givers = givers(envelope.command.name());
    Stamp {
        at: envelope.at,
        claimed: envelope.at,
        received: None,
        grade: Grade::Offline,
        actor: envelope.user,
        role: givers.iter().copied().find(|role| actor.is(*role)),
        device: envelope.device,
        command: envelope.id,
    }
}

/// The number that a record created here bears until the company gives one.
pub(crate) fn provisional_no(envelope_n: u64, device: lantian_domain::ids::DeviceId) -> String {
    let device = device.0.simple().to_string();
    format!("T-{}-{envelope_n:04}", &device[..4])
}
