//! 提醒与督办: what a person or the holders of a role have to know, with a
//! receipt of who read it and when (CLK-6, CLK-11, R-51).
//!
//! A notice names the record, the deadline and the clause that it is about by
//! number and code alone: it holds no name, address or telephone number, so
//! it may go to somebody who does not see the record.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a notice answers for its own events; the rest is not its affair"
)]

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    audience::Audience,
    card::{self, Card},
    command::{Command, CommandName},
    context::{Actor, Context, View},
    event::Event,
    flow::Flow,
    ids::{RecordId, UserId},
    policy::{EscalationLevel, RuleId},
    record::{Record, RecordKind, TrailEntry},
    refusal::{Code, Refusal, require},
    role::Role,
    stamp::Stamp,
    time::Instant,
    work::{Head, Shared, Work},
};

/// The longest parameter of a notice's text, in characters.
const LONGEST_PARAM: usize = 200;

/// Who has to read a notice.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// One person.
    User(UserId),
    /// Everybody who holds a role; each gives a receipt of their own.
    Role(Role),
}

/// How much a notice weighs.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 告知: something to know.
    Info,
    /// 预警: a deadline comes nearer (CLK-6).
    Warning,
    /// 一级督办: to the lead of the department (CLK-11).
    DeptLead,
    /// 二级督办: to the department's first responsible person.
    FirstResponsible,
    /// 三级督办: to the company's leader.
    Leader,
}

impl Level {
    /// The code as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::DeptLead => "dept_lead",
            Self::FirstResponsible => "first_responsible",
            Self::Leader => "leader",
        }
    }
}

impl From<EscalationLevel> for Level {
    fn from(level: EscalationLevel) -> Self {
        match level {
            EscalationLevel::DeptLead => Self::DeptLead,
            EscalationLevel::FirstResponsible => Self::FirstResponsible,
            EscalationLevel::Leader => Self::Leader,
        }
    }
}

/// What a notice is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct About {
    /// The record.
    pub record: RecordId,
    /// Its kind.
    pub kind: RecordKind,
    /// Its number, as people call it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub no: String,
    /// The deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleId>,
    /// What the deadline measures, where a record has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The clause of the plan or the law.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
}

/// A receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Receipt {
    /// Who read it.
    pub by: UserId,
    /// When.
    pub at: Instant,
}

/// A notice with its receipts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Notice {
    /// Its identity: derived from what it is about, so that it is raised once.
    pub id: RecordId,
    /// How many events it has taken.
    #[serde(default)]
    pub version: u64,
    /// What was raised.
    #[serde(flatten)]
    pub raised: RaiseNotice,
    /// When.
    pub raised_at: Instant,
    /// Who has read it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub receipts: Vec<Receipt>,
    /// The time line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<TrailEntry>,
}

/// Raises a notice; given by the server itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RaiseNotice {
    /// To whom.
    #[schemars(extend("x-widget" = "hidden"))]
    pub to: Recipient,
    /// How much it weighs.
    pub level: Level,
    /// What it is about.
    #[schemars(extend("x-widget" = "hidden"))]
    pub about: About,
    /// The code of its text, as `clock_breached`; screens word it.
    pub text: String,
    /// What the text names: numbers, codes, instants in ms; no personal data.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
}

/// The recipient has read the notice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReadNotice {}

impl Notice {
    /// A notice that nobody has read.
    pub(crate) fn fresh(id: RecordId, raised: RaiseNotice, raised_at: Instant) -> Self {
        Self { id, version: 0, raised, raised_at, receipts: Vec::new(), trail: Vec::new() }
    }

    /// The code of its state: `read` once somebody it is for has read it.
    pub fn state(&self) -> &'static str {
        if self.receipts.is_empty() { "unread" } else { "read" }
    }

    /// Whether the notice is for this person.
    pub fn is_for(&self, actor: &Actor) -> bool {
        match self.raised.to {
            Recipient::User(user) => user == actor.user,
            Recipient::Role(role) => actor.is(role),
        }
    }

    /// When this person read it.
    pub fn read_by(&self, user: UserId) -> Option<Instant> {
        self.receipts.iter().find(|receipt| receipt.by == user).map(|receipt| receipt.at)
    }
}

/// The states from which `command` may be given: a role's notice is read by
/// each of its holders.
pub(crate) fn from(command: CommandName) -> &'static [&'static str] {
    if command == CommandName::ReadNotice { &["unread", "read"] } else { &[] }
}

/// A notice begins.
pub(crate) fn raise(
    id: RecordId,
    raised: &RaiseNotice,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let coded =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    require(coded(&raised.text), || Refusal::field("text", "not a code"))?;
    let long = raised.params.values().any(|value| value.chars().count() > LONGEST_PARAM);
    require(!long, || Refusal::field("params", "a parameter is too long"))?;
    Ok(vec![Event::NoticeRaised(Box::new(Notice::fresh(id, raised.clone(), cx.now)))])
}

/// Whether a receipt of this person is missing.
pub(crate) fn may_read(notice: &Notice, actor: &Actor) -> Result<(), Refusal> {
    require(notice.is_for(actor), || Refusal::new(Code::Assigned))?;
    require(notice.read_by(actor.user).is_none(), || Refusal::new(Code::Duplicate))
}

impl Work for Notice {
    fn head(&self) -> Head<'_> {
        Head { state: self.state(), clocks: &[], files: &[], approvals: &[], trail: &self.trail }
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
        match event {
            Event::NoticeRead(receipt) if self.read_by(receipt.by).is_none() => {
                self.receipts.push(*receipt);
            }
            _ => {}
        }
    }

    fn judge<'a>(
        &self,
        record: &Record,
        _view: &View<'_>,
        command: &Command,
        cx: &'a Context<'a>,
    ) -> Result<Flow<'a>, Refusal> {
        require(matches!(command, Command::ReadNotice(_)), || Refusal::new(Code::State))?;
        may_read(self, cx.actor)?;
        let mut flow = Flow::on(self.id, Some(record), cx);
        flow.emit(Event::NoticeRead(Receipt { by: cx.actor.user, at: cx.now }));
        Ok(flow)
    }

    fn concerns(&self, command: CommandName) -> bool {
        command == CommandName::ReadNotice
    }

    fn possible(&self, _command: CommandName, cx: &Context<'_>) -> Result<(), Refusal> {
        may_read(self, cx.actor)
    }

    fn next_steps(&self) -> &'static [CommandName] {
        &[CommandName::ReadNotice]
    }

    fn audience(&self) -> BTreeSet<Audience> {
        BTreeSet::from([match self.raised.to {
            Recipient::User(user) => Audience::User(user),
            Recipient::Role(role) => Audience::Role(role),
        }])
    }

    fn card(&self) -> Card {
        card::of_notice(self)
    }
}
