//! The engine drives the replica through seeded faults: answers lost, pages
//! twice, answers late, network gone, the company restored from a backup. In
//! the end both sides are the same and nothing that was saved is missing.

use lantian_domain::{ids::RecordId, role::Role, time::Instant};
use lantian_protocol::{Page, PushResponse};
use lantian_replica::Fate;
use lantian_sync::{Effect, Engine, Failure, Input, backoff::Jitter};

use crate::{
    company::{Company, contact, note},
    tablet::Tablet,
};

/// An answer on its way back.
enum Answer {
    Page(u64, Box<Page>),
    Outcomes(u64, PushResponse),
    Whole(u64),
    Token(u64),
    Lost(u64, &'static str),
}

struct Run {
    tablet: Tablet,
    leads: Vec<RecordId>,
    engine: Engine,
    chance: Jitter,
    now: Instant,
    timer: Option<Instant>,
    flying: Vec<Answer>,
    faults: bool,
    backup: Option<Company>,
    last_page: Option<Page>,
}

impl Run {
    fn new(seed: u64) -> Self {
        let (tablet, leads) = Tablet::with_leads(4);
        let now = tablet.now();
        Self {
            tablet,
            leads,
            engine: Engine::new(seed),
            chance: Jitter::new(seed ^ 0x5EED),
            now,
            timer: None,
            flying: Vec::new(),
            faults: true,
            backup: None,
            last_page: None,
        }
    }

    fn draw(&mut self, most: u64) -> u64 {
        // `around` gives the upper half of its range.
        self.chance.around(2 * (most - 1)) - (most - 1)
    }

    fn tell(&mut self, input: Input) {
        let effects = self.engine.handle(input, self.now);
        for effect in effects {
            self.carry_out(effect);
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Pull { ticket, .. } => {
                let cursor = self.tablet.replica().cursor().unwrap();
                let most = 1 + usize::try_from(self.draw(4)).unwrap();
                let page = self.tablet.company.pull(cursor.as_ref(), most);
                // A middlebox may answer with an old page.
                let old = self.last_page.replace(page.clone());
                let stale = self.faults && self.draw(10) == 0;
                let page = if stale { old.unwrap_or(page) } else { page };
                self.answer(Answer::Page(ticket, Box::new(page)), ticket, "pull");
            }
            Effect::ApplyPage(page) => {
                let now = self.now;
                let result = self.tablet.replica().apply_page(&page, now);
                let result = result.map_err(|fault| fault.code().to_owned());
                self.tell(Input::Applied { result });
            }
            Effect::Push { ticket, limit } => {
                let batch = self.tablet.replica().sendable(limit.min(3)).unwrap();
                let response = self.tablet.company.push(&batch);
                self.answer(Answer::Outcomes(ticket, response), ticket, "push");
            }
            Effect::Account { .. } => panic!("there are no files here"),
            Effect::Repair { ticket } => self.answer(Answer::Whole(ticket), ticket, "repair"),
            Effect::Refresh { ticket } => self.answer(Answer::Token(ticket), ticket, "refresh"),
            Effect::Reoffer { epoch } => {
                self.tablet.replica().reoffer(epoch).unwrap();
            }
            Effect::SetTimer { at } => self.timer = Some(at),
            Effect::OpenWake => self.tell(Input::WakeClosed),
            Effect::CloseWake | Effect::File(_) | Effect::Report(_) => {}
        }
    }

    /// The answer goes its way; it may get lost after the company has acted.
    fn answer(&mut self, answer: Answer, ticket: u64, line: &'static str) {
        let lost = self.faults && self.draw(5) == 0;
        self.flying.push(if lost { Answer::Lost(ticket, line) } else { answer });
    }

    fn deliver(&mut self) {
        if self.flying.is_empty() {
            return;
        }
        // In any order.
        let at = usize::try_from(self.draw(self.flying.len() as u64)).unwrap();
        let now = self.now;
        let input = match self.flying.swap_remove(at) {
            Answer::Page(ticket, page) => Input::Pulled { ticket, result: Ok(page) },
            Answer::Outcomes(ticket, response) => {
                let result = self.tablet.replica().settle(&response, now).unwrap();
                if self.faults && self.draw(4) == 0 {
                    self.tablet.replica().settle(&response, now).unwrap();
                }
                Input::Pushed { ticket, result: Ok(result) }
            }
            Answer::Whole(ticket) => {
                let ids = self.tablet.replica().repairs().unwrap();
                let items = ids.iter().filter_map(|id| self.tablet.company.whole(*id)).collect();
                let left = self.tablet.replica().repair(items, now).unwrap();
                Input::Repaired { ticket, result: Ok(left) }
            }
            Answer::Token(ticket) => Input::TokenRefreshed { ticket, result: Ok(()) },
            Answer::Lost(ticket, line) => {
                let failures = [
                    Failure::Timeout,
                    Failure::Offline,
                    Failure::Damaged,
                    Failure::Unauthenticated,
                ];
                let at = usize::try_from(self.draw(4)).unwrap();
                let failure = failures.into_iter().nth(at).unwrap();
                match line {
                    "pull" => Input::Pulled { ticket, result: Err(failure) },
                    "push" => Input::Pushed { ticket, result: Err(failure) },
                    "repair" => Input::Repaired { ticket, result: Err(failure) },
                    _ => Input::TokenRefreshed { ticket, result: Err(Failure::Timeout) },
                }
            }
        };
        self.tell(input);
    }

