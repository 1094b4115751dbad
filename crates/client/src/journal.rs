//! The last entries of the synchronisation log, for the status page.
//!
//! Invariant: codes, counts and times alone; bounded.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use lantian_domain::time::Instant;

use crate::view::{LogEntry, LogLevel};

const KEPT: usize = 200;

/// The log, newest first.
#[derive(Default)]
pub(crate) struct Journal(Mutex<VecDeque<LogEntry>>);

impl Journal {
    /// Notes an entry; the same code again only raises the time.
    pub(crate) fn note(&self, at: Instant, level: LogLevel, code: &str, text: String) {
        tracing::info!(code, text, "sync");
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = entries.front_mut()
            && last.code == code
            && last.text == text
        {
            last.at = at;
            return;
        }
        entries.push_front(LogEntry { at, level, code: code.to_owned(), text });
        entries.truncate(KEPT);
    }

    /// All entries.
    pub(crate) fn entries(&self) -> Vec<LogEntry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_bounded_and_a_repeat_is_one_entry() {
        let journal = Journal::default();
        for at in 0..1_000 {
            journal.note(Instant(at), LogLevel::Info, "pushed", at.to_string());
        }
        journal.note(Instant(2_000), LogLevel::Warn, "offline", String::new());
        journal.note(Instant(3_000), LogLevel::Warn, "offline", String::new());
        let entries = journal.entries();
        assert_eq!(entries.len(), KEPT);
        assert_eq!((entries[0].at, entries[0].code.as_str()), (Instant(3_000), "offline"));
        assert_eq!(entries[1].text, "999");
    }
}
