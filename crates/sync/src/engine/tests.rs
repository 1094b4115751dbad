//! The engine against a model of store and server, with seeded faults.
#![expect(clippy::wildcard_enum_match_arm, reason = "a test names what it is about")]

use lantian_protocol::{Cursor, Page};

use super::*;
use crate::{Failure, backoff::Jitter};

const T0: Instant = Instant(1_700_000_000_000);

fn page(seq: u64, more: bool) -> Box<Page> {
    let cursor = Cursor { epoch: 1, scope: 1, seq, snapshot: None, witness: None };
    Box::new(Page {
        from: None,
        items: Vec::new(),
        cursor,
        more,
        reset: false,
        total: None,
        server_time: T0,
    })
}

fn running(sendable: usize) -> (Engine, Vec<Effect>) {
    let mut engine = Engine::new(3);
    let mut effects = engine.handle(Input::Started { sendable, repairs: 0 }, T0);
    assert!(effects.iter().all(|effect| matches!(effect, Effect::Report(_))));
    effects = engine.handle(Input::NetworkUp, T0);
    (engine, effects)
}

fn pull_ticket(effects: &[Effect]) -> Option<Ticket> {
    effects.iter().find_map(|effect| match effect {
        Effect::Pull { ticket, .. } => Some(*ticket),
        _ => None,
    })
}

fn push_ticket(effects: &[Effect]) -> Option<Ticket> {
    effects.iter().find_map(|effect| match effect {
        Effect::Push { ticket, .. } => Some(*ticket),
        _ => None,
    })
}

fn refresh_ticket(effects: &[Effect]) -> Option<Ticket> {
    effects.iter().find_map(|effect| match effect {
        Effect::Refresh { ticket } => Some(*ticket),
        _ => None,
    })
}

fn timer(effects: &[Effect]) -> Option<Instant> {
    effects.iter().rev().find_map(|effect| match effect {
        Effect::SetTimer { at } => Some(*at),
        _ => None,
    })
}

#[test]
fn a_06_both_directions_start_without_waiting_for_each_other() {
    let (_, effects) = running(2);
    assert!(pull_ticket(&effects).is_some() && push_ticket(&effects).is_some());
}

#[test]
fn an_answer_with_an_unknown_ticket_changes_nothing() {
    let (mut engine, effects) = running(0);
    let ticket = pull_ticket(&effects).unwrap();
    let late = Input::Pulled { ticket: ticket + 77, result: Ok(page(9, false)) };
    assert!(engine.handle(late, T0).is_empty());
    let applied = Applied { more: false, sendable: 9, repairs: 0, first_sync: None, seq: 1 };
    assert!(engine.handle(Input::Applied { result: Ok(applied) }, T0).is_empty());
    let effects = engine.handle(Input::Pulled { ticket, result: Ok(page(9, false)) }, T0);
    assert!(matches!(effects[0], Effect::ApplyPage(_)));
    let again = engine.handle(Input::Pulled { ticket, result: Ok(page(9, false)) }, T0);
    assert!(again.is_empty());
}

#[test]
fn pages_grow_while_more_wait_and_begin_small_after_a_failure() {
    let wanted = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::Pull { ticket, max_bytes } => Some((*ticket, *max_bytes)),
            _ => None,
        })
    };
    let (mut engine, effects) = running(0);
    let (ticket, first) = wanted(&effects).unwrap();
    engine.handle(Input::Pulled { ticket, result: Ok(page(1, true)) }, T0);
    let applied = Applied { more: true, sendable: 0, repairs: 0, first_sync: None, seq: 1 };
    let (ticket, second) =
        wanted(&engine.handle(Input::Applied { result: Ok(applied) }, T0)).unwrap();
    assert!(second > first, "{second} after {first}");
    let late = T0.plus_ms(3_600_000);
    engine.handle(Input::Pulled { ticket, result: Err(Failure::Offline) }, T0);
    assert_eq!(wanted(&engine.handle(Input::Tick, late)).unwrap().1, first);
}

