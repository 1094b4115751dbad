//! The way between tablets and company: what is asked, what becomes of it, and
//! what is answered.

use anyhow::{Result, ensure};
use lantian_domain::ids::{FileId, RecordId};
use lantian_domain::refusal::Code;
use lantian_protocol::account::AccountResponse;
use lantian_protocol::file::{HeldResponse, UploadOffer, UploadState};
use lantian_protocol::{
    Cursor, Item, Page, PullRequest, PushRequest, PushResponse, SignedCommand, Verdict,
};
use lantian_replica::Accounting;
use lantian_sync::engine::Ticket;
use lantian_sync::{Failure, FileFailure, FileInput, Input};

use super::{Due, RECOVERY_MS, World};
use crate::company::{Commit, FileRequest};

/// What a tablet asks.
pub(super) enum Request {
    Pull(PullRequest),
    Push(PushRequest),
    Records(Vec<RecordId>),
    Held(Vec<UploadOffer>),
    Account(Accounting),
    File(FileId, FileRequest),
    Refresh,
    Wake(Option<Cursor>),
}

/// What it is answered.
pub(super) enum Reply {
    Page(Result<Box<Page>, Failure>),
    Outcomes(Result<PushResponse, Failure>),
    Records(Result<Vec<Item>, Failure>),
    Held(Vec<UploadOffer>, Result<HeldResponse, Failure>),
    Noted(Accounting, Result<AccountResponse, Failure>),
    File(FileId, Result<UploadState, FileFailure>),
    Tokens(Result<(), Failure>),
    Woken(bool),
}

/// How long a busy company asks for patience.
const PATIENCE_MS: u64 = 3_000;

/// What the way does with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Arrives,
    Lost,
    AnswerLost,
    Damaged,
    /// The answer is an error, the work is done.
    FailsAfter,
    Fails,
    /// The company cannot commit.
    RolledBack,
    /// So many times more than once.
    Repeated(u8),
    /// An old answer instead of the new one.
    Replayed,
    Stranger,
    BadCertificate,
    Busy,
    /// A byte is changed on the way to the company.
    Altered,
    Expired,
}

impl World {
    pub(super) fn send(&mut self, tablet: usize, ticket: Ticket, request: Request) -> Result<()> {
        self.keeps_manners(tablet, ticket, &request)?;
        let fate = self.fate(tablet);
        let ms = if self.faults && self.chance.hits(40) {
            self.strike("F7 F12 F13 minutes on the way, behind newer ones");
            self.chance.between(20_000, 300_000)
        } else {
            self.chance.between(5, 400)
        };
        self.after(ms, tablet, Due::Sent { ticket, request, fate });
        Ok(())
    }

    fn fate(&mut self, tablet: usize) -> Fate {
        if !self.tablets[tablet].online {
            return Fate::Lost;
        }
        if !self.faults {
            return Fate::Arrives;
        }
        let (fate, kind) = match self.chance.below(1_000) {
            0..=39 => (Fate::Lost, "F1 request cut"),
            40..=59 => (Fate::Damaged, "F2 answer cut"),
            60..=99 => (Fate::AnswerLost, "F3 answer lost after the commit"),
            100..=114 => (Fate::FailsAfter, "F4 error after the commit"),
            115..=129 => (Fate::Fails, "F5 error before the commit"),
            130..=164 => {
                let more = u8::try_from(self.chance.between(1, 4)).unwrap_or(1);
                (Fate::Repeated(more), "F6 request repeated")
            }
            165..=184 => (Fate::Replayed, "F8 old answer replayed"),
            185..=194 => (Fate::Stranger, "F9 captive portal"),
            195..=199 => (Fate::BadCertificate, "F10 certificate not accepted"),
            200..=214 => (Fate::Busy, "F11 server asks for patience"),
            215..=224 => (Fate::Altered, "F16 request changed on the way"),
            225..=239 => (Fate::RolledBack, "F19 commit rolled back"),
            240..=264 => (Fate::Expired, "F54 token expired"),
            _ => return Fate::Arrives,
        };
        if !self.swarm.has(kind) {
            return Fate::Arrives;
        }
        self.strike(kind);
        fate
    }

    pub(super) fn strike(&mut self, kind: &'static str) {
        self.tally.fault(kind);
        if self.now.since(self.struck) < RECOVERY_MS {
            self.tally.probe("fault inside recovery");
        }
        self.struck = self.now;
    }

