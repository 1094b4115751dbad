//! The desk: the records of one batch, decoded once, judged and changed in
//! memory, saved once at the end.
//!
//! Invariant: a record outside the actor's scope is treated as not existing;
//! what is judged is the company's truth plus what the batch did before.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use lantian_domain::{
    apply,
    command::Command,
    context::{Actor, Context, View},
    event::{Change, Event},
    ids::RecordId,
    judge,
    number::Series,
    record::{Person, Record, Rules},
    refusal::{Code, Refusal},
    role::{Role, givers},
    stamp::Stamp,
    time::Instant,
};
use lantian_protocol::{Envelope, blob};

use super::crew::share;
use crate::{
    error::{Error, Result},
    feed::{
        outside,
        scope::{Viewer, keys_of},
    },
    store::{Ledger, RecordRow, Scopes, Unit},
};

/// Records for which a thread of its own is worth while.
pub(super) const WORTH_A_THREAD: usize = 32;

/// The records of one batch.
pub struct Desk<'u, 'c> {
    pub(super) unit: &'u Unit<'c>,
    pub(super) slots: BTreeMap<RecordId, Slot>,
    pub(super) head: u64,
    numbers: BTreeMap<String, u64>,
    pub(super) used_numbers: BTreeSet<String>,
    rules: Arc<Rules>,
}

thread_local! {
    // The rules are large and change seldom: read once, known by their digest.
    static RULES: RefCell<Option<(Vec<u8>, Arc<Rules>)>> = const { RefCell::new(None) };
}

/// One record on the desk.
#[derive(Default)]
pub(super) struct Slot {
    /// As stored.
    pub(super) row: Option<RecordRow>,
    /// As it stands after the batch so far.
    pub(super) record: Option<Record>,
    /// Audience keys as it stands.
    pub(super) keys: Vec<String>,
    /// The commit sequence given to it, once it has changed.
    pub(super) seq: Option<u64>,
    /// What happened to it in this batch.
    pub(super) events: Vec<(u64, Event, Stamp)>,
    /// Its bytes: as stored, and at the most what this batch adds.
    bytes: usize,
}

impl Slot {
    fn of(row: RecordRow, record: Record) -> Self {
        Self {
            bytes: blob::size(&row.body),
            keys: row.audiences.clone(),
            record: Some(record),
            row: Some(row),
            ..Self::default()
        }
    }
}

/// A command with the circumstances in which it is judged.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// Who gives it, with the roles held now.
    pub person: &'a Person,
    /// The record it is given on.
    pub record: RecordId,
    /// The command.
    pub command: &'a Command,
    /// Who, when, where: goes into the events. The role is filled in here.
    pub stamp: &'a Stamp,
}

/// What an accepted command did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The feed position that includes it.
    pub seq: u64,
    /// The records changed or created.
    pub records: Vec<RecordId>,
}

impl<'u, 'c> Desk<'u, 'c> {
    /// An empty desk.
    pub fn open(unit: &'u Unit<'c>) -> Result<Self> {
        let rules = rules_of(unit)?;
        Ok(Self {
            unit,
            slots: BTreeMap::new(),
            head: unit.head()?,
            numbers: BTreeMap::new(),
            used_numbers: BTreeSet::new(),
            rules,
        })
    }

