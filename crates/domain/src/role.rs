//! Roles, departments, and who may give which command (domain b.1, b.2).
//!
//! One table, asked by server and tablet alike.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::command::CommandName as C;

/// What a person does in the company (domain b.1).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 行政服务大厅业务人员
    HallClerk,
    /// 营业厅受理员
    CounterClerk,
    /// 24小时热线坐席
    HotlineAgent,
    /// 客户经理
    CustomerManager,
    /// 市场开发部负责人
    CmLead,
    /// 勘察员
    Surveyor,
    /// 设计员
    Designer,
    /// 造价员
    Estimator,
    /// 技术部负责人
    TechLead,
    /// 工程部调度
    EngDispatcher,
    /// 工程部负责人
    EngLead,
    /// 施工单位负责人
    ContractorLead,
    /// 监理
    SiteSupervisor,
    /// 验收员
    AcceptanceInspector,
    /// 通气点火员
    IgnitionOperator,
    /// 代办专员
    PermitAgent,
    /// 回访员
    VisitAgent,
    /// 客户服务部负责人
    ServiceLead,
    /// 财务
    FinanceClerk,
    /// 档案员
    Archivist,
    /// 督查员
    Inspector,
    /// 考核负责人
    Assessor,
    /// 公司领导
    Leader,
    /// 系统管理员
    SysAdmin,
    /// 安全管理员
    SecAdmin,
    /// 审计管理员
    AuditAdmin,
    /// 接口账户
    Integration,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 27] = [
        Self::HallClerk,
        Self::CounterClerk,
        Self::HotlineAgent,
        Self::CustomerManager,
        Self::CmLead,
        Self::Surveyor,
        Self::Designer,
        Self::Estimator,
        Self::TechLead,
        Self::EngDispatcher,
        Self::EngLead,
        Self::ContractorLead,
        Self::SiteSupervisor,
        Self::AcceptanceInspector,
        Self::IgnitionOperator,
        Self::PermitAgent,
        Self::VisitAgent,
        Self::ServiceLead,
        Self::FinanceClerk,
        Self::Archivist,
        Self::Inspector,
        Self::Assessor,
        Self::Leader,
        Self::SysAdmin,
        Self::SecAdmin,
        Self::AuditAdmin,
        Self::Integration,
    ];

    /// The code as stored and shown to scripts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HallClerk => "hall_clerk",
            Self::CounterClerk => "counter_clerk",
            Self::HotlineAgent => "hotline_agent",
            Self::CustomerManager => "customer_manager",
            Self::CmLead => "cm_lead",
            Self::Surveyor => "surveyor",
            Self::Designer => "designer",
            Self::Estimator => "estimator",
            Self::TechLead => "tech_lead",
            Self::EngDispatcher => "eng_dispatcher",
            Self::EngLead => "eng_lead",
            Self::ContractorLead => "contractor_lead",
            Self::SiteSupervisor => "site_supervisor",
            Self::AcceptanceInspector => "acceptance_inspector",
            Self::IgnitionOperator => "ignition_operator",
            Self::PermitAgent => "permit_agent",
            Self::VisitAgent => "visit_agent",
            Self::ServiceLead => "service_lead",
            Self::FinanceClerk => "finance_clerk",
            Self::Archivist => "archivist",
            Self::Inspector => "inspector",
            Self::Assessor => "assessor",
            Self::Leader => "leader",
            Self::SysAdmin => "sys_admin",
            Self::SecAdmin => "sec_admin",
            Self::AuditAdmin => "audit_admin",
            Self::Integration => "integration",
        }
    }

    /// The role with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == code)
    }

    /// Whether the role administers the system (SOD-6: nobody holds two).
    pub fn is_administrator(self) -> bool {
        matches!(self, Self::SysAdmin | Self::SecAdmin | Self::AuditAdmin)
    }
}

/// Every role that a person can hold.
pub const PEOPLE: &[Role] = Role::ALL.split_at(26).0;

/// The department or company that a person belongs to.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum OrgUnit {
    /// 市场开发部
    MarketDept,
    /// 技术部
    TechDept,
    /// 工程部
    EngDept,
    /// 客户服务部
    ServiceDept,
    /// 施工单位
    Contractor,
    /// 行政服务大厅
    GovHall,
    /// 财务
    Finance,
    /// 办公室、督查、领导
    Office,
    /// 信息
    It,
    /// Outside systems.
    External,
}

impl OrgUnit {
    /// Every department.
    pub const ALL: [Self; 10] = [
        Self::MarketDept,
        Self::TechDept,
        Self::EngDept,
        Self::ServiceDept,
        Self::Contractor,
        Self::GovHall,
        Self::Finance,
        Self::Office,
        Self::It,
        Self::External,
    ];

