//! The company's server as a model: records, events, outcomes and a feed for
//! one reader, by the same rulebook.

use std::collections::{BTreeMap, BTreeSet};

use lantian_domain::{
    apply,
    card::card,
    command::Command,
    context::{Actor, Context, View},
    event::{Change, Event},
    evidence::Grade,
    ids::{CommandId, DeviceId, RecordId, UserId},
    judge,
    record::{Person, Record, Rules},
    reference::PolicyRead,
    refusal::Refusal,
    role::{OrgUnit, Role},
    stamp::Stamp,
    time::Instant,
};
use lantian_protocol::{
    Cursor, Envelope, Item, Outcome, Page, PushResponse, SignedCommand, StoredEvent, Verdict, blob,
    feed::{Events, Snapshot},
};
use uuid::Uuid;

/// A working morning.
pub(crate) const MORNING: &str = "2026-03-05T09:00:00+08:00";

/// One record with its log.
#[derive(Clone)]
pub(crate) struct Kept {
    pub(crate) record: Record,
    pub(crate) log: Vec<StoredEvent>,
    pub(crate) seq: u64,
}

/// The server's store; a clone is a backup.
#[derive(Clone)]
pub(crate) struct Company {
    pub(crate) records: BTreeMap<RecordId, Kept>,
    pub(crate) outcomes: BTreeMap<CommandId, Outcome>,
    /// Records out of the reader's scope, and since when.
    pub(crate) hidden: BTreeMap<RecordId, u64>,
    pub(crate) epoch: u64,
    pub(crate) scope: u64,
    pub(crate) seq: u64,
    pub(crate) now: Instant,
    /// What it corrects the instants of commands by, in ms.
    pub(crate) corrects_ms: i64,
    /// Whether its records keep the instants that were claimed, as those of an
    /// earlier release do not.
    pub(crate) keeps_claims: bool,
    serial: u32,
}

/// The user who holds `role`.
pub(crate) fn user(role: Role) -> UserId {
    let place = Role::ALL.iter().position(|one| *one == role).unwrap();
    UserId(Uuid::from_u128(1_000 + place as u128))
}

/// The directory entry of who holds `role`.
pub(crate) fn person(role: Role) -> Person {
    Person {
        id: RecordId(user(role).0),
        version: 0,
        login: role.as_str().to_owned(),
        name: format!("客户经理{}", role.as_str()),
        roles: [role].into(),
        org: OrgUnit::MarketDept,
        active: true,
        policy_read: Some(PolicyRead { policy: Rules::seed().policy.label(), at: Instant(0) }),
    }
}

impl Company {
    pub(crate) fn open() -> Self {
        let mut company = Self {
            records: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            hidden: BTreeMap::new(),
            epoch: 1,
            scope: 7,
            seq: 0,
            now: Instant::parse(MORNING).unwrap(),
            corrects_ms: 0,
            keeps_claims: true,
            serial: 0,
        };
        company.save(Rules::ID, Event::RulesSaved(Box::new(Rules::seed())));
        for role in [Role::CustomerManager, Role::CounterClerk, Role::HallClerk, Role::CmLead] {
            let person = person(role);
            company.save(person.id, Event::PersonSaved(person));
        }
        company
    }

    fn save(&mut self, record: RecordId, event: Event) {
        let stamp = self.stamp(Role::SysAdmin);
        self.seq += 1;
        self.change(&Change { record, event }, &stamp);
    }

    pub(crate) fn stamp(&self, role: Role) -> Stamp {
        Stamp {
            at: self.now,
            claimed: self.now,
            received: Some(self.now),
            grade: Grade::Online,
            actor: user(role),
            role: Some(role),
            device: DeviceId(Uuid::nil()),
            command: CommandId(Uuid::nil()),
        }
    }

    /// A command given at the company's desks.
    pub(crate) fn give(
        &mut self,
        role: Role,
        record: RecordId,
        command: &Command,
    ) -> Result<(), Refusal> {
        self.now = self.now.plus_ms(1_000);
        let stamp = self.stamp(role);
        self.perform(record, command, &stamp).map(|_| ())
    }

    /// A lead from the platform, handed over to the reader.
    pub(crate) fn lead(&mut self, n: u128) -> RecordId {
        let id = RecordId(Uuid::from_u128(0x1000_0000 + n));
        let push = serde_json::json!({
            "source": "gonggai", "source_key": format!("GG-{n}"), "pushed_at": self.now,
            "region_code": "410184", "project_name": format!("新华路小区零星户{n}号"),
            "contact_name": "王小明", "contact_phone": format!("138{n:08}"),
            "site_address": "新郑市新华路66号院",
        });
        self.give(Role::HallClerk, id, &command("receive_push", push)).unwrap();
        self.hand_over(id);
        id
    }

