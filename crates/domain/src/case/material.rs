//! Materials: what papers a case needs, which are there, who owes the others
//! (domain f.2–f.4, R-30, R-31, R-38…R-41).
//!
//! Here: the paper itself, how it comes in and is checked. Its debt, what the
//! applicant is told of it, its end without the paper and its lists have rooms
//! of their own.

mod catalogue;
pub mod debt;
pub mod false_paper;
pub mod ledger;
pub mod notice;
pub mod overdue;
pub mod statistics;
pub mod waiver;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use catalogue::{CATALOGUE, MaterialGate, MaterialType, material};
pub use debt::{AddOwed, Because, ExtendMaterial, OwedItem};
pub use notice::{Message, OneTimeNotice, Told, Tolerance};
pub use overdue::{DecideOverdue, OverdueDecision, RemindMaterial, Reminded, Step};
pub use waiver::WaiveMaterial;

use crate::{
    case::{AcceptanceMode, Case},
    coded::coded,
    context::Context,
    event::{Empty, Event},
    flow::{start, stop_key},
    ids::{FileId, UserId},
    policy::RuleId,
    refusal::{Code, Refusal, require},
    time::{Date, Instant},
};

coded! {
    /// Where a material stands (domain c.3).
    MaterialState {
        /// 欠缺(用户补齐)
        Owed = "owed",
        /// 公司代收集
        Collecting = "collecting",
        /// 已收到
        Received = "received",
        /// 已核验
        Verified = "verified",
        /// 不合格
        Rejected = "rejected",
        /// 免交
        Waived = "waived",
    }
}

coded! {
    /// Who owes a material.
    OwedBy {
        /// 用户
        Customer = "customer",
        /// 客户经理
        Manager = "manager",
    }
}

coded! {
    /// Where a material came from.
    MaterialSource {
        /// 上传
        Upload = "upload",
        /// 现场拍照
        OnSitePhoto = "on_site_photo",
        /// 政务共享
        GovShare = "gov_share",
        /// 沿用
        CarriedOver = "carried_over",
        /// 窗口递交: the user came to a counter with it.
        Counter = "counter",
    }
}

/// A material of a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MaterialItem {
    /// Its code in the catalogue.
    pub code: String,
    /// Where it stands.
    pub state: MaterialState,
    /// Who owes it, or owed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owed_by: Option<OwedBy>,
    /// The last day to bring it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// Why it is missing, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Where it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<MaterialSource>,
    /// Its attachments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileId>,
    /// Number of the paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc_no: Option<String>,
    /// Last day that it is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Date>,
    /// When it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Instant>,
    /// Receipt of the query, where it was shared by an authority.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query_receipt: Option<String>,
    /// Who found it right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_by: Option<UserId>,
    /// When it was found right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_at: Option<Instant>,
    /// Why it was found wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reject_reason: Option<String>,
    /// Why it need not come, with who said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived_because: Option<String>,
    /// What was said about its debt so far, oldest first (F-6, F-7).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reminded: Vec<Reminded>,
}

impl MaterialItem {
    /// Whether it has not come in yet.
    pub fn is_open(&self) -> bool {
        matches!(
            self.state,
            MaterialState::Owed | MaterialState::Collecting | MaterialState::Rejected
        )
    }

    /// Whether nothing more has to happen with it.
    pub fn is_settled(&self) -> bool {
        matches!(self.state, MaterialState::Verified | MaterialState::Waived)
    }
}

/// A material came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReceiveMaterial {
    /// Its code in the catalogue.
    #[schemars(extend("x-widget" = "material"))]
    pub code: String,
    /// Where it came from.
    pub source: MaterialSource,
    /// Its attachments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-widget" = "files:material"))]
    pub files: Vec<FileId>,
    /// Number of the paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc_no: Option<String>,
    /// Last day that it is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub valid_to: Option<Date>,
    /// Receipt of the query; needed for what an authority shares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query_receipt: Option<String>,
}

/// A material was checked and is right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VerifyMaterial {
    /// Its code in the catalogue.
    #[schemars(extend("x-widget" = "material"))]
    pub code: String,
}

/// A material was checked and is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RejectMaterial {
    /// Its code in the catalogue.
    #[schemars(extend("x-widget" = "material"))]
    pub code: String,
    /// What is wrong with it.
    #[schemars(extend("x-widget" = "text"))]
    pub reason: String,
}

/// The materials that the case needs and does not have.
pub fn missing(case: &Case) -> Vec<&'static MaterialType> {
    CATALOGUE.iter().filter(|kind| kind.applies(case) && !is_there(case, kind.code)).collect()
}

/// The critical materials of `gate` that the case does not have (F-8).
pub fn missing_at(case: &Case, gate: MaterialGate) -> Vec<&'static MaterialType> {
    missing(case).into_iter().filter(|kind| kind.gate == gate && kind.is_critical()).collect()
}

/// Whether nothing is missing and nothing that was owed waits to be checked.
pub fn is_complete(case: &Case) -> bool {
    let waits = |item: &MaterialItem| item.owed_by.is_some() && !item.is_settled();
    missing(case).is_empty() && !case.materials.iter().any(waits)
}

