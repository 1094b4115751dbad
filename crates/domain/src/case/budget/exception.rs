//! The one way to charge a line outside the boundary: a legal basis that the
//! lead of the market department proposes and the company's leader grants
//! (H-6 b). For covered cases there is none (H-6 a, R-37).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    approval::Approval,
    case::Case,
    context::Context,
    event::Event,
    ids::UserId,
    refusal::{Code, Refusal, require},
    time::Instant,
};

/// Asks to charge what lies outside the boundary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AllowOutsideCost {
    /// 收费依据: the law or document that allows it, with its number.
    #[schemars(extend("x-widget" = "text"))]
    pub legal_basis: String,
    /// Why this case needs it.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
}

/// A granted exception.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CostException {
    /// 收费依据; a line that is charged on it names exactly this text.
    pub legal_basis: String,
    /// Why.
    pub reason: String,
    /// Who proposed it.
    pub proposed_by: UserId,
    /// Who granted it.
    pub granted_by: UserId,
    /// When.
    pub at: Instant,
}

impl Case {
    /// Whether no exception exists: the four-zero service, and projects whose
    /// infrastructure fee covers the works outside.
    pub fn is_covered(&self) -> bool {
        self.four_zero() || self.basic.infrastructure_fee
    }

    /// The granted exception with this legal basis.
    pub fn exception(&self, legal_basis: &str) -> Option<&CostException> {
        self.cost_exceptions.iter().find(|one| one.legal_basis == legal_basis)
    }
}

pub(crate) fn allow(
    case: &Case,
    asked: &AllowOutsideCost,
    proposal: Option<&Approval>,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(!case.is_covered(), || {
        Refusal::new(Code::ZeroCost).with("rule", "R-37").with("override", "none")
    })?;
    for (field, text) in [("legal_basis", &asked.legal_basis), ("reason", &asked.reason)] {
        require(!text.trim().is_empty(), || Refusal::field(field, "missing"))?;
    }
    require(case.exception(&asked.legal_basis).is_none(), || {
        Refusal::new(Code::Duplicate).with("legal_basis", &asked.legal_basis)
    })?;
    Ok(vec![Event::OutsideCostAllowed(CostException {
        legal_basis: asked.legal_basis.clone(),
        reason: asked.reason.clone(),
        proposed_by: proposal.map_or(cx.actor.user, |proposal| proposal.by),
        granted_by: cx.actor.user,
        at: cx.now,
    })])
}
