//! The company's books, as the oracles read them.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use lantian_domain::event::Event;
use lantian_domain::ids::{CommandId, DeviceId};
use lantian_domain::record::{Record, RecordKind};
use lantian_domain::stamp::Stamp;
use lantian_protocol::identity::ScopeDigest;
use lantian_server::audit;
use lantian_server::feed::scope::{Viewer, keys_of};
use lantian_server::feed::scope_digest;
use lantian_server::pipeline::find;
use lantian_server::store::{DeviceRow, Journal as _, Ledger as _};

use super::Company;

/// A command's effect, as the log has it.
#[derive(Clone, Debug)]
pub(crate) struct Effect {
    /// How often it stands in the log of one record.
    pub(crate) times: usize,
    /// Who, when, where.
    pub(crate) stamp: Stamp,
}

impl Company {
    /// The digest of what a device's owner may see.
    pub(crate) fn digest(&self, device: &DeviceRow) -> Result<ScopeDigest> {
        let reader = self.reader(device)?;
        Ok(self.up()?.read_now(|unit| scope_digest(unit, &reader))?)
    }

    /// The commands that have an effect in the log.
    pub(crate) fn effects(&self) -> Result<BTreeMap<CommandId, Effect>> {
        let mut found = BTreeMap::<CommandId, Effect>::new();
        let logs = self.up()?.read_now(|unit| {
            let mut logs = Vec::new();
            for kind in RecordKind::WORK {
                for id in unit.records_of(*kind)? {
                    logs.push(unit.events_after(id, 0)?);
                }
            }
            Ok(logs)
        })?;
        for log in logs {
            let mut here = BTreeMap::<CommandId, Effect>::new();
            let mut last = None;
            for row in log {
                let stamp: Stamp = serde_json::from_str(&row.stamp)?;
                let command = stamp.command;
                // Late work that is offered to who answers for its record has
                // no effect of its own.
                if matches!(
                    serde_json::from_str(&row.event)?,
                    Event::ProposalOffered(offered) if offered.work.source == command
                ) {
                    continue;
                }
                let effect = here.entry(command).or_insert(Effect { times: 0, stamp });
                // One command's events of a record stand together.
                effect.times += usize::from(last != Some(command));
                last = Some(command);
            }
            for (command, effect) in here {
                let most = found.entry(command).or_insert_with(|| effect.clone());
                most.times = most.times.max(effect.times);
            }
        }
        Ok(found)
    }

    /// How often each command of these devices is audited.
    pub(crate) fn audited(
        &self,
        devices: &BTreeSet<DeviceId>,
    ) -> Result<BTreeMap<CommandId, usize>> {
        let rows = self.up()?.read_now(|unit| unit.audit_after(0, usize::from(u16::MAX)))?;
        let mut times = BTreeMap::new();
        for entry in rows.into_iter().map(|row| row.entry) {
            let ours = entry.device.is_some_and(|device| devices.contains(&device));
            if let Some(command) = entry.command.filter(|_| ours && entry.act != "quarantine") {
                *times.entry(command).or_default() += 1;
            }
        }
        Ok(times)
    }

    /// Every record that people work on.
    pub(crate) fn work(&self) -> Result<Vec<Record>> {
        Ok(self.up()?.read_now(|unit| {
            let mut all = Vec::new();
            for kind in RecordKind::WORK {
                for id in unit.records_of(*kind)? {
                    all.extend(find(unit, id)?);
                }
            }
            Ok(all)
        })?)
    }

    /// Whether the rulebook, asked anew, lets a device's owner see a record.
    pub(crate) fn may_see(&self, device: &DeviceRow, record: &Record) -> Result<bool> {
        Ok(Viewer::of(&self.reader(device)?.person).sees_any(&keys_of(record)))
    }

    /// The hash of the envelope that was judged as this command.
    pub(crate) fn judged(&self, command: CommandId) -> Result<Option<Vec<u8>>> {
        Ok(self.up()?.read_now(|unit| Ok(unit.outcome(command)?.map(|(hash, _)| hash)))?)
    }

    /// Whether an answer to a command is stored.
    pub(crate) fn has_answered(&self, command: CommandId) -> Result<bool> {
        Ok(self.up()?.read_now(|unit| Ok(unit.outcome(command)?.is_some()))?)
    }

    /// Audit, logs and records fit together.
    pub(crate) fn verify(&self) -> Result<audit::Report> {
        Ok(self.up()?.read_now(audit::verify)?)
    }
}
