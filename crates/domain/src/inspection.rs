//! 督导检查: a special inspection of one theme, from its plan to the verified
//! rectification of what it found (R-52, R-53).
//!
//! ```text
//! planned ─ executed ─ findings_issued ─ rectified ─ verified ─ closed
//! ```
//!
//! Words: the *frame* is everything of the period that the theme is about, the
//! *sample* is what of it is looked at. Invariant: the sample follows from the
//! frame and the plan alone, so whoever repeats the draw gets the same.

mod judge;
mod sample;
mod theme;

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use sample::{frame, frame_hash};
pub use theme::{Question, Theme};

use crate::{
    approval::Approval,
    audience::Audience,
    card::{self, Card},
    clock::Clock,
    coded::coded,
    command::{Command, CommandName},
    context::{Context, View},
    escalation::lead_role,
    event::Event,
    file::FileRef,
    flow::Flow,
    ids::{FileId, RecordId, UserId},
    record::{Record, RecordKind, TrailEntry},
    refusal::Refusal,
    role::{OrgUnit, Role},
    stamp::Stamp,
    time::{Date, Instant},
    work::{Work, kept},
};

pub(crate) use judge::{from, plan};

coded! {
    /// Where an inspection stands.
    InspectionState {
        /// 已计划
        Planned = "planned",
        /// 已检查
        Executed = "executed",
        /// 已下发整改
        FindingsIssued = "findings_issued",
        /// 已整改
        Rectified = "rectified",
        /// 已复核
        Verified = "verified",
        /// 已办结
        Closed = "closed",
    }
}

/// Plans a special inspection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanInspection {
    /// The theme.
    pub theme: Theme,
    /// First day of the period looked at.
    #[schemars(extend("x-widget" = "date"))]
    pub from: Date,
    /// Last day of the period looked at.
    #[schemars(extend("x-widget" = "date"))]
    pub to: Date,
    /// How many records are looked at; a theme that lists everything takes all.
    pub size: u32,
    /// A remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub note: Option<String>,
}

/// Draws the sample; given by the server itself with what the company holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DrawSample {
    /// Everything of the period that the theme is about, in any order.
    #[schemars(extend("x-widget" = "hidden"))]
    pub frame: Vec<Sampled>,
}

/// A record that is looked at; by number alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Sampled {
    /// The record.
    pub record: RecordId,
    /// Its kind.
    pub kind: RecordKind,
    /// Its number.
    pub no: String,
    /// What stands out: `overdue`, `owed`, `late`, `disputed`, `not_ignited`,
    /// `trips`, `attitude`, `substantiated`, `unanswered`, `unsatisfied`,
    /// `self_visit`, `bad_rating`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<String>,
}

/// The drawn sample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sample {
    /// How many records the frame had.
    pub population: u32,
    /// The hash of the frame's sorted identities.
    pub frame_hash: String,
    /// What is looked at, in the order of the draw.
    pub records: Vec<Sampled>,
}

/// The inspection was carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExecuteInspection {
    /// An answer to every question of the theme's checklist.
    pub answers: Vec<Answer>,
    /// What was seen on the whole.
    #[schemars(extend("x-widget" = "text"))]
    pub summary: String,
}

/// An answer of the checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    /// The question.
    pub question: Question,
    /// Whether what it asks for was found.
    pub passed: bool,
    /// What was seen; needed where it was not found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub note: Option<String>,
}

/// The findings go to the departments; an empty list says that all is well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IssueFindings {
    /// The findings.
    pub findings: Vec<NewFinding>,
}

/// What has to be put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NewFinding {
    /// What was found.
    #[schemars(extend("x-widget" = "text"))]
    pub text: String,
    /// The clause that it offends.
    pub clause: String,
    /// The department that puts it right.
    pub org: OrgUnit,
    /// The person in charge of it, if one is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "person"))]
    pub person: Option<UserId>,
    /// Within how many working days; without it, as the plan has it (D-21).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// The record of the sample that shows it, by number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_no: Option<String>,
}

/// A finding was put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RectifyFinding {
    /// The finding's number within the inspection, from 1.
    pub no: u32,
    /// What was done.
    #[schemars(extend("x-widget" = "text"))]
    pub measures: String,
    /// What shows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-widget" = "files:other"))]
    pub files: Vec<FileId>,
}