    /// Judges a command and, if it is accepted, applies it on the desk.
    ///
    /// # Errors
    /// The store's; a refusal is a value.
    pub fn give(&mut self, given: &Given<'_>) -> Result<Result<Accepted, Refusal>> {
        let viewer = Viewer::of(given.person);
        let mut wanted = vec![given.record];
        wanted.extend(given.command.touches());
        for id in &wanted {
            self.load(*id)?;
        }
        // A platform's push is judged against the company's truth, whatever the
        // one who brings it may see. The interface account reads nothing, and
        // its few commands (hand over by rule, a channel's application) reach
        // every record.
        let reaches_all = matches!(given.command, Command::ReceivePush(_))
            || given.person.roles.contains(&Role::Integration);
        if !reaches_all && let Some(refusal) = self.out_of_scope(&viewer, given)? {
            return Ok(Err(refusal));
        }
        // Taking something out is always possible.
        let takes_out = matches!(given.command, Command::EraseData(_));
        if self.slots[&given.record].bytes >= blob::BUDGET && !takes_out {
            return Ok(Err(Refusal::new(Code::TooLarge)));
        }
        let actor = self.actor(given.person)?;
        let name = given.command.name();
        let new_no = match name.series() {
            Some(series) => self.number(series, given.stamp)?,
            None => String::new(),
        };
        // What the target hangs on is lent by the company, whatever the actor
        // may see of it.
        let lent = self.record(given.record).map(Record::related).unwrap_or_default();
        for id in &lent {
            self.load(*id)?;
        }
        wanted.extend(&lent);
        let mut view = View::new();
        for slot in wanted.iter().filter_map(|id| self.slots.get(id)) {
            if let Some(record) = &slot.record
                && (reaches_all || lent.contains(&record.id()) || viewer.sees_any(&slot.keys))
                && view.get(record.id()).is_none()
            {
                view = view.with(record);
            }
        }
        let cx =
            Context { now: given.stamp.at, actor: &actor, rules: &self.rules, new_no: &new_no };
        let changes = match judge(given.record, &view, given.command, &cx) {
            Ok(changes) => changes,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let seen: BTreeSet<RecordId> =
            wanted.into_iter().filter(|id| view.get(*id).is_some()).collect();
        let role = givers(name).iter().copied().find(|role| actor.is(*role));
        let stamp = Stamp { role, ..given.stamp.clone() };
        self.accept(changes, &seen, &stamp, name.series())
    }

    /// The actor with what the directory says that the account does not: what
    /// the person has confirmed to have read.
    fn actor(&mut self, person: &Person) -> Result<Actor> {
        self.load(person.id)?;
        let entry = self.record(person.id);
        let has_read_policy =
            matches!(entry, Some(Record::Person(entry)) if entry.policy_read.is_some());
        Ok(Actor { has_read_policy, ..Actor::of(person) })
    }

    /// Applies changes that no command gave: administration (users, rules).
    ///
    /// # Errors
    /// The store's.
    pub fn append(&mut self, change: Change, stamp: &Stamp) -> Result<u64> {
        self.load(change.record)?;
        Ok(self.change(change, stamp))
    }

    /// A record as it stands, laid on the desk.
    ///
    /// # Errors
    /// The store's.
    pub fn lay(&mut self, id: RecordId) -> Result<Option<&Record>> {
        self.load(id)?;
        Ok(self.record(id))
    }

    /// A record as it stands on the desk.
    pub fn record(&self, id: RecordId) -> Option<&Record> {
        self.slots.get(&id).and_then(|slot| slot.record.as_ref())
    }

    /// The company's rules.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The unit of work that the desk stands in.
    pub fn unit(&self) -> &'u Unit<'c> {
        self.unit
    }

    fn load(&mut self, id: RecordId) -> Result<()> {
        if self.slots.contains_key(&id) {
            return Ok(());
        }
        let slot = match self.unit.record(id)? {
            None => Slot::default(),
            Some(row) => {
                let record = unpack(&row)?;
                Slot::of(row, record)
            }
        };
        self.slots.insert(id, slot);
        Ok(())
    }

    /// Lays out the records of a batch at once, decoded on all cores. One that
    /// cannot be read stays where it is, and fails when its turn comes.
    pub(super) fn lay_out<'e>(
        &mut self,
        batch: impl Iterator<Item = &'e Box<Envelope>>,
    ) -> Result<()> {
        let wanted: BTreeSet<RecordId> = batch
            .flat_map(|one| std::iter::once(one.record).chain(one.command.touches()))
            .collect();
        let mut rows = Vec::with_capacity(wanted.len());
        for id in wanted {
            rows.extend(self.unit.record(id)?);
        }
        let records = share(&rows, WORTH_A_THREAD, |part| part.iter().map(unpack).collect());
        for (row, record) in rows.into_iter().zip(records) {
            if let Ok(record) = record {
                self.slots.insert(row.id, Slot::of(row, record));
            }
        }
        Ok(())
    }

    /// The answer for a record that the actor does not see: who once had it is
    /// told that somebody else has it; nobody is told that it exists.
    fn out_of_scope(&self, viewer: &Viewer, given: &Given<'_>) -> Result<Option<Refusal>> {
        let slot = &self.slots[&given.record];
        if slot.record.is_none() || viewer.sees_any(&slot.keys) {
            return Ok(None);
        }
        for key in viewer.keys(&self.unit.audiences()?) {
            if self.unit.has_departed(&key, given.record)? {
                return Ok(Some(Refusal::new(Code::Assigned)));
            }
        }
        let code = if given.command.name().creates().is_some() {
            Code::Duplicate
        } else {
            // The rulebook's own answer for a record that does not exist.
            return Ok(None);
        };
        Ok(Some(Refusal::new(code)))
    }

