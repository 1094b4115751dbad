//! Every event of the rulebook: what happened. Events are the audit trail and
//! the only input of the indicators (domain c.4).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    approval::{Approval, Decided},
    case::{
        Case, acceptance, assignment, basic, budget, closing, construction, contract, design,
        engineering, fee, gas_on, intake, material, permit, pressure, survey, suspension,
    },
    clock::Clock,
    command::{AddNote, AttachFile},
    ids::RecordId,
    lead::{self, Lead},
    policy::{PauseReason, RuleId},
    record::{Person, Rules},
    time::Instant,
    watch::{FeedCheck, OpenFeedDay, Watch},
};

macro_rules! events {
    ($($(#[$doc:meta])* $variant:ident($payload:ty) = $text:literal,)*) => {
        /// Something that happened to a record.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(tag = "type", rename_all = "snake_case")]
        pub enum Event {
            $($(#[$doc])* $variant($payload),)*
        }

        impl Event {
            /// The type as stored and shown to scripts.
            pub fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $text,)* }
            }
        }
    };
}

events! {
    /// A lead came in.
    LeadReceived(Box<Lead>) = "lead_received",
    /// The platform sent newer information on a lead.
    LeadUpdated(Box<lead::ReceivePush>) = "lead_updated",
    /// The platform took the project back.
    LeadRetracted(lead::Retracted) = "lead_retracted",
    /// The lead is with a named manager.
    LeadHandedOver(lead::HandOverLead) = "lead_handed_over",
    /// The lead is with another manager.
    LeadReassigned(lead::ReassignLead) = "lead_reassigned",
    /// Somebody tried to reach the user.
    LeadContactAttempted(lead::ContactAttempt) = "lead_contact_attempted",
    /// The user was reached.
    LeadContacted(Empty) = "lead_contacted",
    /// The user cannot be reached.
    LeadUnreachable(lead::MarkUnreachable) = "lead_unreachable",
    /// The lead became a case.
    LeadConverted(lead::Converted) = "lead_converted",
    /// The lead ended without a case.
    LeadClosed(lead::CloseLead) = "lead_closed",
    /// The lead lives again.
    LeadReopened(lead::ReopenLead) = "lead_reopened",

    /// A case began.
    CaseSubmitted(Box<Case>) = "case_submitted",
    /// Basic information changed.
    BasicUpdated(basic::UpdateBasic) = "basic_updated",
    /// Accepted, everything at hand or pre-service.
    CaseAccepted(intake::Accepted) = "case_accepted",
    /// Accepted with owed materials.
    CaseAcceptedTolerant(intake::AcceptedTolerant) = "case_accepted_tolerant",
    /// Not accepted.
    CaseNotAccepted(intake::NotAccept) = "case_not_accepted",
    /// Another manager.
    ManagerAssigned(assignment::AssignManager) = "manager_assigned",
    /// A contact with the user.
    ContactRecorded(lead::ContactAttempt) = "contact_recorded",
    /// A material came in.
    MaterialReceived(material::ReceiveMaterial) = "material_received",
    /// A material is right.
    MaterialVerified(material::VerifyMaterial) = "material_verified",
    /// A material is wrong.
    MaterialRejected(material::RejectMaterial) = "material_rejected",
    /// The last owed material is in.
    MaterialsComplete(Empty) = "materials_complete",
    /// The Technical Dept was asked.
    TechRequested(pressure::PushToTech) = "tech_requested",
    /// The pressure suffices.
    PressureSatisfied(pressure::PressureCheck) = "pressure_satisfied",
    /// The pressure does not suffice.
    PressureNotSatisfied(pressure::PressureCheck) = "pressure_not_satisfied",
    /// The survey is done.
    SurveyCompleted(Box<survey::Survey>) = "survey_completed",
    /// A drawing was issued.
    DesignIssued(design::Design) = "design_issued",
    /// A budget was issued.
    BudgetIssued(budget::Budget) = "budget_issued",
    /// Drawing and budget are with the manager.
    DesignBudgetDelivered(fee::Delivered) = "design_budget_delivered",
    /// The fee talk began.
    FeeNegotiationStarted(fee::StartFeeNegotiation) = "fee_negotiation_started",
    /// The fee is settled.
    FeeSettled(Box<fee::FeeConfirmation>) = "fee_settled",
    /// The signature became void, because what it was given on changed.
    FeeConfirmationVoided(fee::Voided) = "fee_confirmation_voided",
    /// The user disagrees.
    FeeDisputed(fee::FeeDispute) = "fee_disputed",
    /// A contract was signed.
    ContractSigned(Box<contract::SignContract>) = "contract_signed",
    /// A payment or refund.
    PaymentRecorded(contract::RecordPayment) = "payment_recorded",
    /// The state of a permit.
    PermitRecorded(permit::RecordPermit) = "permit_recorded",
    /// Engineering was told.
    EngineeringNotified(engineering::Notified) = "engineering_notified",
    /// The drawing is in the system.
    DrawingUploaded(engineering::Uploaded) = "drawing_uploaded",
    /// Engineering has the case.
    EngineeringReceived(Empty) = "engineering_received",
    /// A contractor is arranged.
    ContractorArranged(engineering::ArrangeContractor) = "contractor_arranged",
    /// Site and material.
    SiteConfirmed(engineering::ConfirmSite) = "site_confirmed",
    /// Every gate of construction is open.
    ConstructionReady(Empty) = "construction_ready",
    /// Construction began.
    ConstructionStarted(construction::StartConstruction) = "construction_started",
    /// A stage of construction.
    ProgressReported(construction::ReportProgress) = "progress_reported",
    /// Everything is installed.
    InstallationCompleted(construction::CompleteInstallation) = "installation_completed",
    /// The application for gas-on waits for the installation.
    GasOnQueued(gas_on::SubmitGasOn) = "gas_on_queued",
    /// Gas-on was applied for.
    GasOnApplied(gas_on::SubmitGasOn) = "gas_on_applied",
    /// Acceptance began.
    AcceptanceStarted(Empty) = "acceptance_started",
    /// Acceptance passed.
    AcceptancePassed(acceptance::RecordAcceptance) = "acceptance_passed",
    /// Acceptance failed.
    AcceptanceFailed(acceptance::RecordAcceptance) = "acceptance_failed",
    /// Gas is on.
    GasTurnedOn(Box<gas_on::GasOnTicket>) = "gas_turned_on",
    /// Not ignited.
    NotIgnited(gas_on::NotIgnited) = "not_ignited",
    /// Suspended.
    CaseSuspended(suspension::Suspend) = "case_suspended",
    /// Resumed.
    CaseResumed(suspension::Resume) = "case_resumed",
    /// Withdrawn.
    CaseWithdrawn(closing::Withdraw) = "case_withdrawn",
    /// Terminated.
    CaseTerminated(closing::Terminate) = "case_terminated",
    /// Merged into another.
    CaseMerged(closing::MergeCases) = "case_merged",
    /// Another case was merged into this one.
    CaseAbsorbed(closing::Absorbed) = "case_absorbed",
    /// Archived.
    CaseArchived(closing::Archive) = "case_archived",
    /// Corrected.
    RecordCorrected(closing::CorrectRecord) = "record_corrected",

    /// The watch over a platform began.
    WatchBegan(Box<Watch>) = "watch_began",
    /// A day of watching began.
    FeedDayOpened(OpenFeedDay) = "feed_day_opened",
    /// Somebody looked at a platform.
    FeedChecked(FeedCheck) = "feed_checked",

    /// Something waits for a lead's word.
    ApprovalRequested(Box<Approval>) = "approval_requested",
    /// The lead's word.
    ApprovalDecided(Decided) = "approval_decided",
    /// A clock runs.
    ClockStarted(Clock) = "clock_started",
    /// A clock stopped.
    ClockStopped(ClockStop) = "clock_stopped",
    /// A clock pauses.
    ClockPaused(ClockPause) = "clock_paused",
    /// A clock goes on; its new state is given whole.
    ClockResumed(Clock) = "clock_resumed",
    /// An attachment was added.
    FileAttached(AttachFile) = "file_attached",
    /// A remark was added.
    NoteAdded(AddNote) = "note_added",

    /// A directory entry.
    PersonSaved(Person) = "person_saved",
    /// Policy, calendar, prices.
    RulesSaved(Box<Rules>) = "rules_saved",
}

/// An event that says everything by its type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Empty {}

/// Which clock stopped, when, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClockStop {
    /// The rule of the clock.
    pub rule: RuleId,
    /// What it is about, where a rule runs several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// When.
    pub at: Instant,
    /// How.
    pub how: Stop,
}

/// How a clock ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// By its stop event: on time or late.
    Done,
    /// Excused by a lead (CLK-7).
    Excused,
    /// Cancelled (CLK-10).
    Cancelled,
}

/// Which clock pauses, since when, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClockPause {
    /// The rule of the clock.
    pub rule: RuleId,
    /// Since when.
    pub at: Instant,
    /// Why.
    pub reason: PauseReason,
}

/// An event on a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Which record.
    pub record: RecordId,
    /// What happened.
    pub event: Event,
}
