//! The way between tablets and company: what is asked, what becomes of it, and
//! what is answered.

use anyhow::Result;
use lantian_domain::ids::RecordId;
use lantian_protocol::feed::Witness;
use lantian_protocol::{Item, Page, PullRequest, PushResponse, SignedCommand, Verdict};
use lantian_sync::engine::Ticket;
use lantian_sync::{Failure, Input};

use super::{Due, RECOVERY_MS, World};

/// What a tablet asks.
pub(super) enum Request {
    Pull(PullRequest),
    Push { commands: Vec<SignedCommand>, offset_ms: i64, witness: Option<Witness> },
    Records(Vec<RecordId>),
    Refresh,
    Wake,
}

/// What it is answered.
pub(super) enum Reply {
    Page(Result<Box<Page>, Failure>),
    Outcomes(Result<PushResponse, Failure>),
    Records(Result<Vec<Item>, Failure>),
    Tokens(Result<(), Failure>),
    Woken(bool),
}

/// What the way does with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Arrives,
    Lost,
    AnswerLost,
    Twice,
    Damaged,
    Stranger,
    Busy,
    Fails,
    Unauthenticated,
}

impl World {
    pub(super) fn send(&mut self, tablet: usize, ticket: Ticket, request: Request) {
        let fate = self.fate(tablet);
        let ms = if self.faults && self.chance.hits(40) {
            self.strike("slow");
            self.chance.between(20_000, 300_000)
        } else {
            self.chance.between(5, 400)
        };
        self.after(ms, tablet, Due::Sent { ticket, request, fate });
    }

    fn fate(&mut self, tablet: usize) -> Fate {
        if !self.tablets[tablet].online {
            return Fate::Lost;
        }
        if !self.faults {
            return Fate::Arrives;
        }
        let (fate, kind) = match self.chance.below(1_000) {
            0..=49 => (Fate::Lost, "request lost"),
            50..=109 => (Fate::AnswerLost, "answer lost"),
            110..=149 => (Fate::Twice, "request repeated"),
            150..=169 => (Fate::Damaged, "answer damaged"),
            170..=184 => (Fate::Stranger, "captive portal"),
            185..=204 => (Fate::Busy, "server busy"),
            205..=224 => (Fate::Fails, "server failed"),
            225..=254 => (Fate::Unauthenticated, "token expired"),
            _ => return Fate::Arrives,
        };
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
        let failure = match fate {
            Fate::Lost => Some(Failure::Timeout),
            Fate::Stranger => Some(Failure::NotOurServer),
            Fate::Busy => Some(Failure::Busy { retry_after_ms: Some(3_000) }),
            Fate::Fails => Some(Failure::Server {
                status: 500,
                code: "internal".to_owned(),
                retry_after_ms: None,
            }),
            Fate::Unauthenticated if !matches!(request, Request::Refresh) => {
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
        let mut reply = self.answer(tablet, request)?;
        if fate == Fate::Twice {
            reply = self.answer(tablet, request)?;
        }
        match fate {
            Fate::AnswerLost => reply = fail(request, Failure::Timeout),
            Fate::Damaged => reply = fail(request, Failure::Damaged),
            _ => {}
        }
        self.after(ms, tablet, Due::Came { ticket, reply });
        Ok(())
    }

    fn answer(&mut self, tablet: usize, request: &Request) -> Result<Reply> {
        let (device, now) = (self.tablets[tablet].device.clone(), self.now);
        Ok(match request {
            Request::Pull(request) => {
                let page = self.company.pull(&device, request, now)?;
                Reply::Page(page.map(|page| Box::new(self.bend(page))))
            }
            Request::Push { commands, offset_ms, witness } => {
                let before = self.company.head();
                self.note_repeats(commands)?;
                let reply =
                    self.company.push(&device, commands, *offset_ms, witness.clone(), now)?;
                if self.company.head() != before {
                    self.wake();
                }
                Reply::Outcomes(reply)
            }
            Request::Records(ids) => {
                self.tally.probe("record fetched whole");
                Reply::Records(self.company.records(&device, ids)?)
            }
            Request::Refresh => {
                let is_up = self.company.is_up();
                Reply::Tokens(if is_up { Ok(()) } else { Err(Failure::Offline) })
            }
            Request::Wake => Reply::Woken(self.company.is_up()),
        })
    }

    /// Now and then what happened to a record does not lead to what it is.
    fn bend(&mut self, mut page: Page) -> Page {
        let events = page.items.iter_mut().find_map(|item| match item {
            Item::Events(events) => Some(events),
            Item::Snapshot(_) | Item::Left { .. } => None,
        });
        if let Some(events) = events
            && self.faults
            && self.chance.hits(60)
        {
            events.digest[0] ^= 1;
            self.strike("record does not fit its digest");
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

    pub(super) fn wake(&mut self) {
        let seq = self.company.head();
        for tablet in 0..self.tablets.len() {
            let lost = self.faults && self.chance.hits(100);
            if self.tablets[tablet].wakes && self.tablets[tablet].online && !lost {
                let ms = self.chance.between(1, 300);
                self.after(ms, tablet, Due::Wake { seq });
            }
        }
    }

    /// An answer is at the tablet.
    pub(super) fn come(&mut self, tablet: usize, ticket: Ticket, reply: Reply) -> Result<()> {
        match reply {
            Reply::Page(result) => self.hear(tablet, Input::Pulled { ticket, result }),
            Reply::Outcomes(result) => self.settle(tablet, ticket, result),
            Reply::Records(result) => {
                let result = match result {
                    Ok(items) => Ok(self.tablets[tablet].running()?.replica.repair(items)?),
                    Err(failure) => Err(failure),
                };
                self.hear(tablet, Input::Repaired { ticket, result })
            }
            Reply::Tokens(result) => {
                if result.is_ok() {
                    self.tally.probe("token refreshed");
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
        let response = match result {
            Ok(response) => response,
            Err(failure) => {
                return self.hear(tablet, Input::Pushed { ticket, result: Err(failure) });
            }
        };
        for outcome in &response.outcomes {
            self.tally.probe(match outcome.verdict {
                Verdict::Accepted { .. } => "accepted",
                Verdict::Deferred => "deferred",
                Verdict::Refused { .. } | Verdict::Quarantined { .. } => "refused",
            });
        }
        if self.dies(tablet, "killed before an answer was stored") {
            self.tally.probe("killed before an answer was stored");
            return Ok(());
        }
        let (skew, now) = (self.tablets[tablet].skew_ms, self.now);
        let on = self.tablets[tablet].running()?;
        on.replica.set_offset_ms(-skew)?;
        let settled = on.replica.settle(&response, now)?;
        if self.dies(tablet, "killed after an answer was stored") {
            self.tally.probe("killed after an answer was stored");
            return Ok(());
        }
        self.hear(tablet, Input::Pushed { ticket, result: Ok(settled) })
    }
}

fn fail(request: &Request, failure: Failure) -> Reply {
    match request {
        Request::Pull(_) => Reply::Page(Err(failure)),
        Request::Push { .. } => Reply::Outcomes(Err(failure)),
        Request::Records(_) => Reply::Records(Err(failure)),
        Request::Refresh => Reply::Tokens(Err(failure)),
        Request::Wake => Reply::Woken(false),
    }
}