/// Somebody else than the one who put it right has looked at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VerifyFinding {
    /// The finding's number within the inspection, from 1.
    pub no: u32,
    /// Whether it is right now; if not, it is put right again.
    pub passed: bool,
    /// What was seen; needed for a no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub note: Option<String>,
}

/// The inspection ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CloseInspection {
    /// The conclusion.
    #[schemars(extend("x-widget" = "text"))]
    pub conclusion: String,
}

/// A finding with what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Its number, from 1.
    pub no: u32,
    /// What was found.
    #[serde(flatten)]
    pub found: NewFinding,
    /// How it was put right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rectified: Option<Rectified>,
    /// When it was found right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_at: Option<Instant>,
    /// How often it was found wrong again.
    #[serde(default, skip_serializing_if = "crate::inspection::is_zero")]
    pub sent_back: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// How a finding was put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rectified {
    /// What was done.
    #[serde(flatten)]
    pub done: RectifyFinding,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Instant,
}

/// An inspection, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Inspection {
    /// Its identity.
    pub id: RecordId,
    /// How many events it has taken.
    #[serde(default)]
    pub version: u64,
    /// Where it stands.
    pub state: InspectionState,
    /// Its plan.
    pub plan: PlanInspection,
    /// Who planned it.
    pub inspector: UserId,
    /// When.
    pub planned_at: Instant,
    /// The questions of its theme.
    pub checklist: Vec<Question>,
    /// The sample, once it is drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<Sample>,
    /// What was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<ExecuteInspection>,
    /// What has to be put right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// The conclusion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conclusion: Option<String>,
    /// The clock of each finding (D-21), keyed by its number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<Clock>,
    /// Its attachments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileRef>,
    /// Nothing of it takes two.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approval>,
    /// The time line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<TrailEntry>,
}

impl Work for Inspection {
    kept!();

    fn apply(&mut self, event: &Event, stamp: &Stamp) {
        judge::apply(self, event, stamp);
    }

    fn judge<'a>(
        &self,
        record: &Record,
        _view: &View<'_>,
        command: &Command,
        cx: &'a Context<'a>,
    ) -> Result<Flow<'a>, Refusal> {
        judge::judge(self, record, command, cx)
    }

    fn concerns(&self, command: CommandName) -> bool {
        !from(command).is_empty()
    }

    fn possible(&self, command: CommandName, cx: &Context<'_>) -> Result<(), Refusal> {
        judge::possible(self, command, cx)
    }

    fn next_steps(&self) -> &'static [CommandName] {
        use CommandName as C;
        match self.state {
            InspectionState::Planned => &[C::ExecuteInspection],
            InspectionState::Executed => &[C::IssueFindings],
            InspectionState::FindingsIssued => &[C::RectifyFinding, C::VerifyFinding],
            InspectionState::Rectified => &[C::VerifyFinding],
            InspectionState::Verified => &[C::CloseInspection],
            InspectionState::Closed => &[],
        }
    }

    fn audience(&self) -> BTreeSet<Audience> {
        let mut all =
            BTreeSet::from([Role::Inspector, Role::Assessor, Role::Leader].map(Audience::Role));
        for finding in &self.findings {
            all.insert(Audience::Role(lead_role(finding.found.org)));
            all.extend(finding.found.person.map(Audience::User));
        }
        all
    }

    fn card(&self) -> Card {
        let urgent = card::urgent(&self.clocks);
        let (from, to) = (self.plan.from.to_string(), self.plan.to.to_string());
        Card {
            no: format!("{from}…{to}"),
            title: self.plan.theme.zh().to_owned(),
            subtitle: self.report.as_ref().map(|r| r.summary.clone()).unwrap_or_default(),
            state: self.state.as_str().to_owned(),
            due_at: urgent.map(|clock| clock.due_at),
            clock: urgent.map(|clock| clock.rule),
            search: card::haystack(&[self.plan.theme.zh(), &from, &to]),
            ..card::blank(self.id, RecordKind::Inspection)
        }
    }

    fn responsible(&self) -> Option<UserId> {
        Some(self.inspector)
    }
}
