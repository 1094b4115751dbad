//! 个人信息保护台账: the company's one register of impact assessments (P-07)
//! and incidents (P-08). It names no customer.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the register answers for its own events and commands; the rest is not its affair"
)]

use std::collections::BTreeSet;

use chrono::{Days, Months};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    audience::Audience,
    card::{self, Card},
    command::{Command, CommandName},
    context::{Context, View},
    event::Event,
    file::FileRef,
    flow::Flow,
    ids::{FileId, RecordId},
    record::{Record, TrailEntry},
    refusal::{Code, Refusal, require},
    role::Role,
    stamp::Stamp,
    time::{Date, Instant},
    work::{Head, Shared, Work, attach_or_note},
};

use super::breach::{self, Breach, Closed};

/// How long before its end an assessment is announced.
const WARN_DAYS: u64 = 60;

/// Files an impact assessment (个人信息保护法 55, 56).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileAssessment {
    /// 评估对象, as 证件号码处理.
    pub subject: String,
    /// 评估日期
    #[schemars(extend("x-widget" = "date"))]
    pub done_on: Date,
    /// 有效期至
    #[schemars(extend("x-widget" = "date"))]
    pub valid_to: Date,
    /// 结论
    #[schemars(extend("x-widget" = "text"))]
    pub conclusion: String,
    /// 评估报告
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "file:other"))]
    pub file: Option<FileId>,
}

impl FileAssessment {
    /// The first day on which it may be destroyed: three years are the least.
    pub fn kept_until(&self) -> Option<Date> {
        self.done_on.checked_add_months(Months::new(36))
    }
}

/// The register, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PiRegister {
    /// Always [`PiRegister::ID`].
    pub id: RecordId,
    /// How many events it has taken.
    #[serde(default)]
    pub version: u64,
    /// 影响评估, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assessments: Vec<FileAssessment>,
    /// 安全事件, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breaches: Vec<Breach>,
    /// The reports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileRef>,
    /// The time line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<TrailEntry>,
}

impl PiRegister {
    /// The identity of the one register.
    pub const ID: RecordId = RecordId(Uuid::from_u128(0x6c61_6e74_6961_6e00_8000_7069_7265_6700));

    /// The register before anything stands in it.
    pub fn empty() -> Self {
        Self {
            id: Self::ID,
            version: 0,
            assessments: Vec::new(),
            breaches: Vec::new(),
            files: Vec::new(),
            trail: Vec::new(),
        }
    }

    /// When the assessment that ends first has to be renewed: sixty days
    /// before its end. A later one of the same subject renews it.
    pub fn renew_by(&self) -> Option<Instant> {
        self.assessments
            .iter()
            .filter(|one| {
                self.assessments
                    .iter()
                    .all(|other| other.subject != one.subject || other.valid_to <= one.valid_to)
            })
            .filter_map(|one| one.valid_to.checked_sub_days(Days::new(WARN_DAYS)))
            .min()
            .map(Instant::start_of)
    }

    /// The code of its state: an incident that is open, or none.
    pub fn state(&self) -> &'static str {
        if self.breaches.iter().any(|one| one.closed.is_none()) { OPEN } else { CALM }
    }
}

/// An incident is open.
const OPEN: &str = "incident_open";
/// None is.
const CALM: &str = "calm";

/// The states in which a command on the register has its place.
pub(crate) fn from(command: CommandName) -> &'static [&'static str] {
    match command {
        CommandName::CloseBreach => &[OPEN],
        CommandName::FileAssessment
        | CommandName::RecordBreach
        | CommandName::AttachFile
        | CommandName::AddNote => &[CALM, OPEN],
        _ => &[],
    }
}

/// Judges a command on the register.
fn judge(
    register: &PiRegister,
    command: &Command,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::FileAssessment(filed) => {
            check(filed, cx)?;
            Ok(vec![Event::AssessmentFiled(filed.clone())])
        }
        Command::RecordBreach(what) => {
            let no = u32::try_from(register.breaches.len()).unwrap_or(u32::MAX).saturating_add(1);
            Ok(vec![Event::BreachRecorded(Box::new(breach::record(no, what, cx)?))])
        }
        Command::CloseBreach(close) => {
            let open = register.breaches.iter().any(|b| b.no == close.no && b.closed.is_none());
            require(open, || Refusal::field("no", "no open incident has this number"))?;
            require(!close.note.trim().is_empty(), || Refusal::field("note", "missing"))?;
            Ok(vec![Event::BreachClosed(Closed { how: close.clone(), at: cx.now })])
        }
        other => attach_or_note(&register.files, other)?.ok_or_else(|| Refusal::new(Code::State)),
    }
}

fn check(filed: &FileAssessment, cx: &Context<'_>) -> Result<(), Refusal> {
    require(!filed.subject.trim().is_empty(), || Refusal::field("subject", "missing"))?;
    require(!filed.conclusion.trim().is_empty(), || Refusal::field("conclusion", "missing"))?;
    require(filed.done_on <= cx.now.date(), || Refusal::field("done_on", "in the future"))?;
    require(filed.valid_to > filed.done_on, || Refusal::field("valid_to", "before the assessment"))
}

impl Work for PiRegister {
    fn head(&self) -> Head<'_> {
        Head {
            state: self.state(),
            clocks: &[],
            files: &self.files,
            approvals: &[],
            trail: &self.trail,
        }
    }

    fn shared(&mut self) -> Shared<'_> {
        Shared {
            version: &mut self.version,
            trail: &mut self.trail,
            clocks: None,
            files: Some(&mut self.files),
            approvals: None,
        }
    }

    fn apply(&mut self, event: &Event, _stamp: &Stamp) {
        match event {
            Event::AssessmentFiled(filed) => self.assessments.push(filed.clone()),
            Event::BreachRecorded(breach) => self.breaches.push((**breach).clone()),
            Event::BreachClosed(closed) => {
                if let Some(open) = self.breaches.iter_mut().find(|b| b.no == closed.how.no) {
                    open.closed = Some(closed.clone());
                }
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
        let mut flow = Flow::on(self.id, Some(record), cx);
        flow.emit_all(judge(self, command, cx)?);
        Ok(flow)
    }

    fn concerns(&self, command: CommandName) -> bool {
        !from(command).is_empty()
    }

    fn possible(&self, command: CommandName, _cx: &Context<'_>) -> Result<(), Refusal> {
        require(from(command).contains(&self.state()), || Refusal::new(Code::State))
    }

    fn next_steps(&self) -> &'static [CommandName] {
        if self.state() == OPEN { &[CommandName::CloseBreach] } else { &[] }
    }

    fn audience(&self) -> BTreeSet<Audience> {
        let readers = [Role::SecAdmin, Role::AuditAdmin, Role::ServiceLead, Role::Leader];
        BTreeSet::from(readers.map(Audience::Role))
    }

    fn card(&self) -> Card {
        card::of_register(self)
    }
}
