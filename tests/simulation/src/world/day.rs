//! What people do, and what breaks.

use anyhow::Result;
use lantian_domain::command::Command;
use lantian_domain::ids::RecordId;
use lantian_domain::time::Instant;
use lantian_replica::{AttentionKind, Filter, Resolution, Resolved, Submission};
use lantian_sync::Input;

use super::{Due, World};
use crate::people;

impl World {
    pub(super) fn plan_act(&mut self) {
        let ms = self.chance.between(50, 6_000);
        self.after(ms, 0, Due::Act);
    }

    pub(super) fn act(&mut self) -> Result<()> {
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
            1 => Resolution::Discard { reason: None },
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
            0..=24 if !self.tablets[tablet].is_on() => {}
            0..=24 => {
                self.strike("tablet killed");
                self.kill(tablet);
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