    /// A request is at the company's door, or is not.
    pub(super) fn arrive(
        &mut self,
        tablet: usize,
        ticket: Ticket,
        request: &Request,
        fate: Fate,
    ) -> Result<()> {
        if fate == Fate::Expired {
            self.tablets[tablet].expired = true;
        }
        let failure = match fate {
            Fate::Lost => Some(Failure::Timeout),
            Fate::Stranger => Some(Failure::NotOurServer),
            Fate::BadCertificate => Some(Failure::Certificate("not yet valid".to_owned())),
            Fate::Busy => Some(Failure::Busy { retry_after_ms: Some(PATIENCE_MS) }),
            Fate::Fails => Some(broken()),
            _ if self.tablets[tablet].expired && !matches!(request, Request::Refresh) => {
                Some(Failure::Unauthenticated)
            }
            _ => None,
        };
        let ms = self.chance.between(5, 400);
        if let Some(failure) = failure {
            let reply = fail(request, failure);
            self.after(ms, tablet, Due::Came { ticket, reply });
            return Ok(());
        }
        let reply = self.deliver(tablet, request, fate)?;
        let reply = match fate {
            Fate::AnswerLost => fail(request, Failure::Timeout),
            Fate::Damaged => fail(request, Failure::Damaged),
            Fate::FailsAfter => fail(request, broken()),
            _ => reply,
        };
        self.after(ms, tablet, Due::Came { ticket, reply });
        Ok(())
    }

    /// The company takes a request, perhaps more than once, perhaps changed.
    fn deliver(&mut self, tablet: usize, request: &Request, fate: Fate) -> Result<Reply> {
        let commit = if fate == Fate::RolledBack { Commit::RolledBack } else { Commit::Kept };
        let altered = if fate == Fate::Altered { self.alter(request) } else { None };
        let mut reply = self.answer(tablet, altered.as_ref().unwrap_or(request), commit)?;
        if let Fate::Repeated(more) = fate {
            for _ in 0..more {
                let again = self.answer(tablet, request, commit)?;
                same_answers(&reply, &again)?;
                reply = again;
            }
        }
        if fate == Fate::Replayed
            && let Some(page) = self.tablets[tablet].old_page.clone()
            && matches!(reply, Reply::Page(_))
        {
            reply = Reply::Page(Ok(Box::new(page)));
        }
        Ok(reply)
    }

    fn answer(&mut self, tablet: usize, request: &Request, commit: Commit) -> Result<Reply> {
        let (device, now) = (self.tablets[tablet].device.clone(), self.company_time());
        Ok(match request {
            Request::Pull(request) => {
                let page = self.company.pull(&device, request, now)?;
                if let Ok(page) = &page
                    && self.faults
                    && self.chance.hits(150)
                {
                    self.tablets[tablet].old_page = Some(page.clone());
                }
                self.served(tablet, page.as_ref().ok());
                Reply::Page(page.map(|page| Box::new(self.bend(page))))
            }
            Request::Push(request) => {
                let before = self.company.head();
                self.note_repeats(&request.commands)?;
                let mut reply = self.company.push(&device, request, (now, commit))?;
                if let (Ok(answer), Some(since)) = (&mut reply, &request.since) {
                    answer.page = self.company.rider(&device, since, now)?;
                    self.served(tablet, answer.page.as_deref());
                }
                if self.company.head() != before {
                    self.wake(Some(tablet))?;
                }
                Reply::Outcomes(reply)
            }
            Request::Records(ids) => {
                self.tally.probe("record fetched whole");
                Reply::Records(self.company.records(&device, ids)?)
            }
            Request::Held(asked) => {
                Reply::Held(asked.clone(), self.company.held(&device, asked, now)?)
            }
            Request::Account(told) => {
                let answer = self.company.account(&device, &told.signed, (now, commit))?;
                Reply::Noted(told.clone(), answer)
            }
            Request::File(file, request) => {
                let state = self.company.file(&device, request, now)?;
                if let Some(receipt) = state.as_ref().ok().and_then(|state| state.receipt.as_ref())
                {
                    let held = self.company.holds_content(&receipt.sha256)?;
                    ensure!(held, "I8: a receipt for file {file}, which is not there");
                }
                Reply::File(*file, state)
            }
            Request::Refresh => {
                let is_up = self.company.is_up();
                Reply::Tokens(if is_up { Ok(()) } else { Err(Failure::Offline) })
            }
            Request::Wake(stands) => {
                self.tablets[tablet].place.clone_from(stands);
                Reply::Woken(self.company.is_up())
            }
        })
    }

