//! The ledger: every command that a person saw as 已保存, with what was signed.
//!
//! It lies outside both programs. Words: a command is *put back* when somebody
//! replaced the tablet's folder by an older copy, in which it is not yet.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use lantian_domain::ids::CommandId;
use lantian_protocol::SignedCommand;
use lantian_replica::{Entry, Fate};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::tablet::Tablet;

/// What is known of one command.
#[derive(Debug)]
pub(crate) struct Saved {
    /// The tablet that showed it.
    pub(crate) tablet: usize,
    /// Whether an older copy of the folder took it from the tablet.
    pub(crate) put_back: bool,
    /// Once it was sent: the hash of its envelope.
    pub(crate) hash: Option<Vec<u8>>,
    /// Once it was sent: what it builds on.
    pub(crate) after: Option<CommandId>,
    /// Whether a middlebox changed a copy of it on the way.
    pub(crate) altered: bool,
}

/// The part of an envelope that the ledger reads.
#[derive(Deserialize)]
struct Head {
    id: CommandId,
    after: Option<CommandId>,
}

/// Every command that was shown as saved.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) saved: BTreeMap<CommandId, Saved>,
}

impl Ledger {
    /// A command was shown as saved.
    pub(crate) fn note(&mut self, command: CommandId, tablet: usize) {
        let saved = Saved { tablet, put_back: false, hash: None, after: None, altered: false };
        self.saved.insert(command, saved);
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.saved.len()
    }

    /// A tablet that has just come back holds everything it ever showed (I1).
    pub(crate) fn holds(&self, tablet: &mut Tablet) -> Result<Vec<Entry>> {
        let number = tablet.number;
        let entries = tablet.history()?;
        let here: BTreeSet<CommandId> = entries.iter().map(|entry| entry.id).collect();
        for (command, saved) in &self.saved {
            ensure!(
                saved.tablet != number || saved.put_back || here.contains(command),
                "I1: tablet {number} lost saved {command}"
            );
        }
        Ok(entries)
    }

    /// Somebody put an older copy of a tablet's folder in place.
    pub(crate) fn put_back(&mut self, tablet: &mut Tablet) -> Result<()> {
        let here: BTreeSet<CommandId> = tablet.history()?.iter().map(|entry| entry.id).collect();
        for (command, saved) in &mut self.saved {
            saved.put_back |= saved.tablet == tablet.number && !here.contains(command);
        }
        Ok(())
    }

    /// A tablet sends commands: each as it was signed the first time (I2), and
    /// none before what it builds on (I5).
    pub(crate) fn sends(&mut self, tablet: &mut Tablet, batch: &[SignedCommand]) -> Result<()> {
        let number = tablet.number;
        let mut entries = None;
        let mut earlier = BTreeSet::new();
        for signed in batch {
            let head: Head = serde_json::from_str(&signed.envelope)?;
            let hash = Sha256::digest(signed.envelope.as_bytes()).to_vec();
            let saved = self.saved.get_mut(&head.id);
            let Some(saved) = saved.filter(|saved| saved.tablet == number) else {
                anyhow::bail!("I2: tablet {number} sends {}, which nobody gave", head.id);
            };
            let known = saved.hash.get_or_insert_with(|| hash.clone());
            ensure!(*known == hash, "I2: {} is sent otherwise than before", head.id);
            saved.after = head.after;
            if let Some(after) = head.after {
                let entries = match &entries {
                    Some(entries) => entries,
                    None => entries.insert(tablet.history()?),
                };
                let ready = is_ready(after, entries, &earlier);
                ensure!(ready, "I5: tablet {number} sends {} before {after}", head.id);
            }
            earlier.insert(head.id);
        }
        Ok(())
    }

    /// A middlebox changes a copy of a command on the way.
    pub(crate) fn altered(&mut self, signed: &SignedCommand) {
        if let Ok(head) = serde_json::from_str::<Head>(&signed.envelope)
            && let Some(saved) = self.saved.get_mut(&head.id)
        {
            saved.altered = true;
        }
    }
}

/// The command that stands for this one today: the last correction of it,
/// unless it had its effect before anybody knew.
pub(super) fn stand_in(id: CommandId, entries: &[Entry]) -> Option<&Entry> {
    let find = |id: CommandId| entries.iter().find(|entry| entry.id == id);
    let mut at = find(id)?;
    while let Some(next) = at.replaced_by.and_then(find) {
        if matches!(at.fate, Fate::Taken | Fate::Pending) {
            break;
        }
        at = next;
    }
    Some(at)
}

/// Whether what a command builds on has its effect, or goes before it.
fn is_ready(after: CommandId, entries: &[Entry], earlier: &BTreeSet<CommandId>) -> bool {
    let Some(before) = stand_in(after, entries) else { return true };
    match before.fate {
        Fate::Taken => true,
        Fate::Pending => before.id == after && earlier.contains(&after),
        Fate::Refused | Fate::Quarantined | Fate::Discarded | Fate::Handed => false,
    }
}
