//! What each personal datum is asked for (P-01). A form may ask for nothing
//! that is not declared here for its step.

use serde::Serialize;

use crate::command::CommandName as C;

/// What a datum is processed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// 联系用户
    Contact,
    /// 受理和办理报装
    Handling,
    /// 签订和履行合同
    Contract,
    /// 证明已经签字、见证
    Proof,
    /// 定位现场
    Site,
    /// 履行法定义务
    Legal,
}

/// A field of a command that carries personal information, with its purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Declared {
    /// The command.
    pub command: C,
    /// The field, by its path in the command's data.
    pub path: &'static str,
    /// What for.
    pub purpose: Purpose,
}

const fn declared(command: C, path: &'static str, purpose: Purpose) -> Declared {
    Declared { command, path, purpose }
}

/// The purposes of every personal datum that a form asks for.
pub const DECLARED: &[Declared] = &[
    declared(C::ReceivePush, "contact_name", Purpose::Contact),
    declared(C::ReceivePush, "contact_phone", Purpose::Contact),
    declared(C::ReceivePush, "site_address", Purpose::Site),
    declared(C::ReceivePush, "boundary", Purpose::Site),
    declared(C::RecordContactAttempt, "summary", Purpose::Contact),
    declared(C::RecordContactAttempt, "geo", Purpose::Proof),
    declared(C::ConvertLead, "basic.name", Purpose::Handling),
    declared(C::ConvertLead, "basic.phone", Purpose::Contact),
    declared(C::ConvertLead, "basic.address", Purpose::Site),
    declared(C::ConvertLead, "basic.contact_name", Purpose::Contact),
    declared(C::ConvertLead, "basic.agent", Purpose::Handling),
    declared(C::ConvertLead, "basic.geo", Purpose::Site),
    declared(C::SubmitDemand, "basic.name", Purpose::Handling),
    declared(C::SubmitDemand, "basic.phone", Purpose::Contact),
    declared(C::SubmitDemand, "basic.address", Purpose::Site),
    declared(C::SubmitDemand, "basic.contact_name", Purpose::Contact),
    declared(C::SubmitDemand, "basic.agent", Purpose::Handling),
    declared(C::SubmitDemand, "basic.geo", Purpose::Site),
    declared(C::UpdateBasic, "name", Purpose::Handling),
    declared(C::UpdateBasic, "phone", Purpose::Contact),
    declared(C::UpdateBasic, "address", Purpose::Site),
    declared(C::UpdateBasic, "contact_name", Purpose::Contact),
    declared(C::UpdateBasic, "agent", Purpose::Handling),
    declared(C::UpdateBasic, "geo", Purpose::Site),
    declared(C::CorrectRecord, "basic.name", Purpose::Handling),
    declared(C::CorrectRecord, "basic.phone", Purpose::Contact),
    declared(C::CorrectRecord, "basic.address", Purpose::Site),
    declared(C::CorrectRecord, "basic.contact_name", Purpose::Contact),
    declared(C::CorrectRecord, "basic.agent", Purpose::Handling),
    declared(C::CorrectRecord, "basic.geo", Purpose::Site),
    declared(C::CorrectRecord, "survey.geo", Purpose::Site),
    declared(C::CorrectRecord, "survey.site_rep", Purpose::Proof),
    declared(C::CorrectRecord, "survey.signature", Purpose::Proof),
    declared(C::ReceiveMaterial, "doc_no", Purpose::Legal),
    declared(C::RecordPressureCheck, "geo", Purpose::Site),
    declared(C::RecordPreService, "summary", Purpose::Contact),
    declared(C::CompleteSurvey, "geo", Purpose::Site),
    declared(C::CompleteSurvey, "site_rep", Purpose::Proof),
    declared(C::CompleteSurvey, "signature", Purpose::Proof),
    declared(C::StartFeeNegotiation, "participants", Purpose::Proof),
    declared(C::SettleFee, "participants", Purpose::Proof),
    declared(C::SettleFee, "signature.signer", Purpose::Contract),
    declared(C::SettleFee, "signature.file", Purpose::Contract),
    declared(C::SignContract, "signature.signer", Purpose::Contract),
    declared(C::SignContract, "signature.file", Purpose::Contract),
    declared(C::SignContract, "install.agent", Purpose::Contract),
    declared(C::SubmitGasOn, "applicant", Purpose::Handling),
    declared(C::TurnGasOn, "safety_notice.signer", Purpose::Legal),
    declared(C::TurnGasOn, "safety_notice.file", Purpose::Legal),
    declared(C::TurnGasOn, "witness", Purpose::Proof),
    declared(C::DraftPermit, "applicant", Purpose::Handling),
    declared(C::DraftPermit, "geo", Purpose::Site),
    declared(C::DraftPermit, "road.phone", Purpose::Contact),
    declared(C::SignPower, "principal", Purpose::Legal),
    declared(C::SignPower, "agents", Purpose::Legal),
    declared(C::SignPower, "signature.signer", Purpose::Proof),
    declared(C::SignPower, "signature.file", Purpose::Proof),
    declared(C::RegisterLedgerItem, "customer", Purpose::Handling),
    declared(C::FileComplaint, "complainant", Purpose::Contact),
    declared(C::FileComplaint, "phone", Purpose::Contact),
    declared(C::ReceiveRating, "applicant", Purpose::Contact),
    declared(C::ExecuteInspection, "summary", Purpose::Legal),
    declared(C::ReceivePiRequest, "name", Purpose::Legal),
    declared(C::ReceivePiRequest, "phone", Purpose::Legal),
    declared(C::AnswerPiRequest, "name", Purpose::Legal),
    declared(C::AnswerPiRequest, "phone", Purpose::Legal),
];

/// The purpose of a field of a command, if one is declared.
pub fn purpose(command: C, path: &str) -> Option<Purpose> {
    DECLARED.iter().find(|one| one.command == command && one.path == path).map(|one| one.purpose)
}

/// Names under which forms ask for personal information.
const PERSONAL: [&str; 19] = [
    "name",
    "phone",
    "contact_name",
    "contact_phone",
    "agent",
    "agents",
    "address",
    "site_address",
    "doc_no",
    "id_no",
    "signer",
    "site_rep",
    "witness",
    "participants",
    "applicant",
    "complainant",
    "customer",
    "principal",
    "summary",
];
/// Widgets by which forms ask for personal information.
const PERSONAL_WIDGETS: [&str; 3] = ["phone", "geo", "signature"];

/// Whether a field of this name, shown by this widget, asks for personal
/// information. A `name` counts where a natural person can stand in it: beside
/// a telephone number.
pub fn asks(field: &str, widget: Option<&str>, beside_phone: bool) -> bool {
    let widget = widget.is_some_and(|widget| PERSONAL_WIDGETS.contains(&widget));
    let named = PERSONAL.contains(&field) && (field != "name" || beside_phone);
    widget || named || field.ends_with("_phone") || field == "boundary"
}