    /// The company takes the tablet to stand at the end of what it was served.
    fn served(&mut self, tablet: usize, page: Option<&Page>) {
        if let Some(page) = page.filter(|page| !page.more) {
            self.tablets[tablet].place = Some(page.cursor.clone());
        }
    }

    /// A copy of a request with something else in it.
    fn alter(&mut self, request: &Request) -> Option<Request> {
        match request {
            Request::Push(request) => {
                let mut request = request.clone();
                let at = self.chance.below(request.commands.len());
                let command = request.commands.get_mut(at)?;
                self.ledger.altered(command);
                let digit = command.envelope.rfind(|c: char| c.is_ascii_digit())?;
                let other = if command.envelope[digit..].starts_with('7') { "1" } else { "7" };
                command.envelope.replace_range(digit..=digit, other);
                Some(Request::Push(request))
            }
            Request::File(file, FileRequest::Chunk(chunk)) => {
                let mut chunk = chunk.clone();
                *chunk.bytes.first_mut()? ^= 1;
                Some(Request::File(*file, FileRequest::Chunk(chunk)))
            }
            _ => None,
        }
    }

    /// Now and then what happened to a record does not lead to what it is: an
    /// event is missing, or the digest is another's.
    fn bend(&mut self, mut page: Page) -> Page {
        let events = page.items.iter_mut().find_map(|item| match item {
            Item::Events(events) => Some(events),
            Item::Snapshot(_) | Item::Left { .. } => None,
        });
        if let Some(events) = events
            && self.faults
            && self.chance.hits(100)
        {
            if events.events.len() > 1 {
                events.events.pop();
            } else {
                events.digest[0] ^= 1;
            }
            self.strike("F28 record served otherwise");
        }
        page
    }

    fn note_repeats(&mut self, commands: &[SignedCommand]) -> Result<()> {
        if self.company.is_up() {
            for command in commands {
                let id = serde_json::from_str::<serde_json::Value>(&command.envelope)
                    .ok()
                    .and_then(|envelope| serde_json::from_value(envelope["id"].clone()).ok());
                if let Some(id) = id
                    && self.company.has_answered(id)?
                {
                    self.tally.probe("repeat answered from the store");
                }
            }
        }
        Ok(())
    }

    /// Tells who listens, except who brought it about and learns by the answer.
    pub(super) fn wake(&mut self, cause: Option<usize>) -> Result<()> {
        let (seq, now) = (self.company.head(), self.company_time());
        for tablet in (0..self.tablets.len()).filter(|tablet| Some(*tablet) != cause) {
            let lost = self.faults && self.chance.hits(100);
            if self.tablets[tablet].wakes && self.tablets[tablet].online && !lost {
                let page = match self.tablets[tablet].place.clone() {
                    Some(place) => {
                        let device = self.tablets[tablet].device.clone();
                        self.company.rider(&device, &place, now)?
                    }
                    None => None,
                };
                self.served(tablet, page.as_deref());
                let ms = self.chance.between(1, 300);
                self.after(ms, tablet, Due::Wake { seq, page });
            }
        }
        Ok(())
    }

    /// An answer is at the tablet.
    pub(super) fn come(&mut self, tablet: usize, ticket: Ticket, reply: Reply) -> Result<()> {
        match reply {
            Reply::Page(result) => {
                self.learn_manners(tablet, (0, ticket), result.as_ref().err());
                self.hear(tablet, Input::Pulled { ticket, result })
            }
            Reply::File(file, result) => {
                if result.is_err() {
                    self.excuse_file(file);
                }
                self.hear(tablet, Input::File(FileInput::Upped { file, result }))
            }
            Reply::Held(asked, result) => self.confirm(tablet, ticket, (&asked, result)),
            Reply::Noted(told, result) => self.noted(tablet, ticket, (&told, result)),
            Reply::Outcomes(result) => self.settle(tablet, ticket, result),
            Reply::Records(result) => {
                self.learn_manners(tablet, (2, ticket), result.as_ref().err());
                let (now, held) = (self.now, self.tablets[tablet].records()?);
                let result = match result {
                    Ok(items) => Ok(self.tablets[tablet].running()?.replica.repair(items, now)?),
                    Err(failure) => Err(failure),
                };
                self.let_go(tablet, &held)?;
                self.hear(tablet, Input::Repaired { ticket, result })?;
                self.admit_account(tablet)
            }
            Reply::Tokens(result) => {
                if result.is_ok() {
                    self.tally.probe("token refreshed");
                    self.tablets[tablet].expired = false;
                    self.tablets[tablet].manners.backoff = [None; 4];
                }
                self.hear(tablet, Input::TokenRefreshed { ticket, result })
            }
            Reply::Woken(opened) => {
                self.tablets[tablet].wakes = opened;
                self.hear(tablet, if opened { Input::WakeOpened } else { Input::WakeClosed })
            }
        }
    }

