//! One exchange with the server at a time: read the store, cross the way,
//! write the store.
//!
//! The event loop ([`crate::drive`]) and the one full run of the command line
//! ([`crate::courier::run`]) carry out the same acts; neither knows HTTP nor
//! the store's order of writing.
//!
//! Invariant: an answer is durable before anybody is told of it; a failed way
//! changes nothing here.

mod account;
mod departure;
mod file;
mod run;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use lantian_domain::{
    file::FileRef,
    ids::{FileId, RecordId},
    time::Instant,
};
use lantian_protocol::{
    Page, PullRequest, PushRequest, PushResponse, Verdict, feed::MAX_REPAIRS, identity::Tokens,
};
use lantian_replica::{Replica, Upload};
use lantian_sync::engine::{Applied, PushResult};

use crate::{
    clock::{self, Clock},
    desk::Desk,
    error::{Error, Result},
    network::Uplink,
    transport::{Failure, Later, Login, Proof, TokenStore, Transport, Wake},
};

pub(crate) use file::to_file_failure;
pub use run::Extent;

/// The setting that holds the tokens.
pub(crate) const TOKENS: &str = "tokens";
/// The setting that holds when a synchronisation last ended well.
pub(crate) const LAST_SUCCESS: &str = "last_success_at";
/// The setting that holds the latest instant this device has seen: a clock set
/// back does not prolong the lease (T28).
pub(crate) const SEEN_AT: &str = "seen_at";

/// What a push achieved.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pushed {
    pub(crate) sent: u64,
    pub(crate) accepted: u64,
    pub(crate) refused: u64,
    pub(crate) bytes_up: u64,
    pub(crate) bytes_down: u64,
}

/// What became of a push.
#[derive(Debug, Default)]
pub(crate) struct Sent {
    /// What the store made of the answers.
    pub(crate) settled: PushResult,
    pub(crate) pushed: Pushed,
    /// What is new, where it is little.
    pub(crate) page: Option<Box<Page>>,
}

/// Carries work between store and server.
#[derive(Clone)]
pub(crate) struct Courier {
    pub(crate) transport: Transport,
    pub(crate) login: Arc<Login>,
    pub(crate) desk: Desk,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) network: Arc<Uplink>,
    /// Held by whoever asks for receipts: each record is asked about once.
    pub(crate) asking: Arc<tokio::sync::Mutex<()>>,
    pub(crate) wanted: Arc<Mutex<BTreeMap<FileId, (RecordId, FileRef)>>>,
}

impl Courier {
    /// Notes that everything that waited went well.
    pub(crate) async fn note_success(&self, at: Instant) -> Result<()> {
        let text = at.to_string();
        self.desk
            .ask(move |replica| {
                replica.set_setting(LAST_SUCCESS, Some(&text))?;
                replica.set_setting(SEEN_AT, Some(&text))?;
                Ok(())
            })
            .await
    }

    /// Fetches the next page of the feed.
    pub(crate) async fn pull(&self, max_bytes: u32) -> Result<(Page, u64)> {
        let (cursor, witness) =
            self.desk.ask(|replica| Ok((replica.cursor()?, replica.witness()?))).await?;
        let sent = self.clock.device_now();
        let request = PullRequest { cursor, witness, max_bytes };
        let page = self.transport.pull(&self.login, &request).await?;
        self.measure(sent, page.value.server_time).await?;
        Ok((page.value, page.bytes_down))
    }

    /// Puts a page into the store, record by record, so that a reader never
    /// waits for a whole page.
    pub(crate) async fn apply(&self, page: Page) -> Result<Applied> {
        let now = self.clock.now();
        self.desk.ask(move |replica| Ok(replica.apply_page(&page, now)?)).await
    }

    /// Opens the wake channel from where the mirror stands.
    pub(crate) async fn wake(&self) -> Result<Wake> {
        let stands = self.desk.ask(|replica| Ok(replica.cursor()?)).await?;
        Ok(self.transport.wake(&self.login, stands.as_ref()).await?)
    }

