//! False papers: the lead is told and decides; the applicant's tolerance is
//! off for twelve months, his right to supply is not (F-10, L-03).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MaterialState, OwedBy, RejectMaterial, item, known_files};
use crate::{
    applicant::{self, Applicant},
    case::Case,
    context::{Context, View},
    event::Event,
    flow::Flow,
    ids::FileId,
    record::Record,
    refusal::{Refusal, require},
};

/// Reports that a paper is false; the lead decides whether it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReportFalsePaper {
    /// Its code in the catalogue.
    #[schemars(extend("x-widget" = "material"))]
    pub code: String,
    /// What was found, and how it was checked.
    #[schemars(extend("x-widget" = "text"))]
    pub finding: String,
    /// What proves it.
    #[schemars(extend("x-widget" = "files:other"))]
    pub files: Vec<FileId>,
}

/// The paper does not count, and its applicant is noted.
pub(crate) fn found(
    case: &Case,
    view: &View<'_>,
    reported: &ReportFalsePaper,
    cx: &Context<'_>,
    flow: &mut Flow<'_>,
) -> Result<(), Refusal> {
    require(!reported.finding.trim().is_empty(), || Refusal::field("finding", "missing"))?;
    require(!reported.files.is_empty(), || Refusal::field("files", "what proves it"))?;
    known_files(case, &reported.files, "files")?;
    let came = item(case, &reported.code)
        .is_some_and(|i| matches!(i.state, MaterialState::Received | MaterialState::Verified));
    require(came, || Refusal::field("code", "this material has not come in"))?;
    flow.emit(Event::FalsePaperFound(reported.clone()));
    let until = applicant::blocked_until(cx.now);
    let blocked = applicant::ToleranceBlocked {
        case: case.id,
        no: case.no.clone(),
        code: reported.code.clone(),
        until,
        by: cx.actor.user,
        at: cx.now,
    };
    let id = applicant::id_of(&case.basic);
    if !matches!(view.get(id), Some(Record::Applicant(_))) {
        flow.emit_on(id, Event::ApplicantNoted(Box::new(Applicant::new(id, case))));
    }
    flow.emit_on(id, Event::ToleranceBlocked(blocked));
    Ok(())
}

/// Applies it: the paper is wrong, and the company itself brings the right one.
pub(crate) fn put(case: &mut Case, reported: &ReportFalsePaper) {
    let Some(found) = case.materials.iter_mut().find(|item| item.code == reported.code) else {
        return;
    };
    found.state = MaterialState::Collecting;
    found.owed_by = Some(OwedBy::Manager);
    found.verified_by = None;
    found.verified_at = None;
    found.reject_reason = Some(reported.finding.clone());
}

/// What a plain rejection does: the paper is owed again by who owed it.
pub(crate) fn reject(case: &mut Case, rejected: &RejectMaterial) {
    let Some(found) = case.materials.iter_mut().find(|item| item.code == rejected.code) else {
        return;
    };
    found.state = match found.owed_by {
        Some(OwedBy::Customer) => MaterialState::Owed,
        Some(OwedBy::Manager) => MaterialState::Collecting,
        None => MaterialState::Rejected,
    };
    found.reject_reason = Some(rejected.reason.clone());
}
