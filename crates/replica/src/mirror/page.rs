//! A page of the feed into the mirror, in one transaction.
//!
//! ```text
//! page ──plan──► actions ──► rows (one transaction) ──commit──► memory
//! ```

use std::{collections::HashMap, sync::Arc};

use lantian_domain::{apply, card::Card, card::card, ids::RecordId, record::Record};
use lantian_protocol::{
    Item, Page, blob,
    feed::{Events, Snapshot},
    planted::{Bug, planted},
};
use lantian_sync::{Action, plan};
use rusqlite::{Transaction, params};

use super::{Digest, Known, Mirror, Stand, fault, mix, record::load, write_stand};
use crate::error::{Error, Result};

/// What a page changed: the card of each record that came, nothing for one
/// that left.
pub(crate) type Taken = Vec<(RecordId, Option<Card>)>;

/// Told of each record before it is taken out.
pub(crate) trait Leaving {
    /// It will be taken out, with this many bytes of it.
    fn leaves(&mut self, record: &Record, bytes: u64) -> Result<()>;
    /// All of them will be gone with the next commit.
    fn commits(&mut self) -> Result<()>;
}

impl Mirror {
    /// Takes a page.
    pub(crate) fn take_page(&mut self, page: &Page, leaving: &mut dyn Leaving) -> Result<Taken> {
        let plan = plan(page, self)?;
        let mut stand = self.stand.clone();
        if plan.begin {
            stand.generation += 1;
            stand.fresh = true;
            stand.total = page.total.unwrap_or(0);
        }
        if planted(Bug::CursorFirst) {
            let early = Stand { cursor: Some(plan.cursor.clone()), ..stand.clone() };
            let act = self.begin()?;
            write_stand(&act, &early)?;
            act.commit().map_err(fault)?;
        }
        let mut work = Work::begin(self, stand.generation)?;
        for action in &plan.actions {
            if planted(Bug::PageInPieces) {
                work.commit_so_far()?;
            }
            match action {
                Action::Put(snapshot) => work.put(snapshot)?,
                Action::Extend { events, above } => work.extend(events, *above)?,
                Action::Remove(id) => work.remove(*id, leaving)?,
                Action::Repair(id) => work.repair(*id)?,
            }
        }
        if plan.finish && stand.fresh {
            if !planted(Bug::SweepForgotten) {
                work.sweep(leaving)?;
            }
            stand.fresh = false;
        }
        stand.cursor = Some(plan.cursor.clone());
        write_stand(&work.act, &stand)?;
        leaving.commits()?;
        let done = work.commit()?;
        self.stand = stand;
        for item in &page.items {
            if let Item::Events(Events { id, events, .. }) = item
                && done.repairs.get(id) == Some(&true)
            {
                let told = events.last().map_or(0, |last| last.version);
                let least = self.least.entry(*id).or_default();
                *least = told.max(*least);
            }
        }
        self.take_over(done)
    }

    /// Takes records that were fetched whole. The feed does not wait for them:
    /// what a page has put right or taken out meanwhile is newer, and an answer
    /// that is older than what a page told is asked for once more.
    pub(crate) fn take_repairs(
        &mut self,
        items: &[Item],
        leaving: &mut dyn Leaving,
    ) -> Result<Taken> {
        let mut work = Work::begin(self, self.stand.generation)?;
        for item in items {
            match item {
                Item::Snapshot(snapshot) if self.wants(snapshot.id, snapshot.version) => {
                    work.put(snapshot)?;
                }
                Item::Left { id } if self.wants(*id, u64::MAX) => work.remove(*id, leaving)?,
                // Asked for whole: events would not fit either.
                Item::Events(events) => work.repair(events.id)?,
                Item::Snapshot(_) | Item::Left { .. } => {}
            }
        }
        leaving.commits()?;
        let done = work.commit()?;
        self.take_over(done)
    }

    /// Whether a record waits to be fetched whole, at this version at the most.
    fn wants(&self, id: RecordId, version: u64) -> bool {
        let waits = self.repairs.contains(&id) || self.damaged.borrow().contains(&id);
        let least = self.least.get(&id).copied().unwrap_or(0).max(self.version_of(id));
        waits && version >= least
    }

