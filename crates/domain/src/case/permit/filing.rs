//! A filing as it stands: what is asked for, and what became of it (g.2).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    answer::PermitAnswered,
    commitment::Commitment,
    draft::DraftPermit,
    file::PermitFiled,
    kind::{PermitKind, Procedure},
    state::{AnswerCode, PermitState},
    step::PermitStepped,
};
use crate::{
    case::Case,
    ids::{FileId, FilingId, UserId},
    time::{Date, Instant},
};

/// A filing for a permit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PermitFiling {
    /// Its identity.
    pub id: FilingId,
    /// Number within the case, from 1.
    pub no: u32,
    /// Which permit.
    pub kind: PermitKind,
    /// How it stands.
    pub state: PermitState,
    /// When it was proposed or begun.
    pub since: Instant,
    /// Who works on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<UserId>,
    /// What is asked for.
    pub plan: DraftPermit,
    /// Whether it is approved or only recorded; known once it is filed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub procedure: Option<Procedure>,
    /// How it was filed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filed: Option<PermitFiled>,
    /// When the authority accepted it, or was deemed to have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Instant>,
    /// The last day that the authority promises to decide by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_on: Option<Date>,
    /// What was granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<Grant>,
    /// The paper that proves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Certificate>,
    /// What was committed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment: Option<Commitment>,
    /// The parallel package that it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<u32>,
    /// Every answer of the authority, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<PermitAnswered>,
    /// Every step of ours after the filing, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<PermitStepped>,
    /// Why it is not needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What was granted, and for how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Grant {
    /// When it was decided.
    pub at: Instant,
    /// First day permitted.
    pub from: Date,
    /// Last day permitted.
    pub to: Date,
    /// What is owed after a tolerant grant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub debts: Vec<String>,
}

/// The paper that proves the permit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Certificate {
    /// 许可编号
    pub external_no: String,
    /// When it came.
    pub at: Instant,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileId>,
}

impl PermitFiling {
    /// A filing that begins.
    pub(super) fn new(plan: DraftPermit, state: PermitState, no: u32, since: Instant) -> Self {
        Self {
            id: plan.filing,
            no,
            kind: plan.kind,
            state,
            since,
            agent: None,
            plan,
            procedure: None,
            filed: None,
            accepted_at: None,
            promised_on: None,
            grant: None,
            certificate: None,
            commitment: None,
            package: None,
            answers: Vec::new(),
            steps: Vec::new(),
            note: None,
        }
    }

    /// Whether `day` lies in the permitted time.
    pub fn permits(&self, day: Date) -> bool {
        self.grant.as_ref().is_some_and(|grant| grant.from <= day && day <= grant.to)
    }

    /// The last day to have restored what was dug: the date agreed for it,
    /// else the end of the permit.
    pub fn restore_by(&self) -> Option<Date> {
        self.plan.restoration_due.or(self.grant.as_ref().map(|grant| grant.to))
    }

    /// When the authority last had all papers: the filing, or the end of the
    /// correction that it asked for.
    pub fn handed_in_at(&self) -> Option<Instant> {
        let corrected = self.answers.iter().rev().find(|one| one.code == AnswerCode::Corrected);
        corrected.map(|one| one.at).max(self.filed.as_ref().map(|filed| filed.at))
    }

    /// When the use began.
    pub fn used_from(&self) -> Option<Instant> {
        let begun = |step: &&PermitStepped| step.step == super::PermitStep::UseBegun;
        self.steps.iter().find(begun).map(|step| step.at)
    }
}

impl Case {
    /// The filing with this id.
    pub fn filing(&self, id: FilingId) -> Option<&PermitFiling> {
        self.permits.iter().find(|filing| filing.id == id)
    }

    /// Whether another filing took the place of this one.
    pub(super) fn is_replaced(&self, id: FilingId) -> bool {
        let by = |filing: &&PermitFiling| filing.plan.replaces == Some(id);
        self.permits.iter().any(|filing| by(&filing) && filing.state != PermitState::NotNeeded)
    }
}
