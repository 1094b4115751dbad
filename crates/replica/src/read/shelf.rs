//! All lines, ordered by urgency.

use std::collections::HashMap;

use lantian_domain::{
    card::Card,
    case::Segment,
    ids::{RecordId, UserId},
    record::RecordKind,
};
use memchr::memmem::Finder;

use super::{
    filter::{After, Filter},
    substring::{Hits, Rows},
    texts::Texts,
};

/// What a filter looks at, small enough that all lines fit the cache.
#[derive(Clone, Copy)]
struct Facet {
    kind: RecordKind,
    state: u16,
    segment: Option<Segment>,
    manager: u32,
}

/// The lines of lists.
#[derive(Default)]
pub(crate) struct Shelf {
    cards: Vec<Option<Card>>,
    facets: Vec<Facet>,
    free: Vec<u32>,
    slots: HashMap<RecordId, u32>,
    /// Every line by urgency; in order unless `untidy`.
    order: Vec<(After, u32)>,
    untidy: bool,
    rows: Rows,
    texts: Texts,
    states: HashMap<String, u16>,
    managers: HashMap<UserId, u32>,
}

/// A filter in the numbers of the shelf.
struct Sieve<'a> {
    filter: &'a Filter,
    states: Vec<u16>,
    manager: Option<u32>,
    hits: Option<Hits>,
    finders: Vec<Finder<'a>>,
}

impl Shelf {
    pub(crate) fn get(&self, id: RecordId) -> Option<&Card> {
        self.cards[*self.slots.get(&id)? as usize].as_ref()
    }

    /// Puts a line in, or in place of the one that it had.
    pub(crate) fn put(&mut self, card: Card) {
        let place = After { due_ms: card.due_ms(), id: card.id };
        let facet = self.facet(&card);
        let slot = match self.slots.get(&card.id) {
            Some(slot) => *slot,
            None => self.free.pop().unwrap_or_else(|| {
                self.cards.push(None);
                self.facets.push(facet);
                u32::try_from(self.cards.len() - 1).expect("memory ends before 2^32 lines")
            }),
        };
        let at = slot as usize;
        let old = self.cards[at].take();
        if old.as_ref().is_none_or(|old| old.search != card.search) {
            if let Some(old) = &old {
                self.rows.remove(slot, &old.search);
            }
            self.rows.add(slot, &card.search);
            self.texts.put(slot, &card.search);
        }
        match old.map(|old| After { due_ms: old.due_ms(), id: old.id }) {
            Some(before) if before == place => {}
            Some(before) => {
                self.take_out(before);
                self.bring_in(place, slot);
            }
            None => self.bring_in(place, slot),
        }
        self.slots.insert(card.id, slot);
        self.facets[at] = facet;
        self.cards[at] = Some(card);
    }

    /// Takes a line out.
    pub(crate) fn remove(&mut self, id: RecordId) {
        let Some(slot) = self.slots.remove(&id) else { return };
        if let Some(card) = self.cards[slot as usize].take() {
            self.rows.remove(slot, &card.search);
            self.texts.put(slot, "");
            self.take_out(After { due_ms: card.due_ms(), id });
        }
        self.free.push(slot);
    }

    /// Brings the order up to date after lines were put in.
    pub(crate) fn tidy(&mut self) {
        if self.untidy {
            // Pages come in order of urgency: merging runs is linear.
            self.order.sort();
            self.untidy = false;
        }
    }

