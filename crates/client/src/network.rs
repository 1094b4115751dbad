//! The network that files go over, and whether large ones wait for another.
//!
//! Words: a *metered* network is paid by the byte. The system says whether it
//! is, where it knows; a person can say so, and is believed. The *rule* is the
//! person's: originals go always, or only over a network that is not metered.
//! To *spare* the network is to let them wait.
//!
//! Invariant: what the system does not know is not guessed; an unknown network
//! is used. The system is asked again at each start of a transfer and every
//! few seconds, so that a change of the network never needs a restart
//! (lesson C-3).

mod system;

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use lantian_domain::{file::FileKind, ids::FileId};
use lantian_replica::Replica;
use lantian_sync::Weight;

use crate::{
    error::Result,
    view::{Metered, NetworkRule},
};

/// How long an answer of the system holds.
const FRESH: Duration = Duration::from_secs(2);
/// The setting that holds the rule, where it is not the usual one.
const RULE: &str = "network_rule";
/// The setting that holds that a person calls the network metered.
const DECLARED: &str = "network_metered";

/// Asks the system; nothing where it does not know.
type Probe = fn() -> Option<bool>;

/// What is known of the network.
pub(crate) struct Uplink {
    probe: Probe,
    known: Mutex<Known>,
}

#[derive(Clone, Default)]
struct Known {
    rule: NetworkRule,
    declared: bool,
    detected: Option<bool>,
    asked: Option<Instant>,
    /// Files that a person sent over this network all the same.
    anyway: BTreeSet<FileId>,
}

/// What a person wants of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkWish {
    /// The rule.
    Rule(NetworkRule),
    /// Whether the person calls the present network metered.
    Metered(bool),
}

impl Uplink {
    /// As the store remembers the person's wishes.
    pub(crate) fn of(replica: &Replica) -> Result<Self> {
        let rule = match replica.setting(RULE)? {
            Some(_) => NetworkRule::Unmetered,
            None => NetworkRule::Always,
        };
        let declared = replica.setting(DECLARED)?.is_some();
        let known = Known { rule, declared, ..Known::default() };
        Ok(Self { probe: system::is_metered, known: Mutex::new(known) })
    }

    /// Makes a wish durable.
    pub(crate) fn keep(replica: &mut Replica, wish: NetworkWish) -> Result<()> {
        let (name, on) = match wish {
            NetworkWish::Rule(rule) => (RULE, rule == NetworkRule::Unmetered),
            NetworkWish::Metered(on) => (DECLARED, on),
        };
        Ok(replica.set_setting(name, on.then_some("yes"))?)
    }

    /// Takes a wish that is durable.
    pub(crate) fn wish(&self, wish: NetworkWish) {
        let mut known = self.known();
        match wish {
            NetworkWish::Rule(rule) => known.rule = rule,
            NetworkWish::Metered(on) => known.declared = on,
        }
    }

    /// Asks the system again, unless it was asked just now; whether the network
    /// is to be spared.
    pub(crate) async fn look(&self) -> bool {
        let fresh = {
            let known = self.known();
            // Whoever sends everything over any network need not ask.
            known.rule == NetworkRule::Always
                || known.asked.is_some_and(|asked| asked.elapsed() < FRESH)
        };
        if !fresh {
            let detected = tokio::task::spawn_blocking(self.probe).await.ok().flatten();
            let mut known = self.known();
            known.detected = detected;
            known.asked = Some(Instant::now());
        }
        self.spares()
    }

    /// Whether originals wait.
    pub(crate) fn spares(&self) -> bool {
        let known = self.known();
        known.rule == NetworkRule::Unmetered && known.metered() == Metered::Yes
    }

    /// The person's rule.
    pub(crate) fn rule(&self) -> NetworkRule {
        self.known().rule
    }

    /// Whether the network is metered, and whether the person said so.
    pub(crate) fn metered(&self) -> (Metered, bool) {
        let known = self.known();
        (known.metered(), known.declared)
    }

    /// The weight of a file, as the person wants it moved.
    pub(crate) fn weight(&self, file: FileId, kind: FileKind, size: u64) -> Weight {
        if self.known().anyway.contains(&file) { Weight::Light } else { Weight::of(kind, size) }
    }

    /// Whether a file waits for another network.
    pub(crate) fn holds(&self, file: FileId, kind: FileKind, size: u64) -> bool {
        self.spares() && self.weight(file, kind, size) == Weight::Original
    }

    /// These files go over any network, until the program ends.
    pub(crate) fn let_go(&self, files: impl IntoIterator<Item = FileId>) {
        self.known().anyway.extend(files);
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn metered(&self) -> Metered {
        match (self.declared, self.detected) {
            (true, _) | (false, Some(true)) => Metered::Yes,
            (false, Some(false)) => Metered::No,
            (false, None) => Metered::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;

    static SYSTEM: AtomicU8 = AtomicU8::new(2);

    fn probe() -> Option<bool> {
        match SYSTEM.load(Ordering::Relaxed) {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    fn photo(n: u128) -> (FileId, FileKind, u64) {
        (FileId(uuid::Uuid::from_u128(n)), FileKind::PhotoSite, 3 << 20)
    }

    async fn after_change(network: &Uplink, system: u8) -> bool {
        SYSTEM.store(system, Ordering::Relaxed);
        // The last answer has grown old.
        network.known().asked = None;
        network.look().await
    }

    #[tokio::test]
    async fn c_03_every_change_of_network_wish_and_rule_is_heeded() {
        let network = Uplink { probe, known: Mutex::default() };
        let (file, kind, size) = photo(1);
        assert!(!after_change(&network, 1).await, "always is always");
        network.wish(NetworkWish::Rule(NetworkRule::Unmetered));
        assert!(after_change(&network, 1).await);
        assert!(network.holds(file, kind, size));
        assert!(!network.holds(file, FileKind::Signature, size), "what a step needs goes");
        assert!(!network.holds(file, kind, 1_000), "small pictures go");
        assert!(!after_change(&network, 0).await, "another network");
        assert!(!after_change(&network, 2).await, "what nobody knows is used");
        assert_eq!(network.metered(), (Metered::Unknown, false));
        network.wish(NetworkWish::Metered(true));
        assert!(network.spares(), "the person is believed, at once");
        network.let_go([file]);
        let (later, ..) = photo(2);
        assert!(!network.holds(file, kind, size) && network.holds(later, kind, size));
        network.wish(NetworkWish::Rule(NetworkRule::Always));
        assert!(!network.holds(later, kind, size));
    }
}
