//! Which lines can contain a text: one row of bits per hashed character and
//! per hashed pair of characters, one bit per line.
//!
//! A query ANDs a handful of rows of a few kilobytes; what is left is looked
//! at by [`memchr`]. One Chinese character is enough for a query.
//!
//! Invariant: a line that contains the text is never left out; one that does
//! not may have to be looked at.

/// Rows for single characters, and as many for pairs.
const ROWS: usize = 512;

/// The index.
#[derive(Default)]
pub(super) struct Rows {
    /// Row-major: `width` words for each row.
    bits: Vec<u64>,
    width: usize,
}

/// The lines that are worth looking at.
pub(super) struct Hits(Vec<u64>);

impl Hits {
    pub(super) fn has(&self, slot: u32) -> bool {
        let slot = slot as usize;
        self.0.get(slot / 64).is_some_and(|word| word >> (slot % 64) & 1 == 1)
    }
}

impl Rows {
    pub(super) fn add(&mut self, slot: u32, text: &str) {
        let (word, bit) = self.place(slot);
        let width = self.width;
        each_row(text, |row| self.bits[row * width + word] |= bit);
    }

    pub(super) fn remove(&mut self, slot: u32, text: &str) {
        let (word, bit) = self.place(slot);
        let width = self.width;
        each_row(text, |row| self.bits[row * width + word] &= !bit);
    }

    /// The lines that may contain all `words`.
    pub(super) fn candidates(&self, words: &[String]) -> Hits {
        let mut hits = vec![u64::MAX; self.width];
        for word in words {
            each_row(word, |row| {
                let bits = &self.bits[row * self.width..(row + 1) * self.width];
                hits.iter_mut().zip(bits).for_each(|(hit, bits)| *hit &= bits);
            });
        }
        Hits(hits)
    }

    fn place(&mut self, slot: u32) -> (usize, u64) {
        let slot = slot as usize;
        if slot / 64 >= self.width {
            self.widen(slot / 64 + 1);
        }
        (slot / 64, 1 << (slot % 64))
    }

    fn widen(&mut self, needed: usize) {
        let width = needed.max(self.width * 2).max(16);
        let mut bits = vec![0; 2 * ROWS * width];
        for row in 0..2 * ROWS {
            let old = row * self.width;
            let fresh = row * width;
            if self.width > 0 {
                bits[fresh..fresh + self.width].copy_from_slice(&self.bits[old..old + self.width]);
            }
        }
        self.bits = bits;
        self.width = width;
    }
}

fn each_row(text: &str, mut row: impl FnMut(usize)) {
    let mut before = None;
    for one in text.chars() {
        row(hash(u64::from(u32::from(one))));
        if let Some(before) = before {
            row(ROWS + hash(u64::from(u32::from(one)) | u64::from(u32::from(before)) << 32));
        }
        before = Some(one);
    }
}

fn hash(value: u64) -> usize {
    let mixed = value.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    usize::try_from(mixed >> 55).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_line_that_contains_the_text_is_never_left_out(
            lines in prop::collection::vec("[一-丄路村街道0-9a-c ]{0,12}", 1..200),
            at in any::<prop::sample::Index>(),
            from in 0_usize..12,
            len in 1_usize..4,
        ) {
            let mut rows = Rows::default();
            for (slot, line) in lines.iter().enumerate() {
                rows.add(u32::try_from(slot).unwrap(), line);
            }
            let slot = at.index(lines.len());
            let word: String = lines[slot].chars().skip(from).take(len).collect();
            let hits = rows.candidates(&[word]);
            prop_assert!(hits.has(u32::try_from(slot).unwrap()));
        }
    }

    #[test]
    fn a_removed_line_is_no_candidate() {
        let mut rows = Rows::default();
        rows.add(3, "幸福路8号");
        rows.add(700, "幸福路9号");
        rows.remove(3, "幸福路8号");
        let hits = rows.candidates(&["福".to_owned()]);
        assert!(!hits.has(3) && hits.has(700) && !hits.has(5_000));
    }
}