#[test]
fn an_expired_token_is_refreshed_once_and_the_request_made_again() {
    let (mut engine, effects) = running(1);
    let (pull, push) = (pull_ticket(&effects).unwrap(), push_ticket(&effects).unwrap());
    let denied = Input::Pulled { ticket: pull, result: Err(Failure::Unauthenticated) };
    let ticket = refresh_ticket(&engine.handle(denied, T0)).unwrap();
    let denied = Input::Pushed { ticket: push, result: Err(Failure::Unauthenticated) };
    assert_eq!(refresh_ticket(&engine.handle(denied, T0)), None);
    let effects = engine.handle(Input::TokenRefreshed { ticket, result: Ok(()) }, T0);
    assert!(pull_ticket(&effects).is_some() && push_ticket(&effects).is_some());
    assert_eq!(engine.report().halt, None);
}

#[test]
fn a_refused_refresh_waits_for_a_person_and_nothing_is_sent() {
    let (mut engine, effects) = running(1);
    let ticket = pull_ticket(&effects).unwrap();
    let denied = Input::Pulled { ticket, result: Err(Failure::Unauthenticated) };
    let ticket = refresh_ticket(&engine.handle(denied, T0)).unwrap();
    let result = Err(Failure::SignInNeeded);
    engine.handle(Input::TokenRefreshed { ticket, result }, T0);
    assert_eq!(engine.report().halt, Some(Halt::SignIn));
    for input in [Input::Tick, Input::SyncNow, Input::LocalCommand { sendable: 5 }] {
        let effects = engine.handle(input, T0.plus_ms(1_000_000));
        assert!(pull_ticket(&effects).is_none() && push_ticket(&effects).is_none());
    }
    let effects = engine.handle(Input::Cleared, T0.plus_ms(2_000_000));
    assert!(pull_ticket(&effects).is_some());
}

#[test]
fn patience_asked_of_one_line_is_shown_by_all() {
    let (mut engine, effects) = running(1);
    let ticket = pull_ticket(&effects).unwrap();
    let busy = Failure::Busy { retry_after_ms: Some(30_000) };
    engine.handle(Input::Pulled { ticket, result: Err(busy.clone()) }, T0);
    let ticket = push_ticket(&effects).unwrap();
    engine.handle(Input::Pushed { ticket, result: Err(busy) }, T0);
    for after_ms in [1_000, 29_000] {
        let effects = engine.handle(Input::SyncNow, T0.plus_ms(after_ms));
        assert!(pull_ticket(&effects).is_none() && push_ticket(&effects).is_none());
    }
    let effects = engine.handle(Input::Tick, T0.plus_ms(40_000));
    assert!(pull_ticket(&effects).is_some() && push_ticket(&effects).is_some());
}

#[test]
fn a_43_a_timer_that_goes_off_early_is_asked_for_again() {
    let (mut engine, effects) = running(0);
    let ticket = pull_ticket(&effects).unwrap();
    let failed = Input::Pulled { ticket, result: Err(Failure::Timeout) };
    let at = timer(&engine.handle(failed, T0)).unwrap();
    let effects = engine.handle(Input::Tick, at.plus_ms(-1));
    assert_eq!(pull_ticket(&effects), None);
    assert_eq!(timer(&effects), Some(at));
}

#[test]
fn f51_a_clock_set_back_by_years_stops_nothing_for_years() {
    let (mut engine, effects) = running(0);
    let ticket = pull_ticket(&effects).unwrap();
    engine.handle(Input::Pulled { ticket, result: Err(Failure::Timeout) }, T0);
    let back = Instant(T0.0 - 10 * 365 * 24 * 3_600_000);
    let at = timer(&engine.handle(Input::Tick, back)).unwrap();
    assert!(at.since(back) <= 2 * 3_600_000, "{}", at.since(back));
}