    pub(crate) fn hand_over(&mut self, id: RecordId) {
        let manager = user(Role::CustomerManager);
        let given = command("hand_over_lead", serde_json::json!({ "manager": manager }));
        self.give(Role::HallClerk, id, &given).unwrap();
    }

    pub(crate) fn reassign(&mut self, id: RecordId) {
        let manager = user(Role::CounterClerk);
        let given = serde_json::json!({ "manager": manager, "reason": "片区调整" });
        // The rulebook of approvals is not the matter here: the scope is.
        let _ = self.give(Role::CmLead, id, &command("reassign_lead", given));
        self.hide(id);
    }

    /// Something happens to a record that is in the reader's scope again.
    pub(crate) fn hand_over_again(&mut self, id: RecordId) {
        self.give(Role::CmLead, id, &note("又分回来")).unwrap();
    }

    /// Takes a record out of the reader's scope.
    pub(crate) fn hide(&mut self, id: RecordId) {
        self.seq += 1;
        self.hidden.insert(id, self.seq);
    }

    fn perform(
        &mut self,
        record: RecordId,
        command: &Command,
        stamp: &Stamp,
    ) -> Result<u64, Refusal> {
        let Record::Rules(rules) = &self.records[&Rules::ID].record else { panic!("no rules") };
        let Record::Person(who) = &self.records[&RecordId(stamp.actor.0)].record else {
            panic!("nobody")
        };
        let mut view = View::new();
        let related = self.records.get(&record).map(|known| known.record.related());
        for id in
            std::iter::once(record).chain(command.touches()).chain(related.into_iter().flatten())
        {
            if let Some(kept) = self.records.get(&id) {
                view = view.with(&kept.record);
            }
        }
        let no = format!("XZLT-BZ-20260305-{:04}", self.serial + 1);
        let actor = Actor::of(who);
        let cx = Context { now: stamp.at, actor: &actor, rules, new_no: &no };
        let changes = judge(record, &view, command, &cx)?;
        self.serial += 1;
        self.seq += 1;
        for change in &changes {
            self.change(change, stamp);
        }
        Ok(self.seq)
    }

    fn change(&mut self, change: &Change, stamp: &Stamp) {
        let kept = self.records.remove(&change.record);
        let (before, mut log) = kept.map_or((None, Vec::new()), |k| (Some(k.record), k.log));
        let record = apply(before, change.record, &change.event, stamp);
        log.push(StoredEvent {
            version: record.version(),
            stamp: stamp.clone(),
            event: change.event.clone(),
        });
        self.records.insert(change.record, Kept { record, log, seq: self.seq });
    }

    /// Answers a batch; a repeat gets the stored answer.
    pub(crate) fn push(&mut self, commands: &[SignedCommand]) -> PushResponse {
        let mut stopped = BTreeSet::new();
        let mut failed = BTreeSet::new();
        let mut outcomes = Vec::new();
        for signed in commands {
            let envelope: Envelope = serde_json::from_str(&signed.envelope).unwrap();
            let verdict = self.answer(&envelope, &stopped, &failed);
            if !matches!(verdict, Verdict::Accepted { .. }) {
                stopped.insert(envelope.record);
                failed.insert(envelope.id);
            }
            outcomes.push(Outcome { id: envelope.id, verdict });
        }
        PushResponse { outcomes, server_time: self.now, witness: None, page: None }
    }

    fn answer(
        &mut self,
        envelope: &Envelope,
        stopped: &BTreeSet<RecordId>,
        failed: &BTreeSet<CommandId>,
    ) -> Verdict {
        if let Some(stored) = self.outcomes.get(&envelope.id) {
            return stored.verdict.clone();
        }
        let waits = envelope.after.is_some_and(|after| failed.contains(&after));
        if waits || stopped.contains(&envelope.record) {
            return Verdict::Deferred;
        }
        let at = envelope.at.plus_ms(self.corrects_ms);
        let stamp = Stamp {
            at,
            claimed: if self.keeps_claims { envelope.at } else { at },
            received: Some(self.now),
            grade: Grade::Offline,
            actor: envelope.user,
            role: None,
            device: envelope.device,
            command: envelope.id,
        };
        let verdict = if self.hidden.contains_key(&envelope.record) {
            Verdict::Refused { refusal: Refusal::new(lantian_domain::refusal::Code::Assigned) }
        } else {
            match self.perform(envelope.record, &envelope.command, &stamp) {
                Ok(seq) => Verdict::Accepted { seq, at: stamp.at, grade: stamp.grade },
                Err(refusal) => Verdict::Refused { refusal },
            }
        };
        let outcome = Outcome { id: envelope.id, verdict: verdict.clone() };
        self.outcomes.insert(envelope.id, outcome);
        verdict
    }

