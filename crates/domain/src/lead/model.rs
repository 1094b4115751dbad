//! What a lead is made of, and the data of its commands.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    approval::Approval,
    case::{Segment, assignment::Assignment, basic::Basic},
    clock::Clock,
    file::FileRef,
    ids::{FileId, RecordId, UserId},
    record::TrailEntry,
    time::{Date, Instant},
    validate::coordinates::GeoPoint,
};

/// Where early information comes from.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// “工改”系统
    Gonggai,
    /// “多规合一”平台
    Duogui,
    /// 推荐
    Referral,
    /// 巡查
    Patrol,
    /// 其他
    Other,
}

/// The states of a lead (domain c.1).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum LeadState {
    /// 已接收
    Received,
    /// 已传递
    HandedOver,
    /// 已联系
    Contacted,
    /// 已转工单
    Converted,
    /// 暂无需求
    NoDemand,
    /// 无法联系
    Unreachable,
    /// 并单
    Merged,
    /// 无效
    Invalid,
}

impl LeadState {
    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::Received,
        Self::HandedOver,
        Self::Contacted,
        Self::Converted,
        Self::NoDemand,
        Self::Unreachable,
        Self::Merged,
        Self::Invalid,
    ];

    /// The code as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::HandedOver => "handed_over",
            Self::Contacted => "contacted",
            Self::Converted => "converted",
            Self::NoDemand => "no_demand",
            Self::Unreachable => "unreachable",
            Self::Merged => "merged",
            Self::Invalid => "invalid",
        }
    }

    /// Whether somebody still has to do something.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Received | Self::HandedOver | Self::Contacted)
    }
}

/// A lead: early project information with what was done about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Lead {
    /// Its identity.
    pub id: RecordId,
    /// How many events it has taken.
    #[serde(default)]
    pub version: u64,
    /// Where it stands.
    pub state: LeadState,
    /// What the platform said last.
    pub push: ReceivePush,
    /// When the company had it.
    pub received_at: Instant,
    /// The responsible customer manager.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<UserId>,
    /// Who was responsible when.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assignments: Vec<Assignment>,
    /// Attempts to reach the user.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<ContactAttempt>,
    /// Why it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// The case that it became, or the record that it was merged into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub became: Option<RecordId>,
    /// When to ask again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revisit_on: Option<Date>,
    /// The platform took the project back after the user was contacted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retracted: bool,
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

/// A platform's push of one project (domain j.1, j.2), normalised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReceivePush {
    /// Which platform.
    pub source: Source,
    /// The platform's key; with `source` it names the project for ever.
    pub source_key: String,
    /// When the platform pushed it (D-01 starts here; Q-04).
    pub pushed_at: Instant,
    /// The platform's time of change; a later one updates the lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Instant>,
    /// Whether the platform holds the project valid (`sjyxbs` = 1).
    #[serde(default = "yes")]
    pub valid: bool,
    /// 项目代码, normalised (E-V04).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_code: Option<String>,
    /// 工程代码
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub works_code: Option<String>,
    /// 行政区划代码
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region_code: Option<String>,
    /// 建设地点行政区划
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_region: Option<String>,
    /// 项目名称
    pub project_name: String,
    /// 建设单位
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub builder_name: Option<String>,
    /// 统一社会信用代码
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub builder_uscc: Option<String>,
    /// 联系人
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_name: Option<String>,
    /// 联系电话
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_phone: Option<String>,
    /// 建设地点
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_address: Option<String>,
    /// 坐标
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geo: Option<GeoPoint>,
    /// 用地红线, closed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub boundary: Vec<GeoPoint>,
    /// 拟开工时间
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_start: Option<Date>,
    /// 拟建成时间
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_finish: Option<Date>,
    /// 建设规模及内容
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale_note: Option<String>,
    /// 户数
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub est_households: Option<u32>,
    /// 建筑面积, m².
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub est_area_m2: Option<String>,
    /// 审批阶段
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage_code: Option<String>,
    /// 前期意见
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opinion: Option<Opinion>,
    /// Fields of the platform that have no place above.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub raw: BTreeMap<String, String>,
    /// What was doubtful but accepted, as codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

fn yes() -> bool {
    true
}

/// 前期意见 of the planning platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Opinion {
    /// 意见编号
    pub no: String,
    /// 办理单位
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// 前期意见
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// 反馈时间
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_at: Option<Instant>,
    /// 附件名称
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment: Option<String>,
}

/// The platform took a project back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Retracted {
    /// Whether the lead ended by it (it was not contacted yet).
    pub closed: bool,
}

/// Hands a lead to a named customer manager.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HandOverLead {
    /// The customer manager.
    #[schemars(extend("x-widget" = "person:customer_manager"))]
    pub manager: UserId,
    /// A remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub note: Option<String>,
}

/// Gives a lead to another customer manager; D-02 goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReassignLead {
    /// The customer manager.
    #[schemars(extend("x-widget" = "person:customer_manager"))]
    pub manager: UserId,
    /// Why.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
}

/// By what means the user was tried.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ContactChannel {
    /// 电话
    Phone,
    /// 短信
    Sms,
    /// 微信
    Wechat,
    /// 上门
    Visit,
    /// 其他
    Other,
}

/// What came of it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ContactResult {
    /// 已联系上
    Reached,
    /// 无人接听
    NoAnswer,
    /// 拒绝
    Refused,
    /// 号码有误
    WrongNumber,
}

/// An attempt to reach the user (domain e.4).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ContactAttempt {
    /// By what means.
    pub channel: ContactChannel,
    /// What came of it.
    pub result: ContactResult,
    /// Who answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counterpart_role: Option<String>,
    /// What was said, at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub summary: Option<String>,
    /// A recording or photo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "file:other"))]
    pub evidence: Option<FileId>,
    /// Where, on a visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "geo"))]
    pub geo: Option<GeoPoint>,
    /// When; filled by the rulebook from the command's instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "hidden"))]
    pub at: Option<Instant>,
}

/// States that the user cannot be reached; a lead confirms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MarkUnreachable {
    /// What was tried, in words.
    #[schemars(extend("x-widget" = "text"))]
    pub evidence: String,
}

/// Makes a case of a lead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConvertLead {
    /// The identity of the new case.
    #[schemars(extend("x-widget" = "new_record"))]
    pub case: RecordId,
    /// The kind of user.
    pub segment: Segment,
    /// Applicant and premises.
    pub basic: Basic,
}

/// Which case the lead became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Converted {
    /// The case.
    pub case: RecordId,
}

/// Why a lead ends.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    /// 暂无需求
    NoDemand,
    /// 重复
    Duplicate,
    /// 无效
    Invalid,
}

/// Ends a lead without a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CloseLead {
    /// Why.
    pub reason: CloseReason,
    /// For a duplicate: the lead that remains.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "record:lead"))]
    pub merge_into: Option<RecordId>,
    /// Explanation.
    #[schemars(extend("x-widget" = "text"))]
    pub note: String,
    /// When to ask again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revisit_on: Option<Date>,
}

/// Brings an ended lead back; D-02 starts anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReopenLead {
    /// Why.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
    /// The customer manager, if another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "person:customer_manager"))]
    pub manager: Option<UserId>,
}
