//! A small company in memory: people, records, a clock; commands are judged
//! and applied as the server does it.
#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]
#![expect(clippy::wildcard_enum_match_arm, reason = "a test names what it is about")]
#![allow(dead_code, unused_imports, reason = "each test file uses its part")]

pub(crate) mod aftercare;
pub(crate) mod debts;
pub(crate) mod every;
pub(crate) mod personal;
pub(crate) mod samples;

use std::collections::BTreeMap;

use lantian_domain::{
    apply,
    case::{Case, CaseState},
    command::{AttachFile, Command},
    context::{Actor, Context, View},
    event::{Change, Event},
    evidence::Grade,
    file::{FileKind, FileRef},
    ids::{CommandId, DeviceId, FileId, RecordId, UserId},
    judge,
    lead::Lead,
    record::{Person, Record, Rules},
    refusal::Refusal,
    role::{OrgUnit, Role},
    stamp::Stamp,
    time::Instant,
};
use uuid::Uuid;

/// The company.
pub(crate) struct Office {
    pub(crate) records: BTreeMap<RecordId, Record>,
    pub(crate) log: Vec<(RecordId, Event, Stamp)>,
    pub(crate) rules: Rules,
    pub(crate) now: Instant,
    serial: u128,
}

/// The user of the only person who holds `role`.
pub(crate) fn user(role: Role) -> UserId {
    let place = Role::ALL.iter().position(|r| *r == role).unwrap();
    UserId(Uuid::from_u128(1_000 + place as u128))
}

fn org(role: Role) -> OrgUnit {
    match role {
        Role::ContractorLead => OrgUnit::Contractor,
        Role::EngDispatcher | Role::EngLead | Role::AcceptanceInspector => OrgUnit::EngDept,
        Role::Surveyor | Role::Designer | Role::Estimator | Role::TechLead => OrgUnit::TechDept,
        Role::VisitAgent | Role::ServiceLead | Role::HotlineAgent => OrgUnit::ServiceDept,
        Role::Inspector | Role::Assessor | Role::Leader => OrgUnit::Office,
        _ => OrgUnit::MarketDept,
    }
}

impl Office {
    /// One person for every role, on a working morning.
    pub(crate) fn open() -> Self {
        let mut office = Self {
            records: BTreeMap::new(),
            log: Vec::new(),
            rules: Rules::seed(),
            now: Instant::parse("2026-03-05T09:00:00+08:00").unwrap(),
            serial: 10_000,
        };
        for role in Role::ALL {
            let person = Person {
                id: RecordId(user(role).0),
                version: 0,
                login: role.as_str().to_owned(),
                name: role.as_str().to_owned(),
                roles: [role].into(),
                org: org(role),
                active: true,
                policy_read: Some(lantian_domain::reference::PolicyRead {
                    policy: office.rules.policy.label(),
                    at: office.now,
                }),
            };
            office.change(
                user(Role::SysAdmin),
                &Change { record: person.id, event: Event::PersonSaved(person) },
            );
        }
        let event = Event::RulesSaved(Box::new(Rules::seed()));
        office.change(user(Role::SysAdmin), &Change { record: Rules::ID, event });
        office
    }

    /// A directory entry as it is saved.
    pub(crate) fn save_person(&mut self, person: Person) {
        let record = person.id;
        let event = Event::PersonSaved(person);
        self.change(user(Role::SysAdmin), &Change { record, event });
    }

    /// Puts the rules among the records, so that commands can be given on them.
    pub(crate) fn publish_rules(&mut self) {
        let event = Event::RulesSaved(Box::new(self.rules.clone()));
        self.change(user(Role::SysAdmin), &Change { record: Rules::ID, event });
    }

    pub(crate) fn id(&mut self) -> Uuid {
        self.serial += 1;
        Uuid::from_u128(self.serial)
    }

    pub(crate) fn actor(&self, role: Role) -> Actor {
        match &self.records[&RecordId(user(role).0)] {
            Record::Person(person) => Actor::of(person),
            _ => unreachable!("people are people"),
        }
    }

    pub(crate) fn minutes(&mut self, minutes: i64) {
        self.now = self.now.plus_ms(minutes * 60_000);
    }

