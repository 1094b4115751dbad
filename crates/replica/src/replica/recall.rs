//! Attachments after the company's store was restored (F23, F25): what this
//! tablet was promised or holds, and the company may have lost.
//!
//! Words: every content that lies here whole has a row in the outbox, one's own
//! and what was downloaded; a receipt of an earlier epoch is *doubted*: its
//! content is not let go of before the company says again that it holds it.
//!
//! ```text
//! new epoch ─► doubted ─► asked ─┬─ held ──► receipt of this epoch
//!                                └─ missing ─┬─ here ──► upload, as the first time
//!                                            └─ gone ──► forgotten: on the company's list
//! ```
//!
//! Invariant: a receipt counts only in the epoch that gave it; what is doubted
//! is asked until it has been answered.

use lantian_domain::time::Instant;
use lantian_protocol::{
    file::{HeldResponse, MAX_ASKED, Receipt, UploadOffer},
    planted::{Bug, planted},
};

use super::Replica;
use crate::{error::Result, outbox::Staged};

impl Replica {
    /// How many attachments are doubted.
    fn doubts(&self) -> usize {
        if planted(Bug::FilesNotAsked) {
            return 0;
        }
        let epoch = self.epoch();
        self.outbox.uploads.values().filter(|one| is_doubted(one, epoch)).count()
    }

    /// How much this tablet has to account for to the company: attachments that
    /// are doubted, and records that it let go of.
    ///
    /// # Errors
    /// None at present.
    pub fn unaccounted(&self) -> Result<usize> {
        Ok(self.doubts() + self.untold())
    }

    /// What the company is asked next; nothing when nothing is doubted.
    ///
    /// # Errors
    /// None at present.
    pub fn doubted(&self) -> Result<Vec<UploadOffer>> {
        if planted(Bug::FilesNotAsked) {
            return Ok(Vec::new());
        }
        let epoch = self.epoch();
        let all = self.outbox.uploads.values().filter(|one| is_doubted(one, epoch));
        Ok(all.take(MAX_ASKED).map(offer).collect())
    }

    /// Writes down what the company answered to [`Replica::doubted`]; says how
    /// much this tablet still has to account for.
    ///
    /// # Errors
    /// The store's; then the question is asked again.
    pub fn confirm(
        &mut self,
        asked: &[UploadOffer],
        answer: &HeldResponse,
        now: Instant,
    ) -> Result<usize> {
        for offer in asked {
            let Some(staged) = self.outbox.uploads.get(&offer.file) else { continue };
            if staged.file.sha256 != offer.sha256 || !is_doubted(staged, answer.epoch) {
                continue;
            }
            if !answer.missing.contains(&offer.file) {
                let (file, sha256) = (offer.file, offer.sha256.clone());
                self.upload_done(&Receipt { file, sha256, at: now, epoch: answer.epoch })?;
            } else if self.cache.has(&offer.sha256) {
                self.outbox.upload_anew(offer.file)?;
            } else {
                self.outbox.unstage(&[offer.file])?;
            }
        }
        self.rebase(asked.iter().map(|offer| offer.record).collect())?;
        self.finish_exits(now)?;
        self.unaccounted()
    }

    /// The epoch of the company's store, as far as the mirror knows.
    pub(super) fn epoch(&self) -> u64 {
        self.mirror.cursor().map_or(0, |cursor| cursor.epoch)
    }
}

/// Whether a receipt is of an earlier store than that of `epoch`.
pub(super) fn is_doubted(staged: &Staged, epoch: u64) -> bool {
    staged.receipt.as_ref().is_some_and(|receipt| receipt.epoch < epoch)
}

fn offer(staged: &Staged) -> UploadOffer {
    UploadOffer {
        file: staged.file.id,
        record: staged.record,
        sha256: staged.file.sha256.clone(),
        size: staged.file.size,
        mime: staged.file.mime.clone(),
    }
}