    /// The next page for the reader, with at most `most` items.
    pub(crate) fn pull(&self, cursor: Option<&Cursor>, most: usize) -> Page {
        let known = cursor.filter(|c| c.epoch == self.epoch && c.scope == self.scope);
        let from = known.map_or(0, |c| c.seq);
        let mut steps: Vec<(u64, Item)> = Vec::new();
        for (id, kept) in &self.records {
            if kept.seq <= from {
                continue;
            }
            if !self.hidden.contains_key(id) {
                steps.push((kept.seq, self.item(*id, kept, known.is_some())));
            }
        }
        if known.is_some() {
            let left = self.hidden.iter().filter(|(_, at)| **at > from);
            steps.extend(left.map(|(id, at)| (*at, Item::Left { id: *id })));
        }
        steps.sort_by_key(|(at, _)| *at);
        // All changes of one commit stay together.
        let end = steps.get(most).map_or(self.seq, |(at, _)| (*at).saturating_sub(1).max(from + 1));
        let cut = steps.iter().filter(|(at, _)| *at <= end).count();
        let end = if cut == 0 { steps.first().map_or(self.seq, |(at, _)| *at) } else { end };
        let total = steps.len() as u64;
        let items = steps.into_iter().filter(|(at, _)| *at <= end).map(|(_, item)| item).collect();
        Page {
            from: cursor.cloned(),
            items,
            cursor: Cursor {
                epoch: self.epoch,
                scope: self.scope,
                seq: end,
                snapshot: None,
                witness: None,
            },
            more: end < self.seq,
            reset: known.is_none(),
            total: known.is_none().then_some(total),
            server_time: self.now,
        }
    }

    fn item(&self, id: RecordId, kept: &Kept, knows: bool) -> Item {
        let packed = blob::pack(&kept.record).unwrap();
        // Odd versions travel as events, even ones whole.
        if knows && kept.record.version() % 2 == 1 && kept.record.version() > 2 {
            let events = kept.log[kept.log.len() - 2..].to_vec();
            return Item::Events(Events { id, digest: packed.digest, events });
        }
        self.whole(id).unwrap()
    }

    /// A record whole, if the reader sees it.
    pub(crate) fn whole(&self, id: RecordId) -> Option<Item> {
        if self.hidden.contains_key(&id) {
            return Some(Item::Left { id });
        }
        let kept = self.records.get(&id)?;
        let packed = blob::pack(&kept.record).unwrap();
        Some(Item::Snapshot(Snapshot {
            id,
            kind: kept.record.kind(),
            version: kept.record.version(),
            digest: packed.digest,
            card: card(&kept.record),
            body: packed.body,
        }))
    }

    /// The XOR of the digests of what the reader sees, and how many they are.
    pub(crate) fn digest(&self) -> (u64, Vec<u8>) {
        let mut all = vec![0; blob::DIGEST_LEN];
        let mut count = 0;
        for (id, kept) in &self.records {
            if !self.hidden.contains_key(id) {
                let one = blob::pack(&kept.record).unwrap().digest;
                all.iter_mut().zip(one).for_each(|(all, byte)| *all ^= byte);
                count += 1;
            }
        }
        (count, all)
    }
}

/// A command from its data.
pub(crate) fn command(name: &str, mut data: serde_json::Value) -> Command {
    data["type"] = name.into();
    serde_json::from_value(data).unwrap()
}

pub(crate) fn note(text: &str) -> Command {
    command("add_note", serde_json::json!({ "text": text }))
}

pub(crate) fn contact() -> Command {
    command(
        "record_contact_attempt",
        serde_json::json!({ "channel": "phone", "result": "reached" }),
    )
}

pub(crate) fn convert(case: RecordId, at: Instant) -> Command {
    let basic = serde_json::json!({
        "party_type": "person", "name": "王小明", "phone": "13800138000",
        "address": "新郑市新华路66号院3号楼2单元501", "use_kind": "dwelling", "want": "new",
        "consent": { "text_version": "PI-2026-1", "at": at },
    });
    let data =
        serde_json::json!({ "case": case, "segment": "residential_scattered", "basic": basic });
    command("convert_lead", data)
}
