//! Reading the whole log into samples.
//!
//! The records are cut into parts; each reader takes the next part, on a
//! connection of its own. Events that no indicator needs are not decoded.

use std::{
    num::NonZero,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use lantian_domain::{
    event::Event,
    ids::RecordId,
    kpi::{Circumstances, History, Sink, is_needed},
    stamp::Stamp,
};

use crate::{
    error::{Error, Result},
    store::{Log as _, LogPart, LogRow, Store},
};

/// How many records a part has: small enough that readers end together.
const PART: usize = 512;
/// The most readers: each has a connection.
const MOST: usize = 4;

/// Reads the log into as many sinks as there are readers.
///
/// # Errors
/// The store's; [`Error::Damaged`] when the log cannot be read.
pub(super) fn scan<S: Sink + Send>(
    store: &Store,
    cx: &Circumstances<'_>,
    new: &(impl Fn() -> S + Sync),
) -> Result<Vec<S>> {
    let parts = store.read_now(|unit| unit.log_parts(PART))?;
    let next = AtomicUsize::new(0);
    let readers = thread::available_parallelism().map_or(1, NonZero::get).clamp(1, MOST);
    let (parts, next) = (parts.as_slice(), &next);
    thread::scope(|scope| {
        let running: Vec<_> = (0..readers)
            .map(|_| scope.spawn(move || read(store, cx, new(), parts, next)))
            .collect();
        running
            .into_iter()
            .map(|reader| {
                reader.join().map_err(|_| Error::damaged("a log does not begin as a log does"))?
            })
            .collect()
    })
}

fn read<S: Sink>(
    store: &Store,
    cx: &Circumstances<'_>,
    sink: S,
    parts: &[LogPart],
    next: &AtomicUsize,
) -> Result<S> {
    store.read_now(|unit| {
        let mut reader = Reader { cx, sink, current: None };
        while let Some(part) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
            unit.read_log(*part, &mut |row| reader.take(row))?;
            reader.end();
        }
        Ok(reader.sink)
    })
}

/// Reads record after record.
struct Reader<'a, S> {
    cx: &'a Circumstances<'a>,
    sink: S,
    current: Option<(RecordId, History)>,
}

impl<S: Sink> Reader<'_, S> {
    fn take(&mut self, row: LogRow<'_>) -> Result<()> {
        if self.current.as_ref().is_none_or(|(id, _)| *id != row.record) {
            self.end();
            if row.version != 1 {
                return Err(Error::damaged(format!("the log of {} has no beginning", row.record)));
            }
            self.current = Some((row.record, History::new(row.record)));
        }
        let stamp: Stamp = serde_json::from_str(row.stamp)?;
        let wanted = row.version == 1 || kind(row.event).is_none_or(is_needed);
        let event = wanted.then(|| serde_json::from_str::<Event>(row.event)).transpose()?;
        if let Some((_, history)) = &mut self.current {
            history.read(event.as_ref(), &stamp);
        }
        Ok(())
    }

    fn end(&mut self) {
        if let Some((_, history)) = self.current.take() {
            history.measure(self.cx, &mut self.sink);
        }
    }
}

/// The type of an event, read from the head of its JSON.
fn kind(event: &str) -> Option<&str> {
    event.strip_prefix("{\"type\":\"")?.split('"').next()
}
