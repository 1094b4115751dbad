//! What a ledger item is made of, and the data of its commands.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    approval::Approval,
    clock::Clock,
    coded::coded,
    context::{Context, View},
    event::Event,
    file::FileRef,
    flow::{Flow, clock},
    ids::{FileId, RecordId, UserId},
    number::nth,
    policy::RuleId,
    record::{RecordKind, TrailEntry},
    role::OrgUnit,
    service,
    time::{Date, Instant},
};

coded! {
    /// Where an item comes from.
    ItemSource {
        /// 回访
        Visit = "visit",
        /// 投诉
        Complaint = "complaint",
        /// 好差评
        Rating = "rating",
        /// 督查
        Inspection = "inspection",
        /// 热线
        Hotline = "hotline",
    }
}

coded! {
    /// What an item is about.
    ItemKind {
        /// 用户需求
        Need = "need",
        /// 服务态度
        Attitude = "attitude",
        /// 安装过程
        Installation = "installation",
        /// 用气情况
        GasUse = "gas_use",
        /// 安全
        Safety = "safety",
        /// 费用
        Cost = "cost",
        /// 材料
        Material = "material",
        /// 其他
        Other = "other",
    }
}

impl ItemKind {
    /// The department that solves such matters.
    pub fn org(self) -> OrgUnit {
        match self {
            Self::Need | Self::Attitude | Self::Installation | Self::Cost | Self::Material => {
                OrgUnit::MarketDept
            }
            Self::GasUse | Self::Safety | Self::Other => OrgUnit::ServiceDept,
        }
    }
}

coded! {
    /// How urgent an item is.
    Severity {
        /// 一般
        Normal = "normal",
        /// 紧急
        Urgent = "urgent",
    }
}

coded! {
    /// The states of an item (domain c.3).
    ItemState {
        /// 待处理
        Open = "open",
        /// 处理中
        InProgress = "in_progress",
        /// 已解决，待销号
        Solved = "solved",
        /// 已销号
        Closed = "closed",
        /// 已重开
        Reopened = "reopened",
    }
}

coded! {
    /// How an item was closed.
    Outcome {
        /// 已解决
        Solved = "solved",
        /// 已解释: the wish was wrong or impossible (LG-5).
        Explained = "explained",
        /// 列入计划: it needs longer work (LG-8).
        Planned = "planned",
    }
}

coded! {
    /// What the customer says to the solution.
    Confirm {
        /// 认可
        Yes = "yes",
        /// 不认可
        No = "no",
        /// 联系不上
        Unreachable = "unreachable",
    }
}

/// One matter of one user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LedgerItem {
    /// Its identity.
    pub id: RecordId,
    /// How many events it has taken.
    #[serde(default)]
    pub version: u64,
    /// `HF-YYYYMM-NNNN`; a provisional one until the server gave its own.
    pub no: String,
    /// Where it stands.
    pub state: ItemState,
    /// Where it comes from.
    pub source: ItemSource,
    /// The visit, complaint, rating or inspection that it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<RecordId>,
    /// The case that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<RecordId>,
    /// The user's name.
    pub customer: String,
    /// What it is about.
    pub kind: ItemKind,
    /// How urgent it is.
    pub severity: Severity,
    /// The matter, in words.
    pub text: String,
    /// When it was registered.
    pub registered_at: Instant,
    /// By whom.
    pub registered_by: UserId,
    /// Whether it was registered after the next working day (LG-2).
    #[serde(default)]
    pub registered_late: bool,
    /// The department that solves it.
    pub responsible_org: OrgUnit,
    /// The person who answers for it.
    pub responsible_person: UserId,
    /// The number of the safety work order that went out at once (Q9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safety_order: Option<String>,
    /// What is done about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measures: Option<String>,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// What proves it: attachments of the item.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<FileId>,
    /// When it was solved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solved_at: Option<Instant>,
    /// By whom; never the one who closes it (SOD-3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solver: Option<UserId>,
    /// What the customer said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_confirm: Option<Confirm>,
    /// How it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// The explanation that closed it (LG-5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    /// Until when longer work is planned (LG-8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// When it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Instant>,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_by: Option<UserId>,
    /// How often the customer had it reopened (LG-6).
    #[serde(default)]
    pub reopened_count: u32,
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

/// Longer work that is planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// The last day.
    pub until: Date,
    /// Why it takes longer.
    pub reason: String,
    /// How often it was extended; once at the most.
    pub extensions: u32,
}

/// Registers a matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RegisterLedgerItem {
    /// Where it comes from.
    pub source: ItemSource,
    /// What it is about.
    pub kind: ItemKind,
    /// How urgent it is.
    pub severity: Severity,
    /// The matter: one (LG-1).
    #[schemars(extend("x-widget" = "text"))]
    pub text: String,
    /// The user's name.
    pub customer: String,
    /// The case that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "record"))]
    pub case: Option<RecordId>,
    /// When the matter was heard; now when nothing is said (LG-2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "instant"))]
    pub heard_at: Option<Instant>,
    /// The department that solves it.
    pub org: OrgUnit,
    /// The person who answers for it.
    #[schemars(extend("x-widget" = "person"))]
    pub person: UserId,
}

