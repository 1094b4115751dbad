//! The outbox without its content: kinds, fates and lanes, for a diagnostic
//! bundle. Invariant: no word that anybody wrote, no number that names anybody.

use std::collections::BTreeMap;

use lantian_domain::{ids::RecordId, time::Instant};
use serde::{Deserialize, Serialize};

use super::Replica;
use crate::error::Result;

/// Commands described at the most.
const MOST: usize = 1_000;

/// A command without its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// Which of the lanes it is in, from 1, in order of appearance.
    pub lane: usize,
    /// Its name.
    pub command: String,
    /// What became of it.
    pub fate: String,
    /// How long it has been here, in ms.
    pub age_ms: i64,
    /// The place in this list of the command that it builds on, from 1.
    pub after: Option<usize>,
    /// Whether it corrects another.
    pub corrects: bool,
    /// Whether another corrects it.
    pub corrected: bool,
    /// Whether it waits because it builds on one without effect.
    pub parked: bool,
    /// Whether it was taken by an earlier store and is offered again.
    pub reoffered: bool,
    /// The code by which it would be refused now.
    pub foreseen: Option<String>,
    /// How many attachments it brings.
    pub files: usize,
}

impl Replica {
    /// The open commands without their content, in the order of judging.
    ///
    /// # Errors
    /// None at present.
    pub fn shape(&self, now: Instant) -> Result<Vec<Shape>> {
        let mut lanes: BTreeMap<RecordId, usize> = BTreeMap::new();
        let mut places = BTreeMap::new();
        let mut all = Vec::new();
        for open in self.outbox.open_commands().take(MOST) {
            let next = lanes.len() + 1;
            let entry = open.entry(self.is_parked(open.id()), self.foreseen(open.id()));
            places.insert(open.id(), all.len() + 1);
            all.push(Shape {
                lane: *lanes.entry(open.envelope.record).or_insert(next),
                command: open.envelope.command.name().as_str().to_owned(),
                fate: open.fate.as_str().to_owned(),
                age_ms: now.since(open.saved_at),
                after: open.envelope.after.and_then(|id| places.get(&id).copied()),
                corrects: open.replaces.is_some(),
                corrected: open.replaced_by.is_some(),
                parked: entry.parked,
                reoffered: open.reoffered,
                foreseen: entry.foreseen.map(|refusal| refusal.code.as_str().to_owned()),
                files: open.envelope.command.files().len(),
            });
        }
        Ok(all)
    }
}
