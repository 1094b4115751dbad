//! 申请人容缺信用: an applicant whose papers were false, as far as the next
//! acceptance has to know (F-10). Nobody gets such a record for anything else.

use std::collections::BTreeSet;

use chrono::Months;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    audience::Audience,
    card::{Card, blank},
    case::{
        Case,
        basic::{Basic, PartyType},
    },
    command::{Command, CommandName},
    context::{Context, View},
    event::Event,
    flow::Flow,
    ids::{RecordId, UserId, derived},
    privacy::{Field, retention::Class},
    record::{Record, RecordKind, Rules, TrailEntry},
    refusal::{Code, Refusal},
    role::Role,
    stamp::Stamp,
    time::{Date, Instant},
    work::{Head, Shared, Work},
};

/// How long tolerance stays off, in months.
const BLOCKED_MONTHS: u32 = 12;

/// What is known of an applicant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Applicant {
    /// Its identity: [`id_of`] its applicant.
    pub id: RecordId,
    /// How many events it has taken.
    #[serde(default)]
    pub version: u64,
    /// Name.
    pub name: String,
    /// Whether that is a natural person's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub natural: bool,
    /// Every finding, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<ToleranceBlocked>,
    /// The time line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<TrailEntry>,
}

/// The applicant may owe nothing until a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ToleranceBlocked {
    /// The case that the false paper came to.
    pub case: RecordId,
    /// Its number.
    pub no: String,
    /// The paper's code in the catalogue.
    pub code: String,
    /// `tolerance_blocked_until`: the last day.
    pub until: Date,
    /// Who decided.
    pub by: UserId,
    /// When.
    pub at: Instant,
}

impl Applicant {
    /// A record of the applicant of `case`.
    pub fn new(id: RecordId, case: &Case) -> Self {
        let name = case.basic.name.clone();
        let natural = case.basic.party_type == PartyType::Person;
        Self { id, version: 0, name, natural, blocks: Vec::new(), trail: Vec::new() }
    }

    /// `tolerance_blocked_until`: the last day of the longest block.
    pub fn blocked_until(&self) -> Option<Date> {
        self.blocks.iter().map(|block| block.until).max()
    }
}

impl Work for Applicant {
    fn head(&self) -> Head<'_> {
        Head { state: "noted", clocks: &[], files: &[], approvals: &[], trail: &self.trail }
    }

    fn shared(&mut self) -> Shared<'_> {
        Shared {
            version: &mut self.version,
            trail: &mut self.trail,
            clocks: None,
            files: None,
            approvals: None,
        }
    }

    fn apply(&mut self, event: &Event, _stamp: &Stamp) {
        if let Event::ToleranceBlocked(block) = event {
            self.blocks.push(block.clone());
        }
    }

    fn judge<'a>(
        &self,
        _record: &Record,
        _view: &View<'_>,
        _command: &Command,
        _cx: &'a Context<'a>,
    ) -> Result<Flow<'a>, Refusal> {
        Err(Refusal::new(Code::State))
    }

    fn concerns(&self, _command: CommandName) -> bool {
        false
    }

    fn possible(&self, _command: CommandName, _cx: &Context<'_>) -> Result<(), Refusal> {
        Err(Refusal::new(Code::State))
    }

    fn next_steps(&self) -> &'static [CommandName] {
        &[]
    }

    fn personal(&mut self, see: &mut dyn FnMut(Field, &mut String)) {
        if self.natural {
            see(Field::Name, &mut self.name);
        }
    }

    fn is_personal(&self) -> bool {
        self.natural
    }

    fn keeps(&self) -> Option<Class> {
        Some(Class::Ended)
    }

    fn audience(&self) -> BTreeSet<Audience> {
        [Role::CustomerManager, Role::CounterClerk, Role::CmLead].map(Audience::Role).into()
    }

    fn card(&self) -> Card {
        Card {
            title: self.name.clone(),
            subtitle: self.blocked_until().map(|day| day.to_string()).unwrap_or_default(),
            state: "noted".to_owned(),
            search: self.name.to_lowercase(),
            ..blank(self.id, RecordKind::Applicant)
        }
    }
}

/// The identity of an applicant's record: by the credit code, else by name and
/// telephone. The number tells neither.
pub fn id_of(basic: &Basic) -> RecordId {
    let key = match &basic.uscc {
        Some(code) => format!("applicant:{code}"),
        None => format!("applicant:{}:{}", basic.name.trim(), basic.phone),
    };
    derived(Rules::ID, &key)
}

/// Until when the applicant may owe nothing, if that is so at `now`.
pub(crate) fn tolerance_blocked(view: &View<'_>, basic: &Basic, now: Instant) -> Option<Date> {
    let Some(Record::Applicant(applicant)) = view.get(id_of(basic)) else { return None };
    applicant.blocked_until().filter(|last| now.date() <= *last)
}

/// The last day of a block that begins at `now`.
pub(crate) fn blocked_until(now: Instant) -> Date {
    now.date().checked_add_months(Months::new(BLOCKED_MONTHS)).unwrap_or(Date::MAX)
}
