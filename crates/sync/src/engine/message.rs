//! What the engine hears and what it asks for.

use lantian_domain::time::Instant;
use lantian_protocol::feed::Page;
use serde::{Deserialize, Serialize};

use super::Report;
use crate::{
    failure::Failure,
    files::{FileEffect, FileInput},
};

/// Names one request; its answer carries it back.
pub type Ticket = u64;

/// What happened outside.
#[derive(Debug)]
pub enum Input {
    /// The store is open: this is what it holds.
    Started {
        /// Commands that may be sent now.
        sendable: usize,
        /// Records to be fetched whole.
        repairs: usize,
    },
    /// The timer set by [`Effect::SetTimer`] went off (or any other moment).
    Tick,
    /// The network appeared.
    NetworkUp,
    /// The network disappeared.
    NetworkDown,
    /// A person wants synchronisation now.
    SyncNow,
    /// A person pauses synchronisation.
    Pause,
    /// A person lets it run again.
    Resume,
    /// A person signed in again, or the program was updated: what halted is
    /// tried again.
    Cleared,
    /// The wake-up stream tells of a change.
    Wake {
        /// The feed's head.
        seq: u64,
    },
    /// A page rode along with another answer or with a wake-up: it is taken
    /// unless a pull is under way, which brings the same. Said before what it
    /// came with.
    Rider(Box<Page>),
    /// The wake-up stream opened.
    WakeOpened,
    /// The wake-up stream closed.
    WakeClosed,
    /// The outbox changed: this many commands may be sent now.
    LocalCommand {
        /// Commands that may be sent now.
        sendable: usize,
    },
    /// The tablet has this much to account for to the company: attachments
    /// whose receipts are of an earlier epoch, records that it let go of; told
    /// whenever it may have changed.
    Unaccounted {
        /// What is to be accounted for.
        count: usize,
    },
    /// The answer to [`Effect::Pull`].
    Pulled {
        /// The request.
        ticket: Ticket,
        /// The page.
        result: Result<Box<Page>, Failure>,
    },
    /// The store took a page, or did not.
    Applied {
        /// Whether more pages wait; `Err` names the fault.
        result: Result<Applied, String>,
    },
    /// The answer to [`Effect::Push`], its outcomes already stored.
    Pushed {
        /// The request.
        ticket: Ticket,
        /// What the batch achieved.
        result: Result<PushResult, Failure>,
    },
    /// The answer to [`Effect::Repair`], already stored.
    Repaired {
        /// The request.
        ticket: Ticket,
        /// How many records still have to be fetched whole.
        result: Result<usize, Failure>,
    },
    /// The answer to [`Effect::Account`], already stored.
    Accounted {
        /// The request.
        ticket: Ticket,
        /// How much is still to be accounted for.
        result: Result<usize, Failure>,
    },
    /// The answer to [`Effect::Refresh`], tokens already stored.
    TokenRefreshed {
        /// The request.
        ticket: Ticket,
        /// Whether there are new tokens.
        result: Result<(), Failure>,
    },
    /// Something about an attachment.
    File(FileInput),
}

/// What became of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// Whether another page waits.
    pub more: bool,
    /// Commands that may be sent now.
    pub sendable: usize,
    /// Records to be fetched whole.
    pub repairs: usize,
    /// During a first synchronisation: records held, and records in all.
    pub first_sync: Option<(u64, u64)>,
    /// The feed position reached.
    pub seq: u64,
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushResult {
    /// How many commands had an answer that settles them.
    pub settled: usize,
    /// Commands that may be sent now.
    pub sendable: usize,
    /// The last feed position that includes an effect of the batch.
    pub seq: u64,
}

/// What is to be done outside.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Fetch the next page from the mirror's cursor.
    Pull {
        /// Names the request.
        ticket: Ticket,
        /// Bytes of bodies wanted.
        max_bytes: u32,
    },
    /// Put the page into the store, then say [`Input::Applied`].
    ApplyPage(Box<Page>),
    /// Send the commands that may be sent now, store the outcomes, then say
    /// [`Input::Pushed`].
    Push {
        /// Names the request.
        ticket: Ticket,
        /// At most this many commands.
        limit: usize,
    },
    /// Fetch records whole that did not fit, store them, then say
    /// [`Input::Repaired`].
    Repair {
        /// Names the request.
        ticket: Ticket,
    },
    /// Ask about doubted attachments or tell what was let go of, store the
    /// answer, then say [`Input::Accounted`].
    Account {
        /// Names the request.
        ticket: Ticket,
    },
    /// Exchange the refresh token.
    Refresh {
        /// Names the request.
        ticket: Ticket,
    },
    /// Mark acknowledged commands of older epochs as pending again.
    Reoffer {
        /// The epoch now.
        epoch: u64,
    },
    /// Open the stream of wake-ups.
    OpenWake,
    /// Close the stream of wake-ups.
    CloseWake,
    /// Something about an attachment.
    File(FileEffect),
    /// Say [`Input::Tick`] at this instant; replaces the timer set before.
    SetTimer {
        /// When.
        at: Instant,
    },
    /// What a person should see changed.
    Report(Report),
}
