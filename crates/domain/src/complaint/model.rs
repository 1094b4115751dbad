//! What a complaint is made of, and the data of its commands.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    approval::Approval,
    clock::Clock,
    coded::coded,
    file::FileRef,
    ids::{FileId, RecordId, UserId},
    record::TrailEntry,
    role::OrgUnit,
    time::{Date, Instant},
};

coded! {
    /// Through which channel a complaint came.
    ComplaintChannel {
        /// 24小时客户服务热线
        Hotline = "hotline",
        /// 12345政务服务便民热线
        Mayor12345 = "12345",
        /// 12319城建服务热线
        City12319 = "12319",
        /// 政务服务网
        GovPortal = "gov_portal",
        /// 微信公众号
        Wechat = "wechat",
        /// 来信
        Letter = "letter",
        /// 来访
        OnSite = "on_site",
        /// 媒体
        Media = "media",
    }
}

coded! {
    /// What a complaint is about.
    ComplaintKind {
        /// 时限
        Deadline = "deadline",
        /// 收费
        Charge = "charge",
        /// 态度
        Attitude = "attitude",
        /// 质量
        Quality = "quality",
        /// 安全
        Safety = "safety",
        /// 容缺材料
        ToleratedMaterial = "tolerated_material",
        /// 隐私
        Privacy = "privacy",
        /// 其他
        Other = "other",
    }
}

coded! {
    /// The states of a complaint (domain c.3).
    ComplaintState {
        /// 已接收
        Received = "received",
        /// 已交办
        Assigned = "assigned",
        /// 已处理
        Handled = "handled",
        /// 查实
        Substantiated = "substantiated",
        /// 不属实
        Unsubstantiated = "unsubstantiated",
        /// 申诉复核中
        Appealed = "appealed",
        /// 已复核
        ReExamined = "re_examined",
        /// 已办结
        Closed = "closed",
    }
}

coded! {
    /// What was found out.
    Finding {
        /// 属实
        Substantiated = "substantiated",
        /// 部分属实
        Partly = "partly",
        /// 不属实
        Unsubstantiated = "unsubstantiated",
    }
}

impl Finding {
    /// Whether something follows for the person in charge.
    pub fn has_consequence(self) -> bool {
        self != Self::Unsubstantiated
    }
}

/// A complaint with all that came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Complaint {
    /// Its identity.
    pub id: RecordId,
    /// How many events it has taken.
    #[serde(default)]
    pub version: u64,
    /// `TS-YYYYMM-NNNN`; a provisional one until the server gave its own.
    pub no: String,
    /// Where it stands.
    pub state: ComplaintState,
    /// What was said.
    #[serde(flatten)]
    pub filed: FileComplaint,
    /// When it reached the company.
    pub at: Instant,
    /// Who took it down.
    pub filed_by: UserId,
    /// Who finds out; not of the department concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub investigator: Option<UserId>,
    /// The first answer to the complainant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<AnswerComplaint>,
    /// When it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Instant>,
    /// What the department did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handled: Option<HandleComplaint>,
    /// What was found, and again after an appeal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<Decision>,
    /// The appeal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal: Option<AppealComplaint>,
    /// What the complainant says in the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<CloseComplaint>,
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

/// Takes a complaint down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileComplaint {
    /// Through which channel.
    pub channel: ComplaintChannel,
    /// What it is about.
    pub kind: ComplaintKind,
    /// What is complained of.
    #[schemars(extend("x-widget" = "text"))]
    pub text: String,
    /// The department concerned.
    pub org: OrgUnit,
    /// The person concerned, when named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "person"))]
    pub person: Option<UserId>,
    /// The complainant; nothing when anonymous.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complainant: Option<String>,
    /// The complainant's telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "phone"))]
    pub phone: Option<String>,
    /// The case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "record"))]
    pub case: Option<RecordId>,
    /// When it happened: the first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub fact_from: Option<Date>,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub fact_to: Option<Date>,
    /// When it reached the company; now when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "instant"))]
    pub received_at: Option<Instant>,
}

/// Names who finds out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssignComplaint {
    /// The investigator; not of the department concerned.
    #[schemars(extend("x-widget" = "person"))]
    pub investigator: UserId,
}

/// The complainant got a first answer (D-18).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AnswerComplaint {
    /// How the complainant was reached.
    pub channel: ComplaintChannel,
    /// What was said.
    #[schemars(extend("x-widget" = "text"))]
    pub text: String,
}

/// What the department did about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HandleComplaint {
    /// The measures.
    #[schemars(extend("x-widget" = "text"))]
    pub measures: String,
}

/// What was found out (D-19).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DecideComplaint {
    /// The finding.
    pub finding: Finding,
    /// Why.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
    /// When it happened; needed for a finding against somebody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "instant"))]
    pub fact_at: Option<Instant>,
    /// The person in charge at the time; found from the case when it is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "person"))]
    pub person: Option<UserId>,
    /// What proves it: attachments of the complaint.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-widget" = "files:other"))]
    pub evidence: Vec<FileId>,
}

/// A finding as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// The finding.
    pub finding: Finding,
    /// Why.
    pub reason: String,
    /// When it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact_at: Option<Instant>,
    /// The department concerned.
    pub org: OrgUnit,
    /// The person in charge at the time of the fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<UserId>,
    /// What proves it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<FileId>,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Instant,
}

/// The person or the complainant does not agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AppealComplaint {
    /// Why.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
}

/// Another investigator looks again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReExamineComplaint {
    /// The finding.
    pub finding: Finding,
    /// Why.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
}

coded! {
    /// How content the complainant is.
    Contentment {
        /// 满意
        Satisfied = "satisfied",
        /// 基本满意
        Fair = "fair",
        /// 不满意
        Dissatisfied = "dissatisfied",
        /// 未能取得
        Unknown = "unknown",
    }
}

/// The complaint is at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CloseComplaint {
    /// How content the complainant is.
    pub satisfaction: Contentment,
}

impl Complaint {
    /// The finding that stands.
    pub fn decision(&self) -> Option<&Decision> {
        self.decisions.last()
    }
}
