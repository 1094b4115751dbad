//! When the person last did something, so that a tablet left lying locks
//! itself (T2).
//!
//! The window reads the same page again whenever something changes; only a
//! page that was not on screen before is an act of the person.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The last act.
pub(crate) struct Rest(Mutex<Last>);

struct Last {
    at: Instant,
    page: String,
}

impl Default for Rest {
    fn default() -> Self {
        Self(Mutex::new(Last { at: Instant::now(), page: String::new() }))
    }
}

impl Rest {
    /// The person did something.
    pub(crate) fn touch(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).at = Instant::now();
    }

    /// A page is read; another one than before is an act.
    pub(crate) fn reads(&self, page: impl Into<String>) {
        let page = page.into();
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.page != page {
            *last = Last { at: Instant::now(), page };
        }
    }

    /// How long the person may still rest.
    pub(crate) fn left(&self, limit: Duration) -> Duration {
        let at = self.0.lock().unwrap_or_else(PoisonError::into_inner).at;
        limit.saturating_sub(at.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long_ago(rest: &Rest) {
        let mut last = rest.0.lock().unwrap();
        last.at = last.at.checked_sub(Duration::from_mins(1)).unwrap();
    }

    #[test]
    fn only_another_page_is_an_act() {
        let (rest, limit) = (Rest::default(), Duration::from_secs(30));
        rest.reads("today");
        long_ago(&rest);
        rest.reads("today");
        assert_eq!(rest.left(limit), Duration::ZERO);
        rest.reads("record 7");
        assert!(rest.left(limit) > Duration::from_secs(20));
        long_ago(&rest);
        rest.touch();
        assert!(rest.left(limit) > Duration::from_secs(20));
    }
}
