//! What is new, where it is so little that it rides along with another answer.

use lantian_domain::time::Instant;
use lantian_protocol::{Cursor, Page, PullRequest};

use super::{Reader, pull};
use crate::{error::Result, store::Unit};

/// The whole page after `since`; nothing when there is nothing new, when it is
/// more than a small page holds, or when the mirror does not stand at an end of
/// the feed: then it is pulled.
///
/// # Errors
/// Those of [`pull`].
pub fn rider(unit: &Unit<'_>, who: &Reader, since: &Cursor, now: Instant) -> Result<Option<Page>> {
    if since.snapshot.is_some() {
        return Ok(None);
    }
    // The least that a page holds is what may ride along.
    let request = PullRequest { cursor: Some(since.clone()), witness: None, max_bytes: 0 };
    let page = pull(unit, who, &request, now)?;
    let whole = !page.reset && !page.more && !page.items.is_empty();
    whole.then(|| page.decode()).transpose()
}
