//! What a case is made of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    approval::Approval,
    case::{
        acceptance::RecordAcceptance,
        assignment::Assignment,
        basic::Basic,
        budget::{Budget, CostException},
        construction::Construction,
        contract::Contracts,
        design::Design,
        engineering::Engineering,
        fee::{BlockedFee, FeeConfirmation, Negotiation},
        gas_on::GasOn,
        intake::Intake,
        material::{MaterialItem, Tolerance},
        permit::{ParallelPackage, PermitFiling},
        pre_service::PreService,
        pressure::Pressure,
        proxy::Proxy,
        schedule::Schedule,
        signing::Signing,
        survey::Survey,
        suspension::Suspension,
        user_side::UserSide,
    },
    clock::Clock,
    coded::coded,
    file::FileRef,
    ids::{FileId, RecordId, UserId},
    lead::ContactAttempt,
    record::TrailEntry,
    service::ServiceMark,
    time::Instant,
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

impl Channel {
    /// Whether the user applies without meeting or calling anybody.
    pub fn is_online(self) -> bool {
        matches!(self, Self::WechatOa | Self::GovPortal | Self::Zaidexinzheng | Self::LantianApp)
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

fn yes() -> bool {
    true
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
    /// The one responsible customer manager (SOD-7); [`UserId::NOBODY`] while
    /// the lead of the department has yet to name one: ask [`Case::responsible`].
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
    /// What the applicant was told about them.
    #[serde(default, skip_serializing_if = "Tolerance::is_empty")]
    pub tolerance: Tolerance,
    /// “101”工作模式.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub mode_101: bool,
    /// Began while the four-zero pilot was switched off.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outside_pilot: bool,
    /// What the user had to do.
    #[serde(default)]
    pub user_side: UserSide,
    /// 前置服务.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pre_services: Vec<PreService>,
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
    /// Granted exceptions from zero cost outside the boundary.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cost_exceptions: Vec<CostException>,
    /// Blocked attempts to charge a forbidden fee.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocked_fees: Vec<BlockedFee>,
    /// 合同与付款
    #[serde(default)]
    pub contracts: Contracts,
    /// 工程进度衔接
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// 许可代办
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permits: Vec<PermitFiling>,
    /// 并联审批
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<ParallelPackage>,
    /// 代办与授权
    #[serde(default, skip_serializing_if = "Proxy::is_empty")]
    pub proxy: Proxy,
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
    /// Visits, ledger items, complaints and ratings of the case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub service: Vec<ServiceMark>,
    /// Its signatures, and how far each is completed (P-21).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signings: Vec<Signing>,
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
        self.confirmations.iter().rfind(|confirmation| confirmation.stands())
    }

    /// Whether the user is one of the four-zero service.
    /// A case keeps what the pilot was when it began.
    pub fn four_zero(&self) -> bool {
        let eligible = self.basic.investment_promotion || self.basic.is_private_sme();
        eligible && !self.outside_pilot
    }

    /// When the user himself applied, where the case began with that.
    pub fn applied_at(&self) -> Option<Instant> {
        (self.kind == CaseKind::Application).then_some(self.intake.submitted_at)
    }

    /// D-07 of a user who applied before everything is installed is pending:
    /// it waits for the installation.
    pub fn is_gas_on_pending(&self) -> bool {
        let queued = self.gas.as_ref().is_some_and(|gas| gas.queued.is_some());
        self.state < CaseState::Installed && (queued || self.kind == CaseKind::Application)
    }

    /// The attachment with this id.
    pub fn file(&self, id: FileId) -> Option<&FileRef> {
        self.files.iter().find(|file| file.id == id)
    }
}