/// The material of a case with this code.
pub fn item<'a>(case: &'a Case, code: &str) -> Option<&'a MaterialItem> {
    case.materials.iter().find(|item| item.code == code)
}

/// Whether the material came in or was waived, or the survey replaces it (f.4).
pub(crate) fn is_there(case: &Case, code: &str) -> bool {
    let surveyed = matches!(code, "MT12" | "MT13") && case.survey.is_some();
    surveyed
        || item(case, code)
            .is_some_and(|item| item.state == MaterialState::Received || item.is_settled())
}

pub(crate) fn receive(
    case: &Case,
    came: &ReceiveMaterial,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(material(&came.code).is_some(), || Refusal::field("code", "no such material"))?;
    known_files(case, &came.files, "files")?;
    let proved = !came.files.is_empty() || came.doc_no.is_some();
    require(proved, || Refusal::field("files", "a photo, a file or the paper's number"))?;
    let shared = came.source == MaterialSource::GovShare;
    let receipt = came.query_receipt.as_ref().is_some_and(|no| !no.trim().is_empty());
    require(!shared || receipt, || Refusal::field("query_receipt", "the receipt of the query"))?;
    let known = item(case, &came.code);
    let done = known.is_some_and(|item| item.state == MaterialState::Verified);
    require(!done, || Refusal::new(Code::Duplicate).with("code", &came.code))?;
    let mut events = vec![Event::MaterialReceived(came.clone())];
    // Who promised a paper is told that it arrived (F-12).
    if known.is_some_and(|item| item.owed_by == Some(OwedBy::Customer)) {
        events.push(notice::tell(case, Message::Received, Some(&came.code), cx));
    }
    Ok(events)
}

pub(crate) fn verify(
    case: &Case,
    verified: &VerifyMaterial,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let found = waiting(case, &verified.code)?;
    let expired = found.valid_to.is_some_and(|last| last < cx.now.date());
    require(!expired, || Refusal::field("valid_to", "expired"))?;
    let mut events = vec![Event::MaterialVerified(verified.clone())];
    events.extend(stop_key(&case.clocks, RuleId::D09, &verified.code, cx.now));
    Ok(events)
}

/// What follows once the last material is right (F-12): the mark, and D-16.
pub(crate) fn completed(case: &Case, cx: &Context<'_>) -> Vec<Event> {
    let known = case.intake.mode == Some(AcceptanceMode::Full);
    if known || case.intake.accepted_at.is_none() || !is_complete(case) {
        return Vec::new();
    }
    let mut events = vec![Event::MaterialsComplete(Empty {})];
    if case.intake.was_tolerant {
        events.push(notice::tell(case, Message::Complete, None, cx));
    }
    events.push(start(cx, RuleId::D16, cx.now, Some(case.manager)));
    events
}

pub(crate) fn reject(case: &Case, rejected: &RejectMaterial) -> Result<Vec<Event>, Refusal> {
    waiting(case, &rejected.code)?;
    require(!rejected.reason.trim().is_empty(), || Refusal::field("reason", "missing"))?;
    Ok(vec![Event::MaterialRejected(rejected.clone())])
}

fn waiting<'a>(case: &'a Case, code: &str) -> Result<&'a MaterialItem, Refusal> {
    item(case, code)
        .filter(|item| item.state == MaterialState::Received)
        .ok_or_else(|| Refusal::field("code", "this material has not come in"))
}

/// Requires that the case names every one of `files`.
pub(crate) fn known_files(case: &Case, files: &[FileId], field: &str) -> Result<(), Refusal> {
    match files.iter().find(|id| case.file(**id).is_none()) {
        Some(id) => {
            Err(Refusal::field(field, "attach the file to the case first").with("file", id))
        }
        None => Ok(()),
    }
}

/// Applies a material's arrival; what was agreed about its debt stays.
pub(crate) fn put(case: &mut Case, came: &ReceiveMaterial, at: Instant) {
    let before = item(case, &came.code).cloned();
    let now = MaterialItem {
        state: MaterialState::Received,
        source: Some(came.source),
        files: came.files.clone(),
        doc_no: came.doc_no.clone(),
        valid_to: came.valid_to,
        received_at: Some(at),
        query_receipt: came.query_receipt.clone(),
        verified_by: None,
        verified_at: None,
        reject_reason: None,
        ..before.unwrap_or_else(|| blank(&came.code))
    };
    case.materials.retain(|item| item.code != came.code);
    case.materials.push(now);
}

/// A material of which nothing is known yet.
pub(crate) fn blank(code: &str) -> MaterialItem {
    MaterialItem {
        code: code.to_owned(),
        state: MaterialState::Owed,
        owed_by: None,
        due_on: None,
        why: None,
        source: None,
        files: Vec::new(),
        doc_no: None,
        valid_to: None,
        received_at: None,
        query_receipt: None,
        verified_by: None,
        verified_at: None,
        reject_reason: None,
        waived_because: None,
        reminded: Vec::new(),
    }
}
