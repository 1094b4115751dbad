//! A page of the feed, planned as data before a store is touched.
//!
//! Invariant: a page is taken only from exactly where the mirror stands (an
//! old answer replayed or overtaken is refused), its cursor never goes back
//! within an epoch, and events are put only onto the version they follow;
//! otherwise that one record is marked for repair.

use lantian_domain::ids::RecordId;
use lantian_protocol::{
    feed::{Cursor, Events, Item, Page, Snapshot},
    planted::{Bug, planted},
};

/// What the plan needs to know of the mirror.
pub trait LocalVersions {
    /// Where the mirror stands.
    fn cursor(&self) -> Option<Cursor>;
    /// The version of a record that the mirror holds.
    fn version(&self, id: RecordId) -> Option<u64>;
}

/// Why a page cannot be taken; the mirror stays as it is and asks again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PageFault {
    /// It was read from another place than where the mirror stands: an
    /// answer overtaken or replayed.
    #[error("the page was not read from where the mirror stands")]
    Stale,
    /// Its cursor lies before the mirror's.
    #[error("the page would move the mirror back from {from} to {to}")]
    Backwards {
        /// Where the mirror stands.
        from: u64,
        /// Where the page leads.
        to: u64,
    },
    /// The server's epoch or the grants changed and the page does not start
    /// anew.
    #[error("the epoch or the grants changed without a fresh start")]
    NotReset,
    /// It promises more and leads nowhere.
    #[error("the page promises more and does not move")]
    Stuck,
    /// Its events are not numbered in order.
    #[error("the events of record {0} are not in order")]
    Disordered(RecordId),
}

/// One thing to do to the mirror.
#[derive(Clone, Debug, PartialEq)]
pub enum Action<'a> {
    /// Store the record as delivered.
    Put(&'a Snapshot),
    /// Put the events with a version above `above` onto the record.
    Extend {
        /// What happened.
        events: &'a Events,
        /// The version that the mirror holds.
        above: u64,
    },
    /// Take the record out: it left the scope.
    Remove(RecordId),
    /// The events do not fit: fetch the record whole.
    Repair(RecordId),
}

/// What to do with a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan<'a> {
    /// Start a new generation first: what is not served until the sweep has
    /// left the scope.
    pub begin: bool,
    /// In order.
    pub actions: Vec<Action<'a>>,
    /// After the actions, sweep what belongs to an older generation, if the
    /// mirror is in a fresh start.
    pub finish: bool,
    /// Where the mirror stands afterwards.
    pub cursor: &'a Cursor,
}

/// Plans a page.
///
/// # Errors
/// A [`PageFault`] when the page must not be taken.
pub fn plan<'a>(page: &'a Page, local: &dyn LocalVersions) -> Result<Plan<'a>, PageFault> {
    let stands = local.cursor();
    if page.from != stands && !planted(Bug::StalePage) {
        return Err(PageFault::Stale);
    }
    let begin = begins(page);
    if let Some(from) = stands.as_ref().filter(|_| !begin) {
        check_forward(from, page)?;
    }
    let mut seen = std::collections::BTreeMap::new();
    let mut actions = Vec::with_capacity(page.items.len());
    for item in &page.items {
        let action = match item {
            Item::Snapshot(snapshot) => {
                seen.insert(snapshot.id, Some(snapshot.version));
                Action::Put(snapshot)
            }
            Item::Left { id } => {
                seen.insert(*id, None);
                Action::Remove(*id)
            }
            Item::Events(events) => {
                let held =
                    seen.get(&events.id).copied().unwrap_or_else(|| local.version(events.id));
                let action = extend(events, held)?;
                let last = events.events.last().map(|event| event.version);
                if let Action::Extend { above, .. } = action {
                    seen.insert(events.id, Some(last.unwrap_or(above).max(above)));
                }
                action
            }
        };
        actions.push(action);
    }
    let finish = !page.more && page.cursor.snapshot.is_none();
    Ok(Plan { begin, actions, finish, cursor: &page.cursor })
}

/// Whether the page starts the mirror anew; the pages that follow within one
/// snapshot do not.
fn begins(page: &Page) -> bool {
    let continues = page.from.as_ref().is_some_and(|from| {
        from.snapshot.is_some()
            && from.epoch == page.cursor.epoch
            && from.scope == page.cursor.scope
    });
    page.from.is_none() || (page.reset && !continues)
}

fn check_forward(from: &Cursor, page: &Page) -> Result<(), PageFault> {
    let to = &page.cursor;
    if from.epoch != to.epoch || from.scope != to.scope {
        return Err(PageFault::NotReset);
    }
    if to.seq < from.seq {
        return Err(PageFault::Backwards { from: from.seq, to: to.seq });
    }
    if page.more && from == to {
        return Err(PageFault::Stuck);
    }
    if from.snapshot.is_none() && to.snapshot.is_some() {
        return Err(PageFault::NotReset);
    }
    Ok(())
}

fn extend(events: &Events, held: Option<u64>) -> Result<Action<'_>, PageFault> {
    let in_order = events.events.windows(2).all(|pair| pair[1].version == pair[0].version + 1);
    if !in_order {
        return Err(PageFault::Disordered(events.id));
    }
    let first = events.events.first().map(|event| event.version);
    Ok(match (held, first) {
        (Some(held), Some(first)) if first <= held + 1 => Action::Extend { events, above: held },
        _ => Action::Repair(events.id),
    })
}

#[cfg(test)]
mod tests;
