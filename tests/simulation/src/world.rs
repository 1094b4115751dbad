//! One history: people work, the network and the machines fail, time passes;
//! then all faults end and everything has to come to rest.
//!
//! ```text
//! person ─► replica ─► engine ─► request ─(way)─► company ─(way)─► answer ─► engine
//! ```
//!
//! Invariant: everything that happens comes from the queue, in the order of
//! virtual time, and every choice from the seed.

mod accounts;
mod day;
mod files;
mod manners;
mod rest;
mod way;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use lantian_domain::ids::{FileId, RecordId};
use lantian_domain::time::Instant;
use lantian_protocol::Cursor;
use lantian_protocol::{Item, Page, PullRequest, PushRequest};
use lantian_replica::simulation;
use lantian_sync::engine::{Applied, Ticket};
use lantian_sync::{Effect, Input};

use crate::chance::{Chance, Source};
use crate::company::Company;
use crate::oracle::{self, Ledger};
use crate::stage::{FLEET, Stage, company_in, morning, tablet_in};
use crate::tablet::Tablet;
use crate::tally::Tally;
use way::{Fate, Reply, Request};
use words::what_of;

/// Steps with faults in a history, at the least, and how many more at the most.
const STEPS: (u64, usize) = (100, 60);
/// How many tablets in a thousand begin without anything in their mirror.
const NEW_TABLET: usize = 80;
/// Faults closer together than this meet the recovery of the one before.
const RECOVERY_MS: i64 = 20_000;

/// Something that will happen.
enum Due {
    Act,
    Tick { timer: u64 },
    Sent { ticket: Ticket, request: Request, fate: Fate },
    Came { ticket: Ticket, reply: Reply },
    Wake { seq: u64, page: Option<Box<Page>> },
    SwitchOn,
    Start,
    Online,
}

/// What this history is made of: each has some kinds of faults, and more or
/// less of them, so that rare ones are not always drowned by frequent ones.
#[derive(Clone, Copy, Debug)]
struct Swarm {
    /// Which fates a message can have, by bits.
    fates: u64,
    /// How many acts in a thousand are mishaps.
    mishaps: usize,
}

impl Swarm {
    fn of(chance: &mut Chance) -> Self {
        Self { fates: chance.next() | chance.next(), mishaps: 60 + chance.below(300) }
    }

    /// Whether messages of this history suffer this kind of fault.
    fn has(self, kind: &str) -> bool {
        let number = kind
            .bytes()
            .fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
        self.fates >> (number % 64) & 1 == 1
    }
}

/// A history under way.
pub(crate) struct World {
    now: Instant,
    queue: BTreeMap<(Instant, u64), (usize, u32, Due)>,
    serial: u64,
    chance: Chance,
    swarm: Swarm,
    seed: u64,
    company: Company,
    tablets: Vec<Tablet>,
    ledger: Ledger,
    pub(crate) tally: Tally,
    faults: bool,
    struck: Instant,
    /// The company's clock minus the true time, in ms.
    company_skew_ms: i64,
    /// The bytes sent of each file, and what excuses sending again.
    sent: BTreeMap<FileId, files::Sent>,
    /// The records that left each tablet.
    left: BTreeSet<(usize, RecordId)>,
    trace: u64,
    verbose: bool,
}

impl World {
    /// Sets a history up in `folder`, on copies of the stage.
    pub(crate) fn new(stage: &Stage, folder: &Path, seed: u64, verbose: bool) -> Result<Self> {
        stage.copy(folder)?;
        Source::History { seed }.draw();
        let mut chance = Chance::new(seed);
        let swarm = Swarm::of(&mut chance);
        let company = Company::open(&company_in(folder), &folder.join("aside"))?;
        let tablets = stage.devices.iter().enumerate();
        let tablets = tablets
            .map(|(n, device)| Tablet::new(n, device.clone(), &tablet_in(folder, n)))
            .collect();
        Ok(Self {
            now: morning(),
            queue: BTreeMap::new(),
            serial: 0,
            chance,
            swarm,
            seed,
            company,
            tablets,
            ledger: Ledger::default(),
            tally: Tally::default(),
            faults: true,
            struck: Instant(i64::MIN / 2),
            company_skew_ms: 0,
            sent: BTreeMap::new(),
            left: BTreeSet::new(),
            trace: 0xcbf2_9ce4_8422_2325,
            verbose,
        })
    }

