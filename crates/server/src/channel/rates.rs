//! How often a client, and an address that fails, may come (domain j.4).

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use lantian_domain::time::Instant;

const MINUTE_MS: i64 = 60_000;
/// Requests a minute that fail at the gate, by address.
const FAILURES: u32 = 60;
/// Entries remembered; beyond it those of past minutes are forgotten.
const REMEMBERED: usize = 10_000;

/// Counts of the running minute, in memory alone.
#[derive(Default)]
pub struct Rates(Mutex<HashMap<Key, Count>>);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Client(String),
    Failures(IpAddr),
}

#[derive(Clone, Copy)]
struct Count {
    since: i64,
    n: u32,
}

impl Rates {
    /// Counts a request of a client.
    ///
    /// # Errors
    /// The milliseconds to wait when there were too many.
    pub(super) fn take(&self, client: &str, per_minute: u32, now: Instant) -> Result<(), i64> {
        self.count(Key::Client(client.to_owned()), per_minute, now)
    }

    /// Counts a request that failed at the gate.
    pub(super) fn failed(&self, address: IpAddr, now: Instant) {
        // The answer is asked for by the next request.
        let _ = self.count(Key::Failures(address), u32::MAX, now);
    }

    /// Whether an address has failed too often.
    ///
    /// # Errors
    /// The milliseconds to wait.
    pub(super) fn admit(&self, address: IpAddr, now: Instant) -> Result<(), i64> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.get(&Key::Failures(address)) {
            Some(count) if count.is_of(now) && count.n >= FAILURES => Err(count.wait(now)),
            _ => Ok(()),
        }
    }

    fn count(&self, key: Key, most: u32, now: Instant) -> Result<(), i64> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= REMEMBERED && !counts.contains_key(&key) {
            counts.retain(|_, count| count.is_of(now));
            if counts.len() >= REMEMBERED {
                return Err(MINUTE_MS);
            }
        }
        let count = counts.entry(key).or_insert(Count { since: now.0, n: 0 });
        if !count.is_of(now) {
            *count = Count { since: now.0, n: 0 };
        }
        if count.n >= most {
            return Err(count.wait(now));
        }
        count.n += 1;
        Ok(())
    }
}

impl Count {
    fn is_of(self, now: Instant) -> bool {
        (self.since..self.since + MINUTE_MS).contains(&now.0)
    }

    fn wait(self, now: Instant) -> i64 {
        self.since + MINUTE_MS - now.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_holds_so_many_and_the_next_begins_anew() {
        let rates = Rates::default();
        let now = Instant(1_000_000);
        assert!((0..3).all(|_| rates.take("a", 3, now).is_ok()));
        assert_eq!(rates.take("a", 3, now.plus_ms(10_000)), Err(50_000));
        assert!(rates.take("b", 3, now).is_ok(), "another client is not held up");
        assert!(rates.take("a", 3, now.plus_ms(MINUTE_MS)).is_ok());
    }

    #[test]
    fn an_address_that_only_fails_has_to_wait() {
        let rates = Rates::default();
        let (now, here) = (Instant(5), IpAddr::from([127, 0, 0, 1]));
        for _ in 0..FAILURES {
            assert!(rates.admit(here, now).is_ok());
            rates.failed(here, now);
        }
        assert!(rates.admit(here, now).is_err());
        assert!(rates.admit(here, now.plus_ms(MINUTE_MS)).is_ok());
    }

    #[test]
    fn memory_is_bounded() {
        let rates = Rates::default();
        for n in 0..REMEMBERED + 9 {
            let _ = rates.take(&n.to_string(), 1, Instant(1));
        }
        assert_eq!(rates.0.lock().unwrap().len(), REMEMBERED);
    }
}
