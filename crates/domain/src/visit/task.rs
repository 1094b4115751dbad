//! One return visit: attempts, answers, what was sorted out of it (domain i.2,
//! i.3, e.13).

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    approval::Approval,
    clock::Clock,
    coded::coded,
    file::FileRef,
    ids::{FileId, RecordId, UserId},
    ledger::{ItemKind, Severity},
    record::TrailEntry,
    role::OrgUnit,
    time::{Date, Instant},
    visit::{
        Account, Force, SegmentGroup, Task, VisitMonth, Why,
        month::end_of,
        questionnaire::{Answers, CLOSING, OPENING, Q10, Score},
    },
};

coded! {
    /// The states of a visit (domain c.3).
    VisitState {
        /// 待回访
        Planned = "planned",
        /// 联系中
        Attempting = "attempting",
        /// 未接通
        Unreached = "unreached",
        /// 转上门
        Escalated = "escalated_to_on_site",
        /// 已替换
        Replaced = "replaced",
        /// 已完成
        Done = "done",
        /// 已取消
        Cancelled = "cancelled",
    }
}

coded! {
    /// How a user is visited.
    VisitMode {
        /// 电话回访
        Phone = "phone",
        /// 上门回访
        OnSite = "on_site",
    }
}

coded! {
    /// Why an attempt did not reach the user.
    AttemptResult {
        /// 无人接听
        NoAnswer = "no_answer",
        /// 占线
        Busy = "busy",
        /// 号码有误
        WrongNumber = "wrong_number",
        /// 拒绝回访
        Refused = "refused",
        /// 上门无人
        NobodyHome = "nobody_home",
    }
}

/// A return visit with all that came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Visit {
    /// Its identity: derived from month and case.
    pub id: RecordId,
    /// How many events it has taken.
    #[serde(default)]
    pub version: u64,
    /// Where it stands.
    pub state: VisitState,
    /// The month's plan.
    pub plan: RecordId,
    /// The first day of the month.
    pub month: Date,
    /// The group.
    pub group: SegmentGroup,
    /// Who is visited.
    pub account: Account,
    /// Why.
    pub why: Why,
    /// What forces the visit besides.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub forced: BTreeSet<Force>,
    /// Who makes the visit; everybody of the department when nobody is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor: Option<UserId>,
    /// Who allowed the case's own manager to make the visit on site (SOD-4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub self_visit_allowed_by: Option<UserId>,
    /// The attempts that reached nobody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<VisitAttempt>,
    /// What was answered: on the telephone, on site, or both.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<VisitResult>,
    /// What was sorted out of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sorted: Vec<Sorted>,
    /// The visit in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<RecordId>,
    /// Why it was not made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Its clocks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<Clock>,
    /// Its attachments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileRef>,
    /// What waits for a lead's word.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approval>,
    /// The time line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<TrailEntry>,
}

/// Names who makes the visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssignVisit {
    /// The visitor; not the customer manager of the case.
    #[schemars(extend("x-widget" = "person"))]
    pub visitor: UserId,
}

/// Allows the case's own manager to make this visit on site (SOD-4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AllowSelfVisit {
    /// Why nobody else can go.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
}

/// An attempt that reached nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VisitAttempt {
    /// How.
    pub mode: VisitMode,
    /// What came of it.
    pub result: AttemptResult,
    /// 说明
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub note: Option<String>,
    /// When; filled by the rulebook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "hidden"))]
    pub at: Option<Instant>,
    /// By whom; filled by the rulebook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "hidden"))]
    pub by: Option<UserId>,
}

/// The user was reached and answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("x-opening" = OPENING, "x-closing" = CLOSING))]
pub struct CompleteVisit {
    /// How.
    pub mode: VisitMode,
    /// Whether the user agreed to be recorded.
    #[serde(default)]
    pub recording_consent: bool,
    /// The answers.
    pub answers: Answers,
    /// 需求、困难、建议
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text", "x-script" = Q10))]
    pub needs: Option<String>,
    /// How many minutes it took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// 现场照片; on site at least one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-widget" = "files:photo_site"))]
    pub photos: Vec<FileId>,
    /// 录音
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "file:recording"))]
    pub recording: Option<FileId>,
    /// 用户签字
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "file:signature"))]
    pub signature: Option<FileId>,
}

/// A visit that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VisitResult {
    /// What was said.
    #[serde(flatten)]
    pub given: CompleteVisit,
    /// By whom.
    pub visitor: UserId,
    /// When.
    pub at: Instant,
    /// The mean of the marks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
    /// Whether the user is satisfied.
    pub satisfied: bool,
    /// Whether the case's own manager made the visit.
    #[serde(default)]
    pub self_visit: bool,
    /// The ledger items that became of it by rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<RecordId>,
}

/// A further matter that the sorting found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NewItem {
    /// What it is about.
    pub kind: ItemKind,
    /// How urgent it is.
    pub severity: Severity,
    /// The matter: one.
    #[schemars(extend("x-widget" = "text"))]
    pub text: String,
    /// The department that solves it.
    pub org: OrgUnit,
    /// The person who answers for it.
    #[schemars(extend("x-widget" = "person"))]
    pub person: UserId,
}

/// Sorts a visit: further matters, or none (R-48, D-11).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SortVisit {
    /// The matters besides those that became items by rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<NewItem>,
    /// Whether there is nothing more.
    #[serde(default)]
    pub nothing_more: bool,
}

/// How a visit was sorted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sorted {
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: UserId,
    /// The ledger items made by the sorting.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<RecordId>,
}

/// The account fell away: merged, withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CancelVisit {
    /// Why.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
}

/// Nobody can be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unreached {
    /// Why.
    pub reason: String,
}

/// The next account of the reserve stepped in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Replaced {
    /// Its visit.
    pub by: RecordId,
}

impl Visit {
    /// The visit of an account of the plan.
    pub(crate) fn planned(month: &VisitMonth, account: &Account, task: &Task) -> Self {
        Self {
            id: task.visit,
            version: 0,
            state: VisitState::Planned,
            plan: month.id,
            month: month.month,
            group: month.group,
            account: account.clone(),
            why: task.why,
            forced: task.forced.clone(),
            visitor: None,
            self_visit_allowed_by: None,
            attempts: Vec::new(),
            results: Vec::new(),
            sorted: Vec::new(),
            replaced_by: None,
            reason: None,
            clocks: Vec::new(),
            files: Vec::new(),
            approvals: Vec::new(),
            trail: Vec::new(),
        }
    }

    /// The first instant after its month.
    pub(crate) fn month_end(&self) -> Instant {
        end_of(self.month)
    }

    /// The result by this way of visiting.
    pub fn result(&self, mode: VisitMode) -> Option<&VisitResult> {
        self.results.iter().find(|result| result.given.mode == mode)
    }
}