    fn accept(
        &mut self,
        changes: Vec<Change>,
        seen: &BTreeSet<RecordId>,
        stamp: &Stamp,
        series: Option<Series>,
    ) -> Result<Result<Accepted, Refusal>> {
        for change in &changes {
            self.load(change.record)?;
            // What was judged as new must be new.
            if !seen.contains(&change.record) && self.record(change.record).is_some() {
                return Ok(Err(Refusal::new(Code::Duplicate)));
            }
        }
        let numbered = changes.iter().filter(|change| change.event.numbered() == series).count();
        let mut records = Vec::new();
        let mut seq = self.head;
        for change in changes {
            if !records.contains(&change.record) {
                records.push(change.record);
            }
            seq = seq.max(self.change(change, stamp));
        }
        if let Some(series) = series {
            self.use_numbers(series, stamp, numbered as u64);
        }
        Ok(Ok(Accepted { seq, records }))
    }

    fn change(&mut self, change: Change, stamp: &Stamp) -> u64 {
        let slot = self.slots.entry(change.record).or_default();
        let record = apply(slot.record.take(), change.record, &change.event, stamp);
        if let Record::Rules(rules) = &record {
            // What follows in the batch is judged by the new rules.
            self.rules = Arc::from(rules.clone());
        }
        slot.keys = keys_of(&record);
        slot.bytes += added(&change.event);
        slot.events.push((record.version(), change.event, stamp.clone()));
        slot.record = Some(record);
        *slot.seq.get_or_insert_with(|| {
            self.head += 1;
            self.head
        })
    }

    fn number(&mut self, series: Series, stamp: &Stamp) -> Result<String> {
        let at = received(stamp);
        let key = series.key(at);
        let next = match self.numbers.get(&key) {
            Some(next) => *next,
            None => self.unit.next_number(&key)?,
        };
        self.numbers.insert(key, next);
        Ok(series.write(at, next))
    }

    fn use_numbers(&mut self, series: Series, stamp: &Stamp, count: u64) {
        let key = series.key(received(stamp));
        if count > 0
            && let Some(next) = self.numbers.get_mut(&key)
        {
            *next += count;
            self.used_numbers.insert(key);
        }
    }

    pub(super) fn last_number(&self, key: &str) -> u64 {
        self.numbers.get(key).map_or(0, |next| next.saturating_sub(1))
    }
}

/// The company's rules in force.
pub(crate) fn rules_of(unit: &Unit<'_>) -> Result<Arc<Rules>> {
    let Some(row) = unit.record(Rules::ID)? else { return Ok(Arc::new(Rules::seed())) };
    let known = RULES.with_borrow(|kept| {
        kept.as_ref().filter(|(digest, _)| *digest == row.digest).map(|(_, rules)| rules.clone())
    });
    if let Some(rules) = known {
        return Ok(rules);
    }
    let Record::Rules(rules) = unpack(&row)? else {
        return Err(Error::damaged("the record of the rules is no such record"));
    };
    let rules = Arc::<Rules>::from(rules);
    RULES.set(Some((row.digest, rules.clone())));
    Ok(rules)
}

fn received(stamp: &Stamp) -> Instant {
    stamp.received.unwrap_or(stamp.at)
}

/// A record as it stands.
///
/// # Errors
/// The store's; [`Error::Damaged`] when the bytes do not fit their digest.
pub fn find(unit: &Unit<'_>, id: RecordId) -> Result<Option<Record>> {
    unit.record(id)?.map(|row| unpack(&row)).transpose()
}

/// A record as it stands, if the person sees it.
///
/// # Errors
/// As [`find`].
pub fn visible(unit: &Unit<'_>, person: &Person, id: RecordId) -> Result<Option<Record>> {
    match unit.record(id)? {
        Some(row) if Viewer::of(person).sees_any(&row.audiences) => {
            Ok(Some(outside::seen(unpack(&row)?, person)))
        }
        _ => Ok(None),
    }
}

/// Bytes that an event adds to its record at the most, about: what it says, a
/// word of it in the trail, and the trail's line.
fn added(event: &Event) -> usize {
    const LINE: usize = 512;
    // An event that cannot be written is not kept either.
    2 * serde_json::to_vec(event).map_or(0, |text| text.len()) + LINE
}

fn unpack(row: &RecordRow) -> Result<Record> {
    let json = blob::unpack_json(&row.body)?;
    if blob::digest(&json) != row.digest {
        return Err(Error::damaged(format!("record {} does not fit its digest", row.id)));
    }
    serde_json::from_slice(&json).map_err(Error::from)
}
