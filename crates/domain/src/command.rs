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
    case::{
        acceptance, assignment, basic, budget, closing, construction, contract, design,
        engineering, fee, gas_on, intake, material, permit, pressure, survey, suspension,
    },
    file::FileRef,
    ids::{RecordId, UserId},
    lead,
    record::RecordKind,
    watch,
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
    /// The state of a permit of the authorities.
    RecordPermit(permit::RecordPermit) = "record_permit",
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
    /// A lead's yes or no to something proposed.
    Decide(Decide) = "decide",
    /// A photo or paper is added.
    AttachFile(AttachFile) = "attach_file",
    /// A remark is added.
    AddNote(AddNote) = "add_note",
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
            _ => None,
        }
    }

    /// Whether a record created by this command needs a case number.
    pub fn needs_number(self) -> bool {
        matches!(self, Self::SubmitDemand | Self::ConvertLead)
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
            Self::HandToEngineering(c) => c.engineer.iter().map(person).collect(),
            Self::ArrangeContractor(c) => {
                std::iter::once(&c.lead).chain(&c.supervisor).map(person).collect()
            }
            Self::MergeCases(c) => vec![c.into],
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
