//! Bugs on purpose: the proof that the simulator would find them.
//!
//! Words: a *bug* is a mistake that somebody could make in one line, or that
//! another product was known for; it is *planted* when this build commits it.
//! Product code asks [`planted`] at the very line and says what it would do
//! wrong. Invariants: at most one bug is planted at a time; without the feature
//! `planted` none ever is, and the compiler leaves no trace of the question.

macro_rules! bugs {
    ($($(#[$doc:meta])* $bug:ident = $name:literal,)*) => {
        /// A mistake, by what it gets wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Bug { $($(#[$doc])* $bug,)* }

        impl Bug {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$bug,)*];

            /// Its name on the command line.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$bug => $name,)* }
            }
        }
    };
}

bugs! {
    // The engine.
    /// An answer that was overtaken is taken all the same.
    StalePage = "stale-page-taken",
    /// What builds on a refused command is sent.
    LaneOpen = "lane-not-parked",
    /// One refused command holds back its whole record.
    LaneShut = "lane-shut-whole",
    /// What builds on a corrected command does not wait for its answer.
    FollowerAlone = "follower-sent-alone",
    /// An expired token is taken for a refusal to serve this device.
    ExpiredTokenHalts = "expired-token-halts",
    /// Nobody fetches a new token.
    RefreshForgotten = "token-never-refreshed",
    /// A server that lost data is asked again as if it were only slow.
    HaltIgnored = "server-behind-ignored",
    /// The server's wish for patience is not kept.
    BusyIgnored = "retry-after-ignored",
    /// A failed request is repeated at once, for ever.
    NoBackoff = "no-backoff",
    /// After a failure nothing is tried until the next command.
    RetryLost = "retry-lost",
    /// A wrong offset is not asked for; the same chunk is sent for ever.
    OffsetWedge = "upload-conflict-wedges",

    // The tablet's stores.
    /// A command is shown as saved before it is on the disk.
    SavedInMemory = "saved-in-memory-only",
    /// The cursor is committed before the records that it promises.
    CursorFirst = "cursor-before-data",
    /// A page is committed record by record.
    PageInPieces = "page-committed-in-pieces",
    /// A record that does not fit its digest is kept.
    DigestIgnored = "digest-not-checked",
    /// A refused command is deleted.
    RefusedDropped = "refused-is-dropped",
    /// What a person gave up is deleted instead of closed.
    DiscardErases = "discard-erases",
    /// "Not yet" is taken for "no".
    DeferredFinal = "deferred-is-final",
    /// After a restore nothing is offered again.
    ReofferForgotten = "refill-forgotten",
    /// After a restore nobody asks which attachments were lost.
    FilesNotAsked = "files-not-asked-again",
    /// A record is purged before the company can know.
    ExitUnnoted = "purge-without-receipt",
    /// What left is never told to the company.
    ExitsUntold = "purge-untold",
    /// What is offered again after a restore is given as new.
    RefillRenamed = "refill-twice",
    /// A retry has an identity of its own.
    RetryRenamed = "retry-makes-new-command",
    /// A record that leaves takes its unsent commands with it.
    UnsentPurged = "purge-before-drain",
    /// A record that left stays.
    LeaveIgnored = "leave-ignored",
    /// The body of a record that left stays on the disk.
    BodyKept = "purge-keeps-body",
    /// The line of a record that left stays in lists and search.
    LineKept = "purge-keeps-line",
    /// A record that left stays in the write-ahead log.
    LogKept = "purge-keeps-log",
    /// A fresh start keeps what it did not bring.
    SweepForgotten = "sweep-forgotten",
    /// What is pending is not judged again after a page.
    RebaseForgotten = "rebase-forgotten",
    /// An acknowledged command is let go before the feed has brought it.
    AckHides = "acknowledged-act-vanishes",
    /// A file may be removed before its receipt.
    FileFreedEarly = "file-freed-before-receipt",
    /// Uploads that a restart interrupted are forgotten.
    UploadForgotten = "upload-forgotten-at-start",

    // The company's server.
    /// A repeat is judged as if it were new.
    DedupeSkipped = "dedupe-skipped",
    /// An answer is not stored.
    OutcomeForgotten = "outcome-not-stored",
    /// A repeat is answered otherwise than the first time.
    RepeatDiffers = "repeat-answered-otherwise",
    /// A command is acknowledged and its effect is not saved.
    AckWithoutEffect = "ack-without-effect",
    /// A signature that does not fit is accepted.
    ForgedAccepted = "stale-signature-accepted",
    /// A copy of a tablet may reuse numbers.
    ForkUnseen = "fork-unseen",
    /// What follows a refused command of the batch is judged all the same.
    FailedLaneFlows = "failed-lane-flows",
    /// The tablet's clock is believed.
    ClaimTrusted = "claimed-time-trusted",
    /// A restored server keeps its epoch.
    EpochKept = "restored-server-keeps-epoch",
    /// A store that was put back is not known by its audit.
    WitnessUnchecked = "witness-not-checked",
    /// A record leaves an audience without a notice.
    NoticeLost = "leave-notice-lost",
    /// A record that leaves stays served.
    MemberKept = "membership-leave-ignored",
    /// Other roles do not change the scope.
    GrantsUnseen = "grants-change-unseen",
    /// A snapshot passes a record over where its page ends.
    SnapshotSkips = "snapshot-page-boundary",
    /// The feed passes a change over where its page ends.
    FeedSkips = "feed-page-boundary",
    /// A change is not audited.
    AuditSkipped = "audit-skipped",
    /// An event does not name the one before it.
    LinkBroken = "event-link-broken",
    /// A chunk is written without looking at its checksum.
    ChunkUnchecked = "chunk-not-verified",
    /// A receipt is given for a file that is not there.
    ReceiptEarly = "receipt-before-content",
    /// An interrupted upload begins at zero.
    UploadFromZero = "upload-restarts-at-zero",
}

#[cfg(feature = "planted")]
mod chosen {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::Bug;

    static CHOSEN: AtomicU8 = AtomicU8::new(u8::MAX);

    /// Plants a bug in this process, or none.
    pub fn plant(bug: Option<Bug>) {
        CHOSEN.store(bug.map_or(u8::MAX, |bug| bug as u8), Ordering::SeqCst);
    }

    /// Whether this bug is planted.
    pub fn planted(bug: Bug) -> bool {
        CHOSEN.load(Ordering::Relaxed) == bug as u8
    }
}

#[cfg(feature = "planted")]
pub use chosen::{plant, planted};

/// Whether this bug is planted: never, in a product.
#[cfg(not(feature = "planted"))]
#[inline]
pub const fn planted(_bug: Bug) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bugs_have_names_of_their_own() {
        let names: std::collections::BTreeSet<_> = Bug::ALL.iter().map(|bug| bug.name()).collect();
        assert_eq!(names.len(), Bug::ALL.len());
        assert!(names.len() >= 40);
    }
}
