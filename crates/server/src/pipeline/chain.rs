//! The chain of a replica's envelopes: each number once, each naming the hash
//! of the one before. Numbers may arrive with gaps (a parked lane waits), but
//! what is known must fit on both sides.

use std::collections::BTreeMap;

use lantian_domain::ids::DeviceId;
use lantian_protocol::Envelope;
use uuid::Uuid;

use super::authentic::Parsed;
use crate::{
    error::Result,
    store::{Journal, LinkRow, Unit},
};

/// What is known of the chains that a batch touches.
#[derive(Debug, Default)]
pub(super) struct Chains(BTreeMap<(Uuid, u64), Link>);

#[derive(Debug)]
struct Link {
    prev: Vec<u8>,
    hash: Vec<u8>,
}

impl Chains {
    /// Reads the stored links around those of the batch.
    pub(super) fn load(unit: &Unit<'_>, device: DeviceId, batch: &[Parsed]) -> Result<Self> {
        let mut spans: BTreeMap<Uuid, (u64, u64)> = BTreeMap::new();
        for envelope in batch.iter().filter_map(|parsed| parsed.content.as_ref().ok()) {
            let span = spans.entry(envelope.incarnation).or_insert((envelope.n, envelope.n));
            *span = (span.0.min(envelope.n), span.1.max(envelope.n));
        }
        let mut known = BTreeMap::new();
        for (incarnation, (from, to)) in spans {
            let links =
                unit.links(device, incarnation, from.saturating_sub(1), to.saturating_add(1))?;
            for LinkRow { n, prev, hash } in links {
                known.insert((incarnation, n), Link { prev, hash });
            }
        }
        Ok(Self(known))
    }

    /// Whether an envelope fits what is known.
    pub(super) fn fits(&self, envelope: &Envelope, hash: &[u8]) -> bool {
        let at = |n: u64| self.0.get(&(envelope.incarnation, n));
        let prev = hex::decode(&envelope.prev).unwrap_or_default();
        let same = at(envelope.n).is_none_or(|link| link.hash == hash);
        let before = at(envelope.n - 1).is_none_or(|link| link.hash == prev);
        let after = at(envelope.n.saturating_add(1)).is_none_or(|link| link.prev == hash);
        same && before && after
    }

    /// Adds an envelope that was judged.
    pub(super) fn add(&mut self, envelope: &Envelope, hash: &[u8]) {
        let prev = hex::decode(&envelope.prev).unwrap_or_default();
        self.0.insert((envelope.incarnation, envelope.n), Link { prev, hash: hash.to_vec() });
    }
}
