//! The texts of all lines, one behind the other: looking at many of them in
//! turn reads memory in turn.

use std::ops::Range;

/// Below this many wasted bytes nothing is moved.
const TOLERATED: usize = 1 << 20;

/// The texts by slot.
#[derive(Default)]
pub(super) struct Texts {
    bytes: Vec<u8>,
    spans: Vec<Range<usize>>,
    wasted: usize,
}

impl Texts {
    pub(super) fn get(&self, slot: u32) -> &[u8] {
        self.spans.get(slot as usize).map_or(&[], |span| &self.bytes[span.clone()])
    }

    /// Sets a slot's text.
    pub(super) fn put(&mut self, slot: u32, text: &str) {
        let at = slot as usize;
        if at >= self.spans.len() {
            self.spans.resize(at + 1, 0..0);
        }
        self.wasted += self.spans[at].len();
        let start = self.bytes.len();
        self.bytes.extend_from_slice(text.as_bytes());
        self.spans[at] = start..self.bytes.len();
        if self.wasted > TOLERATED && self.wasted > self.bytes.len() / 2 {
            self.compact();
        }
    }

    fn compact(&mut self) {
        let mut bytes = Vec::with_capacity(self.bytes.len() - self.wasted);
        for span in &mut self.spans {
            let start = bytes.len();
            bytes.extend_from_slice(&self.bytes[span.clone()]);
            *span = start..bytes.len();
        }
        self.bytes = bytes;
        self.wasted = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_survive_any_number_of_changes_in_bounded_memory() {
        let mut texts = Texts::default();
        let text = |slot: u32, round: u32| format!("{slot}号{round}").repeat(20);
        for round in 0..60 {
            for slot in 0..300 {
                texts.put(slot, &text(slot, round));
            }
        }
        texts.put(7, "");
        for slot in (0..300).filter(|slot| *slot != 7) {
            assert_eq!(texts.get(slot), text(slot, 59).as_bytes());
        }
        assert!(texts.get(7).is_empty() && texts.get(9_999).is_empty());
        assert!(texts.bytes.len() < 2 * TOLERATED, "{}", texts.bytes.len());
    }
}