    /// Plays the history; its trace.
    pub(crate) fn play(&mut self) -> Result<u64> {
        for tablet in 0..FLEET.len() {
            if self.chance.hits(NEW_TABLET) {
                self.tablets[tablet].open(self.seed)?;
                self.tablets[tablet].running()?.replica.rebuild_mirror()?;
                self.tablets[tablet].kill();
            }
            self.switch_on(tablet)?;
        }
        self.plan_act();
        let steps = STEPS.0 + self.chance.below(STEPS.1) as u64;
        while self.tally.steps < steps {
            self.step()?.context("a world with people always goes on")?;
        }
        self.come_to_rest()?;
        self.company.look_after_contents(self.now)?;
        oracle::settle(&self.ledger, &self.company, &mut self.tablets, self.now)?;
        self.count_missing()?;
        self.accounted_for()?;
        self.sent_little_again()?;
        self.tally.histories = 1;
        self.tally.commands = self.ledger.len() as u64;
        self.tally.simulated_ms = self.now.since(morning());
        Ok(self.trace)
    }

    fn company_time(&self) -> Instant {
        self.now.plus_ms(self.company_skew_ms)
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
            Due::Wake { seq, page } if self.tablets[tablet].wakes => {
                self.woken(tablet, seq, page)?;
            }
            Due::Wake { .. } => {}
            Due::Sent { ticket, request, fate } => self.arrive(tablet, ticket, &request, fate)?,
            Due::Came { ticket, reply } => self.come(tablet, ticket, reply)?,
        }
        Ok(Some(()))
    }

    fn woken(&mut self, tablet: usize, seq: u64, page: Option<Box<Page>>) -> Result<()> {
        if let Some(page) = page {
            self.tally.probe("page came along with a wake-up");
            self.hear(tablet, Input::Rider(page))?;
        }
        if self.tablets[tablet].is_on() { self.hear(tablet, Input::Wake { seq }) } else { Ok(()) }
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
        if let Some(stood) = self.tablets[tablet].stood.take() {
            let stands = self.tablets[tablet].stands()?;
            ensure!(stands == stood, "I6: a page that was not committed left something behind");
        }
        self.hear(tablet, started)?;
        self.admit_uploads(tablet)?;
        if self.tablets[tablet].online { self.hear(tablet, Input::NetworkUp) } else { Ok(()) }
    }

    fn kill(&mut self, tablet: usize) {
        self.tablets[tablet].kill();
        self.excuse(tablet);
        let ms = self.chance.between(200, 60_000);
        self.after(ms, tablet, Due::SwitchOn);
    }

    fn start(&mut self) -> Result<()> {
        self.company.start()
    }

    // The engine's effects

    fn hear(&mut self, tablet: usize, input: Input) -> Result<()> {
        if matches!(input, Input::NetworkUp | Input::SyncNow | Input::Cleared) {
            self.tablets[tablet].manners.backoff = [None; 4];
        }
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
                // Packed bodies differ by a few bytes from run to run, because
                // identities are fresh: a page never ends for their weight.
                let max_bytes = if self.chance.hits(300) { 1 } else { max_bytes.max(1 << 22) };
                self.send(
                    tablet,
                    ticket,
                    Request::Pull(PullRequest { cursor, witness, max_bytes }),
                )?;
            }
            Effect::Push { ticket, limit } => {
                let limit = if self.chance.hits(200) { 2 } else { limit };
                let replica = &self.tablets[tablet].running()?.replica;
                let (commands, offset_ms) = (replica.sendable(limit)?, replica.offset_ms());
                let (witness, since) = (replica.witness()?, replica.cursor()?);
                self.ledger.sends(&mut self.tablets[tablet], &commands)?;
                self.tablets[tablet].shown.insert(ticket, witness.clone());
                let request = PushRequest { witness, since, offset_ms, commands, preview: false };
                self.send(tablet, ticket, Request::Push(request))?;
            }
            Effect::Repair { ticket } => {
                let ids = self.tablets[tablet].running()?.replica.repairs()?;
                self.send(tablet, ticket, Request::Records(ids))?;
            }
            Effect::Account { ticket } => self.account(tablet, ticket)?,
            Effect::Refresh { ticket } => self.send(tablet, ticket, Request::Refresh)?,
            Effect::OpenWake => {
                let stands = self.tablets[tablet].running()?.replica.cursor()?;
                self.send(tablet, 0, Request::Wake(stands))?;
            }
            Effect::CloseWake => self.tablets[tablet].wakes = false,
            Effect::ApplyPage(page) => self.apply(tablet, &page)?,
            Effect::Reoffer { epoch } => {
                self.tablets[tablet].running()?.replica.reoffer(epoch)?;
            }
            Effect::File(effect) => self.move_file(tablet, effect)?,
            Effect::Report(_) => {}
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
        if self.dies(tablet, "F30 killed before a page") {
            return Ok(());
        }
        let stood = self.tablets[tablet].stands()?;
        let held = self.tablets[tablet].records()?;
        let leaves = self.tablets[tablet].lets_go(page)?;
        let cut = self.faults && self.chance.hits(25);
        if cut {
            simulation::cut_after(u32::try_from(self.chance.below(3)).ok());
        }
        let taken = self.take_page(tablet, page);
        simulation::cut_after(None);
        if cut && taken.is_err() {
            self.strike("F30 killed between two commits of a page");
            self.tablets[tablet].stood = Some(stood);
            self.kill(tablet);
            return Ok(());
        }
        if self.dies(tablet, "F30 killed after a page") {
            return Ok(());
        }
        if let Err(error) = &taken {
            self.say(|| format!("tablet {tablet}: a page is not taken: {error}"));
        } else {
            self.went_on(tablet, stood.0.as_ref(), leaves)?;
            self.let_go(tablet, &held)?;
        }
        let result = taken.map_err(|error| error.code().to_owned());
        self.hear(tablet, Input::Applied { result })?;
        self.admit_uploads(tablet)
    }

    fn take_page(&mut self, tablet: usize, page: &Page) -> Result<Applied, lantian_replica::Error> {
        let now = self.now;
        let Ok(on) = self.tablets[tablet].running() else {
            return Err(lantian_replica::Error::Exists);
        };
        let (epoch, waiting) =
            (on.replica.cursor()?.map(|c| c.epoch), on.replica.sendable_count()?);
        let taken = on.replica.apply_page(page, now)?;
        if epoch.is_some_and(|epoch| epoch != page.cursor.epoch) && taken.sendable > waiting {
            self.tally.probe("offered again after a restore");
        }
        Ok(taken)
    }

    /// After a page: the cursor has not gone back within its epoch (I7), and
    /// nothing of what left lies in the log (I4).
    fn went_on(&mut self, tablet: usize, before: Option<&Cursor>, leaves: bool) -> Result<()> {
        let now = self.tablets[tablet].running()?.replica.cursor()?;
        if let (Some(before), Some(now)) = (before, &now) {
            let back =
                now.epoch < before.epoch || now.epoch == before.epoch && now.seq < before.seq;
            ensure!(!back, "I7: tablet {tablet} goes back from {} to {}", before.seq, now.seq);
        }
        let log = self.tablets[tablet].log_bytes();
        ensure!(!leaves || log == 0, "I4: {log} bytes of what left lie in the log");
        Ok(())
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
}
