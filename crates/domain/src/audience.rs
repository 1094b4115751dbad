//! Whose scope a record is in: the same data decide what the feed sends and
//! what a tablet holds (domain b.2, "own / dept / all").

use std::collections::BTreeSet;

use crate::{
    case::{Case, CaseState},
    ids::UserId,
    lead::{Lead, LeadState},
    record::Record,
    role::Role,
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
    match record {
        Record::Lead(lead) => of_lead(lead),
        Record::Case(case) => of_case(case),
        Record::Watch(_) => {
            BTreeSet::from([Audience::Role(Role::CmLead), Audience::Role(Role::HallClerk)])
        }
        Record::Person(_) | Record::Rules(_) => BTreeSet::from([Audience::Everyone]),
    }
}

fn of_lead(lead: &Lead) -> BTreeSet<Audience> {
    let mut all = BTreeSet::from([Audience::Role(Role::CmLead)]);
    if lead.state == LeadState::Received || lead.manager.is_none() {
        all.insert(Audience::Role(Role::HallClerk));
    }
    all.extend(lead.manager.map(Audience::User));
    all.extend(waiting(&lead.approvals));
    all
}

fn of_case(case: &Case) -> BTreeSet<Audience> {
    use CaseState as S;
    let mut all = BTreeSet::from([Audience::Role(Role::CmLead), Audience::User(case.manager)]);
    if case.state == S::Submitted
        && let Some(first) = case.trail.first()
    {
        all.insert(Audience::User(first.by));
    }
    if !case.state.is_active() {
        all.insert(Audience::Role(Role::Archivist));
        return all;
    }
    let reached = |state: S| case.state >= state;
    let mut role = |role: Role, wanted: bool| {
        if wanted {
            all.insert(Audience::Role(role));
        }
    };
    role(Role::TechLead, reached(S::PressureChecking));
    for of_tech in [Role::Surveyor, Role::Designer, Role::Estimator] {
        role(of_tech, reached(S::SurveyDesign) && !reached(S::Constructing));
    }
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
fn waiting(approvals: &[crate::approval::Approval]) -> impl Iterator<Item = Audience> {
    approvals
        .iter()
        .filter(|approval| approval.decided.is_none())
        .map(|approval| Audience::Role(approval.needs))
}