    fn step(&mut self) {
        self.now = self.now.plus_ms(500);
        self.tablet.company.now = self.now;
        match self.draw(9) {
            0 => self.act(),
            1 => {
                let at = usize::try_from(self.draw(4)).unwrap();
                let lead = self.leads[at];
                let _ = self.tablet.company.give(Role::CmLead, lead, &note("组长的话"));
            }
            2 if self.draw(3) == 0 => self.tell(Input::NetworkDown),
            2 => self.tell(Input::NetworkUp),
            3 if self.draw(4) == 0 => self.backup = Some(self.tablet.company.clone()),
            3 if self.draw(6) == 0 => self.restore(),
            4 if self.draw(20) == 0 => self.kill(),
            _ => self.deliver(),
        }
        self.tick();
    }

    fn act(&mut self) {
        let at = usize::try_from(self.draw(4)).unwrap();
        let (lead, now) = (self.leads[at], self.now);
        let given = if self.draw(3) == 0 { contact() } else { note("我的话") };
        self.tablet.replica().submit(lead, given, now).unwrap();
        let sendable = self.tablet.replica().sendable_count().unwrap();
        self.tell(Input::LocalCommand { sendable });
    }

    /// What is shown after a kill is what was shown before: the overlay that
    /// grew step by step is the one that is built at once.
    fn kill(&mut self) {
        let looks = |tablet: &mut Tablet, leads: &[RecordId]| -> Vec<_> {
            leads.iter().map(|id| tablet.replica().shown(*id).unwrap()).collect()
        };
        let before = looks(&mut self.tablet, &self.leads);
        self.tablet.killed();
        assert_eq!(looks(&mut self.tablet, &self.leads), before);
        self.restart();
    }

    fn restore(&mut self) {
        if let Some(backup) = self.backup.take() {
            let epoch = self.tablet.company.epoch + 1;
            self.tablet.company = backup;
            self.tablet.company.epoch = epoch;
            self.tablet.company.now = self.now;
        }
    }

    fn restart(&mut self) {
        self.engine = Engine::new(1);
        self.flying.clear();
        self.timer = None;
        self.last_page = None;
        let sendable = self.tablet.replica().sendable_count().unwrap();
        let repairs = self.tablet.replica().repairs().unwrap().len();
        self.tell(Input::Started { sendable, repairs });
        self.tell(Input::NetworkUp);
    }

    fn tick(&mut self) {
        if self.timer.is_some_and(|at| at <= self.now) {
            self.timer = None;
            self.tell(Input::Tick);
        }
    }

    /// Faults end: with nothing but its own timers the engine comes to rest.
    fn settle_down(&mut self) {
        self.faults = false;
        self.tell(Input::NetworkUp);
        for _ in 0..400 {
            while !self.flying.is_empty() {
                self.deliver();
            }
            if let Some(at) = self.timer.take() {
                self.now = self.now.max(at);
                self.tell(Input::Tick);
            }
            let waits = self.tablet.replica().sendable_count().unwrap()
                + self.tablet.replica().repairs().unwrap().len();
            let cursor = self.tablet.replica().cursor().unwrap().unwrap();
            let company = &self.tablet.company;
            let level = cursor.seq == company.seq && cursor.epoch == company.epoch;
            if waits == 0 && level && self.flying.is_empty() {
                return;
            }
        }
        panic!("no rest after 400 attempts (I9)");
    }

    /// What was said to be saved has its effect or waits on the desk (I1, I2).
    fn assert_nothing_lost(&mut self) {
        for entry in self.tablet.replica().outbox(true).unwrap() {
            let known = self.tablet.company.outcomes.get(&entry.id);
            match entry.fate {
                Fate::Taken => {
                    let trails = self.tablet.company.records.values().flat_map(|k| k.log.iter());
                    let effects: std::collections::BTreeSet<_> = trails
                        .filter(|stored| stored.stamp.command == entry.id)
                        .map(|stored| stored.version)
                        .collect();
                    assert!(!effects.is_empty(), "an acknowledged act without effect");
                    assert!(known.is_some());
                }
                Fate::Refused => assert!(known.is_some()),
                other => panic!("{other:?} at rest"),
            }
        }
    }
}

#[test]
fn a_04_i3_i9_every_history_of_faults_converges() {
    for seed in 0..12 {
        let mut run = Run::new(seed);
        run.restart();
        for _ in 0..120 {
            run.step();
        }
        run.settle_down();
        run.tablet.assert_converged();
        run.assert_nothing_lost();
    }
}
