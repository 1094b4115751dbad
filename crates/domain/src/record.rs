//! Records: the aggregates that the company keeps, and what they share.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    calendar::Calendar,
    case::{Case, acceptance::TestRules},
    clock::Clock,
    file::FileRef,
    ids::{RecordId, UserId},
    lead::Lead,
    money::UnitPrice,
    policy::Policy,
    role::{OrgUnit, Role},
    time::Date,
    watch::Watch,
};

/// The kinds of records.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// 前期项目线索
    Lead,
    /// 报装工单
    Case,
    /// 每日关注
    Watch,
    /// A colleague: directory entry.
    Person,
    /// Policy, calendar, prices.
    Rules,
}

impl RecordKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Lead, Self::Case, Self::Watch, Self::Person, Self::Rules];

    /// The code as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Case => "case",
            Self::Watch => "watch",
            Self::Person => "person",
            Self::Rules => "rules",
        }
    }

    /// The kind with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == code)
    }
}

/// One aggregate, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// 前期项目线索
    Lead(Box<Lead>),
    /// 报装工单
    Case(Box<Case>),
    /// 每日关注
    Watch(Box<Watch>),
    /// Directory entry.
    Person(Box<Person>),
    /// Policy, calendar, prices.
    Rules(Box<Rules>),
}

impl Record {
    /// Its identity.
    pub fn id(&self) -> RecordId {
        match self {
            Self::Lead(lead) => lead.id,
            Self::Case(case) => case.id,
            Self::Watch(watch) => watch.id,
            Self::Person(person) => person.id,
            Self::Rules(rules) => rules.id,
        }
    }

    /// Its kind.
    pub fn kind(&self) -> RecordKind {
        match self {
            Self::Lead(_) => RecordKind::Lead,
            Self::Case(_) => RecordKind::Case,
            Self::Watch(_) => RecordKind::Watch,
            Self::Person(_) => RecordKind::Person,
            Self::Rules(_) => RecordKind::Rules,
        }
    }

    /// How many events it has taken.
    pub fn version(&self) -> u64 {
        match self {
            Self::Lead(lead) => lead.version,
            Self::Case(case) => case.version,
            Self::Watch(watch) => watch.version,
            Self::Person(person) => person.version,
            Self::Rules(rules) => rules.version,
        }
    }

    /// Its clocks, running and ended.
    pub fn clocks(&self) -> &[Clock] {
        match self {
            Self::Lead(lead) => &lead.clocks,
            Self::Case(case) => &case.clocks,
            Self::Watch(watch) => &watch.clocks,
            Self::Person(_) | Self::Rules(_) => &[],
        }
    }

    /// The attachments that it names.
    pub fn files(&self) -> &[FileRef] {
        match self {
            Self::Lead(lead) => &lead.files,
            Self::Case(case) => &case.files,
            Self::Watch(_) | Self::Person(_) | Self::Rules(_) => &[],
        }
    }

    /// The code of its state, for those that have one.
    pub fn state(&self) -> Option<&'static str> {
        match self {
            Self::Lead(lead) => Some(lead.state.as_str()),
            Self::Case(case) => Some(case.state.as_str()),
            Self::Watch(watch) => Some(watch.state()),
            Self::Person(_) | Self::Rules(_) => None,
        }
    }

    /// Its trail, oldest first.
    pub fn trail(&self) -> &[TrailEntry] {
        match self {
            Self::Lead(lead) => &lead.trail,
            Self::Case(case) => &case.trail,
            Self::Watch(watch) => &watch.trail,
            Self::Person(_) | Self::Rules(_) => &[],
        }
    }
}

/// A line of the time line that every reader of the record sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TrailEntry {
    /// The instant that counts.
    pub at: crate::time::Instant,
    /// Who.
    pub by: UserId,
    /// On which device.
    pub device: crate::ids::DeviceId,
    /// The event's type.
    pub did: String,
    /// A word of explanation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A directory entry: a colleague as everybody in the company sees one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Person {
    /// The same number as the person's user id.
    pub id: RecordId,
    /// How many events it has taken.
    #[serde(default)]
    pub version: u64,
    /// Login name.
    pub login: String,
    /// Name.
    pub name: String,
    /// Roles held.
    pub roles: BTreeSet<Role>,
    /// Department or company.
    pub org: OrgUnit,
    /// Whether the account is in use.
    pub active: bool,
}

impl Person {
    /// The person's user id.
    pub fn user(&self) -> UserId {
        UserId(self.id.0)
    }
}

/// The company's rules as data: policy, working calendar, prices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rules {
    /// Always [`Rules::ID`].
    pub id: RecordId,
    /// How many events it has taken.
    #[serde(default)]
    pub version: u64,
    /// Deadlines, clauses, escalation.
    pub policy: Policy,
    /// The working calendar.
    pub calendar: Calendar,
    /// Published prices.
    pub prices: PriceBook,
    /// What acceptance tests must reach.
    #[serde(default)]
    pub tests: TestRules,
}

impl Rules {
    /// The identity of the one rules record.
    pub const ID: RecordId = RecordId(Uuid::from_u128(0x6c61_6e74_6961_6e00_8000_7275_6c65_7300));

    /// The company's rules as first issued, with no prices.
    pub fn seed() -> Self {
        Self {
            id: Self::ID,
            version: 0,
            policy: Policy::seed(),
            calendar: Calendar::official(),
            prices: PriceBook::default(),
            tests: TestRules::default(),
        }
    }
}

/// The published prices (H-10). No price stands in code.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PriceBook {
    /// The prices.
    #[serde(default)]
    pub prices: Vec<Price>,
}

/// A published price with its period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Price {
    /// Item code.
    pub item: String,
    /// Item name.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Price per unit, tax included.
    pub unit_price: UnitPrice,
    /// First day.
    pub valid_from: Date,
    /// Last day, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Date>,
    /// The document that published it.
    pub document: String,
}

impl PriceBook {
    /// The price of `item` on `day`.
    pub fn price(&self, item: &str, day: Date) -> Option<&Price> {
        self.prices.iter().find(|price| {
            price.item == item
                && price.valid_from <= day
                && price.valid_to.is_none_or(|last| day <= last)
        })
    }
}