    /// The lines that a filter lets through, by urgency: those after a place,
    /// at most `limit`, and how many there are in all. `shows` is asked last.
    pub(crate) fn list<'a>(
        &'a self,
        filter: &Filter,
        limit: usize,
        after: Option<After>,
        shows: &dyn Fn(&Card) -> bool,
    ) -> (Vec<&'a Card>, usize) {
        debug_assert!(!self.untidy, "a list of an untidy shelf");
        let words = words(filter);
        let Some(sieve) = self.sieve(filter, &words) else { return (Vec::new(), 0) };
        let asks = !filter.sync_states.is_empty() || filter.flag.is_some();
        let (from, to) = self.range(filter);
        let mut lines = Vec::with_capacity(limit.min(64));
        let mut total = 0;
        for (place, slot) in &self.order[from..to] {
            let at = *slot as usize;
            if !sieve.lets_through(self.facets[at], *slot) {
                continue;
            }
            if !sieve.finds(self.texts.get(*slot)) {
                continue;
            }
            let wanted = lines.len() < limit && after.is_none_or(|after| *place > after);
            if wanted || asks {
                let Some(card) = &self.cards[at] else { continue };
                let marked = |flag: &String| card.flags.contains(flag);
                if asks && !(filter.flag.as_ref().is_none_or(marked) && shows(card)) {
                    continue;
                }
                if wanted {
                    lines.push(card);
                }
            }
            total += 1;
        }
        (lines, total)
    }

    fn range(&self, filter: &Filter) -> (usize, usize) {
        let place = |due: Option<lantian_domain::time::Instant>| {
            due.map(|due| self.order.partition_point(|(place, _)| place.due_ms < due.0))
        };
        let from = place(filter.due_from).unwrap_or(0);
        let to = place(filter.due_before).unwrap_or(self.order.len());
        (from, to.max(from))
    }

    /// The filter in numbers; nothing if it names what no line has.
    fn sieve<'a>(&self, filter: &'a Filter, words: &'a [String]) -> Option<Sieve<'a>> {
        let states: Vec<u16> =
            filter.states.iter().filter_map(|state| self.states.get(state).copied()).collect();
        if states.is_empty() && !filter.states.is_empty() {
            return None;
        }
        let manager = match filter.manager {
            Some(user) => Some(*self.managers.get(&user)?),
            None => None,
        };
        let hits = (!words.is_empty()).then(|| self.rows.candidates(words));
        let finders = words.iter().map(|word| Finder::new(word.as_bytes())).collect();
        Some(Sieve { filter, states, manager, hits, finders })
    }

    fn facet(&mut self, card: &Card) -> Facet {
        let fresh = u16::try_from(self.states.len()).unwrap_or(u16::MAX);
        let state = *self.states.entry(card.state.clone()).or_insert(fresh);
        let manager = card.manager.map_or(0, |user| {
            let fresh = u32::try_from(self.managers.len() + 1).unwrap_or(u32::MAX);
            *self.managers.entry(user).or_insert(fresh)
        });
        Facet { kind: card.kind, state, segment: card.segment, manager }
    }

    fn bring_in(&mut self, place: After, slot: u32) {
        // Lines of a page come in order of urgency and go to the end; the
        // runs are merged once, by `tidy`.
        self.untidy |= self.order.last().is_some_and(|(last, _)| *last > place);
        self.order.push((place, slot));
    }

    fn take_out(&mut self, place: After) {
        self.tidy();
        if let Ok(at) = self.order.binary_search_by(|(one, _)| one.cmp(&place)) {
            self.order.remove(at);
        }
    }
}

impl Sieve<'_> {
    fn lets_through(&self, facet: Facet, slot: u32) -> bool {
        let Filter { kinds, segment, .. } = self.filter;
        self.hits.as_ref().is_none_or(|hits| hits.has(slot))
            && (self.states.is_empty() || self.states.contains(&facet.state))
            && (kinds.is_empty() || kinds.contains(&facet.kind))
            && self.manager.is_none_or(|manager| manager == facet.manager)
            && segment.is_none_or(|segment| facet.segment == Some(segment))
    }

    fn finds(&self, text: &[u8]) -> bool {
        self.finders.iter().all(|finder| finder.find(text).is_some())
    }
}

fn words(filter: &Filter) -> Vec<String> {
    let text = filter.search.as_deref().unwrap_or_default().to_lowercase();
    text.split_whitespace().map(str::to_owned).collect()
}