    fn take_over(&mut self, done: Done) -> Result<Taken> {
        let mut left = false;
        let mut taken = Vec::with_capacity(done.staged.len());
        self.last_n = done.last_n;
        let mut read = self.read.borrow_mut();
        for (id, staged) in done.staged {
            read.remove(&id);
            self.damaged.borrow_mut().remove(&id);
            if let Some(old) = self.known.remove(&id) {
                mix(&mut self.digest, &old.digest);
            }
            if let Some(staged) = staged {
                mix(&mut self.digest, &staged.known.digest);
                self.known.insert(id, staged.known);
                if let Some(record) = staged.record {
                    read.insert(id, record);
                }
                taken.push((id, Some(staged.card)));
            } else {
                left = true;
                taken.push((id, None));
            }
        }
        drop(read);
        for (id, wanted) in done.repairs {
            if wanted {
                self.repairs.insert(id)
            } else {
                self.least.remove(&id);
                self.repairs.remove(&id)
            };
        }
        if left && !planted(Bug::LogKept) {
            // What left is not to lie in the log either.
            self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(fault)?;
        }
        Ok(taken)
    }
}

/// A record as the transaction leaves it.
struct Staged {
    known: Known,
    card: Card,
    /// Unpacked, when the page brought events for it.
    record: Option<Arc<Record>>,
}

struct Done {
    staged: HashMap<RecordId, Option<Staged>>,
    repairs: HashMap<RecordId, bool>,
    last_n: i64,
}

/// The transaction under way.
struct Work<'m> {
    mirror: &'m Mirror,
    act: Transaction<'m>,
    generation: i64,
    done: Done,
}

impl<'m> Work<'m> {
    fn begin(mirror: &'m Mirror, generation: i64) -> Result<Self> {
        let done = Done { staged: HashMap::new(), repairs: HashMap::new(), last_n: mirror.last_n };
        Ok(Self { mirror, act: mirror.begin()?, generation, done })
    }

    fn commit(self) -> Result<Done> {
        self.act.commit().map_err(fault)?;
        Ok(self.done)
    }

    /// What [`Bug::PageInPieces`] does.
    fn commit_so_far(&mut self) -> Result<()> {
        self.act.execute_batch("COMMIT; BEGIN IMMEDIATE").map_err(fault)
    }

    fn known(&self, id: RecordId) -> Option<Known> {
        match self.done.staged.get(&id) {
            Some(staged) => staged.as_ref().map(|staged| staged.known),
            None => self.mirror.known.get(&id).copied(),
        }
    }

    fn put(&mut self, snapshot: &Snapshot) -> Result<()> {
        let Ok(digest) = Digest::try_from(snapshot.digest.as_slice()) else {
            return self.repair(snapshot.id);
        };
        let facts = Facts { version: snapshot.version, digest };
        self.write(snapshot.id, facts, &snapshot.card, &snapshot.body, None)
    }

    fn extend(&mut self, events: &Events, above: u64) -> Result<()> {
        let Some(known) = self.known(events.id) else { return self.repair(events.id) };
        let Some(before) = self.current(events.id, &known)? else {
            return self.repair(events.id);
        };
        let news: Vec<_> = events.events.iter().filter(|event| event.version > above).collect();
        let record = news.iter().fold(before, |record, stored| {
            apply(Some(record), events.id, &stored.event, &stored.stamp)
        });
        let packed = blob::pack(&record)?;
        if packed.digest != events.digest && !planted(Bug::DigestIgnored) {
            // The rulebook here made something else of it: the server's word
            // stands.
            return self.repair(events.id);
        }
        let digest = Digest::try_from(packed.digest.as_slice())
            .map_err(|_| Error::corrupt("mirror", "a digest has another length"))?;
        let facts = Facts { version: record.version(), digest };
        let card = card(&record);
        self.write(events.id, facts, &card, &packed.body, Some(Arc::new(record)))
    }

    /// The record as the transaction has left it so far; nothing if it is
    /// damaged.
    fn current(&self, id: RecordId, known: &Known) -> Result<Option<Record>> {
        if !self.done.staged.contains_key(&id)
            && let Some(record) = self.mirror.read.borrow().get(&id)
        {
            return Ok(Some((**record).clone()));
        }
        match load(&self.act, known) {
            Ok(record) => Ok(Some(record)),
            Err(Error::Corrupt { .. } | Error::Form(_)) => Ok(None),
            Err(other) => Err(other),
        }
    }