    /// The code as stored and as the policy writes it.
    #[expect(clippy::use_self, reason = "a table of its own, beside that of the roles")]
    pub fn as_str(self) -> &'static str {
        match self {
            OrgUnit::MarketDept => "market_dept",
            OrgUnit::TechDept => "tech_dept",
            OrgUnit::EngDept => "eng_dept",
            OrgUnit::ServiceDept => "service_dept",
            OrgUnit::Contractor => "contractor",
            OrgUnit::GovHall => "gov_hall",
            OrgUnit::Finance => "finance",
            OrgUnit::Office => "office",
            OrgUnit::It => "it",
            OrgUnit::External => "external",
        }
    }

    /// The department with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|org| org.as_str() == code)
    }
}

/// Whether `role` may give `command` at all (domain b.2); state, scope and
/// separation of duty are judged besides.
pub fn may(role: Role, command: C) -> bool {
    givers(command).contains(&role)
}

/// Whether one of `roles` may give `command`.
pub fn any_may(roles: &BTreeSet<Role>, command: C) -> bool {
    givers(command).iter().any(|role| roles.contains(role))
}

/// The roles that may give `command`, in the words of domain b.2 and the
/// command tables c.1 and c.2. `counter_clerk` holds every right of a
/// `customer_manager`.
// tidy: allow-length — a table: one arm per command
#[expect(clippy::match_same_arms, reason = "a table in the order of the procedure")]
pub fn givers(command: C) -> &'static [Role] {
    use Role::{
        AcceptanceInspector, Archivist, Assessor, CmLead, ContractorLead, CounterClerk,
        CustomerManager, Designer, EngDispatcher, EngLead, Estimator, FinanceClerk, HallClerk,
        HotlineAgent, IgnitionOperator, Inspector, Integration, Leader, PermitAgent, SecAdmin,
        ServiceLead, SiteSupervisor, Surveyor, SysAdmin, TechLead, VisitAgent,
    };
    const MANAGERS: &[Role] = &[CustomerManager, CounterClerk];
    const LEDGER: &[Role] = &[
        CustomerManager,
        CounterClerk,
        HotlineAgent,
        HallClerk,
        Surveyor,
        Designer,
        Estimator,
        TechLead,
        EngDispatcher,
        EngLead,
        AcceptanceInspector,
        IgnitionOperator,
        PermitAgent,
        VisitAgent,
        ServiceLead,
        CmLead,
    ];
    const MANAGERS_AND_LEAD: &[Role] = &[CustomerManager, CounterClerk, CmLead];
    match command {
        C::ReceivePush | C::CheckFeed => &[HallClerk, Integration],
        C::HandOverLead => &[HallClerk, CmLead, Integration],
        C::ReassignLead | C::ReopenLead | C::MergeCases | C::AllowOutsideCost => &[CmLead],
        // The interface account gives a demand its first manager, by rule.
        C::AssignManager => &[CmLead, Integration],
        C::RecordContactAttempt
        | C::MarkUnreachable
        | C::ConvertLead
        | C::AcceptCase
        | C::AcceptTolerant
        | C::StartFeeNegotiation
        | C::SettleFee
        | C::FeeDispute
        | C::SignContract
        | C::HandToEngineering
        | C::UpdateBasic => MANAGERS,
        C::CloseLead | C::NotAccept | C::PushToTech | C::Withdraw | C::Terminate => {
            MANAGERS_AND_LEAD
        }
        C::SubmitDemand => {
            &[CustomerManager, CounterClerk, HotlineAgent, HallClerk, CmLead, Integration]
        }
        C::AddOwed | C::ReportFalsePaper => MANAGERS,
        C::WaiveMaterial | C::RecordTrip => MANAGERS_AND_LEAD,
        C::ExtendMaterial | C::DecideOverdue => &[CmLead],
        C::RemindMaterial => &[Integration],
        C::RecordPreService => {
            &[CustomerManager, CounterClerk, Surveyor, SiteSupervisor, AcceptanceInspector]
        }
        C::ReceiveMaterial | C::VerifyMaterial | C::RejectMaterial => {
            &[CustomerManager, CounterClerk, PermitAgent]
        }
        C::RecordPressureCheck => &[TechLead],
        C::CompleteSurvey => &[Surveyor],
        C::IssueDesign => &[Designer],
        C::IssueBudget | C::SettleQuantities => &[Estimator],
        C::NoteBlockedFee => &[Estimator, CustomerManager, CounterClerk],
        C::PublishPrices => &[SysAdmin, Leader],
        C::DraftPermit
        | C::DismissPermit
        | C::FilePermit
        | C::RecordPermitAnswer
        | C::GroupPermits => &[CustomerManager, CounterClerk, PermitAgent, EngDispatcher],
        C::RecordPermitStep => {
            &[CustomerManager, CounterClerk, PermitAgent, EngDispatcher, Integration]
        }
        C::MeetPermitCondition => &[ContractorLead, EngDispatcher, PermitAgent],
        C::AgreeProxy | C::EndProxy => MANAGERS,
        C::SignPower | C::RevokePower => &[CustomerManager, CounterClerk, PermitAgent],
        C::RecordPayment => &[FinanceClerk],
        C::ArrangeContractor | C::ConfirmSite | C::ScheduleGas => &[EngDispatcher],
        C::StartConstruction => &[ContractorLead, EngDispatcher],
        C::ReportProgress | C::CompleteInstallation => &[ContractorLead],
        C::SubmitGasOn => &[CustomerManager, CounterClerk, HotlineAgent, Integration],
        C::ReportAcceptance => &[EngLead, EngDispatcher],
        C::StartAcceptance | C::RecordAcceptance => &[AcceptanceInspector],
        C::TurnGasOn | C::RecordNotIgnited => &[IgnitionOperator],
        C::Suspend | C::ScheduleProject => &[CustomerManager, CounterClerk, EngDispatcher],
        C::Resume => &[CustomerManager, CounterClerk, EngDispatcher, CmLead],
        C::OpenFeedDay | C::RaiseNotice | C::NoteBreaches | C::RecountClocks | C::EraseData => {
            &[Integration]
        }
        C::Unmask => &[
            CustomerManager,
            CounterClerk,
            HotlineAgent,
            PermitAgent,
            VisitAgent,
            ServiceLead,
            CmLead,
            Inspector,
            Assessor,
            Leader,
        ],
        C::ReceivePiRequest => {
            &[CustomerManager, CounterClerk, HotlineAgent, HallClerk, ServiceLead]
        }
        C::AnswerPiRequest => &[ServiceLead, SecAdmin],
        C::FileAssessment | C::RecordBreach | C::CloseBreach => &[SecAdmin],
        C::ReadNotice
        | C::ConfirmPolicy
        | C::RectifyFinding
        | C::AppealAssessment
        | C::OfferWork
        | C::SettleProposal => PEOPLE,
        C::DrawSample => &[Integration],
        C::PlanInspection
        | C::ExecuteInspection
        | C::IssueFindings
        | C::VerifyFinding
        | C::CloseInspection
        | C::DraftAssessment
        | C::ProposePenalty => &[Inspector],
        C::DecideAssessment => &[Assessor],
        C::DecideAppeal => &[Assessor, Leader],
        C::PublishPolicy | C::PublishCalendar | C::NameDepartment => &[SysAdmin],
        C::Archive => &[Archivist],
        C::CommitVisitMonth | C::FreezeVisitMonth | C::WarnVisitMonth | C::EndVisitMonth => {
            &[Integration]
        }
        C::AssignVisit | C::CancelVisit => &[ServiceLead, CmLead],
        C::AllowSelfVisit => &[CmLead],
        C::RecordVisitAttempt | C::CompleteVisit => &[VisitAgent, CustomerManager, CounterClerk],
        C::SortVisit => &[VisitAgent, CustomerManager, CounterClerk, ServiceLead, CmLead],
        C::RegisterLedgerItem | C::StartLedgerItem | C::SolveLedgerItem => LEDGER,
        C::AssignLedgerItem | C::ReopenLedgerItem | C::SplitLedgerItem => {
            &[VisitAgent, HotlineAgent, ServiceLead, CmLead]
        }
        C::CloseLedgerItem => &[VisitAgent, ServiceLead, CmLead],
        C::PlanLedgerItem => &[VisitAgent, CustomerManager, CounterClerk, ServiceLead, CmLead],
        C::FileComplaint => &[
            HotlineAgent,
            CounterClerk,
            CustomerManager,
            HallClerk,
            VisitAgent,
            ServiceLead,
            CmLead,
            Inspector,
            Integration,
        ],
        C::AssignComplaint => &[Inspector, ServiceLead],
        C::AnswerComplaint => &[HotlineAgent, ServiceLead, CmLead, TechLead, EngLead, Inspector],
        C::HandleComplaint => &[ServiceLead, CmLead, TechLead, EngLead],
        C::DecideComplaint => &[Inspector, ServiceLead, CmLead],
        C::AppealComplaint => LEDGER,
        C::ReExamineComplaint => &[Inspector, Assessor],
        C::CloseComplaint => &[Inspector, ServiceLead],
        C::ReceiveRating => &[Integration, HallClerk, ServiceLead],
        C::ContactRating => &[ServiceLead, VisitAgent],
        C::CorrectRecord => &[
            CustomerManager,
            CounterClerk,
            Surveyor,
            ContractorLead,
            AcceptanceInspector,
            IgnitionOperator,
        ],
        C::Decide => &[CmLead, ServiceLead, TechLead, EngDispatcher, EngLead, Leader, SecAdmin],
        C::AttachFile | C::AddNote => &[
            HallClerk,
            CounterClerk,
            HotlineAgent,
            CustomerManager,
            CmLead,
            Surveyor,
            Designer,
            Estimator,
            TechLead,
            EngDispatcher,
            EngLead,
            ContractorLead,
            SiteSupervisor,
            AcceptanceInspector,
            IgnitionOperator,
            PermitAgent,
            FinanceClerk,
            Archivist,
            Integration,
            VisitAgent,
            ServiceLead,
            Inspector,
            Assessor,
            SecAdmin,
        ],
    }
}