    fn settle(
        &mut self,
        tablet: usize,
        ticket: Ticket,
        result: Result<PushResponse, Failure>,
    ) -> Result<()> {
        self.learn_manners(tablet, (1, ticket), result.as_ref().err());
        let mut response = match result {
            Ok(response) => response,
            Err(failure) => {
                return self.hear(tablet, Input::Pushed { ticket, result: Err(failure) });
            }
        };
        for outcome in &response.outcomes {
            self.tally.probe(match &outcome.verdict {
                Verdict::Accepted { .. } => "accepted",
                Verdict::Deferred => "deferred",
                Verdict::Refused { refusal } if refusal.code == Code::Assigned => {
                    "work of a former owner refused"
                }
                Verdict::Refused { .. } => "refused",
                Verdict::Quarantined { code, .. } if code == "E_FORK" => {
                    "fork of a copied tablet seen"
                }
                Verdict::Quarantined { .. } => "quarantined as altered",
            });
        }
        if self.dies(tablet, "F30 killed before an answer was stored") {
            self.tally.probe("killed before an answer was stored");
            return Ok(());
        }
        let (skew, now) = (self.tablets[tablet].skew_ms, self.now);
        let shown = self.tablets[tablet].shown.remove(&ticket).flatten();
        let before = self.tablets[tablet].versions(&response)?;
        let on = self.tablets[tablet].running()?;
        on.replica.set_offset_ms(-skew)?;
        let Some(settled) = on.replica.answered(shown.as_ref(), &response, now)? else {
            let result = Err(Failure::Damaged);
            return self.hear(tablet, Input::Pushed { ticket, result });
        };
        for (id, version) in before {
            let shown = self.tablets[tablet].version(id)?;
            ensure!(
                shown >= version,
                "I7: {id} goes back from {version} to {shown} with its answer"
            );
        }
        if self.dies(tablet, "F30 killed after an answer was stored") {
            self.tally.probe("killed after an answer was stored");
            return Ok(());
        }
        if let Some(page) = response.page.take() {
            self.tally.probe("page came along with an answer");
            self.hear(tablet, Input::Rider(page))?;
            if !self.tablets[tablet].is_on() {
                return Ok(());
            }
        }
        self.hear(tablet, Input::Pushed { ticket, result: Ok(settled) })?;
        self.admit_uploads(tablet)
    }
}

fn fail(request: &Request, failure: Failure) -> Reply {
    match request {
        Request::Pull(_) => Reply::Page(Err(failure)),
        Request::Push(_) => Reply::Outcomes(Err(failure)),
        Request::Records(_) => Reply::Records(Err(failure)),
        Request::Held(asked) => Reply::Held(asked.clone(), Err(failure)),
        Request::Account(told) => Reply::Noted(told.clone(), Err(failure)),
        Request::File(file, _) => Reply::File(*file, Err(FileFailure::Transport(failure))),
        Request::Refresh => Reply::Tokens(Err(failure)),
        Request::Wake(_) => Reply::Woken(false),
    }
}

fn broken() -> Failure {
    Failure::Server { status: 500, code: "internal".to_owned(), retry_after_ms: None }
}

/// A repeat is answered as the first time (I2); what was deferred may be judged
/// by then.
fn same_answers(first: &Reply, again: &Reply) -> Result<()> {
    let (Reply::Outcomes(Ok(first)), Reply::Outcomes(Ok(again))) = (first, again) else {
        return Ok(());
    };
    for (first, again) in first.outcomes.iter().zip(&again.outcomes) {
        ensure!(
            first == again || first.verdict == Verdict::Deferred,
            "I2: the repeat of {} is answered otherwise",
            first.id
        );
    }
    Ok(())
}