    fn write(
        &mut self,
        id: RecordId,
        facts: Facts,
        card: &Card,
        body: &[u8],
        record: Option<Arc<Record>>,
    ) -> Result<()> {
        let text = serde_json::to_string(card)
            .map_err(|e| Error::Form(lantian_protocol::Error::Encode(e.into())))?;
        let version = facts.version.cast_signed();
        let n = if let Some(known) = self.known(id) {
            self.run(
                "UPDATE cards SET version = ?2, digest = ?3, generation = ?4, card = ?5 \
                 WHERE n = ?1",
                params![known.n, version, facts.digest, self.generation, text],
            )?;
            self.run("UPDATE bodies SET body = ?2 WHERE n = ?1", params![known.n, body])?;
            known.n
        } else {
            self.done.last_n += 1;
            let n = self.done.last_n;
            self.run(
                "INSERT INTO cards (n, id, version, digest, generation, card) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![n, id.0.as_bytes(), version, facts.digest, self.generation, text],
            )?;
            self.run("INSERT INTO bodies (n, body) VALUES (?1, ?2)", params![n, body])?;
            n
        };
        self.repaired(id)?;
        let known =
            Known { n, version: facts.version, digest: facts.digest, generation: self.generation };
        self.done.staged.insert(id, Some(Staged { known, card: card.clone(), record }));
        Ok(())
    }

    fn remove(&mut self, id: RecordId, leaving: &mut dyn Leaving) -> Result<()> {
        self.repaired(id)?;
        let Some(known) = self.known(id).filter(|_| !planted(Bug::LeaveIgnored)) else {
            return Ok(());
        };
        if let Some(record) = self.current(id, &known)? {
            // Its files go first: after a crash between the two they are
            // fetched again or removed again, never forgotten.
            leaving.leaves(&record, self.bytes_of(&known)?)?;
        }
        if !planted(Bug::BodyKept) {
            self.run("DELETE FROM bodies WHERE n = ?1", [known.n])?;
        }
        self.run("DELETE FROM cards WHERE n = ?1", [known.n])?;
        self.done.staged.insert(id, None);
        Ok(())
    }

    fn bytes_of(&self, known: &Known) -> Result<u64> {
        let length = "SELECT length(body) FROM bodies WHERE n = ?1";
        let find = self.act.prepare_cached(length);
        let bytes = find.and_then(|mut find| find.query_row([known.n], |row| row.get::<_, i64>(0)));
        bytes.map(i64::cast_unsigned).map_err(fault)
    }

    /// Takes out what the fresh start did not bring. What waits for its
    /// repair was brought and did not fit: the repair tells whether it left.
    fn sweep(&mut self, leaving: &mut dyn Leaving) -> Result<()> {
        for id in self.mirror.older_than(self.generation) {
            if !self.done.staged.contains_key(&id) && !self.waits_for_repair(id) {
                self.remove(id, leaving)?;
            }
        }
        Ok(())
    }

    fn waits_for_repair(&self, id: RecordId) -> bool {
        let marked = self.done.repairs.get(&id).copied();
        marked.unwrap_or_else(|| self.mirror.repairs.contains(&id))
    }

    fn repair(&mut self, id: RecordId) -> Result<()> {
        self.run("INSERT OR IGNORE INTO repairs (id) VALUES (?1)", [id.0.as_bytes()])?;
        self.done.repairs.insert(id, true);
        Ok(())
    }

    fn repaired(&mut self, id: RecordId) -> Result<()> {
        if self.waits_for_repair(id) {
            self.run("DELETE FROM repairs WHERE id = ?1", [id.0.as_bytes()])?;
            self.done.repairs.insert(id, false);
        }
        Ok(())
    }

    fn run(&self, sql: &str, values: impl rusqlite::Params) -> Result<()> {
        self.act
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(values))
            .map_err(fault)?;
        Ok(())
    }
}

/// What is written beside the body.
#[derive(Clone, Copy)]
struct Facts {
    version: u64,
    digest: Digest,
}
