//! Permits: the filings of a case, and the list of all that are open.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use lantian_domain::{
    case::permit::{
        PermitApplicant, PermitClock, PermitKind, PermitState, PermitWarning, Procedure,
    },
    command::CommandName,
    ids::{FilingId, RecordId},
    time::{Date, Instant},
};

use super::{
    card::{PersonRef, SyncState},
    record::ClockView,
};

/// A filing on the page of its case.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct PermitView {
    /// Which filing.
    pub filing: FilingId,
    /// Number within the case.
    pub no: u32,
    /// Which permit.
    pub kind: PermitKind,
    /// How it stands.
    pub state: PermitState,
    /// In whose name.
    pub applicant: PermitApplicant,
    /// Who decides.
    pub authority: String,
    /// Approved or only recorded, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub procedure: Option<Procedure>,
    /// Whether construction waits for it.
    pub blocking: bool,
    /// What its most urgent clock measures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<PermitClock>,
    /// Its most urgent clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<ClockView>,
    /// The last day that the authority promises to decide by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_on: Option<Date>,
    /// First day permitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permitted_from: Option<Date>,
    /// Last day permitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permitted_to: Option<Date>,
    /// Number of the certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_no: Option<String>,
    /// Fields and papers that it misses before it can be filed.
    pub missing: Vec<String>,
    /// What to beware of.
    pub warnings: Vec<PermitWarning>,
    /// Conditions that were committed to.
    pub conditions: Vec<ConditionView>,
    /// The package that it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<u32>,
    /// What this person can do with it now, the next step first.
    pub next: Vec<CommandName>,
}

/// A condition on construction's checklist.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct ConditionView {
    /// From 1.
    pub no: u32,
    /// What has to hold.
    pub text: String,
    /// Whether it was shown to hold.
    pub met: bool,
}

/// Filings that are decided together.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct PackageView {
    /// Number within the case.
    pub no: u32,
    /// What it is called.
    pub name: String,
    /// Its members.
    pub filings: Vec<FilingId>,
    /// When the last of its members is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Instant>,
}

/// A filing in the list of all open ones.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct PermitCardView {
    /// Its case.
    pub id: RecordId,
    /// Which filing.
    pub filing: FilingId,
    /// Number of the case and of the filing.
    pub no: String,
    /// The applicant or project.
    pub title: String,
    /// The address.
    pub subtitle: String,
    /// Which permit.
    pub kind: PermitKind,
    /// How it stands.
    pub state: PermitState,
    /// When its most urgent clock ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Instant>,
    /// What that clock measures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<PermitClock>,
    /// The customer manager.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<PersonRef>,
    /// Where the case's work stands.
    pub sync_state: SyncState,
}

/// A page of the list of open filings, the most urgent first.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct PermitPage {
    /// The lines.
    pub items: Vec<PermitCardView>,
    /// Where the next page begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// How many lines there are in all.
    pub total: u64,
}