#[test]
fn an_answer_that_settles_nothing_does_not_turn_in_a_tight_circle() {
    let (mut engine, effects) = running(3);
    let ticket = push_ticket(&effects).unwrap();
    let nothing = PushResult { settled: 0, sendable: 3, seq: 0 };
    let effects = engine.handle(Input::Pushed { ticket, result: Ok(nothing) }, T0);
    assert_eq!(push_ticket(&effects), None);
    assert!(timer(&effects).unwrap() > T0);
}

#[test]
fn a_08_ones_own_effect_is_pulled_once_and_not_again_for_the_wake_up() {
    let (mut engine, effects) = running(1);
    let applied = |seq| {
        let applied = Applied { more: false, sendable: 0, repairs: 0, first_sync: None, seq };
        Input::Applied { result: Ok(applied) }
    };
    let ticket = pull_ticket(&effects).unwrap();
    engine.handle(Input::Pulled { ticket, result: Ok(page(7, false)) }, T0);
    engine.handle(applied(7), T0);
    let ticket = push_ticket(&effects).unwrap();
    let done = PushResult { settled: 1, sendable: 0, seq: 8 };
    let effects = engine.handle(Input::Pushed { ticket, result: Ok(done) }, T0);
    let ticket = pull_ticket(&effects).unwrap();
    engine.handle(Input::Wake { seq: 8 }, T0);
    engine.handle(Input::Pulled { ticket, result: Ok(page(8, false)) }, T0);
    assert_eq!(pull_ticket(&engine.handle(applied(8), T0)), None);
    // A page that was read before the head was known is not the last.
    let ticket = pull_ticket(&engine.handle(Input::Wake { seq: 9 }, T0)).unwrap();
    engine.handle(Input::Wake { seq: 10 }, T0);
    engine.handle(Input::Pulled { ticket, result: Ok(page(9, false)) }, T0);
    assert!(pull_ticket(&engine.handle(applied(9), T0)).is_some());
}

#[test]
fn a_page_that_comes_along_saves_the_pull() {
    let (mut engine, effects) = running(1);
    let applied = |seq| {
        let applied = Applied { more: false, sendable: 0, repairs: 0, first_sync: None, seq };
        Input::Applied { result: Ok(applied) }
    };
    let takes = |effects: &[Effect]| effects.iter().any(|e| matches!(e, Effect::ApplyPage(_)));
    let ticket = pull_ticket(&effects).unwrap();
    // A pull is under way and brings the same.
    assert!(!takes(&engine.handle(Input::Rider(page(8, false)), T0)));
    engine.handle(Input::Pulled { ticket, result: Ok(page(7, false)) }, T0);
    engine.handle(applied(7), T0);
    let push = push_ticket(&effects).unwrap();
    assert!(takes(&engine.handle(Input::Rider(page(8, false)), T0)));
    let done = PushResult { settled: 1, sendable: 0, seq: 8 };
    let pushed = engine.handle(Input::Pushed { ticket: push, result: Ok(done) }, T0);
    assert_eq!(pull_ticket(&pushed), None);
    assert_eq!(pull_ticket(&engine.handle(applied(8), T0)), None);
    // One that does not fit where the mirror stands is no failure.
    engine.handle(Input::Rider(page(10, false)), T0);
    let failed = Input::Applied { result: Err("stale".to_owned()) };
    let effects = engine.handle(failed, T0);
    assert!(pull_ticket(&effects).is_some());
    assert_eq!(engine.report().last_failure, None);
}

