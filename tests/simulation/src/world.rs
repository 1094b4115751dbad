//! One history: people work, the network and the machines fail, time passes;
//! then all faults end and everything has to come to rest.
//!
//! ```text
//! person ─► replica ─► engine ─► request ─(way)─► company ─(way)─► answer ─► engine
//! ```
//!
//! Invariant: everything that happens comes from the queue, in the order of
//! virtual time, and every choice from the seed.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use lantian_domain::command::Command;
use lantian_domain::ids::RecordId;
use lantian_domain::time::Instant;
use lantian_protocol::feed::Witness;
use lantian_protocol::{Item, Page, PullRequest, PushResponse, SignedCommand, Verdict};
use lantian_replica::{AttentionKind, Filter, Resolution, Resolved, Submission};
use lantian_sync::engine::Ticket;
use lantian_sync::{Effect, Failure, Halt, Input};

use crate::chance::Chance;
use crate::company::Company;
use crate::oracle::Ledger;
use crate::people;
use crate::stage::{FLEET, Stage, company_in, morning, tablet_in};
use crate::tablet::Tablet;
use crate::tally::Tally;

/// Steps with faults in a history.
const STEPS: u64 = 110;
/// How long everything may take to come to rest once faults have ended.
const REST_MS: i64 = 3 * 3_600_000;
/// Faults closer together than this meet the recovery of the one before.
const RECOVERY_MS: i64 = 20_000;

/// What a tablet asks.
enum Request {
    Pull(PullRequest),
    Push { commands: Vec<SignedCommand>, offset_ms: i64, witness: Option<Witness> },
    Records(Vec<RecordId>),
    Refresh,
    Wake,
}

/// What it is answered.
enum Reply {
    Page(Result<Box<Page>, Failure>),
    Outcomes(Result<PushResponse, Failure>),
    Records(Result<Vec<Item>, Failure>),
    Tokens,
    Woken(bool),
}

/// Something that will happen.
enum Due {
    Act,
    Tick { timer: u64 },
    Sent { ticket: Ticket, request: Request, fate: Fate },
    Came { ticket: Ticket, reply: Reply },
    Wake { seq: u64 },
    SwitchOn,
    Start,
    Online,
}

/// What the way does with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
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

/// A history under way.
pub(crate) struct World {
    now: Instant,
    queue: BTreeMap<(Instant, u64), (usize, u32, Due)>,
    serial: u64,
    chance: Chance,
    seed: u64,
    company: Company,
    tablets: Vec<Tablet>,
    ledger: Ledger,
    pub(crate) tally: Tally,
    faults: bool,
    struck: Instant,
    trace: u64,
    verbose: bool,
}

impl World {
    /// Sets a history up in `folder`, on copies of the stage.
    pub(crate) fn new(stage: &Stage, folder: &Path, seed: u64, verbose: bool) -> Result<Self> {
        stage.copy(folder)?;
        let company = Company::open(&company_in(folder), &folder.join("aside"))?;
        let tablets = stage.devices.iter().enumerate();
        let tablets = tablets
            .map(|(n, device)| Tablet::new(n, device.clone(), &tablet_in(folder, n)))
            .collect();
        Ok(Self {
            now: morning(),
            queue: BTreeMap::new(),
            serial: 0,
            chance: Chance::new(seed),
            seed,
            company,
            tablets,
            ledger: Ledger::default(),
            tally: Tally::default(),
            faults: true,
            struck: Instant(i64::MIN / 2),
            trace: 0xcbf2_9ce4_8422_2325,
            verbose,
        })
    }

    /// Plays the history; its trace.
    pub(crate) fn play(&mut self) -> Result<u64> {
        for tablet in 0..FLEET.len() {
            self.switch_on(tablet)?;
        }
        self.plan_act();
        while self.tally.steps < STEPS {
            self.step()?.context("a world with people always goes on")?;
        }
        self.heal()?;
        let until = self.now.plus_ms(REST_MS);
        while self.queue.keys().next().is_some_and(|(at, _)| *at <= until) {
            self.step()?;
        }
        self.unlock()?;
        self.ledger.settle(&self.company, &mut self.tablets)?;
        self.tally.histories = 1;
        self.tally.commands = self.ledger.len() as u64;
        self.tally.simulated_ms = self.now.since(morning());
        Ok(self.trace)
    }

