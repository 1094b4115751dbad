//! What people do, and what breaks.

use anyhow::Result;
use lantian_domain::command::{Command, CommandName};
use lantian_domain::ids::RecordId;
use lantian_domain::time::Instant;
use lantian_replica::{AttentionKind, Filter, Resolution, Resolved, Submission};
use lantian_sync::Input;

use super::{Due, World};
use crate::company::Contents;
use crate::people;

/// How many lines of a list people work on: few, so that they meet.
const BUSY: usize = 7;

impl World {
    pub(super) fn plan_act(&mut self) {
        let ms = self.chance.between(20, 1_500);
        self.after(ms, 0, Due::Act);
    }

    pub(super) fn act(&mut self) -> Result<()> {
        if !self.faults {
            return Ok(());
        }
        self.plan_act();
        if self.chance.hits(self.swarm.mishaps) {
            return self.mishap();
        }
        let tablet = self.chance.below(self.tablets.len());
        if !self.tablets[tablet].is_on() {
            return Ok(());
        }
        match self.chance.below(1_000) {
            0..=199 => self.decide(tablet),
            200..=229 => self.make_room(tablet),
            230..=259 => self.look(tablet),
            _ => self.work(tablet),
        }
    }

    /// Somebody gives a command on a lead or case of the list.
    fn work(&mut self, tablet: usize) -> Result<()> {
        let now = self.tablets[tablet].time(self.now);
        let replica = &self.tablets[tablet].running()?.replica;
        if replica.rules().is_err() {
            // A new mirror: nothing can be judged before the first page.
            return Ok(());
        }
        let lines = replica.list(&Filter::default(), BUSY, None)?.items;
        let lines: Vec<_> =
            lines.into_iter().filter(|line| people::works_on(line.card.kind)).collect();
        let Some(line) = self.chance.of(&lines) else { return Ok(()) };
        let id = line.card.id;
        let possible: Vec<_> = replica
            .offers(id, now)?
            .into_iter()
            .filter(|offer| offer.possible && people::gives(offer.command))
            .map(|offer| offer.command)
            .collect();
        if self.chance.hits(40) && possible.contains(&CommandName::AttachFile) {
            let command = self.attach(tablet, id, now)?;
            return self.give(tablet, id, command, now);
        }
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
        if self.dies(tablet, "F30 killed after saving") {
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
        // A colleague's work that is taken over brings the decision along.
        let given: Vec<_> = replica.outbox(false)?.iter().map(|entry| entry.id).collect();
        for id in given {
            if !self.ledger.saved.contains_key(&id) {
                self.ledger.note(id, tablet);
            }
        }
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
            0..=54 => self.tablet_breaks(tablet),
            _ => self.company_breaks(tablet),
        }
    }

    fn tablet_breaks(&mut self, tablet: usize) -> Result<()> {
        match self.chance.below(100) {
            0..=24 if !self.tablets[tablet].is_on() => {}
            0..=24 => {
                self.strike("F30 tablet killed");
                self.kill(tablet);
            }
            25..=54 => {
                self.strike("F15 network gone");
                self.tablets[tablet].online = false;
                self.tablets[tablet].wakes = false;
                self.excuse(tablet);
                // What was asked is given up; an answer that comes all the same
                // is nobody's.
                self.tablets[tablet].manners.asked = [0; 4];
                self.hear(tablet, Input::NetworkDown)?;
                let ms = self.chance.between(1_000, 600_000);
                self.after(ms, tablet, Due::Online);
            }
            55..=62 => {
                self.strike("F12 wake-up stream cut");
                self.tablets[tablet].wakes = false;
                self.hear(tablet, Input::WakeClosed)?;
            }
            63..=72 => {
                self.strike("F51 clock of a tablet jumped");
                self.tablets[tablet].skew_ms = self.chance.between(-7_200_000, 7_200_000);
            }
            73..=76 => {
                self.strike("F52 tablet asleep for hours");
                self.tablets[tablet].kill();
                self.excuse(tablet);
                let ms = self.chance.between(3_600_000, 72 * 3_600_000);
                self.after(ms, tablet, Due::SwitchOn);
            }
            77..=87 => {
                self.tablets[tablet].copy_folder(false)?;
                self.excuse(tablet);
                self.switch_on(tablet)?;
            }
            _ if self.tablets[tablet].has_copy => {
                self.strike("F38 older copy of a tablet put back");
                self.tablets[tablet].copy_folder(true)?;
                self.tablets[tablet].stood = None;
                self.forget_left(tablet);
                self.uploads_begin_anew();
                self.tablets[tablet].open(self.seed)?;
                self.ledger.put_back(&mut self.tablets[tablet])?;
                self.tablets[tablet].kill();
                self.switch_on(tablet)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// What becomes of the contents when the store is put back.
    fn contents(&mut self) -> Contents {
        match self.chance.below(4) {
            0 => {
                self.strike("F25 store put back without its contents");
                Contents::Lost
            }
            1 => Contents::PutBack,
            _ => Contents::Stay,
        }
    }

    fn company_breaks(&mut self, tablet: usize) -> Result<()> {
        if !self.company.is_up() {
            return Ok(());
        }
        match self.chance.below(100) {
            0..=24 => {
                self.strike("F17 company killed");
                self.company.kill();
                let ms = self.chance.between(500, 60_000);
                self.after(ms, 0, Due::Start);
            }
            25..=39 => {
                self.strike("F60 F61 roles changed");
                self.tally.probe("roles changed");
                let now = self.company_time();
                self.company.change_grants(&self.tablets[tablet].device, now)?;
                self.wake(None)?;
            }
            40..=44 => {
                self.strike("F53 clock of the company set back");
                self.company_skew_ms = self.chance.between(-3 * 3_600_000, 0);
            }
            45..=49 => {
                self.strike("F69 unfinished uploads expired");
                self.uploads_begin_anew();
                self.company.expire_uploads(self.now)?;
            }
            50..=71 => self.company.back_up()?,
            72..=73 => {
                self.strike("F25 contents lost beside the store");
                self.uploads_begin_anew();
                self.company.lose()?;
            }
            74..=86 if self.company.has_backup() => {
                self.strike("F23 restored from a backup");
                self.say(|| "the company is restored".to_owned());
                self.uploads_begin_anew();
                let contents = self.contents();
                self.company.restore(true, contents)?;
            }
            87..=99 if self.company.has_backup() => {
                self.strike("F24 rolled back without a new epoch");
                self.say(|| "the company is rolled back".to_owned());
                self.uploads_begin_anew();
                let contents = self.contents();
                self.company.restore(false, contents)?;
            }
            _ => {}
        }
        Ok(())
    }
}