/// Gives an item to another department or person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssignLedgerItem {
    /// The department that solves it.
    pub org: OrgUnit,
    /// The person who answers for it.
    #[schemars(extend("x-widget" = "person"))]
    pub person: UserId,
    /// Why.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
}

/// Work on the matter begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StartLedgerItem {
    /// What will be done.
    #[schemars(extend("x-widget" = "text"))]
    pub measures: String,
}

/// A remark with several matters becomes several items (LG-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SplitLedgerItem {
    /// What stays with this item.
    #[schemars(extend("x-widget" = "text"))]
    pub text: String,
    /// The other matters, one by one.
    pub others: Vec<String>,
}

/// The matter is solved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SolveLedgerItem {
    /// What was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub measures: Option<String>,
    /// What came of it.
    #[schemars(extend("x-widget" = "text"))]
    pub result: String,
    /// What proves it: photos or papers of the item.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-widget" = "files:photo_other"))]
    pub evidence: Vec<FileId>,
}

/// An attempt to hear what the customer says to the solution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConfirmAttempt {
    /// When.
    #[schemars(extend("x-widget" = "instant"))]
    pub at: Instant,
    /// How, and what came of it.
    pub note: String,
}

/// 销号: closes one item (R-49, LG-4, LG-5, SOD-3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CloseLedgerItem {
    /// What the customer says.
    pub customer_confirm: Confirm,
    /// The documented attempts, at least two, when the customer is unreachable.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<ConfirmAttempt>,
    /// The explanation, where the wish was wrong or impossible (LG-5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub explanation: Option<String>,
    /// The number of the item to close, when it is given from a list: the one
    /// that this command is given on and no other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-widget" = "hidden"))]
    pub items: Vec<String>,
}

/// Closes an item that needs longer work as planned; the service lead has to
/// agree (LG-8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanLedgerItem {
    /// The last day of the work.
    #[schemars(extend("x-widget" = "date"))]
    pub until: Date,
    /// Why it takes longer.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
}

/// The customer is not content after all (LG-6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReopenLedgerItem {
    /// What the customer says.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
}

/// What a rule or a person writes into the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Where it comes from.
    pub source: ItemSource,
    /// The visit, complaint, rating or inspection.
    pub visit: Option<RecordId>,
    /// The case that it is about.
    pub case: Option<RecordId>,
    /// The user's name.
    pub customer: String,
    /// What it is about.
    pub kind: ItemKind,
    /// How urgent it is.
    pub severity: Severity,
    /// The matter.
    pub text: String,
    /// The department that solves it.
    pub org: OrgUnit,
    /// The person who answers for it.
    pub person: UserId,
    /// Whether a safety work order goes out at once.
    pub safety_order: bool,
}

impl Draft {
    /// Writes the item with the identity `id`, its clock, and its mark on the
    /// case; `place` counts the items that the command has numbered before.
    pub(crate) fn register(self, id: RecordId, place: usize, view: &View<'_>, flow: &mut Flow<'_>) {
        let cx = flow.cx;
        let case = self.case;
        let item = self.item(id, nth(cx.new_no, place), cx);
        let clock = clock_of(&item, None, cx);
        let no = item.no.clone();
        flow.put(id, Event::LedgerItemRegistered(Box::new(item)));
        flow.put(id, Event::ClockStarted(clock));
        if let Some(case) = case {
            service::mark(flow, view, case, |mark| {
                mark.of(id, RecordKind::LedgerItem, &no, ItemState::Open.as_str()).waiting(true)
            });
        }
    }

    fn item(self, id: RecordId, no: String, cx: &Context<'_>) -> LedgerItem {
        LedgerItem {
            id,
            version: 0,
            safety_order: self.safety_order.then(|| format!("AQ-{no}")),
            no,
            state: ItemState::Open,
            source: self.source,
            from: self.visit,
            case: self.case,
            customer: self.customer,
            kind: self.kind,
            severity: self.severity,
            text: self.text,
            registered_at: cx.now,
            registered_by: cx.actor.user,
            registered_late: false,
            responsible_org: self.org,
            responsible_person: self.person,
            measures: None,
            result: None,
            evidence: Vec::new(),
            solved_at: None,
            solver: None,
            customer_confirm: None,
            outcome: None,
            explanation: None,
            plan: None,
            closed_at: None,
            closed_by: None,
            reopened_count: 0,
            clocks: Vec::new(),
            files: Vec::new(),
            approvals: Vec::new(),
            trail: Vec::new(),
        }
    }
}

/// The clock D-10 of an item, in charge of its department and person.
pub(crate) fn clock_of(item: &LedgerItem, key: Option<String>, cx: &Context<'_>) -> Clock {
    let mut one = clock(cx, RuleId::D10, key, cx.now, Some(item.responsible_person));
    one.hold(item.responsible_org.as_str(), Some(item.responsible_person));
    one
}