    fn step(&mut self) -> Result<Option<()>> {
        let Some(((at, _), (tablet, life, due))) = self.queue.pop_first() else { return Ok(None) };
        self.now = at;
        // A machine's timer is no step of the history.
        self.tally.steps += u64::from(!matches!(due, Due::Tick { .. }));
        self.mark(tablet, &due);
        match due {
            Due::Act => self.act()?,
            Due::SwitchOn => self.switch_on(tablet)?,
            Due::Start => self.start()?,
            _ if life != self.tablets[tablet].life => {}
            Due::Online => {
                self.tablets[tablet].online = true;
                self.hear(tablet, Input::NetworkUp)?;
            }
            Due::Tick { timer } if timer == self.tablets[tablet].timer => {
                self.hear(tablet, Input::Tick)?;
            }
            Due::Tick { .. } => {}
            Due::Wake { seq } if self.tablets[tablet].wakes => {
                self.hear(tablet, Input::Wake { seq })?;
            }
            Due::Wake { .. } => {}
            Due::Sent { ticket, request, fate } => self.arrive(tablet, ticket, &request, fate)?,
            Due::Came { ticket, reply } => self.come(tablet, ticket, reply)?,
        }
        Ok(Some(()))
    }

    /// Adds to the trace what happened, without identities, which are fresh in
    /// every run.
    fn mark(&mut self, tablet: usize, due: &Due) {
        let what = match due {
            Due::Act => 1,
            Due::Tick { .. } => 2,
            Due::Sent { .. } => 3,
            Due::Came { .. } => 4,
            Due::Wake { .. } => 5,
            Due::SwitchOn => 6,
            Due::Start => 7,
            Due::Online => 8,
        };
        if self.verbose {
            println!("{} tablet {tablet}: {}", self.now, what_of(due));
        }
        for part in [self.now.0.cast_unsigned(), tablet as u64, what] {
            self.trace = (self.trace ^ part).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn say(&self, what: impl FnOnce() -> String) {
        if self.verbose {
            println!("{} {}", self.now, what());
        }
    }

    fn after(&mut self, ms: i64, tablet: usize, due: Due) {
        self.serial += 1;
        let life = self.tablets[tablet].life;
        self.queue.insert((self.now.plus_ms(ms), self.serial), (tablet, life, due));
    }

    // Machines

    fn switch_on(&mut self, tablet: usize) -> Result<()> {
        if self.tablets[tablet].is_on() {
            return Ok(());
        }
        let started = self.tablets[tablet].switch_on(self.seed)?;
        self.ledger.holds(&mut self.tablets[tablet])?;
        self.hear(tablet, started)?;
        if self.tablets[tablet].online { self.hear(tablet, Input::NetworkUp) } else { Ok(()) }
    }

    fn kill(&mut self, tablet: usize) {
        self.tablets[tablet].kill();
        let ms = self.chance.between(200, 60_000);
        self.after(ms, tablet, Due::SwitchOn);
    }

    fn start(&mut self) -> Result<()> {
        self.company.start()
    }

    /// All faults end: machines run, the network is there.
    fn heal(&mut self) -> Result<()> {
        self.faults = false;
        self.company.start()?;
        for tablet in 0..self.tablets.len() {
            self.tablets[tablet].online = true;
            self.switch_on(tablet)?;
            self.hear(tablet, Input::NetworkUp)?;
            self.hear(tablet, Input::SyncNow)?;
        }
        Ok(())
    }

    /// A tablet that found the server behind itself waits for an
    /// administrator, who gives the store a new epoch.
    fn unlock(&mut self) -> Result<()> {
        let mut locked = Vec::new();
        for tablet in 0..self.tablets.len() {
            let halt = self.tablets[tablet].running()?.engine.report().halt.clone();
            if halt == Some(Halt::CursorAhead) {
                locked.push(tablet);
            } else {
                ensure!(halt.is_none(), "I9: tablet {tablet} stands still: {halt:?}");
            }
        }
        if locked.is_empty() {
            return Ok(());
        }
        self.tally.probe("server behind a tablet, locked");
        self.company.new_epoch()?;
        for tablet in 0..self.tablets.len() {
            self.hear(tablet, Input::Cleared)?;
            self.hear(tablet, Input::SyncNow)?;
        }
        let until = self.now.plus_ms(REST_MS);
        while self.queue.keys().next().is_some_and(|(at, _)| *at <= until) {
            self.step()?;
        }
        Ok(())
    }

    // The engine's effects

    fn hear(&mut self, tablet: usize, input: Input) -> Result<()> {
        for effect in self.tablets[tablet].hear(input, self.now) {
            self.carry_out(tablet, effect)?;
        }
        Ok(())
    }

    fn carry_out(&mut self, tablet: usize, effect: Effect) -> Result<()> {
        match effect {
            Effect::SetTimer { at } => {
                self.serial += 1;
                let timer = self.serial;
                self.tablets[tablet].timer = timer;
                let ms = at.since(self.now).max(0);
                self.after(ms, tablet, Due::Tick { timer });
            }
            Effect::Pull { ticket, max_bytes } => {
                let replica = &self.tablets[tablet].running()?.replica;
                let (cursor, witness) = (replica.cursor()?, replica.witness()?);
                let max_bytes = if self.chance.hits(300) { 1 } else { max_bytes };
                self.send(
                    tablet,
                    ticket,
                    Request::Pull(PullRequest { cursor, witness, max_bytes }),
                );
            }
            Effect::Push { ticket, limit } => {
                let limit = if self.chance.hits(200) { 2 } else { limit };
                let replica = &self.tablets[tablet].running()?.replica;
                let (commands, offset_ms) = (replica.sendable(limit)?, replica.offset_ms());
                let witness = replica.witness()?;
                self.send(tablet, ticket, Request::Push { commands, offset_ms, witness });
            }
            Effect::Repair { ticket } => {
                let ids = self.tablets[tablet].running()?.replica.repairs()?;
                self.send(tablet, ticket, Request::Records(ids));
            }
            Effect::Refresh { ticket } => self.send(tablet, ticket, Request::Refresh),
            Effect::OpenWake => self.send(tablet, 0, Request::Wake),
            Effect::CloseWake => self.tablets[tablet].wakes = false,
            Effect::ApplyPage(page) => self.apply(tablet, &page)?,
            Effect::Reoffer { epoch } => {
                self.tablets[tablet].running()?.replica.reoffer(epoch)?;
            }
            Effect::File(_) | Effect::Report(_) => {}
        }
        Ok(())
    }

    fn apply(&mut self, tablet: usize, page: &Page) -> Result<()> {
        if page.reset {
            self.tally.probe("mirror begun anew");
        }
        if page.items.iter().any(|item| matches!(item, Item::Left { .. })) {
            self.tally.probe("record left the scope");
        }
        if self.dies(tablet, "killed before a page") {
            return Ok(());
        }
        let now = self.now;
        let replica = &mut self.tablets[tablet].running()?.replica;
        let (epoch, waiting) = (replica.cursor()?.map(|c| c.epoch), replica.sendable_count()?);
        let taken = replica.apply_page(page, now);
        let again = epoch.is_some_and(|epoch| epoch != page.cursor.epoch)
            && taken.as_ref().is_ok_and(|taken| taken.sendable > waiting);
        if again {
            self.tally.probe("offered again after a restore");
        }
        if self.dies(tablet, "killed after a page") {
            return Ok(());
        }
        if let Err(error) = &taken {
            self.say(|| format!("tablet {tablet}: a page is not taken: {error}"));
        }
        let result = taken.map_err(|error| error.code().to_owned());
        self.hear(tablet, Input::Applied { result })
    }

    /// Whether the program is killed at this very moment.
    fn dies(&mut self, tablet: usize, kind: &'static str) -> bool {
        let dies = self.faults && self.chance.hits(15);
        if dies {
            self.strike(kind);
            self.say(|| format!("tablet {tablet}: {kind}"));
            self.kill(tablet);
        }
        dies
    }

    // The way

    fn send(&mut self, tablet: usize, ticket: Ticket, request: Request) {
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

    fn strike(&mut self, kind: &'static str) {
        self.tally.fault(kind);
        if self.now.since(self.struck) < RECOVERY_MS {
            self.tally.probe("fault inside recovery");
        }
        self.struck = self.now;
    }

    /// A request is at the company's door, or is not.
    fn arrive(
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
            Request::Refresh => Reply::Tokens,
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

    fn wake(&mut self) {
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
    fn come(&mut self, tablet: usize, ticket: Ticket, reply: Reply) -> Result<()> {
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
            Reply::Tokens => {
                self.tally.probe("token refreshed");
                self.hear(tablet, Input::TokenRefreshed { ticket, result: Ok(()) })
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

    // People

    fn plan_act(&mut self) {
        let ms = self.chance.between(50, 6_000);
        self.after(ms, 0, Due::Act);
        // An act belongs to no tablet's life.
        if let Some(mut entry) = self.queue.last_entry()
            && matches!(entry.get().2, Due::Act)
        {
            entry.get_mut().1 = 0;
        }
    }

    fn act(&mut self) -> Result<()> {
        if !self.faults {
            return Ok(());
        }
        self.plan_act();
        if self.chance.hits(180) {
            return self.mishap();
        }
        let tablet = self.chance.below(self.tablets.len());
        if !self.tablets[tablet].is_on() {
            return Ok(());
        }
        if self.chance.hits(150) { self.decide(tablet) } else { self.work(tablet) }
    }

    /// Somebody gives a command on a lead or case of the list.
    fn work(&mut self, tablet: usize) -> Result<()> {
        let now = self.tablets[tablet].time(self.now);
        let replica = &self.tablets[tablet].running()?.replica;
        if replica.rules().is_err() {
            // A new mirror: nothing can be judged before the first page.
            return Ok(());
        }
        let lines = replica.list(&Filter::default(), 30, None)?.items;
        let lines: Vec<_> =
            lines.into_iter().filter(|line| people::works_on(line.card.kind)).collect();
        let Some(line) = self.chance.of(&lines) else { return Ok(()) };
        let id = line.card.id;
        let possible: Vec<_> = replica
            .offers(id, now)?
            .into_iter()
            .filter(|offer| offer.possible)
            .map(|offer| offer.command)
            .collect();
        let people = replica.people()?;
        let Some(command) = people::command(&mut self.chance, &possible, &people, now)? else {
            return Ok(());
        };
        self.give(tablet, id, command, now)
    }

    fn give(&mut self, tablet: usize, id: RecordId, command: Command, now: Instant) -> Result<()> {
        let name = command.name().as_str();
        let on = self.tablets[tablet].running()?;
        let Submission::Saved(saved) = on.replica.submit(id, command, now)? else {
            return Ok(());
        };
        let sendable = on.replica.sendable_count()?;
        self.ledger.note(saved.command, tablet);
        self.say(|| format!("tablet {tablet}: {name} on {id} is saved as {}", saved.command));
        if self.dies(tablet, "killed after saving") {
            return Ok(());
        }
        self.hear(tablet, Input::LocalCommand { sendable })
    }

    /// Somebody looks after what needs a person.
    fn decide(&mut self, tablet: usize) -> Result<()> {
        let now = self.tablets[tablet].time(self.now);
        let replica = &mut self.tablets[tablet].running()?.replica;
        if replica.rules().is_err() {
            return Ok(());
        }
        let items = replica.attention()?;
        if items.iter().any(|item| item.kind == AttentionKind::Parked) {
            self.tally.probe("parked behind a refused command");
        }
        let Some(item) = self.chance.of(&items) else { return Ok(()) };
        let resolution = match self.chance.below(4) {
            0 => Resolution::Resend,
            1 => Resolution::Discard,
            _ => Resolution::Edit(people::note(&mut self.chance)),
        };
        let (id, replica) = (item.id, &mut self.tablets[tablet].running()?.replica);
        let resolved = replica.resolve(id, resolution, now)?;
        let sendable = replica.sendable_count()?;
        match resolved {
            Resolved::Submitted(saved) => {
                self.ledger.note(saved.command, tablet);
                self.tally.probe("corrected by a person");
            }
            Resolved::Closed => self.tally.probe("discarded by a person"),
            Resolved::Refused(_) => {}
        }
        self.hear(tablet, Input::LocalCommand { sendable })
    }

    /// Something breaks.
    fn mishap(&mut self) -> Result<()> {
        let tablet = self.chance.below(self.tablets.len());
        match self.chance.below(100) {
            0..=24 => {
                if self.tablets[tablet].is_on() {
                    self.strike("tablet killed");
                    self.kill(tablet);
                }
            }
            25..=44 => {
                self.strike("network gone");
                self.tablets[tablet].online = false;
                self.tablets[tablet].wakes = false;
                self.hear(tablet, Input::NetworkDown)?;
                let ms = self.chance.between(1_000, 600_000);
                self.after(ms, tablet, Due::Online);
            }
            45..=59 => {
                self.strike("company killed");
                self.company.kill();
                let ms = self.chance.between(500, 60_000);
                self.after(ms, 0, Due::Start);
            }
            60..=69 => {
                self.strike("wake-up stream cut");
                self.tablets[tablet].wakes = false;
                self.hear(tablet, Input::WakeClosed)?;
            }
            70..=79 => {
                self.strike("clock jumped");
                self.tablets[tablet].skew_ms = self.chance.between(-7_200_000, 7_200_000);
            }
            80..=84 if self.company.is_up() => {
                self.strike("grants changed");
                self.company.change_grants(&self.tablets[tablet].device)?;
            }
            85..=92 if self.company.is_up() => self.company.back_up()?,
            93..=96 if self.company.has_backup() => {
                self.strike("restored from a backup");
                self.say(|| "the company is restored".to_owned());
                self.company.restore(true)?;
            }
            97..=99 if self.company.has_backup() => {
                self.strike("rolled back without a new epoch");
                self.say(|| "the company is rolled back".to_owned());
                self.company.restore(false)?;
            }
            _ => {}
        }
        Ok(())
    }
}

/// What happens, in words, for somebody who reads one history.
fn what_of(due: &Due) -> String {
    match due {
        Due::Act => "somebody acts".to_owned(),
        Due::Tick { .. } => "a timer".to_owned(),
        Due::Sent { ticket, request, fate } => {
            let what = match request {
                Request::Pull(pull) => {
                    format!("pull from {:?}", pull.cursor.as_ref().map(|c| c.seq))
                }
                Request::Push { commands, .. } => format!("push of {}", commands.len()),
                Request::Records(ids) => format!("fetch of {} records", ids.len()),
                Request::Refresh => "refresh".to_owned(),
                Request::Wake => "wake-up stream".to_owned(),
            };
            format!("request {ticket}: {what}: {fate:?}")
        }
        Due::Came { ticket, reply } => {
            let what = match reply {
                Reply::Page(Ok(page)) => {
                    format!("a page of {}, more: {}", page.items.len(), page.more)
                }
                Reply::Outcomes(Ok(answer)) => format!("{} outcomes", answer.outcomes.len()),
                Reply::Records(Ok(items)) => format!("{} records", items.len()),
                Reply::Page(Err(failure))
                | Reply::Outcomes(Err(failure))
                | Reply::Records(Err(failure)) => failure.to_string(),
                Reply::Tokens => "tokens".to_owned(),
                Reply::Woken(opened) => format!("wake-up stream: {opened}"),
            };
            format!("answer {ticket}: {what}")
        }
        Due::Wake { seq } => format!("wake-up at {seq}"),
        Due::SwitchOn => "switched on".to_owned(),
        Due::Start => "the company starts".to_owned(),
        Due::Online => "network".to_owned(),
    }
}

fn fail(request: &Request, failure: Failure) -> Reply {
    match request {
        Request::Pull(_) => Reply::Page(Err(failure)),
        Request::Push { .. } => Reply::Outcomes(Err(failure)),
        Request::Records(_) => Reply::Records(Err(failure)),
        // Another attempt follows; a refused refresh would end the session.
        Request::Refresh => Reply::Tokens,
        Request::Wake => Reply::Woken(false),
    }
}
