//! What judging needs besides the record: the instant, the actor, the rules.

use std::collections::BTreeSet;

use crate::{
    ids::{RecordId, UserId},
    record::{Person, Record, Rules},
    role::{OrgUnit, Role},
    time::Instant,
};

/// Who gives a command, with the roles held at that moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person.
    pub user: UserId,
    /// The name shown to others.
    pub name: String,
    /// The roles held.
    pub roles: BTreeSet<Role>,
    /// Department or company.
    pub org: OrgUnit,
    /// Whether the actor has confirmed to have read the plan.
    pub has_read_policy: bool,
}

impl Actor {
    /// The actor that a directory entry describes.
    pub fn of(person: &Person) -> Self {
        Self {
            user: UserId(person.id.0),
            name: person.name.clone(),
            roles: if person.active { person.roles.clone() } else { BTreeSet::new() },
            org: person.org,
            has_read_policy: person.policy_read.is_some(),
        }
    }

    /// Whether the actor holds `role`.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// The circumstances in which a command is judged, all as data.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The instant that counts.
    pub now: Instant,
    /// Who gives the command.
    pub actor: &'a Actor,
    /// Policy, calendar, prices.
    pub rules: &'a Rules,
    /// The number that a record created by this command gets.
    pub new_no: &'a str,
}

/// The records that a command is judged with: its target and those it names.
#[derive(Clone, Debug, Default)]
pub struct View<'a>(Vec<&'a Record>);

impl<'a> View<'a> {
    /// A view of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// This view with one more record.
    #[must_use]
    pub fn with(mut self, record: &'a Record) -> Self {
        self.0.push(record);
        self
    }

    /// The record with this id, if the view has it.
    pub fn get(&self, id: RecordId) -> Option<&'a Record> {
        self.0.iter().copied().find(|record| record.id() == id)
    }

    /// The directory entry of a person, if the view has it.
    pub fn person(&self, user: UserId) -> Option<&'a Person> {
        match self.get(RecordId(user.0)) {
            Some(Record::Person(person)) => Some(person),
            _ => None,
        }
    }
}
