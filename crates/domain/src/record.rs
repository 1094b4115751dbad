//! Records: the aggregates that the company keeps, and what they share.
//!
//! A further kind of record that people work on is a room of its own with an
//! `impl Work` ([`crate::work`]) and one line in the table `kinds!`.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    applicant::Applicant,
    approval::Approval,
    assessment::Assessment,
    calendar::Calendar,
    case::{
        Case, acceptance::TestRules, budget::CostRules, four_zero::Pilots, permit::PermitRules,
        sharing::Sharing,
    },
    clock::Clock,
    complaint::Complaint,
    escalation::Department,
    file::FileRef,
    ids::{RecordId, UserId},
    inspection::Inspection,
    lead::Lead,
    ledger::LedgerItem,
    notice::Notice,
    policy::Policy,
    price::PriceBook,
    privacy::{register::PiRegister, request::PiRequest},
    proposal::Proposal,
    rating::Rating,
    reference::PolicyRead,
    role::{OrgUnit, Role},
    technique::TechniqueRules,
    time::Date,
    visit::{Visit, VisitMonth},
    watch::Watch,
    work::Work,
};

macro_rules! kinds {
    (
        work { $($(#[$doc:meta])* $work:ident = $work_code:literal,)+ }
        reference { $($(#[$ref_doc:meta])* $reference:ident = $ref_code:literal,)+ }
    ) => {
        /// The kinds of records.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            JsonSchema,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum RecordKind {
            $($(#[$doc])* $work,)+
            $($(#[$ref_doc])* $reference,)+
        }

        impl RecordKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$work,)+ $(Self::$reference,)+];

            /// The kinds that people work on: they have a state, clocks, a trail.
            pub const WORK: &'static [Self] = &[$(Self::$work,)+];

            /// The code as stored.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$work => $work_code,)+
                    $(Self::$reference => $ref_code,)+
                }
            }
        }

        /// One aggregate, whole.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Record {
            $($(#[$doc])* $work(Box<$work>),)+
            $($(#[$ref_doc])* $reference(Box<$reference>),)+
        }

        impl Record {
            /// Its identity.
            pub fn id(&self) -> RecordId {
                match self {
                    $(Self::$work(one) => one.id,)+
                    $(Self::$reference(one) => one.id,)+
                }
            }

            /// Its kind.
            pub fn kind(&self) -> RecordKind {
                match self {
                    $(Self::$work(_) => RecordKind::$work,)+
                    $(Self::$reference(_) => RecordKind::$reference,)+
                }
            }

            /// How many events it has taken.
            pub fn version(&self) -> u64 {
                match self {
                    $(Self::$work(one) => one.version,)+
                    $(Self::$reference(one) => one.version,)+
                }
            }

            /// The record as something that people work on.
            pub(crate) fn work(&self) -> Option<&dyn Work> {
                match self {
                    $(Self::$work(one) => Some(&**one),)+
                    $(Self::$reference(_) => None,)+
                }
            }

            /// The record as something that people work on.
            pub(crate) fn work_mut(&mut self) -> Option<&mut dyn Work> {
                match self {
                    $(Self::$work(one) => Some(&mut **one),)+
                    $(Self::$reference(_) => None,)+
                }
            }
        }
    };
}

kinds! {
    work {
        /// 前期项目线索
        Lead = "lead",
        /// 报装工单
        Case = "case",
        /// 每日关注
        Watch = "watch",
        /// 提醒与督办
        Notice = "notice",
        /// 月度回访计划
        VisitMonth = "visit_month",
        /// 回访
        Visit = "visit",
        /// 回访台账
        LedgerItem = "ledger_item",
        /// 投诉
        Complaint = "complaint",
        /// 好差评
        Rating = "rating",
        /// 待确认的工作
        Proposal = "proposal",
        /// 督导检查
        Inspection = "inspection",
        /// 考核
        Assessment = "assessment",
        /// 个人信息请求
        PiRequest = "pi_request",
        /// 个人信息保护台账
        PiRegister = "pi_register",
        /// 申请人容缺信用
        Applicant = "applicant",
    }
    reference {
        /// A colleague: directory entry.
        Person = "person",
        /// Policy, calendar, prices.
        Rules = "rules",
    }
}

impl RecordKind {
    /// The kind with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == code)
    }
}

impl Record {
    /// Its clocks, running and ended.
    pub fn clocks(&self) -> &[Clock] {
        self.work().map_or(&[], |work| work.head().clocks)
    }

    /// The attachments that it names.
    pub fn files(&self) -> &[FileRef] {
        self.work().map_or(&[], |work| work.head().files)
    }

    /// The code of its state, for those that have one.
    pub fn state(&self) -> Option<&'static str> {
        self.work().map(|work| work.head().state)
    }

    /// Its trail, oldest first.
    pub fn trail(&self) -> &[TrailEntry] {
        self.work().map_or(&[], |work| work.head().trail)
    }

    /// What was proposed on it, decided or not.
    pub fn approvals(&self) -> &[Approval] {
        if let Self::Rules(rules) = self {
            return &rules.approvals;
        }
        self.work().map_or(&[], |work| work.head().approvals)
    }

    /// The records that it hangs on. A command on it is judged with them, lent
    /// by the company whatever the actor may see: a visit counts for its
    /// month. A tablet that does not hold them judges without.
    pub fn related(&self) -> Vec<RecordId> {
        self.work().map_or_else(Vec::new, Work::related)
    }

    /// The record that it became or was merged into, and that names its files.
    pub fn became(&self) -> Option<RecordId> {
        self.work().and_then(Work::became)
    }
}

/// A line of the time line that every reader of the record sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TrailEntry {
    /// The instant that counts.
    pub at: crate::time::Instant,
    /// The instant that the device claimed, where another one counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed: Option<crate::time::Instant>,
    /// Who.
    pub by: UserId,
    /// On which device.
    pub device: crate::ids::DeviceId,
    /// The event's type.
    pub did: String,
    /// A word of explanation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A directory entry: a colleague as everybody in the company sees one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Person {
    /// The same number as the person's user id.
    pub id: RecordId,
    /// How many events it has taken.
    #[serde(default)]
    pub version: u64,
    /// Login name.
    pub login: String,
    /// Name.
    pub name: String,
    /// Roles held.
    pub roles: BTreeSet<Role>,
    /// Department or company.
    pub org: OrgUnit,
    /// Whether the account is in use.
    pub active: bool,
    /// The version of the plan that the person has confirmed to have read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_read: Option<PolicyRead>,
}

impl Person {
    /// The person's user id.
    pub fn user(&self) -> UserId {
        UserId(self.id.0)
    }
}

/// The company's rules as data: policy, working calendar, prices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rules {
    /// Always [`Rules::ID`].
    pub id: RecordId,
    /// How many events it has taken.
    #[serde(default)]
    pub version: u64,
    /// Deadlines, clauses, escalation.
    pub policy: Policy,
    /// The working calendar.
    pub calendar: Calendar,
    /// Published prices.
    pub prices: PriceBook,
    /// What acceptance tests must reach.
    #[serde(default)]
    pub tests: TestRules,
    /// What permits need, and when nobody digs.
    #[serde(default)]
    pub permits: PermitRules,
    /// Who becomes responsible for a demand that came without a manager.
    #[serde(default)]
    pub sharing: Sharing,
    /// The versions that clocks were started under before, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Policy>,
    /// Who leads a department and who is its first responsible person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub departments: Vec<Department>,
    /// What one administrator proposed and another decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approval>,
    /// What the company tries out.
    #[serde(default)]
    pub pilots: Pilots,
    /// Forbidden fees, tax rates and limits of cost.
    #[serde(default)]
    pub cost: CostRules,
    /// The tables of the technical computations.
    #[serde(default)]
    pub technique: TechniqueRules,
}

impl Rules {
    /// The identity of the one rules record.
    pub const ID: RecordId = RecordId(Uuid::from_u128(0x6c61_6e74_6961_6e00_8000_7275_6c65_7300));

    /// The company's rules as first issued, with no prices.
    pub fn seed() -> Self {
        Self {
            id: Self::ID,
            version: 0,
            policy: Policy::seed(),
            calendar: Calendar::official(),
            prices: PriceBook::default(),
            tests: TestRules::default(),
            permits: PermitRules::default(),
            sharing: Sharing::default(),
            earlier: Vec::new(),
            departments: Vec::new(),
            approvals: Vec::new(),
            pilots: Pilots::default(),
            cost: CostRules::default(),
            technique: TechniqueRules::default(),
        }
    }

    /// The policy in force on a day; before the first one, the first.
    pub fn policy_on(&self, day: Date) -> &Policy {
        let versions = || self.earlier.iter().chain([&self.policy]);
        let known = versions().rev().find(|policy| policy.effective <= day);
        known.or_else(|| versions().next()).unwrap_or(&self.policy)
    }

    /// The policy with this label, which a running clock keeps; the one
    /// in force when the label is unknown.
    pub fn policy_of(&self, label: &str) -> &Policy {
        self.earlier.iter().find(|policy| policy.label() == label).unwrap_or(&self.policy)
    }
}
