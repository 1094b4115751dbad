//! What happened, over all histories: steps, faults by kind, and the
//! situations that must be met at least once (*probes*).

use std::collections::BTreeMap;

/// Situations that a run of many histories has to meet; one that it never
/// meets is not tested, whatever passes.
pub(crate) const PROBES: [&str; 31] = [
    "accepted",
    "refused",
    "deferred",
    "repeat answered from the store",
    "parked behind a refused command",
    "offered again after a restore",
    "mirror begun anew",
    "page came along with an answer",
    "page came along with a wake-up",
    "record left the scope",
    "record fetched whole",
    "server behind a tablet, locked",
    "token refreshed",
    "corrected by a person",
    "discarded by a person",
    "killed before an answer was stored",
    "killed after an answer was stored",
    "fault inside recovery",
    "work of a former owner refused",
    "quarantined as altered",
    "fork of a copied tablet seen",
    "file delivered",
    "file of several chunks delivered",
    "upload resumed where it stood",
    "file kept until its receipt",
    "roles changed",
    "photo of a colleague fetched",
    "file asked for after a restore",
    "file on the missing list",
    "company told of what left",
    "record read while its work goes out",
];

/// Counts, merged over histories.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) histories: u64,
    pub(crate) steps: u64,
    pub(crate) commands: u64,
    pub(crate) simulated_ms: i64,
    pub(crate) again: u64,
    pub(crate) faults: BTreeMap<&'static str, u64>,
    pub(crate) probes: BTreeMap<&'static str, u64>,
}

impl Tally {
    /// A fault struck.
    pub(crate) fn fault(&mut self, kind: &'static str) {
        *self.faults.entry(kind).or_default() += 1;
    }

    /// A situation was met.
    pub(crate) fn probe(&mut self, met: &'static str) {
        debug_assert!(PROBES.contains(&met), "{met} is no probe");
        *self.probes.entry(met).or_default() += 1;
    }

    /// Adds another's counts.
    pub(crate) fn add(&mut self, other: &Self) {
        self.histories += other.histories;
        self.steps += other.steps;
        self.commands += other.commands;
        self.simulated_ms += other.simulated_ms;
        self.again += other.again;
        for (kind, count) in &other.faults {
            *self.faults.entry(kind).or_default() += count;
        }
        for (met, count) in &other.probes {
            *self.probes.entry(met).or_default() += count;
        }
    }

    /// Probes that were never met.
    pub(crate) fn unmet(&self) -> Vec<&'static str> {
        PROBES.into_iter().filter(|probe| !self.probes.contains_key(probe)).collect()
    }
}