#[test]
fn f23_the_head_of_a_store_that_was_restored_is_forgotten() {
    let (mut engine, effects) = running(0);
    engine.handle(Input::Wake { seq: 500 }, T0);
    let mut ticket = pull_ticket(&effects).unwrap();
    let mut pulls = 0;
    loop {
        engine.handle(Input::Pulled { ticket, result: Ok(page(300, false)) }, T0);
        let applied = Applied { more: false, sendable: 0, repairs: 0, first_sync: None, seq: 300 };
        let effects = engine.handle(Input::Applied { result: Ok(applied) }, T0);
        let Some(next) = pull_ticket(&effects) else { break };
        ticket = next;
        pulls += 1;
        assert!(pulls < 3, "a tight circle of empty pages");
    }
    let effects = engine.handle(Input::Wake { seq: 301 }, T0);
    assert!(pull_ticket(&effects).is_some());
}

/// Store and server, as far as the engine can tell.
struct World {
    engine: Engine,
    chance: Jitter,
    now: Instant,
    timer: Option<Instant>,
    head: u64,
    mirror: u64,
    waiting: usize,
    repairs: usize,
    flying: Vec<Effect>,
    faults: bool,
    requests: u32,
}

impl World {
    fn new(seed: u64) -> Self {
        Self {
            engine: Engine::new(seed),
            chance: Jitter::new(seed.wrapping_mul(31)),
            now: T0,
            timer: None,
            head: 100,
            mirror: 0,
            waiting: 5,
            repairs: 2,
            flying: Vec::new(),
            faults: true,
            requests: 0,
        }
    }

    fn draw(&mut self, most: u64) -> u64 {
        self.chance.around(2 * (most - 1)) - (most - 1)
    }

    fn tell(&mut self, input: Input) {
        for effect in self.engine.handle(input, self.now) {
            match effect {
                Effect::SetTimer { at } => self.timer = Some(at),
                Effect::Report(_) | Effect::CloseWake | Effect::Reoffer { .. } => {}
                Effect::File(file) => panic!("no file is on its way: {file:?}"),
                request => {
                    self.requests += 1;
                    self.flying.push(request);
                }
            }
        }
    }

    fn fail(&mut self) -> Option<Failure> {
        let all = [
            Failure::Timeout,
            Failure::Offline,
            Failure::NotOurServer,
            Failure::Unauthenticated,
            Failure::Damaged,
            Failure::Busy { retry_after_ms: Some(5_000) },
            Failure::Server { status: 500, code: String::new(), retry_after_ms: None },
        ];
        let fails = self.faults && self.draw(3) == 0;
        let at = usize::try_from(self.draw(7)).unwrap();
        all.into_iter().nth(at).filter(|_| fails)
    }

    fn deliver(&mut self) {
        if self.flying.is_empty() {
            return;
        }
        let at = usize::try_from(self.draw(self.flying.len() as u64)).unwrap();
        let failure = self.fail();
        let input = match self.flying.swap_remove(at) {
            Effect::Pull { ticket, .. } => {
                let seq = (self.mirror + 40).min(self.head);
                let result = failure.map_or(Ok(page(seq, seq < self.head)), Err);
                Input::Pulled { ticket, result }
            }
            Effect::ApplyPage(page) => {
                if self.faults && self.draw(8) == 0 {
                    Input::Applied { result: Err("device_full".to_owned()) }
                } else {
                    self.mirror = page.cursor.seq;
                    let (sendable, repairs) = (self.waiting, self.repairs);
                    let seq = self.mirror;
                    let more = page.more;
                    let applied = Applied { more, sendable, repairs, first_sync: None, seq };
                    Input::Applied { result: Ok(applied) }
                }
            }
            Effect::Push { ticket, limit } => {
                // The server may have acted although the answer is lost.
                let settled = self.waiting.min(limit).min(2);
                let result = failure.map_or_else(
                    || {
                        self.waiting -= settled;
                        self.head += settled as u64;
                        Ok(PushResult { settled, sendable: self.waiting, seq: self.head })
                    },
                    Err,
                );
                Input::Pushed { ticket, result }
            }
            Effect::Repair { ticket } => {
                let result = failure.map_or_else(
                    || {
                        self.repairs = self.repairs.saturating_sub(1);
                        Ok(self.repairs)
                    },
                    Err,
                );
                Input::Repaired { ticket, result }
            }
            Effect::Refresh { ticket } => {
                let result = failure.filter(|f| *f != Failure::Unauthenticated).map_or(Ok(()), Err);
                Input::TokenRefreshed { ticket, result }
            }
            Effect::OpenWake if self.draw(2) == 0 => Input::WakeOpened,
            Effect::OpenWake => Input::WakeClosed,
            other => panic!("no request: {other:?}"),
        };
        self.tell(input);
    }

