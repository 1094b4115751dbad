//! Every command of the rulebook: what a person can ask for.
//!
//! The payload of each command stands in the module of the part that it
//! changes; here they are brought together as one flat enum whose stored form
//! is `{"type": "settle_fee", …}`. A published command stays readable.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each part answers for its own events and commands; the rest is not its affair"
)]

use schemars::{JsonSchema, Schema, schema_for};
use serde::{Deserialize, Serialize};

use crate::{
    approval::Decide,
    assessment,
    case::{
        acceptance, assignment, basic, budget, closing, construction, contract, design,
        engineering, fee, gas_on, intake, material, permit, pre_service, pressure, proxy, schedule,
        settlement, survey, suspension, user_side,
    },
    complaint,
    file::FileRef,
    ids::{RecordId, UserId},
    inspection, lead, ledger, notice,
    number::Series,
    price,
    privacy::{breach, erase, register, request, sight},
    proposal, rating,
    record::RecordKind,
    reference, tend, visit, watch,
};

macro_rules! commands {
    ($($(#[$doc:meta])* $variant:ident($payload:ty) = $text:literal,)*) => {
        /// A command with its data.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(tag = "type", rename_all = "snake_case")]
        pub enum Command {
            $($(#[$doc])* $variant($payload),)*
        }

        /// The name of a command.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            JsonSchema,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum CommandName {
            $($(#[$doc])* $variant,)*
        }

        impl Command {
            /// Its name.
            pub fn name(&self) -> CommandName {
                match self { $(Self::$variant(_) => CommandName::$variant,)* }
            }
        }

        impl CommandName {
            /// Every command.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name as stored and typed.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }

        /// The JSON Schema of a command's data.
        pub fn schema(name: CommandName) -> Schema {
            match name { $(CommandName::$variant => schema_for!($payload),)* }
        }
    };
}

commands! {
    /// L1: a platform pushed early project information.
    ReceivePush(Box<lead::ReceivePush>) = "receive_push",
    /// L2: the lead goes to a named customer manager.
    HandOverLead(lead::HandOverLead) = "hand_over_lead",
    /// L3: another customer manager.
    ReassignLead(lead::ReassignLead) = "reassign_lead",
    /// L4: an attempt to reach the user; on a case, a contact.
    RecordContactAttempt(lead::ContactAttempt) = "record_contact_attempt",
    /// L5: nobody can be reached.
    MarkUnreachable(lead::MarkUnreachable) = "mark_unreachable",
    /// L6: the lead becomes a case.
    ConvertLead(lead::ConvertLead) = "convert_lead",
    /// L7: the lead ends without a case.
    CloseLead(lead::CloseLead) = "close_lead",
    /// L8: an ended lead lives again.
    ReopenLead(lead::ReopenLead) = "reopen_lead",
    /// C02: a demand or application reaches the company.
    SubmitDemand(intake::SubmitDemand) = "submit_demand",
    /// Basic information is completed or corrected.
    UpdateBasic(basic::UpdateBasic) = "update_basic",
    /// C03: acceptance with everything at hand.
    AcceptCase(intake::AcceptCase) = "accept_case",
    /// C04: tolerant acceptance.
    AcceptTolerant(intake::AcceptTolerant) = "accept_tolerant",
    /// C05: not accepted.
    NotAccept(intake::NotAccept) = "not_accept",
    /// C06: another responsible manager.
    AssignManager(assignment::AssignManager) = "assign_manager",
    /// A material came in.
    ReceiveMaterial(material::ReceiveMaterial) = "receive_material",
    /// A material was checked and is right.
    VerifyMaterial(material::VerifyMaterial) = "verify_material",
    /// A material was checked and is wrong.
    RejectMaterial(material::RejectMaterial) = "reject_material",
    /// Materials turned out to be missing after acceptance (F-4).
    AddOwed(material::AddOwed) = "add_owed",
    /// More time for a material (F-5).
    ExtendMaterial(material::ExtendMaterial) = "extend_material",
    /// A material need not come (F-2).
    WaiveMaterial(material::WaiveMaterial) = "waive_material",
    /// A debt has reached a step in time (F-6, F-7).
    RemindMaterial(material::RemindMaterial) = "remind_material",
    /// What becomes of a case whose materials never came (F-7).
    DecideOverdue(material::DecideOverdue) = "decide_overdue",
    /// A material is false (F-10).
    ReportFalsePaper(material::false_paper::ReportFalsePaper) = "report_false_paper",
    /// A service before the application.
    RecordPreService(pre_service::RecordPreService) = "record_pre_service",
    /// The user came to a counter.
    RecordTrip(user_side::RecordTrip) = "record_trip",
    /// C07: the Technical Dept is asked.
    PushToTech(pressure::PushToTech) = "push_to_tech",
    /// C08: the verdict on the area's pressure.
    RecordPressureCheck(pressure::PressureCheck) = "record_pressure_check",
    /// C09: the site survey.
    CompleteSurvey(Box<survey::Survey>) = "complete_survey",
    /// C10: the construction drawing.
    IssueDesign(design::IssueDesign) = "issue_design",
    /// C11: the budget.
    IssueBudget(budget::IssueBudget) = "issue_budget",
    /// H-6 (b): a line outside the boundary may be charged.
    AllowOutsideCost(budget::AllowOutsideCost) = "allow_outside_cost",
    /// H-7: a blocked attempt to charge a forbidden fee; given by the program.
    NoteBlockedFee(fee::NoteBlockedFee) = "note_blocked_fee",
    /// H-10: prices are published.
    PublishPrices(price::PublishPrices) = "publish_prices",
    /// C13: the fee talk begins.
    StartFeeNegotiation(fee::StartFeeNegotiation) = "start_fee_negotiation",
    /// C14: the fee is settled.
    SettleFee(fee::SettleFee) = "settle_fee",
    /// C15: the user disagrees.
    FeeDispute(fee::FeeDispute) = "fee_dispute",
    /// C16: a contract is signed.
    SignContract(contract::SignContract) = "sign_contract",
    /// A payment or refund.
    RecordPayment(contract::RecordPayment) = "record_payment",
    /// A filing for a permit is prepared (g.2).
    DraftPermit(Box<permit::DraftPermit>) = "draft_permit",
    /// A permit is found not to be needed.
    DismissPermit(permit::DismissPermit) = "dismiss_permit",
    /// A filing was handed in.
    FilePermit(permit::FilePermit) = "file_permit",
    /// An answer of the authority (g.3).
    RecordPermitAnswer(permit::RecordPermitAnswer) = "record_permit_answer",
    /// Our own step: use, restoration, inspection, appeal.
    RecordPermitStep(permit::RecordPermitStep) = "record_permit_step",
    /// Filings go into a package for parallel approval.
    GroupPermits(permit::GroupPermits) = "group_permits",
    /// A condition that was committed to is met.
    MeetPermitCondition(permit::MeetPermitCondition) = "meet_permit_condition",
    /// The company agrees to act for the user.
    AgreeProxy(proxy::AgreeProxy) = "agree_proxy",
    /// Acting for the user ends.
    EndProxy(proxy::EndProxy) = "end_proxy",
    /// A power of attorney is signed.
    SignPower(Box<proxy::SignPower>) = "sign_power",
    /// A power of attorney is taken back.
    RevokePower(proxy::RevokePower) = "revoke_power",
    /// H-14: final quantities of the as-built.
    SettleQuantities(settlement::SettleQuantities) = "settle_quantities",
    /// the stages of the user's own project.
    ScheduleProject(schedule::ScheduleProject) = "schedule_project",
    /// the stages of the gas order.
    ScheduleGas(schedule::ScheduleGas) = "schedule_gas",
    /// C17: engineering is told, the drawing is in the system.
    HandToEngineering(engineering::HandToEngineering) = "hand_to_engineering",
    /// C18: a contractor is arranged.
    ArrangeContractor(engineering::ArrangeContractor) = "arrange_contractor",
    /// Site and material are ready.
    ConfirmSite(engineering::ConfirmSite) = "confirm_site",
    /// C20: construction begins.
    StartConstruction(construction::StartConstruction) = "start_construction",
    /// C21: a stage of construction.
    ReportProgress(construction::ReportProgress) = "report_progress",
    /// C22: everything is installed.
    CompleteInstallation(construction::CompleteInstallation) = "complete_installation",
    /// C23: the application for acceptance and gas-on.
    SubmitGasOn(gas_on::SubmitGasOn) = "submit_gas_on",
    /// C24: acceptance begins.
    StartAcceptance(acceptance::StartAcceptance) = "start_acceptance",
    /// C25: the acceptance tests.
    RecordAcceptance(acceptance::RecordAcceptance) = "record_acceptance",
    /// The completion acceptance is reported to the authority (L-05).
    ReportAcceptance(acceptance::ReportAcceptance) = "report_acceptance",
    /// C26: gas on.
    TurnGasOn(Box<gas_on::GasOnTicket>) = "turn_gas_on",
    /// C26: the door stayed closed, or a danger was found.
    RecordNotIgnited(gas_on::NotIgnited) = "record_not_ignited",
    /// C27: suspend.
    Suspend(suspension::Suspend) = "suspend",
    /// C27: resume.
    Resume(suspension::Resume) = "resume",
    /// C28: the user withdraws.
    Withdraw(closing::Withdraw) = "withdraw",
    /// C29: the company terminates.
    Terminate(closing::Terminate) = "terminate",
    /// C30: two cases are one.
    MergeCases(closing::MergeCases) = "merge_cases",
    /// C31: the file is complete.
    Archive(closing::Archive) = "archive",
    /// C32: a correction, as a new version with reason.
    CorrectRecord(closing::CorrectRecord) = "correct_record",
    /// A day of watching a platform begins (D-14).
    OpenFeedDay(watch::OpenFeedDay) = "open_feed_day",
    /// Somebody looked at a platform.
    CheckFeed(watch::CheckFeed) = "check_feed",
    /// The plan was read.
    ConfirmPolicy(reference::ConfirmPolicy) = "confirm_policy",
    /// The next version of the policy set.
    PublishPolicy(reference::PublishPolicy) = "publish_policy",
    /// The days off of a year (CLK-9).
    PublishCalendar(reference::PublishCalendar) = "publish_calendar",
    /// A department's lead and first responsible person.
    NameDepartment(reference::NameDepartment) = "name_department",
    /// A special inspection is planned.
    PlanInspection(inspection::PlanInspection) = "plan_inspection",
    /// Its sample is drawn.
    DrawSample(inspection::DrawSample) = "draw_sample",
    /// It was carried out.
    ExecuteInspection(Box<inspection::ExecuteInspection>) = "execute_inspection",
    /// Its findings go to the departments.
    IssueFindings(inspection::IssueFindings) = "issue_findings",
    /// A finding was put right.
    RectifyFinding(inspection::RectifyFinding) = "rectify_finding",
    /// Somebody else has looked at it.
    VerifyFinding(inspection::VerifyFinding) = "verify_finding",
    /// The inspection ends.
    CloseInspection(inspection::CloseInspection) = "close_inspection",
    /// A missed standard becomes an assessment.
    DraftAssessment(Box<assessment::DraftAssessment>) = "draft_assessment",
    /// What the person has to bear is proposed.
    ProposePenalty(assessment::ProposePenalty) = "propose_penalty",
    /// The assessor's word.
    DecideAssessment(assessment::DecideAssessment) = "decide_assessment",
    /// An appeal.
    AppealAssessment(assessment::AppealAssessment) = "appeal_assessment",
    /// The word on the appeal.
    DecideAppeal(assessment::DecideAppeal) = "decide_appeal",
    /// Somebody has to know something (CLK-11).
    RaiseNotice(Box<notice::RaiseNotice>) = "raise_notice",
    /// The receipt of a notice.
    ReadNotice(notice::ReadNotice) = "read_notice",
    /// Due instants have passed.
    NoteBreaches(tend::NoteBreaches) = "note_breaches",
    /// A calendar was published: open clocks are counted anew (CLK-9).
    RecountClocks(tend::RecountClocks) = "recount_clocks",
    /// The secret of a month's draw is committed to.
    CommitVisitMonth(visit::CommitVisitMonth) = "commit_visit_month",
    /// The population of a month is frozen, and drawn from.
    FreezeVisitMonth(Box<visit::FreezeVisitMonth>) = "freeze_visit_month",
    /// Day 20 has come with less than 60 % done.
    WarnVisitMonth(visit::WarnVisitMonth) = "warn_visit_month",
    /// The month is over.
    EndVisitMonth(visit::EndVisitMonth) = "end_visit_month",
    /// Who makes a visit.
    AssignVisit(visit::AssignVisit) = "assign_visit",
    /// The case's own manager may visit on site (SOD-4).
    AllowSelfVisit(visit::AllowSelfVisit) = "allow_self_visit",
    /// An attempt that reached nobody.
    RecordVisitAttempt(visit::VisitAttempt) = "record_visit_attempt",
    /// The user was reached and answered.
    CompleteVisit(Box<visit::CompleteVisit>) = "complete_visit",
    /// What was heard is sorted.
    SortVisit(visit::SortVisit) = "sort_visit",
    /// The account fell away.
    CancelVisit(visit::CancelVisit) = "cancel_visit",
    /// A matter goes into the ledger.
    RegisterLedgerItem(ledger::RegisterLedgerItem) = "register_ledger_item",
    /// Another department or person.
    AssignLedgerItem(ledger::AssignLedgerItem) = "assign_ledger_item",
    /// Several matters become several items (LG-1).
    SplitLedgerItem(ledger::SplitLedgerItem) = "split_ledger_item",
    /// Work on the matter begins.
    StartLedgerItem(ledger::StartLedgerItem) = "start_ledger_item",
    /// The matter is solved.
    SolveLedgerItem(ledger::SolveLedgerItem) = "solve_ledger_item",
    /// 销号: one item is closed.
    CloseLedgerItem(ledger::CloseLedgerItem) = "close_ledger_item",
    /// Longer work is planned (LG-8).
    PlanLedgerItem(ledger::PlanLedgerItem) = "plan_ledger_item",
    /// The customer is not content after all (LG-6).
    ReopenLedgerItem(ledger::ReopenLedgerItem) = "reopen_ledger_item",
    /// A complaint is taken down.
    FileComplaint(complaint::FileComplaint) = "file_complaint",
    /// Who finds out.
    AssignComplaint(complaint::AssignComplaint) = "assign_complaint",
    /// The first answer to the complainant (D-18).
    AnswerComplaint(complaint::AnswerComplaint) = "answer_complaint",
    /// What the department did.
    HandleComplaint(complaint::HandleComplaint) = "handle_complaint",
    /// What was found out (D-19).
    DecideComplaint(complaint::DecideComplaint) = "decide_complaint",
    /// Somebody does not agree.
    AppealComplaint(complaint::AppealComplaint) = "appeal_complaint",
    /// Another investigator looks again.
    ReExamineComplaint(complaint::ReExamineComplaint) = "re_examine_complaint",
    /// The complaint is at its end.
    CloseComplaint(complaint::CloseComplaint) = "close_complaint",
    /// A rating comes in.
    ReceiveRating(rating::ReceiveRating) = "receive_rating",
    /// The user of a bad rating was asked (D-20).
    ContactRating(rating::ContactRating) = "contact_rating",
    /// Work goes to who answers for the record now.
    OfferWork(Box<proposal::OfferWork>) = "offer_work",
    /// Who answers for the record takes it over, or not.
    SettleProposal(proposal::SettleProposal) = "settle_proposal",
    /// A lead's yes or no to something proposed.
    Decide(Decide) = "decide",
    /// A photo or paper is added.
    AttachFile(AttachFile) = "attach_file",
    /// A remark is added.
    AddNote(AddNote) = "add_note",
    /// One masked field is shown to the one who asks (P-18).
    Unmask(sight::Unmask) = "unmask",
    /// Somebody asks about what is kept of them (P-04).
    ReceivePiRequest(request::ReceivePiRequest) = "receive_pi_request",
    /// The answer to such a request (D-22).
    AnswerPiRequest(request::AnswerPiRequest) = "answer_pi_request",
    /// The person is taken out of a record (P-05).
    EraseData(erase::EraseData) = "erase_data",
    /// An impact assessment is filed (P-07).
    FileAssessment(register::FileAssessment) = "file_assessment",
    /// A breach of personal information (P-08).
    RecordBreach(breach::RecordBreach) = "record_breach",
    /// A breach is dealt with.
    CloseBreach(breach::CloseBreach) = "close_breach",
}

/// Adds an attachment to a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AttachFile {
    /// The attachment.
    pub file: FileRef,
}

/// Adds a remark to a record's trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AddNote {
    /// The remark, at most 500 characters.
    #[schemars(extend("x-widget" = "text"))]
    pub text: String,
}

impl CommandName {
    /// The command with this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|name| name.as_str() == text)
    }

    /// The kind of record that the command creates on its target.
    pub fn creates(self) -> Option<RecordKind> {
        match self {
            Self::ReceivePush => Some(RecordKind::Lead),
            Self::SubmitDemand => Some(RecordKind::Case),
            Self::OpenFeedDay => Some(RecordKind::Watch),
            Self::ReceivePiRequest => Some(RecordKind::PiRequest),
            Self::RaiseNotice => Some(RecordKind::Notice),
            Self::CommitVisitMonth => Some(RecordKind::VisitMonth),
            Self::RegisterLedgerItem => Some(RecordKind::LedgerItem),
            Self::FileComplaint => Some(RecordKind::Complaint),
            Self::ReceiveRating => Some(RecordKind::Rating),
            Self::OfferWork => Some(RecordKind::Proposal),
            Self::PlanInspection => Some(RecordKind::Inspection),
            Self::DraftAssessment => Some(RecordKind::Assessment),
            _ => None,
        }
    }

    /// The series from which the records that this command creates are
    /// numbered.
    pub fn series(self) -> Option<Series> {
        match self {
            Self::SubmitDemand | Self::ConvertLead => Some(Series::Case),
            Self::CompleteVisit
            | Self::SortVisit
            | Self::RegisterLedgerItem
            | Self::SplitLedgerItem
            | Self::ReceiveRating => Some(Series::Ledger),
            Self::FileComplaint => Some(Series::Complaint),
            _ => None,
        }
    }
}

impl Command {
    /// The records other than the target that the command is judged with.
    pub fn touches(&self) -> Vec<RecordId> {
        let person = |user: &UserId| RecordId(user.0);
        match self {
            Self::HandOverLead(c) => vec![person(&c.manager)],
            Self::ReassignLead(c) => vec![person(&c.manager)],
            Self::ReopenLead(c) => c.manager.iter().map(person).collect(),
            Self::ConvertLead(c) => vec![c.case],
            Self::CloseLead(c) => c.merge_into.into_iter().collect(),
            Self::SubmitDemand(c) => c.manager.iter().map(person).collect(),
            Self::AssignManager(c) => vec![person(&c.manager)],
            Self::NameDepartment(c) => {
                c.lead.iter().chain([&c.first_responsible]).map(person).collect()
            }
            Self::IssueBudget(c) => approvers(c).collect(),
            Self::HandToEngineering(c) => c.engineer.iter().map(person).collect(),
            Self::ArrangeContractor(c) => {
                std::iter::once(&c.lead).chain(&c.supervisor).map(person).collect()
            }
            Self::MergeCases(c) => vec![c.into],
            Self::AssignVisit(c) => vec![person(&c.visitor)],
            Self::SortVisit(c) => c.items.iter().map(|item| person(&item.person)).collect(),
            Self::RegisterLedgerItem(c) => c.case.into_iter().chain([person(&c.person)]).collect(),
            Self::AssignLedgerItem(c) => vec![person(&c.person)],
            Self::FileComplaint(c) => {
                c.case.into_iter().chain(c.person.iter().map(person)).collect()
            }
            Self::AssignComplaint(c) => vec![person(&c.investigator)],
            Self::ReceiveRating(c) => c.case.into_iter().collect(),
            Self::OfferWork(c) => {
                std::iter::once(c.target).chain(c.to.iter().map(person)).collect()
            }
            Self::AnswerPiRequest(c) => c.about.into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// The attachments that the command brings along.
    pub fn files(&self) -> Vec<&FileRef> {
        match self {
            Self::AttachFile(c) => vec![&c.file],
            _ => Vec::new(),
        }
    }
}

/// Those who allowed a discount of the budget.
fn approvers(budget: &budget::IssueBudget) -> impl Iterator<Item = RecordId> {
    budget.lines.iter().filter_map(|line| line.discount.as_ref()).map(|d| RecordId(d.approver.0))
}