    /// The stamp of what this role's person does now.
    pub(crate) fn stamp(&self, role: Role) -> Stamp {
        self.stamped(user(role))
    }

    fn stamped(&self, actor: UserId) -> Stamp {
        Stamp {
            at: self.now,
            claimed: self.now,
            received: Some(self.now),
            grade: Grade::Online,
            actor,
            role: None,
            device: DeviceId(Uuid::nil()),
            command: CommandId(Uuid::nil()),
        }
    }

    fn change(&mut self, actor: UserId, change: &Change) {
        let stamp = self.stamped(actor);
        let before = self.records.remove(&change.record);
        let after = apply(before, change.record, &change.event, &stamp);
        if let Record::Rules(rules) = &after {
            self.rules = (**rules).clone();
        }
        self.records.insert(change.record, after);
        self.log.push((change.record, change.event.clone(), stamp));
    }

    pub(crate) fn judge(
        &self,
        role: Role,
        target: RecordId,
        command: &Command,
    ) -> Result<Vec<Change>, Refusal> {
        let actor = self.actor(role);
        let mut view = View::new();
        let related = self.records.get(&target).map(Record::related).unwrap_or_default();
        for id in command.touches().into_iter().chain([target]).chain(related) {
            if let Some(record) = self.records.get(&id) {
                view = view.with(record);
            }
        }
        let cx = Context {
            now: self.now,
            actor: &actor,
            rules: &self.rules,
            new_no: "XZLT-BZ-20260305-0001",
        };
        judge(target, &view, command, &cx)
    }

    /// Judges and applies; a minute passes.
    pub(crate) fn give(
        &mut self,
        role: Role,
        target: RecordId,
        command: &Command,
    ) -> Result<Vec<Event>, Refusal> {
        let changes = self.judge(role, target, command)?;
        for change in &changes {
            self.change(user(role), change);
        }
        self.minutes(1);
        Ok(changes.into_iter().map(|change| change.event).collect())
    }

    /// As [`Office::give`], for what must succeed.
    pub(crate) fn must(&mut self, role: Role, target: RecordId, command: &Command) -> Vec<Event> {
        let name = command.name().as_str();
        self.give(role, target, command).unwrap_or_else(|no| panic!("{name}: {no:?}"))
    }

    /// As [`Office::give`], with the yes of `lead` on what was proposed.
    pub(crate) fn approved(&mut self, role: Role, lead: Role, target: RecordId, command: &Command) {
        self.must(role, target, command);
        let no = match &self.records[&target] {
            Record::Lead(lead) => lead.approvals.len(),
            Record::Case(case) => case.approvals.len(),
            _ => 0,
        };
        let yes = samples::yes(u32::try_from(no).unwrap());
        self.must(lead, target, &yes);
    }

    pub(crate) fn attach(&mut self, role: Role, target: RecordId, kind: FileKind) -> FileId {
        let id = FileId(self.id());
        let sha256 = format!("{:064x}", id.0.as_u128());
        let name = format!("{}.jpg", kind.as_str());
        let mime = "image/jpeg".to_owned();
        let file = FileRef { id, kind, name, mime, size: 9, sha256, taken_at: None, geo: None };
        self.must(role, target, &Command::AttachFile(AttachFile { file }));
        id
    }

    pub(crate) fn case(&self, id: RecordId) -> &Case {
        match &self.records[&id] {
            Record::Case(case) => case,
            other => panic!("a case, not {other:?}"),
        }
    }

    /// Makes a case one of another kind of user, as if it had begun so.
    pub(crate) fn set_segment(&mut self, id: RecordId, segment: lantian_domain::case::Segment) {
        match self.records.get_mut(&id) {
            Some(Record::Case(case)) => case.segment = segment,
            other => panic!("a case, not {other:?}"),
        }
    }

    pub(crate) fn lead(&self, id: RecordId) -> &Lead {
        match &self.records[&id] {
            Record::Lead(lead) => lead,
            other => panic!("a lead, not {other:?}"),
        }
    }

    pub(crate) fn state(&self, id: RecordId) -> CaseState {
        self.case(id).state
    }
}
