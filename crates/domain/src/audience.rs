//! Whose scope a record is in: the same data decide what the feed sends and
//! what a tablet holds (domain b.2, "own / dept / all").

use std::collections::BTreeSet;

use crate::{
    case::{self, Case, CaseState, acceptance},
    ids::UserId,
    lead::{Lead, LeadState},
    record::Record,
    role::Role,
    work::Work,
};

/// The division code of the city (GB/T 2260): 新郑市.
pub const OUR_REGION: &str = "410184";

/// Who holds a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Everybody of the company.
    Everyone,
    /// Everybody with a role.
    Role(Role),
    /// One person.
    User(UserId),
}

impl Audience {
    /// The key as stored: `*`, `r:cm_lead`, `u:<uuid>`.
    pub fn key(&self) -> String {
        match self {
            Self::Everyone => "*".to_owned(),
            Self::Role(role) => format!("r:{}", role.as_str()),
            Self::User(user) => format!("u:{user}"),
        }
    }
}

/// Whose scope `record` is in.
pub fn audience(record: &Record) -> BTreeSet<Audience> {
    record.work().map_or_else(|| BTreeSet::from([Audience::Everyone]), Work::audience)
}

pub(crate) fn of_lead(lead: &Lead) -> BTreeSet<Audience> {
    let mut all = BTreeSet::from([Role::CmLead, Role::Inspector].map(Audience::Role));
    if lead.state == LeadState::Received || lead.manager.is_none() {
        all.insert(Audience::Role(Role::HallClerk));
    }
    all.extend(lead.manager.map(Audience::User));
    all.extend(waiting(&lead.approvals));
    all
}

pub(crate) fn of_case(case: &Case) -> BTreeSet<Audience> {
    use CaseState as S;
    let mut all = BTreeSet::from([Role::CmLead, Role::Inspector].map(Audience::Role));
    all.extend(case.responsible().map(Audience::User));
    if case.state == S::Submitted
        && let Some(first) = case.trail.first()
    {
        all.insert(Audience::User(first.by));
    }
    // A filing is followed to its end, be it after the gas burns.
    if case.permits.iter().any(|filing| filing.state.is_open()) {
        all.insert(Audience::Role(Role::PermitAgent));
    }
    if acceptance::owes_report(case) {
        all.extend([Role::EngLead, Role::EngDispatcher].map(Audience::Role));
    }
    if !case.state.is_active() {
        all.insert(Audience::Role(Role::Archivist));
        if case::contract::money_open(case) {
            all.insert(Audience::Role(Role::FinanceClerk));
        }
        return all;
    }
    let reached = |state: S| case.state >= state;
    let mut role = |role: Role, wanted: bool| {
        if wanted {
            all.insert(Audience::Role(role));
        }
    };
    role(Role::TechLead, reached(S::PressureChecking));
    role(Role::Surveyor, reached(S::SurveyDesign) && !reached(S::Constructing));
    // A change during construction is drawn and priced; quantities are settled.
    role(Role::Designer, reached(S::SurveyDesign) && !reached(S::Installed));
    role(Role::Estimator, reached(S::SurveyDesign));
    role(Role::FinanceClerk, reached(S::FeeConfirmed));
    role(Role::EngDispatcher, reached(S::FeeConfirmed));
    role(Role::EngLead, reached(S::FeeConfirmed));
    role(Role::PermitAgent, reached(S::FeeConfirmed) && !reached(S::Installed));
    role(Role::AcceptanceInspector, reached(S::Installed));
    role(Role::IgnitionOperator, reached(S::GasOnApplied));
    if let Some(construction) = &case.construction {
        all.insert(Audience::User(construction.order.lead));
        all.extend(construction.order.supervisor.map(Audience::User));
    }
    all.extend(waiting(&case.approvals));
    all
}

/// The roles whose word is waited for.
pub(crate) fn waiting(approvals: &[crate::approval::Approval]) -> impl Iterator<Item = Audience> {
    approvals
        .iter()
        .filter(|approval| approval.decided.is_none())
        .map(|approval| Audience::Role(approval.needs))
}
