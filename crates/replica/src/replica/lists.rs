//! Reading: records, lines of lists, colleagues, rules.

use std::sync::Arc;

use lantian_domain::{
    card::Card,
    ids::RecordId,
    record::{Person, Record, RecordKind, Rules},
};

use super::Replica;
use crate::{
    error::{Error, Result},
    read::{After, Filter, Listing, ShownCard, SyncState},
};

impl Replica {
    /// The record as shown: confirmed, with the open commands on top; one that
    /// left while work on it goes out as it was, to be read.
    ///
    /// # Errors
    /// The store's.
    pub fn shown(&self, id: RecordId) -> Result<Option<Arc<Record>>> {
        match self.overlay.record(id) {
            Some(record) => Ok(Some(Arc::clone(record))),
            None => Ok(self.mirror.record(id)?.or_else(|| self.leaving(id).cloned().map(Arc::new))),
        }
    }

    /// The record as the company has confirmed it.
    ///
    /// # Errors
    /// The store's.
    pub fn confirmed(&self, id: RecordId) -> Result<Option<Arc<Record>>> {
        self.mirror.record(id)
    }

    /// The record's line in lists.
    ///
    /// # Errors
    /// None at present.
    pub fn card(&self, id: RecordId) -> Result<Option<ShownCard>> {
        Ok(self.shelf.get(id).map(|card| self.line(card)))
    }

    /// The most urgent lines that a filter lets through, after the place that
    /// an earlier part gave as `next`.
    ///
    /// # Errors
    /// None at present; a place that cannot be read begins at the top.
    pub fn list(&self, filter: &Filter, limit: usize, after: Option<&str>) -> Result<Listing> {
        let after = after.and_then(After::parse);
        let shows = |card: &Card| {
            let wanted = &filter.sync_states;
            wanted.is_empty() || wanted.contains(&self.sync_state(card.id))
        };
        let (mut lines, total) = self.shelf.list(filter, limit.saturating_add(1), after, &shows);
        let more = lines.len() > limit;
        lines.truncate(limit);
        let next = lines
            .last()
            .filter(|_| more)
            .map(|card| After { due_ms: card.due_ms(), id: card.id }.to_text());
        let items = lines.into_iter().map(|card| self.line(card)).collect();
        Ok(Listing { items, next, total })
    }

    /// The cases that a filter lets through and whose card has an open filing
    /// of a permit.
    ///
    /// # Errors
    /// None at present.
    pub fn cases_with_permits(&self, filter: &Filter) -> Result<Vec<ShownCard>> {
        let shows = |card: &Card| filter.sync_states.contains(&self.sync_state(card.id));
        let (cards, _) = self.shelf.list(filter, usize::MAX, None, &shows);
        let with = cards.into_iter().filter(|card| !card.permits.is_empty());
        Ok(with.map(|card| self.line(card)).collect())
    }

    /// The directory: every colleague.
    ///
    /// # Errors
    /// The store's.
    pub fn people(&self) -> Result<Vec<Person>> {
        if let Some(people) = self.people.get() {
            return Ok(people.clone());
        }
        let filter = Filter { kinds: [RecordKind::Person].into(), ..Filter::default() };
        let (cards, _) = self.shelf.list(&filter, usize::MAX, None, &|_| true);
        let mut people = Vec::with_capacity(cards.len());
        for card in cards {
            if let Some(Record::Person(person)) = self.mirror.record(card.id)?.as_deref() {
                people.push((**person).clone());
            }
        }
        Ok(self.people.get_or_init(|| people).clone())
    }

    /// The company's rules.
    ///
    /// # Errors
    /// [`Error::NoRules`] before the first synchronisation.
    pub fn rules(&self) -> Result<Arc<Rules>> {
        self.rules.clone().ok_or(Error::NoRules)
    }

    fn sync_state(&self, id: RecordId) -> SyncState {
        if self.leaving(id).is_some() { SyncState::Held } else { self.marks.state(id) }
    }

    fn line(&self, card: &Card) -> ShownCard {
        let (files_done, files_total) = self.marks.files(card.id);
        ShownCard {
            card: card.clone(),
            sync: self.sync_state(card.id),
            files_done,
            files_total,
            pending: self.marks.pending(card.id),
        }
    }
}
