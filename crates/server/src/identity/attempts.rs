//! Brakes on guessing passwords: by account and by address (T9).
//!
//! Invariant: the account's brake is the same whether the account exists or
//! not, and memory is bounded.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use lantian_domain::time::Instant;

/// Failures of an account before it has to wait.
const FREE: u32 = 5;
/// How long an account is locked after them, and after each one more (P-12).
const LOCKED_MS: i64 = 15 * 60_000;
/// Failures of an address within [`WINDOW_MS`]: an office has one address.
const FREE_BY_ADDRESS: u32 = 100;
const WINDOW_MS: i64 = 15 * 60_000;
/// Entries remembered; beyond it the oldest are forgotten.
const REMEMBERED: usize = 10_000;

/// Failures that are remembered, in memory alone: a lock in the store would
/// let anybody lock anybody out for good.
#[derive(Default)]
pub struct Attempts(Mutex<Known>);

#[derive(Default)]
struct Known {
    accounts: HashMap<String, Failures>,
    addresses: HashMap<IpAddr, Failures>,
}

#[derive(Clone, Copy, Default)]
struct Failures {
    count: u32,
    last: i64,
}

impl Attempts {
    /// How many milliseconds an attempt has to wait, if it has to.
    pub fn wait_ms(&self, login: &str, address: Option<IpAddr>, now: Instant) -> Option<i64> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let account = known.accounts.get(&login.to_lowercase()).map_or(0, |f| f.wait_ms(now));
        let address = address
            .and_then(|address| known.addresses.get(&address))
            .filter(|f| f.count >= FREE_BY_ADDRESS)
            .map_or(0, |f| f.last + WINDOW_MS - now.0);
        Some(account.max(address)).filter(|wait| *wait > 0)
    }

    /// Remembers a failure.
    pub fn failed(&self, login: &str, address: Option<IpAddr>, now: Instant) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        add(&mut known.accounts, login.to_lowercase(), now);
        if let Some(address) = address {
            add(&mut known.addresses, address, now);
        }
    }

    /// Forgets the failures of an account that has come in.
    pub fn succeeded(&self, login: &str) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.accounts.remove(&login.to_lowercase());
    }
}

impl Failures {
    fn wait_ms(self, now: Instant) -> i64 {
        if self.count < FREE { 0 } else { self.last + LOCKED_MS - now.0 }
    }
}

fn add<K: std::hash::Hash + Eq + Clone>(known: &mut HashMap<K, Failures>, key: K, now: Instant) {
    if known.len() >= REMEMBERED && !known.contains_key(&key) {
        known.retain(|_, failures| failures.last + WINDOW_MS > now.0);
        if known.len() >= REMEMBERED
            && let Some(oldest) =
                known.iter().min_by_key(|(_, f)| f.last).map(|(key, _)| key.clone())
        {
            known.remove(&oldest);
        }
    }
    let failures = known.entry(key).or_default();
    if failures.last + WINDOW_MS < now.0 {
        failures.count = 0;
    }
    failures.count = failures.count.saturating_add(1);
    failures.last = now.0;
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn p_12_five_failures_lock_an_account_for_fifteen_minutes_and_success_forgets() {
        let attempts = Attempts::default();
        let mut now = Instant(1_000_000);
        for _ in 0..FREE {
            assert_eq!(attempts.wait_ms("A", None, now), None);
            attempts.failed("a", None, now);
        }
        assert_eq!((FREE, LOCKED_MS), (5, 15 * 60_000));
        assert_eq!(attempts.wait_ms("A", None, now), Some(LOCKED_MS));
        now = now.plus_ms(LOCKED_MS);
        assert_eq!(attempts.wait_ms("a", None, now), None);
        attempts.failed("a", None, now);
        assert_eq!(attempts.wait_ms("a", None, now), Some(LOCKED_MS));
        attempts.succeeded("A");
        assert_eq!(attempts.wait_ms("a", None, now), None);
    }

    #[test]
    fn ten_thousand_guesses_in_an_hour_are_few_tries() {
        let attempts = Attempts::default();
        let mut tried = 0;
        for guess in 0..10_000 {
            let now = Instant(1_000_000 + guess * 360);
            if attempts.wait_ms("a", Some(HERE), now).is_none() {
                attempts.failed("a", Some(HERE), now);
                tried += 1;
            }
        }
        assert!(tried < 20, "{tried}");
    }

    #[test]
    fn an_address_waits_after_many_names() {
        let attempts = Attempts::default();
        let now = Instant(1_000_000);
        for guess in 0..FREE_BY_ADDRESS {
            assert_eq!(attempts.wait_ms(&format!("u{guess}"), Some(HERE), now), None);
            attempts.failed(&format!("u{guess}"), Some(HERE), now);
        }
        assert_eq!(attempts.wait_ms("other", Some(HERE), now), Some(WINDOW_MS));
        assert_eq!(attempts.wait_ms("other", None, now), None);
    }

    #[test]
    fn memory_is_bounded() {
        let attempts = Attempts::default();
        for guess in 0..REMEMBERED + 5 {
            attempts.failed(&guess.to_string(), None, Instant(1));
        }
        assert_eq!(attempts.0.lock().unwrap().accounts.len(), REMEMBERED);
    }
}
