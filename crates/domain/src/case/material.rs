//! Materials: what papers a case needs, which are there, who owes the others
//! (domain f.2–f.4, R-30, R-31, R-38…R-41).

mod catalogue;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use catalogue::{CATALOGUE, MaterialGate, MaterialType, material};

use crate::{
    case::{AcceptanceMode, Case},
    clock::Clock,
    coded::coded,
    context::Context,
    event::{Empty, Event},
    flow::{clock, start, stop_key},
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
    /// Who found it right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_by: Option<UserId>,
    /// Why it was found wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reject_reason: Option<String>,
}

/// A material that is to come later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OwedItem {
    /// Its code in the catalogue.
    #[schemars(extend("x-widget" = "material"))]
    pub code: String,
    /// Who brings it.
    pub owed_by: OwedBy,
    /// Working days to bring it, 1 to 20; 5 when nothing is said (F-5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// The last day; filled by the rulebook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "hidden"))]
    pub due_on: Option<Date>,
    /// Why it is missing and how to bring it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
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
    let waits =
        |item: &MaterialItem| item.owed_by.is_some() && item.state != MaterialState::Verified;
    missing(case).is_empty() && !case.materials.iter().any(waits)
}

fn item<'a>(case: &'a Case, code: &str) -> Option<&'a MaterialItem> {
    case.materials.iter().find(|item| item.code == code)
}

/// Whether the material came in, or the survey replaces it (f.4).
fn is_there(case: &Case, code: &str) -> bool {
    let surveyed = matches!(code, "MT12" | "MT13") && case.survey.is_some();
    surveyed
        || item(case, code).is_some_and(|item| {
            matches!(item.state, MaterialState::Received | MaterialState::Verified)
        })
}

/// The debts of a tolerant acceptance, checked against F-2, F-3, F-5 and F-9:
/// the items with their last day, and the clock of each.
pub(crate) fn owe(
    case: &Case,
    owed: &[OwedItem],
    cx: &Context<'_>,
) -> Result<(Vec<OwedItem>, Vec<Clock>), Refusal> {
    let forgotten: Vec<_> = missing(case)
        .into_iter()
        .filter(|kind| owed.iter().all(|item| item.code != kind.code))
        .map(|kind| kind.code)
        .collect();
    require(forgotten.is_empty(), || {
        Refusal::new(Code::NotTolerable).with("missing", forgotten.join(","))
    })?;
    require(!owed.is_empty(), || Refusal::field("owed", "nothing is owed; accept in full"))?;
    let mut items = Vec::with_capacity(owed.len());
    let mut clocks = Vec::with_capacity(owed.len());
    for debt in owed {
        check_debt(case, debt, &items)?;
        let days = debt.days.unwrap_or(cx.rules.policy.rule(RuleId::D09).term.count);
        let person = Some(case.manager);
        let clock = clock(cx, RuleId::D09, Some(debt.code.clone()), cx.now, person)
            .with_count(days, &cx.rules.calendar);
        let due_on = Some(clock.due_at.plus_ms(-1).date());
        items.push(OwedItem { days: Some(days), due_on, ..debt.clone() });
        clocks.push(clock);
    }
    Ok((items, clocks))
}

fn check_debt(case: &Case, debt: &OwedItem, before: &[OwedItem]) -> Result<(), Refusal> {
    let not_tolerable = || Refusal::new(Code::NotTolerable).with("code", &debt.code);
    let kind = material(&debt.code).ok_or_else(|| Refusal::field("owed", "no such material"))?;
    require(before.iter().all(|item| item.code != debt.code), || {
        Refusal::new(Code::Duplicate).with("code", &debt.code)
    })?;
    require(kind.applies(case) && !is_there(case, kind.code), || {
        not_tolerable().with("why", "not missing")
    })?;
    if debt.owed_by == OwedBy::Customer {
        require(!kind.is_critical(), || not_tolerable().with("why", "critical"))?;
        require(!case.four_zero(), || Refusal::new(Code::FourZero).with("code", &debt.code))?;
    }
    let in_range = debt.days.is_none_or(|days| (1..=20).contains(&days));
    require(in_range, || Refusal::field("days", "1 to 20 working days"))
}

pub(crate) fn receive(case: &Case, came: &ReceiveMaterial) -> Result<Vec<Event>, Refusal> {
    require(material(&came.code).is_some(), || Refusal::field("code", "no such material"))?;
    known_files(case, &came.files, "files")?;
    let proved = !came.files.is_empty() || came.doc_no.is_some();
    require(proved, || Refusal::field("files", "a photo, a file or the paper's number"))?;
    let done = item(case, &came.code).is_some_and(|i| i.state == MaterialState::Verified);
    require(!done, || Refusal::new(Code::Duplicate).with("code", &came.code))?;
    Ok(vec![Event::MaterialReceived(came.clone())])
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
    vec![Event::MaterialsComplete(Empty {}), start(cx, RuleId::D16, cx.now, Some(case.manager))]
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

/// Applies a material's arrival.
pub(crate) fn put(case: &mut Case, came: &ReceiveMaterial, at: Instant) {
    let before = item(case, &came.code).cloned();
    let mut now = MaterialItem {
        code: came.code.clone(),
        state: MaterialState::Received,
        owed_by: None,
        due_on: None,
        why: None,
        source: Some(came.source),
        files: came.files.clone(),
        doc_no: came.doc_no.clone(),
        valid_to: came.valid_to,
        received_at: Some(at),
        verified_by: None,
        reject_reason: None,
    };
    if let Some(before) = before {
        now.owed_by = before.owed_by;
        now.due_on = before.due_on;
        now.why = before.why;
    }
    case.materials.retain(|item| item.code != came.code);
    case.materials.push(now);
}

/// Applies the debts of a tolerant acceptance.
pub(crate) fn put_owed(case: &mut Case, owed: &[OwedItem]) {
    for debt in owed {
        case.materials.retain(|item| item.code != debt.code);
        case.materials.push(MaterialItem {
            code: debt.code.clone(),
            state: match debt.owed_by {
                OwedBy::Customer => MaterialState::Owed,
                OwedBy::Manager => MaterialState::Collecting,
            },
            owed_by: Some(debt.owed_by),
            due_on: debt.due_on,
            why: debt.why.clone(),
            source: None,
            files: Vec::new(),
            doc_no: None,
            valid_to: None,
            received_at: None,
            verified_by: None,
            reject_reason: None,
        });
    }
}
