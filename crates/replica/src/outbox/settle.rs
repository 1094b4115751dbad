//! The server's answers, and a person's decisions, written to the commands.

use lantian_domain::{ids::CommandId, proposal::handed_on, time::Instant};
use lantian_protocol::{
    Outcome, PushResponse, Verdict,
    feed::Witness,
    planted::{Bug, planted},
};
use rusqlite::params;

use super::{
    Outbox,
    entry::{Fate, Open},
    fault,
};
use crate::error::{Error, Result};

/// Acknowledged commands are kept this long for a server that is restored
/// from a backup.
pub(crate) const KEPT_MS: i64 = 90 * 24 * 3_600_000;

/// The code by which the server says that it knows this chain from another
/// copy of the store.
const FORK: &str = "E_FORK";

/// The setting that holds what the server last said of itself when it took
/// commands.
pub(crate) const WITNESS: &str = "witness";

/// What a batch of answers did.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    /// Answers that settle a command, also those repeated.
    pub(crate) count: usize,
    /// Commands whose fate changed.
    pub(crate) changed: Vec<CommandId>,
    /// The last feed position that includes an effect.
    pub(crate) seq: u64,
}

impl Outbox {
    /// Writes the answers to a batch in one transaction; a repeated answer
    /// changes nothing.
    pub(crate) fn settle(
        &mut self,
        response: &PushResponse,
        epoch: Option<u64>,
        now: Instant,
    ) -> Result<Settled> {
        let outcomes = &response.outcomes;
        let mut settled = Settled::default();
        let mut news = Vec::new();
        let act = self.begin()?;
        for outcome in outcomes {
            let Some(answer) = answered(&outcome.verdict) else { continue };
            settled.count += 1;
            if let Verdict::Accepted { seq, .. } = outcome.verdict {
                settled.seq = settled.seq.max(seq);
            }
            let Some(open) = self.get(outcome.id) else { continue };
            let Some(fate) = next_fate(open, answer) else { continue };
            let seq = match outcome.verdict {
                Verdict::Accepted { seq, .. } => Some(seq),
                Verdict::Refused { .. } | Verdict::Deferred | Verdict::Quarantined { .. } => None,
            };
            let text = serde_json::to_string(outcome)
                .map_err(|e| Error::Form(lantian_protocol::Error::Encode(e.into())))?;
            act.prepare_cached(
                "UPDATE commands SET fate = ?2, seq = ?3, epoch = ?4, outcome = ?5, \
                 answered_at = ?6, reoffered = 0 WHERE saved_n = ?1",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    open.place.1,
                    fate.as_str(),
                    seq.map(u64::cast_signed),
                    epoch.map(u64::cast_signed),
                    text,
                    now.0
                ])
            })
            .map_err(fault)?;
            news.push((outcome, fate, seq));
        }
        // What the server says of itself is kept before a page that came along
        // is taken.
        let along = response.page.as_ref().and_then(|page| page.cursor.witness.as_ref());
        if let Some(witness) = along.or(response.witness.as_ref()) {
            self.keep_witness(witness)?;
        }
        act.commit().map_err(fault)?;
        for (outcome, fate, seq) in news {
            if let Some(open) = self.get_mut(outcome.id) {
                open.fate = fate;
                open.seq = seq;
                open.epoch = epoch;
                open.verdict = Some(outcome.verdict.clone());
                open.answered_at = Some(now);
                open.reoffered = false;
                settled.changed.push(outcome.id);
            }
        }
        if outcomes.iter().any(is_fork) {
            self.renew_chain()?;
        }
        Ok(settled)
    }

    /// Keeps what the server last said of itself.
    pub(crate) fn keep_witness(&self, witness: &Witness) -> Result<()> {
        let text = serde_json::to_string(witness)
            .map_err(|e| Error::Form(lantian_protocol::Error::Encode(e.into())))?;
        self.set_setting(WITNESS, Some(&text))
    }

    /// Writes a person's decision.
    pub(crate) fn decide(&mut self, id: CommandId, fate: Fate) -> Result<()> {
        let open = self.get(id).ok_or(Error::UnknownItem(id))?;
        self.db
            .execute(
                "UPDATE commands SET fate = ?2 WHERE saved_n = ?1",
                params![open.place.1, fate.as_str()],
            )
            .map_err(fault)?;
        if fate == Fate::Discarded && planted(Bug::DiscardErases) {
            self.erase(id)?;
        }
        if let Some(open) = self.get_mut(id) {
            open.fate = fate;
        }
        Ok(())
    }

    /// What [`Bug::DiscardErases`], [`Bug::RefusedDropped`] and
    /// [`Bug::UnsentPurged`] do.
    pub(crate) fn erase(&mut self, id: CommandId) -> Result<()> {
        let sql = "DELETE FROM commands WHERE id = ?1";
        self.db.execute(sql, [id.0.as_bytes()]).map_err(fault)?;
        self.close(id);
        Ok(())
    }

    /// Marks what another epoch acknowledged as pending again.
    pub(crate) fn reoffer(&mut self, epoch: u64) -> Result<usize> {
        if planted(Bug::ReofferForgotten) {
            return Ok(0);
        }
        let known = epoch.cast_signed();
        let changed = self
            .db
            .execute(
                "UPDATE commands SET fate = 'pending', reoffered = 1, seq = NULL, epoch = NULL \
                 WHERE fate = 'taken' AND epoch IS NOT ?1",
                [known],
            )
            .map_err(fault)?;
        if changed > 0 {
            let (open, _) =
                super::load::read(&self.db, "WHERE fate = 'pending' AND reoffered = 1")?;
            for one in open {
                self.places.insert(one.id(), one.place);
                self.open.insert(one.place, one);
            }
        }
        Ok(changed)
    }

    /// Forgets what was acknowledged long ago; the last command stays, because
    /// the next one names its hash.
    pub(crate) fn prune(&mut self, now: Instant) -> Result<usize> {
        self.prune_exits(now.plus_ms(-KEPT_MS))?;
        let removed = self
            .db
            .execute(
                "DELETE FROM commands WHERE fate = 'taken' AND answered_at < ?1 \
                 AND saved_n < (SELECT max(saved_n) FROM commands)",
                [now.plus_ms(-KEPT_MS).0],
            )
            .map_err(fault)?;
        if removed > 0 {
            let gone: Vec<CommandId> = self
                .open_commands()
                .filter(|one| one.fate == Fate::Taken)
                .filter(|one| one.answered_at.is_some_and(|at| at < now.plus_ms(-KEPT_MS)))
                .map(Open::id)
                .collect();
            for id in gone {
                self.close(id);
            }
        }
        Ok(removed)
    }

    fn renew_chain(&mut self) -> Result<()> {
        self.identity.renew_incarnation(&self.db)?;
        self.last_n = 0;
        self.head = String::new();
        Ok(())
    }
}