    fn step(&mut self) {
        self.now = self.now.plus_ms(200);
        match self.draw(12) {
            0 => self.tell(Input::NetworkDown),
            1 => self.tell(Input::NetworkUp),
            2 => {
                self.waiting += 1;
                let sendable = self.waiting;
                self.tell(Input::LocalCommand { sendable });
            }
            3 => {
                self.head += 3;
                let seq = self.head;
                self.tell(Input::Wake { seq });
            }
            4 => self.tell(Input::Pause),
            5 | 6 => self.tell(Input::Resume),
            7 if self.timer.is_some_and(|at| at <= self.now) => {
                self.timer = None;
                self.tell(Input::Tick);
            }
            _ => self.deliver(),
        }
    }

    fn rests(&mut self) -> bool {
        for _ in 0..300 {
            while !self.flying.is_empty() {
                self.deliver();
            }
            if self.waiting == 0 && self.repairs == 0 && self.mirror == self.head {
                return true;
            }
            let Some(at) = self.timer.take() else { return false };
            self.now = self.now.max(at);
            self.tell(Input::Tick);
        }
        false
    }
}

#[test]
fn a_03_i9_once_faults_end_everything_moves_by_the_engines_own_timers() {
    for seed in 0..400 {
        let mut world = World::new(seed);
        world.tell(Input::Started { sendable: 5, repairs: 2 });
        world.tell(Input::NetworkUp);
        for _ in 0..150 {
            world.step();
        }
        world.faults = false;
        world.tell(Input::NetworkUp);
        world.tell(Input::Resume);
        assert!(world.rests(), "seed {seed}: {:?}", world.engine.report());
        assert!(world.engine.report().halt.is_none());
    }
}

#[test]
fn i13_a_server_that_always_fails_is_asked_ever_more_rarely() {
    let mut world = World::new(9);
    world.tell(Input::Started { sendable: 5, repairs: 2 });
    world.tell(Input::NetworkUp);
    let hour = T0.plus_ms(3_600_000);
    while world.now < hour {
        while let Some(request) = world.flying.pop() {
            let failed = || Err(Failure::Timeout);
            let input = match request {
                Effect::Pull { ticket, .. } => {
                    Input::Pulled { ticket, result: Err(Failure::Timeout) }
                }
                Effect::Push { ticket, .. } => Input::Pushed { ticket, result: failed() },
                Effect::Repair { ticket } => {
                    Input::Repaired { ticket, result: Err(Failure::Timeout) }
                }
                _ => Input::WakeClosed,
            };
            world.tell(input);
        }
        let at = world.timer.take().expect("a retry is always scheduled");
        world.now = world.now.max(at);
        world.tell(Input::Tick);
    }
    // Three lines at about one attempt in four minutes, and the wake-ups.
    assert!(world.requests < 600, "{} requests", world.requests);
}

#[test]
fn i14_one_seed_gives_one_history() {
    let history = |seed| {
        let mut world = World::new(seed);
        world.tell(Input::Started { sendable: 5, repairs: 2 });
        world.tell(Input::NetworkUp);
        let mut trace = Vec::new();
        for _ in 0..200 {
            world.step();
            trace.push((world.requests, world.mirror, world.waiting, world.timer));
        }
        trace
    };
    assert_eq!(history(4), history(4));
    assert_ne!(history(4), history(5));
}
