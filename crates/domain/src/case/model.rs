//! What a case is made of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    approval::Approval,
    case::{
        acceptance::RecordAcceptance,
        assignment::Assignment,
        basic::Basic,
        budget::Budget,
        construction::Construction,
        contract::Contracts,
        design::Design,
        engineering::Engineering,
        fee::{FeeConfirmation, Negotiation},
        gas_on::GasOn,
        intake::Intake,
        material::MaterialItem,
        permit::Permit,
        pressure::Pressure,
        survey::Survey,
        suspension::Suspension,
    },
    clock::Clock,
    coded::coded,
    file::FileRef,
    ids::{FileId, RecordId, UserId},
    lead::ContactAttempt,
    record::TrailEntry,
};

coded! {
    /// The kinds of users, as far as rules differ (seed section 3).
    Segment {
        /// 居民用户
        Residential = "residential",
        /// 零星户
        Scattered = "residential_scattered",
        /// 非居民用户
        NonResidential = "non_residential",
        /// 小微商用户
        Micro = "non_residential_micro",
    }
}

impl Segment {
    /// Whether the user is a household (民用户).
    pub fn is_household(self) -> bool {
        matches!(self, Self::Residential | Self::Scattered)
    }

    /// Whether survey, drawing, budget, fee and contract may be one visit.
    pub fn is_small(self) -> bool {
        matches!(self, Self::Scattered | Self::Micro)
    }
}

coded! {
    /// How a case began.
    CaseKind {
        /// 前置服务: from a lead, before any application.
        PreService = "pre_service",
        /// 用气需求
        Demand = "demand",
        /// 报装申请
        Application = "application",
    }
}

coded! {
    /// Through which channel something reached the company (domain e.5).
    Channel {
        /// 蓝天燃气微信公众号
        WechatOa = "wechat_oa",
        /// 政务服务网
        GovPortal = "gov_portal",
        /// 咱的新郑APP
        Zaidexinzheng = "zaidexinzheng_app",
        /// 新郑蓝天APP
        LantianApp = "lantian_app",
        /// 燃气营业厅
        BusinessHall = "business_hall",
        /// 24小时客户服务热线
        Hotline = "hotline",
        /// 上门服务
        OnSite = "on_site",
        /// 行政服务大厅窗口
        GovHall = "gov_hall",
        /// 前置转化
        Lead = "lead",
    }
}

coded! {
    /// How a case was accepted.
    AcceptanceMode {
        /// 齐全受理
        Full = "full",
        /// 容缺受理
        Tolerant = "tolerant",
        /// 前置服务
        PreService = "pre_service",
    }
}

coded! {
    /// The states of a case (domain c.2). A draft is on its device only.
    CaseState {
        /// 待受理
        Submitted = "submitted",
        /// 已受理
        Accepted = "accepted",
        /// 压力核查中
        PressureChecking = "pressure_checking",
        /// 压力不满足
        PressureBlocked = "pressure_blocked",
        /// 勘察设计中
        SurveyDesign = "survey_design",
        /// 设计预算已出具
        Designed = "designed",
        /// 费用对接中
        FeeNegotiating = "fee_negotiating",
        /// 费用已核定
        FeeConfirmed = "fee_confirmed",
        /// 工程部已接收
        EngineeringReceived = "engineering_received",
        /// 施工准备
        ConstructionPreparing = "construction_preparing",
        /// 施工中
        Constructing = "constructing",
        /// 安装完成
        Installed = "installed",
        /// 已申请通气
        GasOnApplied = "gas_on_applied",
        /// 验收中
        AcceptanceTesting = "acceptance_testing",
        /// 验收整改中
        Rectifying = "rectifying",
        /// 已通气
        GasOn = "gas_on",
        /// 已归档
        Archived = "archived",
        /// 不予受理
        NotAccepted = "not_accepted",
        /// 用户撤回
        Withdrawn = "withdrawn",
        /// 终止
        Terminated = "terminated",
        /// 并单
        Merged = "merged",
    }
}

impl CaseState {
    /// Whether work goes on.
    pub fn is_active(self) -> bool {
        self < Self::GasOn
    }

    /// Whether nothing more can happen but the filing of papers.
    pub fn is_ended(self) -> bool {
        matches!(
            self,
            Self::Archived | Self::NotAccepted | Self::Withdrawn | Self::Terminated | Self::Merged
        )
    }
}

/// A connection case, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Case {
    /// Its identity.
    pub id: RecordId,
    /// How many events it has taken.
    #[serde(default)]
    pub version: u64,
    /// The number that people say; a temporary one until the server gave its own.
    pub no: String,
    /// How it began.
    pub kind: CaseKind,
    /// Through which channel.
    pub channel: Channel,
    /// The channel's own number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_serial: Option<String>,
    /// The kind of user.
    pub segment: Segment,
    /// Where it stands.
    pub state: CaseState,
    /// The policy version it began under.
    pub policy: String,
    /// 挂起, an overlay on the state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended: Option<Suspension>,
    /// The one responsible customer manager (SOD-7).
    pub manager: UserId,
    /// Who was responsible when.
    pub assignments: Vec<Assignment>,
    /// The lead that it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<RecordId>,
    /// Applicant and premises.
    pub basic: Basic,
    /// Submission and acceptance.
    pub intake: Intake,
    /// What papers are there, owed, missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<MaterialItem>,
    /// Contacts with the user.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<ContactAttempt>,
    /// 压力核查
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pressure: Option<Pressure>,
    /// 现场勘察
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub survey: Option<Box<Survey>>,
    /// 施工图, every version.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub designs: Vec<Design>,
    /// 造价预算, every version.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub budgets: Vec<Budget>,
    /// 费用对接
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub negotiation: Option<Negotiation>,
    /// 费用确认, every one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confirmations: Vec<FeeConfirmation>,
    /// 合同与付款
    #[serde(default)]
    pub contracts: Contracts,
    /// 许可代办
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permits: Vec<Permit>,
    /// 工程移交
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engineering: Option<Engineering>,
    /// 施工
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub construction: Option<Construction>,
    /// 通气
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gas: Option<GasOn>,
    /// 验收, every attempt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acceptances: Vec<RecordAcceptance>,
    /// The surviving case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<RecordId>,
    /// Why it ended early.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_because: Option<String>,
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

impl Case {
    /// The drawing in force.
    pub fn design(&self) -> Option<&Design> {
        self.designs.last()
    }

    /// The budget in force.
    pub fn budget(&self) -> Option<&Budget> {
        self.budgets.last()
    }

    /// The fee confirmation in force.
    pub fn confirmation(&self) -> Option<&FeeConfirmation> {
        self.confirmations.last().filter(|confirmation| confirmation.voided_at.is_none())
    }

    /// Whether the user is one of the four-zero service.
    pub fn four_zero(&self) -> bool {
        self.basic.investment_promotion || self.basic.is_private_sme()
    }

    /// The attachment with this id.
    pub fn file(&self, id: FileId) -> Option<&FileRef> {
        self.files.iter().find(|file| file.id == id)
    }
}