/// The fate that an answer gives; nothing if it is to be offered again.
fn answered(verdict: &Verdict) -> Option<Fate> {
    match verdict {
        Verdict::Accepted { .. } => Some(Fate::Taken),
        // Whoever answers for the record now decides on it.
        Verdict::Refused { refusal } if handed_on(refusal).is_some() => Some(Fate::Handed),
        Verdict::Refused { .. } => Some(Fate::Refused),
        Verdict::Quarantined { .. } => Some(Fate::Quarantined),
        Verdict::Deferred if planted(Bug::DeferredFinal) => Some(Fate::Refused),
        Verdict::Deferred => None,
    }
}

/// What the answer changes: a command given up meanwhile stays so unless the
/// server has taken it or handed it on, and what is answered already has its
/// answer.
fn next_fate(open: &Open, answer: Fate) -> Option<Fate> {
    match open.fate {
        Fate::Pending => Some(answer),
        Fate::Discarded if matches!(answer, Fate::Taken | Fate::Handed) => Some(answer),
        Fate::Handed if answer == Fate::Taken => Some(answer),
        Fate::Taken | Fate::Refused | Fate::Quarantined | Fate::Discarded | Fate::Handed => None,
    }
}

fn is_fork(outcome: &Outcome) -> bool {
    matches!(&outcome.verdict, Verdict::Quarantined { code, .. } if code == FORK)
}
