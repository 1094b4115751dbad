//! Every event of the rulebook: what happened. Events are the audit trail and
//! the only input of the indicators (domain c.4).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    applicant::{Applicant, ToleranceBlocked},
    approval::{Approval, Decided},
    assessment::{self, Assessment},
    calendar::CalendarYear,
    case::{
        Case, acceptance, assignment, basic, budget, closing, construction, contract, design,
        engineering, fee, gas_on, intake, material, permit, pre_service, pressure, proxy, schedule,
        settlement, signing, survey, suspension, user_side,
    },
    clock::Clock,
    command::{AddNote, AttachFile},
    complaint::{self, Complaint},
    escalation::Department,
    ids::RecordId,
    inspection::{self, Inspection},
    lead::{self, Lead},
    ledger::{self, LedgerItem},
    notice::{Notice, Receipt},
    number::Series,
    policy::{PauseReason, Policy, RuleId},
    price::PublishPrices,
    privacy::{
        breach::{Breach, Closed},
        erase::EraseData,
        register::{FileAssessment, PiRegister},
        request::{PiAnswer, PiRequest},
        sight::Unmask,
    },
    proposal::{self, Proposal},
    rating::{self, Rating},
    record::{Person, Rules},
    reference::PolicyRead,
    service::ServiceMark,
    tend::{ClockBreach, ClockRecomputed},
    time::Instant,
    visit::{self, Visit, VisitMonth},
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
    /// More materials are owed.
    OwedAdded(material::debt::OwedAdded) = "owed_added",
    /// The one-time notice was given, as it was told.
    OneTimeNoticeGiven(Box<material::OneTimeNotice>) = "one_time_notice_given",
    /// The applicant was told something on his channel.
    ApplicantTold(material::Told) = "applicant_told",
    /// A material has more time.
    MaterialExtended(Box<material::debt::MaterialExtended>) = "material_extended",
    /// A material need not come.
    MaterialWaived(material::WaiveMaterial) = "material_waived",
    /// A debt reached a step in time.
    MaterialReminded(material::overdue::MaterialReminded) = "material_reminded",
    /// The company collects what the applicant had promised.
    MaterialsTakenOver(material::debt::TakenOver) = "materials_taken_over",
    /// What becomes of a case whose materials never came.
    OverdueDecided(material::DecideOverdue) = "overdue_decided",
    /// A material is false.
    FalsePaperFound(material::false_paper::ReportFalsePaper) = "false_paper_found",
    /// An applicant is noted for the first time.
    ApplicantNoted(Box<Applicant>) = "applicant_noted",
    /// An applicant may owe nothing for a while.
    ToleranceBlocked(ToleranceBlocked) = "tolerance_blocked",
    /// A service before the application.
    PreServiceRecorded(pre_service::PreService) = "pre_service_recorded",
    /// The user came to a counter.
    TripRecorded(user_side::RecordTrip) = "trip_recorded",
    /// Everything is installed; the manager helps the user apply.
    HelpWanted(Empty) = "help_wanted",
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
    /// A line outside the boundary may be charged.
    OutsideCostAllowed(budget::CostException) = "outside_cost_allowed",
    /// A forbidden fee was tried and blocked.
    FeeBlocked(fee::BlockedFee) = "fee_blocked",
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
    /// The survey leads to a filing.
    PermitProposed(Box<permit::PermitFiling>) = "permit_proposed",
    /// A filing was prepared further.
    PermitDrafted(Box<permit::PermitDrafted>) = "permit_drafted",
    /// A permit is not needed.
    PermitDismissed(permit::DismissPermit) = "permit_dismissed",
    /// A filing was handed in.
    PermitFiled(permit::PermitFiled) = "permit_filed",
    /// The authority answered.
    PermitAnswered(Box<permit::PermitAnswered>) = "permit_answered",
    /// A step of ours.
    PermitStepped(Box<permit::PermitStepped>) = "permit_stepped",
    /// Filings are decided together.
    PermitsGrouped(permit::PermitsGrouped) = "permits_grouped",
    /// A condition that was committed to is met.
    PermitConditionMet(permit::Met) = "permit_condition_met",
    /// The company acts for the user.
    ProxyAgreed(proxy::AgreeProxy) = "proxy_agreed",
    /// The company no longer acts for the user.
    ProxyEnded(proxy::ProxyEnded) = "proxy_ended",
    /// A power of attorney was signed.
    PowerSigned(Box<proxy::SignPower>) = "power_signed",
    /// A power of attorney was taken back.
    PowerRevoked(proxy::PowerRevoked) = "power_revoked",
    /// Final quantities are settled.
    QuantitiesSettled(Box<settlement::Settlement>) = "quantities_settled",
    /// The user's project is planned.
    ProjectScheduled(schedule::ScheduleProject) = "project_scheduled",
    /// The gas order is planned.
    GasScheduled(schedule::ScheduleGas) = "gas_scheduled",
    /// A stage of the gas order moved with the user's project.
    GasStageMoved(schedule::StageMoved) = "gas_stage_moved",
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
    /// The authority was told of the acceptance.
    AcceptanceReported(acceptance::ReportAcceptance) = "acceptance_reported",
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
    /// The server completed a signature.
    SignatureCompleted(Box<signing::SignatureCompleted>) = "signature_completed",

    /// The watch over a platform began.
    WatchBegan(Box<Watch>) = "watch_began",
    /// A day of watching began.
    FeedDayOpened(OpenFeedDay) = "feed_day_opened",
    /// Somebody looked at a platform.
    FeedChecked(FeedCheck) = "feed_checked",

    /// A special inspection was planned.
    InspectionPlanned(Box<Inspection>) = "inspection_planned",
    /// Its sample was drawn.
    SampleDrawn(Box<inspection::Sample>) = "sample_drawn",
    /// It was carried out.
    InspectionExecuted(Box<inspection::ExecuteInspection>) = "inspection_executed",
    /// Its findings went to the departments.
    FindingsIssued(Box<inspection::IssueFindings>) = "findings_issued",
    /// A finding was put right.
    FindingRectified(Box<inspection::Rectified>) = "finding_rectified",
    /// Somebody else has looked at it.
    FindingVerified(inspection::VerifyFinding) = "finding_verified",
    /// The inspection ended.
    InspectionClosed(inspection::CloseInspection) = "inspection_closed",

    /// An assessment was drafted.
    AssessmentDrafted(Box<Assessment>) = "assessment_drafted",
    /// What the person has to bear was proposed.
    PenaltyProposed(assessment::ProposePenalty) = "penalty_proposed",
    /// The assessor's word.
    AssessmentDecided(assessment::DecideAssessment) = "assessment_decided",
    /// The department's award of the year is lost.
    AwardForfeited(assessment::Award) = "award_forfeited",
    /// An appeal.
    AssessmentAppealed(assessment::AppealAssessment) = "assessment_appealed",
    /// The word on the appeal.
    AppealDecided(assessment::DecideAppeal) = "appeal_decided",
    /// The department's award of the year is restored.
    AwardRestored(assessment::Award) = "award_restored",

    /// The plan was read.
    PolicyConfirmed(PolicyRead) = "policy_confirmed",
    /// The next version of the policy set.
    PolicyPublished(Box<Policy>) = "policy_published",
    /// The days off of a year.
    CalendarPublished(Box<CalendarYear>) = "calendar_published",
    /// A department's lead and first responsible person.
    DepartmentNamed(Department) = "department_named",
    /// A notice was raised.
    NoticeRaised(Box<Notice>) = "notice_raised",
    /// A notice was read.
    NoticeRead(Receipt) = "notice_read",

    /// The secret of a month's draw is committed to.
    VisitSecretCommitted(Box<VisitMonth>) = "visit_secret_committed",
    /// The population of a month is frozen, and drawn from.
    VisitMonthFrozen(Box<visit::Frozen>) = "visit_month_frozen",
    /// An account was reached.
    VisitCounted(visit::VisitCounted) = "visit_counted",
    /// An account could not be reached, or fell away.
    VisitTaskUnreached(visit::TaskUnreached) = "visit_task_unreached",
    /// The next account of the reserve steps in.
    VisitTaskReplaced(Box<visit::TaskReplaced>) = "visit_task_replaced",
    /// Day 20 has come with less than 60 % done.
    VisitMonthWarned(visit::Warned) = "visit_month_warned",
    /// The month is over.
    VisitMonthEnded(visit::MonthEnded) = "visit_month_ended",
    /// An account is to be visited.
    VisitPlanned(Box<Visit>) = "visit_planned",
    /// Who makes the visit.
    VisitAssigned(visit::AssignVisit) = "visit_assigned",
    /// The case's own manager may visit on site.
    SelfVisitAllowed(visit::AllowSelfVisit) = "self_visit_allowed",
    /// An attempt reached nobody.
    VisitAttempted(visit::VisitAttempt) = "visit_attempted",
    /// The user cannot be reached.
    VisitUnreached(visit::Unreached) = "visit_unreached",
    /// Another account is visited instead.
    VisitReplaced(visit::Replaced) = "visit_replaced",
    /// The user is visited on site instead.
    VisitEscalated(visit::Unreached) = "visit_escalated",
    /// The user was reached and answered.
    VisitDone(Box<visit::VisitResult>) = "visit_done",
    /// What was heard is sorted.
    VisitSorted(visit::Sorted) = "visit_sorted",
    /// The account fell away.
    VisitCancelled(visit::CancelVisit) = "visit_cancelled",
    /// A visit, ledger item, complaint or rating of the case.
    CaseServed(ServiceMark) = "case_served",

    /// A matter went into the ledger.
    LedgerItemRegistered(Box<LedgerItem>) = "ledger_item_registered",
    /// It was registered after the next working day.
    LedgerItemLate(Empty) = "ledger_item_late",
    /// Another department or person.
    LedgerItemAssigned(ledger::AssignLedgerItem) = "ledger_item_assigned",
    /// Several matters became several items.
    LedgerItemSplit(ledger::SplitLedgerItem) = "ledger_item_split",
    /// Work on the matter began.
    LedgerItemStarted(ledger::StartLedgerItem) = "ledger_item_started",
    /// The matter is solved.
    LedgerItemSolved(ledger::SolveLedgerItem) = "ledger_item_solved",
    /// The item is closed.
    LedgerItemClosed(ledger::CloseLedgerItem) = "ledger_item_closed",
    /// The item is closed as planned work.
    LedgerItemPlanned(ledger::PlanLedgerItem) = "ledger_item_planned",
    /// The item lives again.
    LedgerItemReopened(ledger::ReopenLedgerItem) = "ledger_item_reopened",

    /// A complaint was taken down.
    ComplaintReceived(Box<Complaint>) = "complaint_received",
    /// Who finds out.
    ComplaintAssigned(complaint::AssignComplaint) = "complaint_assigned",
    /// The complainant got a first answer.
    ComplainantContacted(complaint::AnswerComplaint) = "complainant_contacted",
    /// What the department did.
    ComplaintHandled(complaint::HandleComplaint) = "complaint_handled",
    /// What was found out.
    ComplaintDecided(Box<complaint::Decision>) = "complaint_decided",
    /// Somebody does not agree.
    ComplaintAppealed(complaint::AppealComplaint) = "complaint_appealed",
    /// Another investigator looked again.
    ComplaintReExamined(Box<complaint::Decision>) = "complaint_re_examined",
    /// The complaint is at its end.
    ComplaintClosed(complaint::CloseComplaint) = "complaint_closed",

    /// A rating came in.
    RatingReceived(Box<Rating>) = "rating_received",
    /// The user of a bad rating was asked.
    RatingContacted(rating::ContactRating) = "rating_contacted",
    /// Work waits for who answers for its record.
    ProposalOffered(Box<Proposal>) = "proposal_offered",
    /// It was taken over, or not.
    ProposalSettled(proposal::SettleProposal) = "proposal_settled",

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
    /// A due instant passed.
    ClockBreached(ClockBreach) = "clock_breached",
    /// A due instant was computed anew.
    ClockRecomputed(Box<ClockRecomputed>) = "clock_recomputed",
    /// An attachment was added.
    FileAttached(AttachFile) = "file_attached",
    /// A remark was added.
    NoteAdded(AddNote) = "note_added",

    /// Somebody unmasked a field.
    FieldUnmasked(Unmask) = "field_unmasked",
    /// A person's request came in.
    PiRequestReceived(Box<PiRequest>) = "pi_request_received",
    /// A person's request was answered.
    PiRequestAnswered(PiAnswer) = "pi_request_answered",
    /// The user took the consent back.
    ConsentWithdrawn(Empty) = "consent_withdrawn",
    /// The person was taken out of the record.
    PersonErased(EraseData) = "person_erased",
    /// The register of personal information began.
    PiRegisterOpened(Box<PiRegister>) = "pi_register_opened",
    /// An impact assessment was filed.
    AssessmentFiled(FileAssessment) = "assessment_filed",
    /// A breach was recorded.
    BreachRecorded(Box<Breach>) = "breach_recorded",
    /// A breach was dealt with.
    BreachClosed(Closed) = "breach_closed",

    /// A directory entry.
    PersonSaved(Person) = "person_saved",
    /// Policy, calendar, prices.
    RulesSaved(Box<Rules>) = "rules_saved",
    /// Prices were published.
    PricesPublished(PublishPrices) = "prices_published",
}

impl Event {
    /// The series that the record created by this event took its number from.
    #[expect(clippy::wildcard_enum_match_arm, reason = "few events number a record")]
    pub fn numbered(&self) -> Option<Series> {
        match self {
            Self::CaseSubmitted(_) => Some(Series::Case),
            Self::LedgerItemRegistered(_) => Some(Series::Ledger),
            Self::ComplaintReceived(_) => Some(Series::Complaint),
            _ => None,
        }
    }
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
    /// What it is about, where only one of several pauses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
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