    /// Sends the commands that may be sent and stores their outcomes.
    pub(crate) async fn push(&self, limit: usize) -> Result<Sent> {
        let (commands, since, witness) = self
            .desk
            .ask(move |replica| {
                Ok((replica.sendable(limit)?, replica.cursor()?, replica.witness()?))
            })
            .await?;
        if commands.is_empty() {
            return Ok(Sent::default());
        }
        let told = since.as_ref().and_then(|since| since.witness.as_ref());
        let shown = witness.clone();
        let request = PushRequest {
            // What the mirror's place says already is not said twice.
            witness: witness.filter(|witness| told != Some(witness)),
            since,
            offset_ms: self.clock.offset_ms(),
            commands,
            preview: false,
        };
        let sent = self.clock.device_now();
        let answer = self.transport.push(&self.login, &request).await?;
        self.measure(sent, answer.value.server_time).await?;
        let mut pushed = count(&answer.value);
        pushed.bytes_up = answer.bytes_up;
        pushed.bytes_down = answer.bytes_down;
        let (response, now) = (answer.value, self.clock.now());
        let take = move |replica: &mut Replica| {
            let settled = replica.answered(shown.as_ref(), &response, now)?;
            Ok((settled.ok_or(Failure::Unreadable)?, response.page))
        };
        let (settled, page) = self.desk.ask(take).await?;
        Ok(Sent { settled, pushed, page })
    }

    /// Asks what the server would answer; nothing is stored anywhere.
    pub(crate) async fn preview(&self) -> Result<PushResponse> {
        let commands = self.desk.ask(|replica| Ok(replica.sendable(usize::MAX)?)).await?;
        let request = PushRequest {
            witness: None,
            since: None,
            offset_ms: self.clock.offset_ms(),
            commands,
            preview: true,
        };
        Ok(self.transport.push(&self.login, &request).await?.value)
    }

    /// Fetches the records that did not fit, whole.
    pub(crate) async fn repair(&self) -> Result<usize> {
        let mut ids = self.desk.ask(|replica| Ok(replica.repairs()?)).await?;
        ids.truncate(MAX_REPAIRS);
        let items = self.transport.records(&self.login, ids).await?;
        let now = self.clock.now();
        self.desk.ask(move |replica| Ok(replica.repair(items, now)?)).await
    }

    /// Marks what older epochs acknowledged as pending again.
    pub(crate) async fn reoffer(&self, epoch: u64) -> Result<usize> {
        self.desk.ask(move |replica| Ok(replica.reoffer(epoch)?)).await
    }

    /// Notes the server's clock.
    async fn measure(&self, sent: Instant, server: Instant) -> Result<()> {
        let offset_ms = clock::measure_ms(sent, self.clock.device_now(), server);
        self.clock.set_offset_ms(offset_ms);
        self.desk.ask(move |replica| Ok(replica.set_offset_ms(offset_ms)?)).await
    }

    /// Files whose upload is not complete.
    pub(crate) async fn uploads(&self) -> Result<Vec<Upload>> {
        self.desk.ask(|replica| Ok(replica.uploads()?)).await
    }
}

fn count(response: &PushResponse) -> Pushed {
    let mut pushed = Pushed { sent: response.outcomes.len() as u64, ..Pushed::default() };
    for outcome in &response.outcomes {
        match outcome.verdict {
            Verdict::Accepted { .. } => pushed.accepted += 1,
            Verdict::Refused { .. } | Verdict::Quarantined { .. } => pushed.refused += 1,
            Verdict::Deferred => {}
        }
    }
    pushed
}

/// What the engine is told of an error on the way or in the store.
pub(crate) fn to_failure(error: Error) -> lantian_sync::Failure {
    if let Error::Way(failure) = error { failure.into() } else { lantian_sync::Failure::Damaged }
}

/// Keeps renewed tokens in the store.
pub(crate) struct StoredTokens(pub(crate) Desk);

impl TokenStore for StoredTokens {
    fn keep(&self, tokens: Tokens) -> Later<'_, Result<(), Failure>> {
        Box::pin(async move {
            let kept = self.0.ask(move |replica| keep_tokens(replica, &tokens)).await;
            kept.map_err(|_| Failure::SignInNeeded)
        })
    }
}

/// Signs with the device's key, which never leaves the store's thread.
pub(crate) struct StoredKey(pub(crate) Desk);

impl Proof for StoredKey {
    fn sign(&self, text: Vec<u8>) -> Later<'_, Result<Vec<u8>, Failure>> {
        Box::pin(async move {
            let signed = self.0.ask(move |replica| Ok(replica.sign(&text))).await;
            signed.map_err(|_| Failure::SignInNeeded)
        })
    }
}

/// Writes the tokens into the store.
pub(crate) fn keep_tokens(replica: &mut Replica, tokens: &Tokens) -> Result<()> {
    let text = serde_json::to_string(tokens).map_err(|_| Error::Closing)?;
    Ok(replica.set_setting(TOKENS, Some(&text))?)
}

/// Reads the tokens of the store.
pub(crate) fn read_tokens(replica: &Replica) -> Result<Option<Tokens>> {
    let text = replica.setting(TOKENS)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}
