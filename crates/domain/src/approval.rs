//! What one person proposes and another decides (SOD-1, SOD-5, domain c.2).
//!
//! A proposal keeps the whole command; the decision judges it again and lets
//! its events happen, in the name of the one who proposed and with both
//! instants kept.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each part answers for its own events and commands; the rest is not its affair"
)]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    command::{Command, CommandName},
    ids::UserId,
    refusal::{Code, Refusal, require},
    role::Role,
    time::Instant,
};

/// A proposal that waits for a decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Approval {
    /// Number within the record, from 1.
    pub no: u32,
    /// What is proposed.
    pub command: Command,
    /// By whom.
    pub by: UserId,
    /// When it was proposed: the instant that stops a clock, if it does.
    pub at: Instant,
    /// Whose word it needs.
    pub needs: Role,
    /// The decision, once it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<Decided>,
}

/// A decision on a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decided {
    /// The proposal's number.
    pub no: u32,
    /// Whether it may happen.
    pub approve: bool,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Instant,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Decides on a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decide {
    /// The proposal's number within the record.
    pub no: u32,
    /// Whether it may happen.
    pub approve: bool,
    /// Why; needed for a no.
    #[serde(default)]
    #[schemars(extend("x-widget" = "text"))]
    pub note: Option<String>,
}

impl Decide {
    /// The open proposal that the decision is on, if this person may decide.
    pub(crate) fn open<'a>(
        &self,
        approvals: &'a [Approval],
        actor: &crate::context::Actor,
    ) -> Result<&'a Approval, Refusal> {
        let found = approvals
            .iter()
            .find(|approval| approval.no == self.no && approval.decided.is_none())
            .ok_or_else(|| Refusal::field("no", "no such open proposal"))?;
        require(actor.is(found.needs), || {
            Refusal::new(Code::Role).with("needs", found.needs.as_str())
        })?;
        require(found.by != actor.user, || {
            Refusal::new(Code::Sod).with("rule", "proposer≠decider")
        })?;
        require(self.approve || self.note.as_ref().is_some_and(|n| !n.trim().is_empty()), || {
            Refusal::field("note", "a refusal needs its reason")
        })?;
        Ok(found)
    }
}

/// Whose word `command` needs when a person with other roles gives it.
pub fn approver(command: CommandName, construction_started: bool) -> Option<Role> {
    match command {
        CommandName::Terminate if construction_started => Some(Role::Leader),
        CommandName::MarkUnreachable
        | CommandName::CloseLead
        | CommandName::NotAccept
        | CommandName::Suspend
        | CommandName::Resume
        | CommandName::CorrectRecord
        | CommandName::WaiveMaterial
        | CommandName::ReportFalsePaper
        | CommandName::Terminate => Some(Role::CmLead),
        CommandName::IssueDesign | CommandName::IssueBudget | CommandName::SettleQuantities => {
            Some(Role::TechLead)
        }
        CommandName::AllowOutsideCost => Some(Role::Leader),
        CommandName::CompleteInstallation => Some(Role::EngDispatcher),
        CommandName::PlanLedgerItem => Some(Role::ServiceLead),
        CommandName::PublishPolicy | CommandName::PublishCalendar | CommandName::NameDepartment => {
            Some(Role::SecAdmin)
        }
        _ => None,
    }
}

/// Whether the person who holds the approver's role may do without a second
/// person: closing a lead or refusing a case is the lead's own right, while
/// pauses (SOD-5), drawings (SOD-1) and the like always take two.
pub(crate) fn alone(command: CommandName) -> bool {
    matches!(command, CommandName::CloseLead | CommandName::NotAccept | CommandName::Terminate)
}
