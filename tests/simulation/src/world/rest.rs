//! The end of a history: every fault ends, and everything comes to rest.
//!
//! At rest nothing is on its way, no tablet has anything left to send or to
//! fetch, and each stands where the company's feed ends or is locked. What
//! waits has to get there by itself; only then is each tablet asked to look
//! once more, which must leave it at rest.

use anyhow::{Result, ensure};
use lantian_sync::{Halt, Input};

use super::{Due, World};

/// How long everything may take to come to rest once faults have ended.
const REST_MS: i64 = 3 * 3_600_000;
/// How soon everything that can be sent has been, without anybody's help.
const DRAINED_MS: i64 = 20 * 60_000;

impl World {
    /// Ends all faults and plays until nothing moves any more.
    pub(super) fn come_to_rest(&mut self) -> Result<()> {
        self.heal()?;
        self.rest_within(DRAINED_MS)?;
        self.drained()?;
        self.rest_within(REST_MS)?;
        self.look_once_more()?;
        self.unlock()
    }

    /// All faults end: machines run, the network is there.
    fn heal(&mut self) -> Result<()> {
        self.faults = false;
        self.company.start()?;
        for tablet in 0..self.tablets.len() {
            self.tablets[tablet].online = true;
            self.switch_on(tablet)?;
            self.hear(tablet, Input::NetworkUp)?;
            if self.chance.hits(500) {
                self.hear(tablet, Input::SyncNow)?;
            }
        }
        Ok(())
    }

    /// Plays on until everything is at rest, for so long at the most.
    fn rest_within(&mut self, ms: i64) -> Result<()> {
        let until = self.now.plus_ms(ms);
        while !self.is_at_rest()? {
            if self.queue.keys().next().is_none_or(|(at, _)| *at > until) {
                self.now = self.now.max(until);
                break;
            }
            self.step()?;
        }
        Ok(())
    }

    fn is_at_rest(&mut self) -> Result<bool> {
        let moves = self.queue.values().any(|(_, _, due)| match due {
            Due::Tick { .. } => false,
            Due::Act
            | Due::Sent { .. }
            | Due::Came { .. }
            | Due::Wake { .. }
            | Due::SwitchOn
            | Due::Start
            | Due::Online => true,
        });
        if moves {
            return Ok(false);
        }
        let head = self.company.head();
        for tablet in &mut self.tablets {
            let running = tablet.running()?;
            let report = running.engine.report();
            let locked = report.halt.is_some();
            let idle = report.sendable == 0
                && report.repairs == 0
                && running.engine.transfers().is_empty()
                && running.replica.unaccounted()? == 0;
            let cursor = running.replica.cursor()?;
            let there = cursor.is_some_and(|at| at.seq == head && at.snapshot.is_none());
            if !(locked || idle && there) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Once faults have ended, what waits is sent by itself, and soon (I9).
    fn drained(&mut self) -> Result<()> {
        for tablet in &mut self.tablets {
            let number = tablet.number;
            let report = tablet.running()?.engine.report();
            let idle = report.halt.is_some() || report.sendable == 0 && report.repairs == 0;
            ensure!(idle, "I9: tablet {number} has {} commands to send still", report.sendable);
        }
        Ok(())
    }

    /// Each tablet asks again: one whose company was put back behind it learns
    /// of it now.
    fn look_once_more(&mut self) -> Result<()> {
        for tablet in 0..self.tablets.len() {
            self.hear(tablet, Input::SyncNow)?;
        }
        self.rest_within(REST_MS)
    }

    /// A tablet that found the server behind itself waits for an
    /// administrator, who gives the store a new epoch; so do attachments that
    /// the company finds missing.
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
        self.company.look_after_contents(self.now)?;
        let lacking = self.company.inventory(self.now)?.lacking > 0;
        if locked.is_empty() && !lacking {
            return Ok(());
        }
        if !locked.is_empty() {
            self.tally.probe("server behind a tablet, locked");
        }
        self.company.new_epoch()?;
        for tablet in 0..self.tablets.len() {
            self.hear(tablet, Input::Cleared)?;
            self.hear(tablet, Input::SyncNow)?;
        }
        self.rest_within(REST_MS)?;
        for tablet in 0..self.tablets.len() {
            let halt = self.tablets[tablet].running()?.engine.report().halt.clone();
            ensure!(halt.is_none(), "I9: tablet {tablet} stands still: {halt:?}");
        }
        Ok(())
    }
}
