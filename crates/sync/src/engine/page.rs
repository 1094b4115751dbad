//! How large the next page of the feed may be.
//!
//! Words: a *burst* is the pages from one question to the page that says that
//! there is no more. Invariant: a burst begins small, so that what is most
//! urgent is on the screen while the rest is under way, and each page of it
//! is larger than the one before; a page that did not arrive begins anew.

use serde::{Deserialize, Serialize};

/// Bytes of bodies in the first page of a burst: a list full of records in
/// less than a second at 1 Mbit/s.
const FIRST: u32 = 96 << 10;
/// Bytes of bodies in one page at the most.
const MOST: u32 = 2 << 20;
/// How many times larger each page is than the one before.
const GROWTH: u32 = 4;

/// The size of the next page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageSize(u32);

impl Default for PageSize {
    fn default() -> Self {
        Self(FIRST)
    }
}

impl PageSize {
    /// Bytes of bodies wanted.
    pub fn bytes(self) -> u32 {
        self.0
    }

    /// A page was taken in; with `more`, another one waits.
    #[must_use]
    pub fn after(self, more: bool) -> Self {
        if more { Self(self.0.saturating_mul(GROWTH).min(MOST)) } else { Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_begins_small_and_grows_to_the_largest_page() {
        let mut size = PageSize::default();
        let mut sizes = Vec::new();
        for _ in 0..5 {
            sizes.push(size.bytes());
            size = size.after(true);
        }
        assert_eq!(sizes, [98_304, 393_216, 1_572_864, 2_097_152, 2_097_152]);
        assert_eq!(size.after(false), PageSize::default());
    }
}
