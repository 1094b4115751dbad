//! 前置服务: what the company did for the user before he applied.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "few events are a service of this kind by themselves"
)]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{Case, material::known_files},
    coded::coded,
    context::Context,
    event::Event,
    ids::{FileId, UserId},
    refusal::{Code, Refusal, require},
    stamp::Stamp,
    time::{Date, Instant},
};

coded! {
    /// The four kinds of the plan.
    PreServiceKind {
        /// 勘查设计
        SurveyDesign = "survey_design",
        /// 施工监理
        Supervision = "supervision",
        /// 竣工验收
        Completion = "completion",
        /// 其他
        Other = "other",
    }
}

/// A service given before the application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PreService {
    /// Which kind.
    pub kind: PreServiceKind,
    /// On which day.
    pub on: Date,
    /// What was done.
    pub summary: String,
    /// By whom.
    pub by: UserId,
    /// When it was written down.
    pub at: Instant,
    /// Photos and papers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileId>,
}

/// Writes a service down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordPreService {
    /// Which kind.
    pub kind: PreServiceKind,
    /// On which day; today when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "date"))]
    pub on: Option<Date>,
    /// What was done, at most 500 characters.
    #[schemars(extend("x-widget" = "text"))]
    pub summary: String,
    /// 照片或资料
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-widget" = "files:photo_site"))]
    pub files: Vec<FileId>,
}

pub(crate) fn record(
    case: &Case,
    given: &RecordPreService,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let applied = applied(case);
    require(!applied, || Refusal::new(Code::State).with("why", "the user has applied already"))?;
    let length = given.summary.trim().chars().count();
    require((1..=500).contains(&length), || Refusal::field("summary", "1 to 500 characters"))?;
    let on = given.on.unwrap_or_else(|| cx.now.date());
    require(on <= cx.now.date(), || Refusal::field("on", "in the future"))?;
    known_files(case, &given.files, "files")?;
    Ok(vec![Event::PreServiceRecorded(PreService {
        kind: given.kind,
        on,
        summary: given.summary.trim().to_owned(),
        by: cx.actor.user,
        at: cx.now,
        files: given.files.clone(),
    })])
}

/// Whether the user has applied for gas-on.
fn applied(case: &Case) -> bool {
    case.gas.as_ref().is_some_and(|gas| gas.queued.is_some() || gas.application.is_some())
}

/// The services of the case by kind, then day: the report of R-14.
pub fn report(case: &Case) -> Vec<&PreService> {
    let mut all: Vec<_> = case.pre_services.iter().collect();
    all.sort_by_key(|service| (service.kind, service.on));
    all
}

/// The service that an event is by itself, as long as nobody has applied.
pub(crate) fn of_event(case: &Case, event: &Event, stamp: &Stamp) -> Option<PreService> {
    let (kind, summary, files) = match event {
        Event::PreServiceRecorded(service) => return Some(service.clone()),
        Event::SurveyCompleted(survey) => {
            (PreServiceKind::SurveyDesign, "现场勘察".to_owned(), survey.photos.clone())
        }
        Event::DesignIssued(design) => {
            let summary = format!("施工图设计 v{}", design.version);
            (PreServiceKind::SurveyDesign, summary, vec![design.drawing])
        }
        Event::ProgressReported(stage) => {
            let signer = stage.hidden_work_signed_by.as_ref()?;
            let summary = format!("隐蔽工程验收（{signer}）");
            (PreServiceKind::Supervision, summary, stage.photos.clone())
        }
        Event::InstallationCompleted(done) => {
            (PreServiceKind::Completion, "安装完成自检".to_owned(), done.tests.clone())
        }
        _ => return None,
    };
    let (by, at) = (stamp.actor, stamp.at);
    (!applied(case)).then(|| PreService { kind, on: at.date(), summary, by, at, files })
}
